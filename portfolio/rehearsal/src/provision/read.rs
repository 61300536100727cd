//! Reading provisioned products, records and outputs.

use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::page::page;
use crate::provision::{Output, ProvisionedProduct, Record};

/// A provisioned product by its id, or by its name or ARN.
pub(crate) fn find(ctx: &Ctx<'_>, id: Option<&str>, name: Option<&str>) -> Result<ProvisionedProduct, ApiError> {
    let found = match (id, name) {
        (Some(id), None) => ctx.get::<ProvisionedProduct>(id)?,
        (None, Some(name)) => {
            ctx.list::<ProvisionedProduct>(None)?.into_iter().find(|p| p.name == name || p.arn == name)
        }
        _ => return Err(ApiError::invalid("Exactly one of the provisioned product's id and name must be given.")),
    };
    found.ok_or_else(|| {
        ApiError::not_found(format!("Provisioned product {} not found.", id.or(name).unwrap_or_default()))
    })
}

/// Whether an access level lets the caller see what a principal made. Without a filter it
/// is the caller's own.
pub(crate) fn visible(ctx: &Ctx<'_>, input: Input<'_>, made_by: &str) -> bool {
    let level = input.object("AccessLevelFilter").and_then(|f| f.text("Key")).unwrap_or("User");
    level == "Account" || made_by == ctx.caller.principal
}

/// The only value that AWS takes for an access level is `self`.
pub(crate) fn check_level(input: Input<'_>) -> Result<(), ApiError> {
    match input.object("AccessLevelFilter").and_then(|f| f.text("Value")) {
        None | Some("self") => Ok(()),
        Some(other) => Err(ApiError::invalid(format!("Invalid access level value {other}; the only value is self."))),
    }
}

/// `DescribeProvisionedProduct`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = find(ctx, input.text("Id"), input.text("Name"))?;
    Ok(json!({ "ProvisionedProductDetail": product.detail(), "CloudWatchDashboards": [] }))
}

/// `ScanProvisionedProducts`.
pub(crate) fn scan(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    check_level(input)?;
    let shown = ctx
        .list::<ProvisionedProduct>(None)?
        .iter()
        .filter(|p| visible(ctx, input, &p.user_arn))
        .map(ProvisionedProduct::detail)
        .collect();
    page(ctx, input, ("ProvisionedProducts", "NextPageToken"), shown)
}

/// `DescribeRecord`, with the outputs in pages.
pub(crate) fn describe_record(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let id = input.need("Id")?;
    let record = ctx.get::<Record>(id)?.ok_or_else(|| ApiError::not_found(format!("Record {id} not found.")))?;
    let outputs = record.outputs.iter().map(Output::show).collect();
    let mut answer = page(ctx, input, ("RecordOutputs", "NextPageToken"), outputs)?;
    crate::ctx::set_if(&mut answer, "RecordDetail", Some(record.detail()));
    Ok(answer)
}

/// `ListRecordHistory`, newest first.
pub(crate) fn history(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    check_level(input)?;
    let mut records = ctx.list::<Record>(None)?;
    records.retain(|r| visible(ctx, input, &r.user_arn));
    if let Some(filter) = input.object("SearchFilter") {
        let value = filter.text("Value").unwrap_or_default();
        match filter.text("Key") {
            Some("product") => records.retain(|r| r.product_id == value),
            Some("provisionedproduct") => records.retain(|r| r.provisioned_id == value),
            other => {
                return Err(ApiError::invalid(format!(
                    "Invalid search filter key {}; the keys are product and provisionedproduct.",
                    other.unwrap_or_default()
                )));
            }
        }
    }
    let shown = records.iter().rev().map(Record::detail).collect();
    page(ctx, input, ("RecordDetails", "NextPageToken"), shown)
}

/// `GetProvisionedProductOutputs`: those of the last operation that succeeded.
pub(crate) fn outputs(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = find(ctx, input.text("ProvisionedProductId"), input.text("ProvisionedProductName"))?;
    let record = match &product.last_success {
        Some(id) => ctx.get::<Record>(id)?,
        None => None,
    };
    let mut outputs = record.map(|r| r.outputs).unwrap_or_default();
    let wanted = input.texts("OutputKeys");
    if let Some(missing) = wanted.iter().find(|k| !outputs.iter().any(|o| o.key == **k)) {
        return Err(ApiError::invalid(format!("Provisioned product {} has no output {missing}.", product.id)));
    }
    if !wanted.is_empty() {
        outputs.retain(|o| wanted.contains(&o.key));
    }
    page(ctx, input, ("Outputs", "NextPageToken"), outputs.iter().map(Output::show).collect())
}
