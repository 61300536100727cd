//! `SearchProvisionedProducts`.

use serde_json::{Value, json};

use crate::ctx::{Ctx, set_if};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::artifacts::Artifact;
use crate::page::page;
use crate::provision::{ProvisionedProduct, read};
use crate::store;

/// Members that a query can name, and that results can be sorted by.
const KEYS: &[(&str, &str)] = &[
    ("arn", "Arn"),
    ("createdTime", "CreatedTime"),
    ("id", "Id"),
    ("idempotencyToken", "IdempotencyToken"),
    ("lastProvisioningRecordId", "LastProvisioningRecordId"),
    ("lastRecordId", "LastRecordId"),
    ("lastSuccessfulProvisioningRecordId", "LastSuccessfulProvisioningRecordId"),
    ("name", "Name"),
    ("physicalId", "PhysicalId"),
    ("productId", "ProductId"),
    ("productName", "ProductName"),
    ("provisioningArtifactId", "ProvisioningArtifactId"),
    ("provisioningArtifactName", "ProvisioningArtifactName"),
    ("status", "Status"),
    ("type", "Type"),
    ("userArn", "UserArn"),
    ("userArnSession", "UserArnSession"),
];

/// `SearchProvisionedProducts`.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_SearchProvisionedProducts.html>
pub(crate) fn search(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    read::check_level(input)?;
    let mut found: Vec<Value> = Vec::new();
    for product in ctx.list::<ProvisionedProduct>(None)? {
        if read::visible(ctx, input, &product.user_arn) {
            found.push(attributes(ctx, &product)?);
        }
    }
    for query in input.object("Filters").map(|f| f.texts("SearchQuery")).unwrap_or_default() {
        let query = Query::read(&query)?;
        found.retain(|p| query.holds(p));
    }
    sort(input, &mut found)?;
    let total = found.len();
    let mut answer = page(ctx, input, ("ProvisionedProducts", "NextPageToken"), found)?;
    set_if(&mut answer, "TotalResultsCount", Some(total));
    Ok(answer)
}

/// A query: `key:value`, or a text that any attribute may contain.
struct Query {
    member: Option<&'static str>,
    value: String,
}

impl Query {
    fn read(text: &str) -> Result<Self, ApiError> {
        let Some((key, value)) = text.split_once(':') else {
            return Ok(Self { member: None, value: text.to_owned() });
        };
        let member = KEYS.iter().find(|(k, _)| *k == key).map(|(_, m)| *m).ok_or_else(|| {
            let names: Vec<&str> = KEYS.iter().map(|(k, _)| *k).collect();
            ApiError::invalid(format!("Invalid search key {key}; the keys are {}.", names.join(", ")))
        })?;
        Ok(Self { member: Some(member), value: value.trim_matches('"').to_owned() })
    }

    fn holds(&self, attributes: &Value) -> bool {
        match self.member {
            Some(member) => attributes.get(member).is_some_and(|v| crate::template::plain(v) == self.value),
            None => KEYS.iter().any(|(_, member)| {
                attributes.get(member).is_some_and(|v| crate::template::plain(v).contains(&self.value))
            }),
        }
    }
}

fn sort(input: Input<'_>, found: &mut [Value]) -> Result<(), ApiError> {
    let Some(key) = input.text("SortBy") else { return Ok(()) };
    let member = match key {
        "arn" | "id" | "name" | "lastRecordId" => KEYS.iter().find(|(k, _)| *k == key).map(|(_, m)| *m),
        _ => None,
    };
    let Some(member) = member else {
        return Err(ApiError::invalid(format!(
            "Invalid sort field {key}; the fields are arn, id, name and lastRecordId."
        )));
    };
    found.sort_by_key(|p| p.get(member).map(crate::template::plain));
    if input.text("SortOrder") == Some("DESCENDING") {
        found.reverse();
    }
    Ok(())
}

/// The `ProvisionedProductAttribute` of answers.
fn attributes(ctx: &Ctx<'_>, product: &ProvisionedProduct) -> Result<Value, ApiError> {
    let artifact = store::get_anywhere::<Artifact>(ctx.tx, &ctx.place().region, &product.artifact_id)?;
    let version = artifact.and_then(|(_, a)| a.name);
    let system = [
        ("aws:servicecatalog:productArn", &product.product_arn),
        ("aws:servicecatalog:provisioningPrincipalArn", &product.session_arn),
        ("aws:servicecatalog:provisioningArtifactIdentifier", &product.artifact_id),
        ("aws:servicecatalog:portfolioArn", &product.portfolio_arn),
        ("aws:servicecatalog:provisionedProductArn", &product.arn),
    ];
    let own = product.tags.iter().map(|t| (t.key.as_str(), &t.value));
    let tags: Vec<Value> = system.into_iter().chain(own).map(|(k, v)| json!({ "Key": k, "Value": v })).collect();
    let mut shown = product.detail();
    if let Some(members) = shown.as_object_mut() {
        members.remove("LaunchRoleArn");
    }
    set_if(&mut shown, "Tags", Some(tags));
    set_if(&mut shown, "PhysicalId", product.stack_arn.clone());
    set_if(&mut shown, "ProductName", Some(product.product_name.clone()));
    set_if(&mut shown, "ProvisioningArtifactName", version);
    set_if(&mut shown, "UserArn", Some(product.user_arn.clone()));
    set_if(&mut shown, "UserArnSession", Some(product.session_arn.clone()));
    Ok(shown)
}
