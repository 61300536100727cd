//! `ProvisionProduct`, `UpdateProvisionedProduct` and `TerminateProvisionedProduct`: what they
//! check at once. The stack follows in the background.

use serde_json::{Value, json};

use crate::access;
use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::launch;
use crate::provision::terms::{launch_tags, stack_input, terms, version};
use crate::provision::{Job, ProvisionedProduct, Record, Work, read};

/// Provisioning is real or it is not done.
fn require_endpoint(ctx: &Ctx<'_>) -> Result<(), ApiError> {
    if ctx.config.cloudformation_endpoint.is_some() {
        return Ok(());
    }
    Err(ApiError::unsupported(
        "Provisioning makes real stacks and this rehearsal catalog was given no CloudFormation endpoint to make them on; start it with --cloudformation-endpoint URL.",
    ))
}

/// `ProvisionProduct`.
pub(crate) fn provision(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    require_endpoint(ctx)?;
    no_stack_sets(input)?;
    let product_id = launch::product_id(ctx, input)?;
    let path = access::choose(ctx, &product_id, input.text("PathId"), input.text("PathName"))?;
    let artifact = version(ctx, &path, input, None)?;
    let name = input.need("ProvisionedProductName")?;
    if ctx.list::<ProvisionedProduct>(None)?.iter().any(|p| p.name == name) {
        return Err(ApiError::duplicate(format!("A provisioned product with the name {name} already exists.")));
    }
    let terms = terms(ctx, &path)?;
    let stack = stack_input(ctx, &path, &artifact, &terms, input)?;
    let id = ctx.new_id("pp")?;
    let record_id = ctx.new_id("rec")?;
    let account = &ctx.place().account;
    let product = ProvisionedProduct {
        arn: ctx.arn("servicecatalog", account, &format!("stack/{name}/{id}")),
        name: name.to_owned(),
        status: "UNDER_CHANGE".to_owned(),
        message: None,
        created: ctx.now,
        token: input.need("ProvisionToken")?.to_owned(),
        product_id: path.product.id.clone(),
        product_name: path.product.name.clone(),
        artifact_id: artifact.id.clone(),
        path_id: path.id(),
        portfolio_arn: ctx.arn("catalog", &path.portfolio_place.account, &format!("portfolio/{}", path.portfolio.id)),
        product_arn: ctx.arn("catalog", &path.product_place.account, &format!("product/{}", path.product.id)),
        role_arn: terms.role_arn,
        user_arn: ctx.caller.principal.clone(),
        session_arn: ctx.caller.arn.clone(),
        tags: launch_tags(ctx, &path, input)?,
        last_record: record_id.clone(),
        last_provisioning_record: record_id.clone(),
        last_success: None,
        stack_account: terms.stack_account,
        stack_name: format!("SC-{account}-{id}"),
        stack_arn: None,
        id,
    };
    let record = Record::new(ctx, "PROVISION_PRODUCT", record_id, &product);
    ctx.insert(&product)?;
    ctx.insert(&record)?;
    begin(ctx, &record, Work::Create(stack));
    Ok(json!({ "RecordDetail": record.detail() }))
}

fn no_stack_sets(input: Input<'_>) -> Result<(), ApiError> {
    if input.object("ProvisioningPreferences").is_some_and(|p| !p.0.is_empty()) {
        return Err(ApiError::invalid("ProvisioningPreferences are for products with a STACKSET constraint only."));
    }
    Ok(())
}

fn begin(ctx: &Ctx<'_>, record: &Record, work: Work) {
    ctx.jobs.borrow_mut().push(Job { place: ctx.place().clone(), record_id: record.id.clone(), work });
}

/// One of the caller's provisioned products that nothing is being done with.
fn at_rest(ctx: &Ctx<'_>, input: Input<'_>) -> Result<ProvisionedProduct, ApiError> {
    let product = read::find(ctx, input.text("ProvisionedProductId"), input.text("ProvisionedProductName"))?;
    if product.status == "UNDER_CHANGE" {
        return Err(ApiError::invalid(format!(
            "Provisioned product {} is under change; wait for record {}.",
            product.id, product.last_record
        )));
    }
    Ok(product)
}

/// `UpdateProvisionedProduct`.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    require_endpoint(ctx)?;
    no_stack_sets(input)?;
    let mut product = at_rest(ctx, input)?;
    let wanted = match (input.text("ProductId"), input.text("ProductName")) {
        (None, None) => product.product_id.clone(),
        _ => launch::product_id(ctx, input)?,
    };
    if wanted != product.product_id {
        return Err(ApiError::unsupported(
            "The rehearsal catalog does not move a provisioned product to another product.",
        ));
    }
    let named = input.text("PathId").or(input.text("PathName")).is_some();
    let path_id = if named { input.text("PathId") } else { Some(product.path_id.as_str()) };
    let path = access::choose(ctx, &wanted, path_id, input.text("PathName"))?;
    let artifact = version(ctx, &path, input, Some(&product.artifact_id))?;
    let terms = terms(ctx, &path)?;
    if !input.items("Tags").is_empty() {
        if !terms.tag_updates {
            return Err(ApiError::invalid(
                "Tag updates are not allowed; a RESOURCE_UPDATE constraint with TagUpdateOnProvisionedProduct ALLOWED allows them.",
            ));
        }
        product.tags = launch_tags(ctx, &path, input)?;
    }
    let stack = stack_input(ctx, &path, &artifact, &terms, input)?;
    let record_id = ctx.new_id("rec")?;
    product.artifact_id.clone_from(&artifact.id);
    product.path_id = path.id();
    product.role_arn = terms.role_arn;
    product.last_provisioning_record.clone_from(&record_id);
    let record = Record::new(ctx, "UPDATE_PROVISIONED_PRODUCT", record_id, &product);
    change(ctx, product, &record)?;
    begin(ctx, &record, Work::Update(stack));
    Ok(json!({ "RecordDetail": record.detail() }))
}

fn change(ctx: &Ctx<'_>, mut product: ProvisionedProduct, record: &Record) -> Result<(), ApiError> {
    "UNDER_CHANGE".clone_into(&mut product.status);
    product.message = None;
    product.last_record.clone_from(&record.id);
    ctx.put(&product)?;
    ctx.insert(record)
}

/// `TerminateProvisionedProduct`.
pub(crate) fn terminate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    require_endpoint(ctx)?;
    if input.flag("RetainPhysicalResources") == Some(true) {
        return Err(ApiError::unsupported(
            "The rehearsal catalog does not retain the resources of a stack it deletes.",
        ));
    }
    let product = at_rest(ctx, input)?;
    let mut record = Record::new(ctx, "TERMINATE_PROVISIONED_PRODUCT", ctx.new_id("rec")?, &product);
    record.ignore_errors = input.flag("IgnoreErrors") == Some(true);
    change(ctx, product, &record)?;
    begin(ctx, &record, Work::Delete);
    Ok(json!({ "RecordDetail": record.detail() }))
}
