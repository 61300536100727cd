//! Service actions: SSM automations that a team may run on what it provisioned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, set_if};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::artifacts::{self, Artifact};
use crate::ops::products::{self, Product};
use crate::page::page;
use crate::store::Entity;

/// A named SSM automation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Action {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) definition: BTreeMap<String, String>,
}

impl Entity for Action {
    const KIND: &'static str = "service-action";
    fn id(&self) -> String {
        self.id.clone()
    }
}

/// A service action on one version of a product.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ActionLink {
    pub(crate) product_id: String,
    pub(crate) artifact_id: String,
    pub(crate) action_id: String,
}

impl Entity for ActionLink {
    const KIND: &'static str = "service-action-link";
    fn id(&self) -> String {
        format!("{}|{}|{}", self.product_id, self.artifact_id, self.action_id)
    }
    fn parent(&self) -> String {
        self.artifact_id.clone()
    }
}

impl Action {
    fn summary(&self) -> Value {
        let mut summary = json!({ "Id": self.id, "Name": self.name, "DefinitionType": "SSM_AUTOMATION" });
        set_if(&mut summary, "Description", self.description.clone());
        summary
    }

    fn answer(&self) -> Value {
        json!({ "ServiceActionDetail": { "ServiceActionSummary": self.summary(), "Definition": self.definition } })
    }
}

fn own(ctx: &Ctx<'_>, id: &str) -> Result<Action, ApiError> {
    ctx.get::<Action>(id)?.ok_or_else(|| ApiError::not_found(format!("Service action {id} not found.")))
}

fn definition(input: Input<'_>) -> Result<Option<BTreeMap<String, String>>, ApiError> {
    let Some(given) = input.object("Definition") else { return Ok(None) };
    let texts: BTreeMap<String, String> =
        given.0.iter().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect();
    for key in ["Name", "Version"] {
        if !texts.contains_key(key) {
            return Err(ApiError::invalid(format!("Definition must have the key {key}.")));
        }
    }
    if let Some(parameters) = texts.get("Parameters")
        && !serde_json::from_str::<Value>(parameters).is_ok_and(|v| v.is_array())
    {
        return Err(ApiError::invalid("Definition.Parameters must be the text of a JSON list."));
    }
    Ok(Some(texts))
}

fn check_name(ctx: &Ctx<'_>, name: &str, except: &str) -> Result<(), ApiError> {
    if ctx.list::<Action>(None)?.iter().any(|a| a.name == name && a.id != except) {
        return Err(ApiError::invalid(format!("A service action with the name {name} already exists.")));
    }
    Ok(())
}

/// `CreateServiceAction`.
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let max = ctx.config.quotas.service_actions;
    if ctx.list::<Action>(None)?.len() >= max {
        return Err(ApiError::limit(format!("An account can have at most {max} service actions in a region.")));
    }
    let name = input.need("Name")?;
    check_name(ctx, name, "")?;
    let action = Action {
        id: ctx.new_id("act")?,
        name: name.to_owned(),
        description: input.owned("Description"),
        definition: definition(input)?.unwrap_or_default(),
    };
    ctx.insert(&action)?;
    Ok(action.answer())
}

/// `UpdateServiceAction`.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut action = own(ctx, input.need("Id")?)?;
    if let Some(name) = input.text("Name") {
        check_name(ctx, name, &action.id)?;
        name.clone_into(&mut action.name);
    }
    if let Some(description) = input.owned("Description") {
        action.description = Some(description);
    }
    if let Some(definition) = definition(input)? {
        action.definition = definition;
    }
    ctx.put(&action)?;
    Ok(action.answer())
}

/// `DescribeServiceAction`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    Ok(own(ctx, input.need("Id")?)?.answer())
}

/// `ListServiceActions`.
pub(crate) fn list(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let all = ctx.list::<Action>(None)?.iter().map(Action::summary).collect();
    page(ctx, input, ("ServiceActionSummaries", "NextPageToken"), all)
}

/// `DeleteServiceAction`: refused while a version has it.
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let action = own(ctx, input.need("Id")?)?;
    if ctx.list::<ActionLink>(None)?.iter().any(|l| l.action_id == action.id) {
        return Err(ApiError::in_use(format!(
            "Service action {} is still associated with provisioning artifacts",
            action.id
        )));
    }
    ctx.remove::<Action>(&action.id)?;
    Ok(json!({}))
}

fn link(ctx: &Ctx<'_>, input: Input<'_>) -> Result<ActionLink, ApiError> {
    let product = products::own(ctx, input.need("ProductId")?)?;
    let artifact = artifacts::find(ctx, ctx.place(), &product.id, input.need("ProvisioningArtifactId")?)?;
    let action = own(ctx, input.need("ServiceActionId")?)?;
    Ok(ActionLink { product_id: product.id, artifact_id: artifact.id, action_id: action.id })
}

/// `AssociateServiceActionWithProvisioningArtifact`: for one version, not for the product.
pub(crate) fn associate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let link = link(ctx, input)?;
    let others = ctx.list::<ActionLink>(Some(&link.artifact_id))?;
    if others.iter().any(|l| l.action_id == link.action_id) {
        return Err(ApiError::duplicate(format!(
            "Service action {} is already associated with provisioning artifact {}.",
            link.action_id, link.artifact_id
        )));
    }
    let max = ctx.config.quotas.actions_per_version;
    if others.len() >= max {
        return Err(ApiError::limit(format!("A provisioning artifact can have at most {max} service actions.")));
    }
    ctx.insert(&link)?;
    Ok(json!({}))
}

/// `DisassociateServiceActionFromProvisioningArtifact`.
pub(crate) fn disassociate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let link = link(ctx, input)?;
    if ctx.get::<ActionLink>(&link.id())?.is_none() {
        return Err(ApiError::not_found(format!(
            "Service action {} is not associated with provisioning artifact {}.",
            link.action_id, link.artifact_id
        )));
    }
    ctx.remove::<ActionLink>(&link.id())?;
    Ok(json!({}))
}

/// `BatchAssociateServiceActionWithProvisioningArtifact`.
pub(crate) fn batch_associate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    batch(ctx, input, associate)
}

/// `BatchDisassociateServiceActionFromProvisioningArtifact`.
pub(crate) fn batch_disassociate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    batch(ctx, input, disassociate)
}

/// Runs one call for each item; what fails is listed and the rest takes effect.
fn batch(
    ctx: &Ctx<'_>,
    input: Input<'_>,
    call: fn(&Ctx<'_>, Input<'_>) -> Result<Value, ApiError>,
) -> Result<Value, ApiError> {
    let mut failed = Vec::new();
    for item in input.items("ServiceActionAssociations").iter().filter_map(Value::as_object).map(Input) {
        let Err(error) = call(ctx, item) else { continue };
        let code = match error.code.as_str() {
            "DuplicateResourceException" => "DUPLICATE_RESOURCE",
            "ResourceNotFoundException" => "RESOURCE_NOT_FOUND",
            "LimitExceededException" => "LIMIT_EXCEEDED",
            "InvalidParametersException" => "INVALID_PARAMETER",
            _ => return Err(error),
        };
        failed.push(json!({
            "ServiceActionId": item.need("ServiceActionId")?,
            "ProductId": item.need("ProductId")?,
            "ProvisioningArtifactId": item.need("ProvisioningArtifactId")?,
            "ErrorCode": code,
            "ErrorMessage": error.message,
        }));
    }
    Ok(json!({ "FailedServiceActionAssociations": failed }))
}

/// `ListServiceActionsForProvisioningArtifact`.
pub(crate) fn list_for_version(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (place, product) = products::seen(ctx, input.need("ProductId")?)?;
    let artifact = artifacts::find(ctx, &place, &product.id, input.need("ProvisioningArtifactId")?)?;
    let mut shown = Vec::new();
    for link in ctx.list_in::<ActionLink>(&place, Some(&artifact.id))? {
        shown.extend(ctx.get_in::<Action>(&place, &link.action_id)?.map(|a| a.summary()));
    }
    page(ctx, input, ("ServiceActionSummaries", "NextPageToken"), shown)
}

/// `ListProvisioningArtifactsForServiceAction`.
pub(crate) fn list_versions(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let action = own(ctx, input.need("ServiceActionId")?)?;
    let mut shown = Vec::new();
    for link in ctx.list::<ActionLink>(None)?.into_iter().filter(|l| l.action_id == action.id) {
        let product = ctx.get::<Product>(&link.product_id)?;
        let artifact = ctx.get::<Artifact>(&link.artifact_id)?;
        if let (Some(product), Some(artifact)) = (product, artifact) {
            shown.push(json!({ "ProductViewSummary": product.summary(), "ProvisioningArtifact": artifact.view() }));
        }
    }
    page(ctx, input, ("ProvisioningArtifactViews", "NextPageToken"), shown)
}

/// How many service actions a version has.
pub(crate) fn count_of_version(ctx: &Ctx<'_>, product: &str, artifact: &str) -> Result<usize, ApiError> {
    let links = ctx.list::<ActionLink>(Some(artifact))?;
    Ok(links.iter().filter(|l| l.product_id == product).count())
}

/// Drops the links of a version whose product is being deleted.
pub(crate) fn forget_version(ctx: &Ctx<'_>, product: &str, artifact: &str) -> Result<(), ApiError> {
    for link in ctx.list::<ActionLink>(Some(artifact))?.iter().filter(|l| l.product_id == product) {
        ctx.remove::<ActionLink>(&link.id())?;
    }
    Ok(())
}
