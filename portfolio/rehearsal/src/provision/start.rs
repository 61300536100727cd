//! `ProvisionProduct`, `UpdateProvisionedProduct` and `TerminateProvisionedProduct`: what they
//! check at once. The stack follows in the background.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::access::{self, Path};
use crate::auth;
use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::artifacts::{self, Artifact};
use crate::ops::constraint_rules::{Parameters, role_parts};
use crate::ops::launch;
use crate::provision::{Job, ProvisionedProduct, Record, StackInput, StackParameter, Work, read};
use crate::rules::{self, Values};
use crate::tags::{self, Tag};
use crate::template::{self, Template};

/// Provisioning is real or it is not done.
fn require_endpoint(ctx: &Ctx<'_>) -> Result<(), ApiError> {
    if ctx.config.cloudformation_endpoint.is_some() {
        return Ok(());
    }
    Err(ApiError::unsupported(
        "Provisioning makes real stacks and this rehearsal catalog was given no CloudFormation endpoint to make them on; start it with --cloudformation-endpoint URL.",
    ))
}

/// What the constraints of a path mean for a stack.
struct Terms {
    role_arn: Option<String>,
    stack_account: String,
    topics: Vec<String>,
    tag_updates: bool,
    rules: Vec<serde_json::Map<String, Value>>,
}

fn terms(ctx: &Ctx<'_>, path: &Path) -> Result<Terms, ApiError> {
    let account = &ctx.place().account;
    let mut terms = Terms {
        role_arn: None,
        stack_account: account.clone(),
        topics: Vec::new(),
        tag_updates: false,
        rules: Vec::new(),
    };
    for constraint in launch::rules(ctx, path)? {
        match Parameters::read(&constraint.kind, &constraint.parameters)? {
            Parameters::LaunchRole(arn) => {
                // The stack lands in the account of a fixed role, wherever it was asked for.
                role_parts(&arn).map_or(account.as_str(), |(owner, _)| owner).clone_into(&mut terms.stack_account);
                terms.role_arn = Some(arn);
            }
            Parameters::LocalLaunchRole(name) => {
                let partition = auth::partition(&ctx.place().region);
                terms.role_arn = Some(format!("arn:{partition}:iam::{account}:role/{name}"));
            }
            Parameters::Notification(arns) => terms.topics.extend(arns),
            Parameters::ResourceUpdate { allowed } => terms.tag_updates = allowed,
            Parameters::Template(rules) => terms.rules.push(rules),
            Parameters::StackSet(_) => {
                return Err(ApiError::unsupported(
                    "The rehearsal catalog does not provision products that have a STACKSET constraint.",
                ));
            }
        }
    }
    Ok(terms)
}

/// A version that may be launched, or updated to from `current`.
fn version(ctx: &Ctx<'_>, path: &Path, input: Input<'_>, current: Option<&str>) -> Result<Artifact, ApiError> {
    let product = path.product.id.as_str();
    let (id, name) = (input.text("ProvisioningArtifactId"), input.text("ProvisioningArtifactName"));
    let id = if id.is_none() && name.is_none() { current } else { id };
    let artifact = artifacts::by_id_or_name(ctx, &path.product_place, product, id, name)?;
    if !artifact.active {
        return Err(ApiError::not_found(format!(
            "Provisioning Artifact {} of product {product} is not active.",
            artifact.id
        )));
    }
    if artifact.guidance == "DEPRECATED" && current != Some(&artifact.id) {
        return Err(ApiError::invalid(format!(
            "Provisioning Artifact {} of product {product} is deprecated and cannot be launched or updated to.",
            artifact.id
        )));
    }
    if artifact.kind != "CLOUD_FORMATION_TEMPLATE" {
        return Err(ApiError::unsupported(format!(
            "The rehearsal catalog stores versions of type {} but does not provision them.",
            artifact.kind
        )));
    }
    Ok(artifact)
}

/// The stack's parameters and template, checked against the template and the rules.
fn stack_input(
    ctx: &Ctx<'_>,
    path: &Path,
    artifact: &Artifact,
    terms: &Terms,
    input: Input<'_>,
) -> Result<StackInput, ApiError> {
    let text = artifacts::template_text(ctx, &path.product_place, &artifact.id)?;
    let template = Template::parse(&text).map_err(|e| ApiError::invalid(e.to_string()))?;
    let declared: BTreeMap<&String, &Value> = template.section("Parameters").collect();
    let mut parameters: Vec<StackParameter> = Vec::new();
    for item in input.items("ProvisioningParameters").iter().filter_map(Value::as_object).map(Input) {
        let key = item.need("Key")?;
        if !declared.contains_key(&key.to_owned()) {
            return Err(ApiError::invalid(format!("Parameters: [{key}] do not exist in the template")));
        }
        if parameters.iter().any(|p| p.key == key) {
            return Err(ApiError::invalid(format!("Parameter {key} was given twice.")));
        }
        let keep = item.flag("UsePreviousValue") == Some(true);
        let value = if keep { None } else { Some(item.text("Value").unwrap_or_default().to_owned()) };
        parameters.push(StackParameter { key: key.to_owned(), value });
    }
    let given = |name: &str| parameters.iter().any(|p| p.key == name);
    let missing: Vec<&str> = declared
        .iter()
        .filter(|(name, body)| body.get("Default").is_none() && !given(name))
        .map(|(name, _)| name.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(ApiError::invalid(format!("Parameters: [{}] must have values", missing.join(", "))));
    }
    let mut values: Values = declared
        .iter()
        .filter_map(|(name, body)| Some(((*name).clone(), template::plain(body.get("Default")?))))
        .collect();
    let mut kept = BTreeSet::new();
    for parameter in &parameters {
        match &parameter.value {
            Some(value) => {
                values.insert(parameter.key.clone(), value.clone());
            }
            None => {
                kept.insert(parameter.key.clone());
            }
        }
    }
    for rules in &terms.rules {
        rules::apply(rules, &values, &kept).map_err(ApiError::invalid)?;
    }
    let mut topics = terms.topics.clone();
    topics.extend(input.texts("NotificationArns"));
    Ok(StackInput { template: text, template_url: artifact.template_url.clone(), parameters, topics })
}

/// The tags of a launch: the portfolio's, the product's, the TagOptions with one value, and
/// those of the request, which TagOptions limit.
fn launch_tags(ctx: &Ctx<'_>, path: &Path, input: Input<'_>) -> Result<Vec<Tag>, ApiError> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for tag in path.portfolio.tags.iter().chain(&path.product.tags) {
        all.insert(tag.key.clone(), tag.value.clone());
    }
    let requested = tags::read(input, "Tags")?;
    for (key, values) in launch::path_tag_options(ctx, path)? {
        match (requested.iter().find(|t| t.key == key), values.as_slice()) {
            (Some(tag), _) if !values.contains(&tag.value) => {
                return Err(ApiError::invalid(format!(
                    "Tag {key} must have one of the values of its TagOption: {}.",
                    values.join(", ")
                )));
            }
            (None, [only]) => {
                all.insert(key, only.clone());
            }
            (None, _) => {
                return Err(ApiError::invalid(format!(
                    "Tag {key} must be given, with one of the values of its TagOption: {}.",
                    values.join(", ")
                )));
            }
            (Some(_), _) => {}
        }
    }
    all.extend(requested.into_iter().map(|t| (t.key, t.value)));
    Ok(all.into_iter().map(|(key, value)| Tag { key, value }).collect())
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
