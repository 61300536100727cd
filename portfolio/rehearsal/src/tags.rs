//! Tags of portfolios and products.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Reads a list of tags.
///
/// # Errors
/// `InvalidParametersException` for a key given twice or in AWS's own namespace.
pub(crate) fn read(input: Input<'_>, member: &str) -> Result<Vec<Tag>, ApiError> {
    let mut tags: Vec<Tag> = Vec::new();
    for item in input.items(member).iter().filter_map(Value::as_object).map(Input) {
        let (key, value) = (item.need("Key")?, item.need("Value")?);
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(ApiError::invalid(format!("Tag keys starting with 'aws:' are reserved: {key}")));
        }
        if tags.iter().any(|t| t.key == key) {
            return Err(ApiError::invalid(format!("Duplicate tag key: {key}")));
        }
        tags.push(Tag { key: key.to_owned(), value: value.to_owned() });
    }
    Ok(tags)
}

/// Applies `AddTags` and `RemoveTags`.
pub(crate) fn change(ctx: &Ctx<'_>, input: Input<'_>, tags: &mut Vec<Tag>) -> Result<(), ApiError> {
    let removed = input.texts("RemoveTags");
    tags.retain(|t| !removed.contains(&t.key));
    for tag in read(input, "AddTags")? {
        match tags.iter_mut().find(|t| t.key == tag.key) {
            Some(old) => old.value = tag.value,
            None => tags.push(tag),
        }
    }
    check_count(ctx, tags)
}

/// Holds the number of tags of a resource.
pub(crate) fn check_count(ctx: &Ctx<'_>, tags: &[Tag]) -> Result<(), ApiError> {
    let max = ctx.config.quotas.tags;
    if tags.len() > max {
        return Err(ApiError::limit(format!("A resource can have at most {max} tags.")));
    }
    Ok(())
}

/// Tags as answers give them.
pub(crate) fn show(tags: &[Tag]) -> Value {
    tags.iter().map(|t| json!({ "Key": t.key, "Value": t.value })).collect()
}
