//! The terms of a launch: what the constraints, the version, the template and the TagOptions
//! of a path make of a request.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::access::Path;
use crate::auth;
use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::artifacts::{self, Artifact};
use crate::ops::constraint_rules::{Parameters, role_parts};
use crate::ops::launch;
use crate::provision::{StackInput, StackParameter};
use crate::rules::{self, Values};
use crate::tags::{self, Tag};
use crate::template::{self, Template};

/// What the constraints of a path mean for a stack.
pub(super) struct Terms {
    pub(super) role_arn: Option<String>,
    pub(super) stack_account: String,
    pub(super) topics: Vec<String>,
    pub(super) tag_updates: bool,
    rules: Vec<serde_json::Map<String, Value>>,
}

pub(super) fn terms(ctx: &Ctx<'_>, path: &Path) -> Result<Terms, ApiError> {
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
pub(super) fn version(
    ctx: &Ctx<'_>,
    path: &Path,
    input: Input<'_>,
    current: Option<&str>,
) -> Result<Artifact, ApiError> {
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
pub(super) fn stack_input(
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
pub(super) fn launch_tags(ctx: &Ctx<'_>, path: &Path, input: Input<'_>) -> Result<Vec<Tag>, ApiError> {
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
