//! What a team sees before it launches: products, versions, paths and parameters.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::{self, Path};
use crate::auth;
use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::artifacts;
use crate::ops::constraint_rules::Parameters;
use crate::ops::constraints::{self, Constraint};
use crate::ops::tag_options::{self, TagOption};
use crate::page::page;
use crate::tags;
use crate::template::Template;

/// The caller's path to a product, by the product's id or name; any path when the caller
/// has several.
fn visible(ctx: &Ctx<'_>, id: Option<&str>, name: Option<&str>) -> Result<Vec<Path>, ApiError> {
    let mut paths = match (id, name) {
        (Some(id), None) => access::paths(ctx, Some(id))?,
        (None, Some(name)) => {
            let mut all = access::paths(ctx, None)?;
            all.retain(|p| p.product.name == name);
            all
        }
        _ => return Err(ApiError::invalid("Exactly one of the product's id and name must be given.")),
    };
    paths.dedup_by(|a, b| a.id() == b.id());
    if paths.is_empty() {
        let which = id.or(name).unwrap_or_default();
        return Err(ApiError::not_found(format!("Product {which} not found.")));
    }
    Ok(paths)
}

/// The product that a launch names, by id or by name.
pub(crate) fn product_id(ctx: &Ctx<'_>, input: Input<'_>) -> Result<String, ApiError> {
    match (input.text("ProductId"), input.text("ProductName")) {
        (Some(id), None) => Ok(id.to_owned()),
        (None, Some(name)) => {
            let paths = visible(ctx, None, Some(name))?;
            let first = paths.first().map(|p| p.product.id.clone()).unwrap_or_default();
            if paths.iter().any(|p| p.product.id != first) {
                return Err(ApiError::invalid(format!(
                    "Multiple Products with name {name} found. Please use the product id."
                )));
            }
            Ok(first)
        }
        _ => Err(ApiError::invalid("Exactly one of ProductId and ProductName must be given.")),
    }
}

/// `DescribeProduct`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let paths = visible(ctx, input.text("Id"), input.text("Name"))?;
    let launch_paths: Vec<Value> =
        paths.iter().map(|p| json!({ "Id": p.id(), "Name": p.portfolio.display_name })).collect();
    let mut answer = view(ctx, &paths)?;
    crate::ctx::set_if(&mut answer, "Budgets", Some(json!([])));
    crate::ctx::set_if(&mut answer, "LaunchPaths", Some(launch_paths));
    Ok(answer)
}

/// `DescribeProductView`, by the `prodview-` id of a search.
pub(crate) fn describe_view(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let id = input.need("Id")?;
    let mut paths = access::paths(ctx, None)?;
    paths.retain(|p| p.product.view_id() == id);
    if paths.is_empty() {
        return Err(ApiError::not_found(format!("Product view {id} not found.")));
    }
    view(ctx, &paths)
}

fn view(ctx: &Ctx<'_>, paths: &[Path]) -> Result<Value, ApiError> {
    let Some(path) = paths.first() else { return Err(ApiError::not_found("Product not found.")) };
    let versions: Vec<Value> = access::launchable(ctx, path)?.iter().map(|a| a.view()).collect();
    Ok(json!({ "ProductViewSummary": path.product.summary(), "ProvisioningArtifacts": versions }))
}

/// `ListLaunchPaths`.
pub(crate) fn list_paths(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = input.need("ProductId")?;
    let paths = access::paths(ctx, Some(product))?;
    if paths.is_empty() {
        return Err(ApiError::not_found(format!("No launch paths found for resource: {product}")));
    }
    let mut shown = Vec::new();
    for path in &paths {
        let constraints: Vec<Value> = rules(ctx, path)?.iter().map(Constraint::summary).collect();
        shown.push(json!({
            "Id": path.id(),
            "Name": path.portfolio.display_name,
            "ConstraintSummaries": constraints,
            "Tags": tags::show(&path.portfolio.tags),
        }));
    }
    page(ctx, input, ("LaunchPathSummaries", "NextPageToken"), shown)
}

/// The constraints on a path.
pub(crate) fn rules(ctx: &Ctx<'_>, path: &Path) -> Result<Vec<Constraint>, ApiError> {
    constraints::of_pair(ctx, &path.portfolio_place, &path.portfolio.id, &path.product.id)
}

/// The active TagOptions of a path, of the portfolio and of the product.
pub(crate) fn path_tag_options(ctx: &Ctx<'_>, path: &Path) -> Result<BTreeMap<String, Vec<String>>, ApiError> {
    let mut options: Vec<TagOption> = tag_options::options_of(ctx, &path.portfolio_place, &path.portfolio.id)?;
    options.extend(tag_options::options_of(ctx, &path.product_place, &path.product.id)?);
    let mut by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for option in options.into_iter().filter(|o| o.active) {
        let values = by_key.entry(option.key).or_default();
        if !values.contains(&option.value) {
            values.push(option.value);
        }
    }
    Ok(by_key)
}

/// `DescribeProvisioningParameters`.
pub(crate) fn parameters(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = product_id(ctx, input)?;
    let path = access::choose(ctx, &product, input.text("PathId"), input.text("PathName"))?;
    let artifact = artifacts::by_id_or_name(
        ctx,
        &path.product_place,
        &product,
        input.text("ProvisioningArtifactId"),
        input.text("ProvisioningArtifactName"),
    )?;
    if !artifact.active {
        return Err(ApiError::not_found(format!(
            "Provisioning Artifact {} not found for product {product}.",
            artifact.id
        )));
    }
    let template = Template::parse(&artifacts::template_text(ctx, &path.product_place, &artifact.id)?)
        .map_err(|e| ApiError::invalid(e.to_string()))?;
    let constraints = rules(ctx, &path)?;
    let options: Vec<Value> = path_tag_options(ctx, &path)?
        .into_iter()
        .map(|(key, values)| json!({ "Key": key, "Values": values }))
        .collect();
    Ok(json!({
        "ProvisioningArtifactParameters": template.parameters_answer(),
        "ConstraintSummaries": constraints.iter().map(Constraint::summary).collect::<Vec<_>>(),
        "UsageInstructions": instructions(ctx, &template, &constraints)?,
        "TagOptions": options,
        "ProvisioningArtifactPreferences": {},
        "ProvisioningArtifactOutputKeys": template.outputs_answer(),
    }))
}

/// The `UsageInstructions`: what the constraints mean for a launch.
fn instructions(ctx: &Ctx<'_>, template: &Template, constraints: &[Constraint]) -> Result<Vec<Value>, ApiError> {
    let say = |kind: &str, value: String| json!({ "Type": kind, "Value": value });
    let mut rules = template.body.get("Rules").cloned().unwrap_or_else(|| json!({}));
    let mut said = vec![say("version", "2010-09-09".to_owned())];
    for constraint in constraints {
        match Parameters::read(&constraint.kind, &constraint.parameters)? {
            Parameters::LaunchRole(arn) => said.push(say("launchAsRole", arn)),
            Parameters::LocalLaunchRole(name) => {
                let partition = auth::partition(&ctx.place().region);
                said.push(say("launchAsRole", format!("arn:{partition}:iam::{}:role/{name}", ctx.place().account)));
            }
            Parameters::ResourceUpdate { allowed } => {
                let word = if allowed { "ALLOWED" } else { "NOT_ALLOWED" };
                said.push(say("tagUpdateOnProvisionedProduct", word.to_owned()));
            }
            Parameters::Template(more) => {
                if let Some(all) = rules.as_object_mut() {
                    all.extend(more);
                }
            }
            Parameters::Notification(_) | Parameters::StackSet(_) => {}
        }
    }
    said.insert(0, say("rules", rules.to_string()));
    Ok(said)
}
