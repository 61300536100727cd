//! TagOptions: tag keys and values offered for portfolios and products.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, set_if};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::portfolios::Portfolio;
use crate::ops::products::Product;
use crate::page::page;
use crate::store::{Entity, Place};

/// One key and one value of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TagOption {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) active: bool,
}

impl Entity for TagOption {
    const KIND: &'static str = "tag-option";
    fn id(&self) -> String {
        self.id.clone()
    }
}

/// A TagOption on a portfolio or product.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TagOptionLink {
    pub(crate) resource_id: String,
    pub(crate) tag_option_id: String,
}

impl Entity for TagOptionLink {
    const KIND: &'static str = "tag-option-link";
    fn id(&self) -> String {
        link_key(&self.resource_id, &self.tag_option_id)
    }
    fn parent(&self) -> String {
        self.resource_id.clone()
    }
}

fn link_key(resource: &str, option: &str) -> String {
    format!("{resource}|{option}")
}

impl TagOption {
    fn detail(&self, account: &str) -> Value {
        json!({ "Id": self.id, "Key": self.key, "Value": self.value, "Active": self.active, "Owner": account })
    }
}

fn own(ctx: &Ctx<'_>, id: &str) -> Result<TagOption, ApiError> {
    ctx.get::<TagOption>(id)?.ok_or_else(|| ApiError::not_found(format!("TagOption {id} not found.")))
}

fn answer(ctx: &Ctx<'_>, option: &TagOption) -> Value {
    json!({ "TagOptionDetail": option.detail(&ctx.place().account) })
}

/// `CreateTagOption`.
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (key, value) = (input.need("Key")?, input.need("Value")?);
    let same_key: Vec<TagOption> = ctx.list::<TagOption>(None)?.into_iter().filter(|o| o.key == key).collect();
    if same_key.iter().any(|o| o.value == value) {
        return Err(ApiError::duplicate(format!("TagOption with key {key} and value {value} already exists.")));
    }
    let max = ctx.config.quotas.values_per_tag_option;
    if same_key.len() >= max {
        return Err(ApiError::limit(format!("A TagOption can have at most {max} values.")));
    }
    let option = TagOption { id: ctx.new_id("tag")?, key: key.to_owned(), value: value.to_owned(), active: true };
    ctx.insert(&option)?;
    Ok(answer(ctx, &option))
}

/// `UpdateTagOption`.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut option = own(ctx, input.need("Id")?)?;
    if let Some(value) = input.text("Value") {
        let taken = ctx.list::<TagOption>(None)?;
        if taken.iter().any(|o| o.id != option.id && o.key == option.key && o.value == value) {
            return Err(ApiError::duplicate(format!(
                "TagOption with key {} and value {value} already exists.",
                option.key
            )));
        }
        value.clone_into(&mut option.value);
    }
    if let Some(active) = input.flag("Active") {
        option.active = active;
    }
    ctx.put(&option)?;
    Ok(answer(ctx, &option))
}

/// `DescribeTagOption`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    Ok(answer(ctx, &own(ctx, input.need("Id")?)?))
}

/// `ListTagOptions`, whose token for the next page is called `PageToken`.
pub(crate) fn list(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let filters = input.object("Filters");
    let key = filters.and_then(|f| f.text("Key"));
    let value = filters.and_then(|f| f.text("Value"));
    let active = filters.and_then(|f| f.flag("Active"));
    let shown = ctx
        .list::<TagOption>(None)?
        .iter()
        .filter(|o| key.is_none_or(|k| o.key == k))
        .filter(|o| value.is_none_or(|v| o.value == v))
        .filter(|o| active.is_none_or(|a| o.active == a))
        .map(|o| o.detail(&ctx.place().account))
        .collect();
    page(ctx, input, ("TagOptionDetails", "PageToken"), shown)
}

/// `DeleteTagOption`: refused while a resource has it.
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let option = own(ctx, input.need("Id")?)?;
    if ctx.list::<TagOptionLink>(None)?.iter().any(|l| l.tag_option_id == option.id) {
        return Err(ApiError::in_use(format!("TagOption {} is still associated with resources", option.id)));
    }
    ctx.remove::<TagOption>(&option.id)?;
    Ok(json!({}))
}

/// `AssociateTagOptionWithResource`.
pub(crate) fn associate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (resource, option) = (input.need("ResourceId")?, own(ctx, input.need("TagOptionId")?)?);
    if describe_resource(ctx, resource)?.is_none() {
        return Err(ApiError::not_found(format!("Resource {resource} not found.")));
    }
    let links = ctx.list::<TagOptionLink>(Some(resource))?;
    if links.iter().any(|l| l.tag_option_id == option.id) {
        return Err(ApiError::duplicate(format!(
            "TagOption {} is already associated with resource {resource}.",
            option.id
        )));
    }
    let max = ctx.config.quotas.tag_options_per_resource;
    if links.len() >= max {
        return Err(ApiError::limit(format!("A resource can have at most {max} TagOptions.")));
    }
    ctx.insert(&TagOptionLink { resource_id: resource.to_owned(), tag_option_id: option.id })?;
    Ok(json!({}))
}

/// `DisassociateTagOptionFromResource`.
pub(crate) fn disassociate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (resource, option) = (input.need("ResourceId")?, input.need("TagOptionId")?);
    if ctx.get::<TagOptionLink>(&link_key(resource, option))?.is_none() {
        return Err(ApiError::not_found(format!("TagOption {option} is not associated with resource {resource}.")));
    }
    ctx.remove::<TagOptionLink>(&link_key(resource, option))?;
    Ok(json!({}))
}

/// `ListResourcesForTagOption`, whose token for the next page is called `PageToken`.
pub(crate) fn list_resources(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let option = own(ctx, input.need("TagOptionId")?)?;
    let prefix = match input.text("ResourceType") {
        None => "",
        Some("Portfolio") => "port-",
        Some("Product") => "prod-",
        Some(other) => {
            return Err(ApiError::invalid(format!(
                "Invalid resource type {other}; the types are Portfolio and Product."
            )));
        }
    };
    let mut shown = Vec::new();
    for link in ctx.list::<TagOptionLink>(None)? {
        if link.tag_option_id == option.id && link.resource_id.starts_with(prefix) {
            shown.extend(describe_resource(ctx, &link.resource_id)?);
        }
    }
    page(ctx, input, ("ResourceDetails", "PageToken"), shown)
}

fn describe_resource(ctx: &Ctx<'_>, id: &str) -> Result<Option<Value>, ApiError> {
    let account = &ctx.place().account;
    let detail = |what: &str, name: &str, description: Option<String>, created: f64| {
        let arn = ctx.arn("catalog", account, &format!("{what}/{id}"));
        let mut detail = json!({ "Id": id, "ARN": arn, "Name": name, "CreatedTime": created });
        set_if(&mut detail, "Description", description);
        detail
    };
    if let Some(p) = ctx.get::<Portfolio>(id)? {
        return Ok(Some(detail("portfolio", &p.display_name, p.description, p.created)));
    }
    Ok(ctx.get::<Product>(id)?.map(|p| detail("product", &p.name, p.description, p.created)))
}

/// The TagOptions of a portfolio or product.
pub(crate) fn of_resource(ctx: &Ctx<'_>, place: &Place, resource: &str) -> Result<Vec<Value>, ApiError> {
    Ok(options_of(ctx, place, resource)?.iter().map(|o| o.detail(&place.account)).collect())
}

/// The TagOptions of a portfolio or product, as records.
pub(crate) fn options_of(ctx: &Ctx<'_>, place: &Place, resource: &str) -> Result<Vec<TagOption>, ApiError> {
    let mut options = Vec::new();
    for link in ctx.list_in::<TagOptionLink>(place, Some(resource))? {
        options.extend(ctx.get_in::<TagOption>(place, &link.tag_option_id)?);
    }
    Ok(options)
}

/// Drops the links of a resource that is being deleted.
pub(crate) fn forget_resource(ctx: &Ctx<'_>, resource: &str) -> Result<(), ApiError> {
    for link in ctx.list::<TagOptionLink>(Some(resource))? {
        ctx.remove::<TagOptionLink>(&link.id())?;
    }
    Ok(())
}
