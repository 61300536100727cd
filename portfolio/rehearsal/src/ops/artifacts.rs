//! Versions of products: provisioning artifacts.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, after, set_if};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::products::{self, Product};
use crate::ops::service_actions;
use crate::provision::ProvisionedProduct;
use crate::store::{Entity, Place};
use crate::template::{self, Template};
use crate::template_source;

/// One version of a product. Its template never changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Artifact {
    pub(crate) id: String,
    pub(crate) product_id: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) kind: String,
    pub(crate) created: f64,
    pub(crate) ready_at: f64,
    pub(crate) active: bool,
    pub(crate) guidance: String,
    pub(crate) template_url: String,
}

impl Entity for Artifact {
    const KIND: &'static str = "artifact";
    fn id(&self) -> String {
        self.id.clone()
    }
    fn parent(&self) -> String {
        self.product_id.clone()
    }
}

/// A version's template, apart from the version so that lists need not read it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TemplateText {
    pub(crate) artifact_id: String,
    pub(crate) text: String,
}

impl Entity for TemplateText {
    const KIND: &'static str = "template";
    fn id(&self) -> String {
        self.artifact_id.clone()
    }
}

impl Artifact {
    /// The `ProvisioningArtifactDetail` of answers.
    pub(crate) fn detail(&self) -> Value {
        let mut detail = json!({
            "Id": self.id,
            "Type": self.kind,
            "CreatedTime": self.created,
            "Active": self.active,
            "Guidance": self.guidance,
        });
        set_if(&mut detail, "Name", self.name.clone());
        set_if(&mut detail, "Description", self.description.clone());
        detail
    }

    /// The `ProvisioningArtifact` that teams see.
    pub(crate) fn view(&self) -> Value {
        let mut view = json!({ "Id": self.id, "CreatedTime": self.created, "Guidance": self.guidance });
        set_if(&mut view, "Name", self.name.clone());
        set_if(&mut view, "Description", self.description.clone());
        view
    }

    /// The `ProvisioningArtifactSummary` that admins see.
    pub(crate) fn summary(&self) -> Value {
        let mut summary = json!({
            "Id": self.id,
            "CreatedTime": self.created,
            "ProvisioningArtifactMetadata": { "SourceProvisioningArtifactId": self.id },
        });
        set_if(&mut summary, "Name", self.name.clone());
        set_if(&mut summary, "Description", self.description.clone());
        summary
    }

    fn status(&self, now: f64) -> &'static str {
        if now < self.ready_at { "CREATING" } else { "AVAILABLE" }
    }

    fn answer(&self, status: &str) -> Value {
        json!({
            "ProvisioningArtifactDetail": self.detail(),
            // AWS answers TemplateUrl whatever key the version was made with.
            "Info": { "TemplateUrl": self.template_url },
            "Status": status,
        })
    }
}

/// A version of a product.
pub(crate) fn find(ctx: &Ctx<'_>, place: &Place, product: &str, id: &str) -> Result<Artifact, ApiError> {
    ctx.get_in::<Artifact>(place, id)?
        .filter(|a| a.product_id == product)
        .ok_or_else(|| ApiError::not_found(format!("Provisioning Artifact {id} not found for product {product}.")))
}

/// A version by its id or its name; exactly one of the two is given.
pub(crate) fn by_id_or_name(
    ctx: &Ctx<'_>,
    place: &Place,
    product: &str,
    id: Option<&str>,
    name: Option<&str>,
) -> Result<Artifact, ApiError> {
    match (id, name) {
        (Some(id), None) => find(ctx, place, product, id),
        (None, Some(name)) => {
            let mut found = ctx.list_in::<Artifact>(place, Some(product))?;
            found.retain(|a| a.name.as_deref() == Some(name));
            match (found.pop(), found.is_empty()) {
                (Some(artifact), true) => Ok(artifact),
                (Some(_), false) => Err(ApiError::invalid(format!(
                    "Multiple Provisioning Artifact with name {name} found. Please use the provisioning artifact id."
                ))),
                (None, _) => Err(ApiError::not_found(format!(
                    "Provisioning Artifact with name {name} not found for product {product}."
                ))),
            }
        }
        _ => Err(ApiError::invalid("Exactly one of the provisioning artifact's id and name must be given.")),
    }
}

/// The template of a version.
pub(crate) fn template_text(ctx: &Ctx<'_>, place: &Place, id: &str) -> Result<String, ApiError> {
    ctx.get_in::<TemplateText>(place, id)?
        .map(|t| t.text)
        .ok_or_else(|| ApiError::internal(format!("the template of {id} is missing")))
}

/// Adds a version: reads its template, checks it unless told not to, and stores both.
pub(crate) fn add(ctx: &Ctx<'_>, product: &Product, input: Input<'_>) -> Result<Artifact, ApiError> {
    let max = ctx.config.quotas.versions_per_product;
    if ctx.list::<Artifact>(Some(&product.id))?.len() >= max {
        return Err(ApiError::limit(format!("A product can have at most {max} provisioning artifacts.")));
    }
    let kind = input.text("Type").unwrap_or(&product.kind);
    if kind != product.kind {
        return Err(ApiError::invalid(format!(
            "A product of type {} cannot have a provisioning artifact of type {kind}.",
            product.kind
        )));
    }
    let (url, text) = template_source::read(ctx, input)?;
    let checked = kind == "CLOUD_FORMATION_TEMPLATE";
    if !checked && input.flag("DisableTemplateValidation") == Some(false) {
        return Err(ApiError::invalid(format!("Template validation is not supported for type {kind}.")));
    }
    if checked && input.flag("DisableTemplateValidation") != Some(true) {
        Template::parse(&text).and_then(|t| template::check(&t)).map_err(|e| {
            ApiError::invalid(format!("Invalid templateBody. Please make sure that your template is valid: {e}"))
        })?;
    }
    let artifact = Artifact {
        id: ctx.new_id("pa")?,
        product_id: product.id.clone(),
        name: version_name(input)?,
        description: input.owned("Description"),
        kind: kind.to_owned(),
        created: ctx.now,
        ready_at: after(ctx.now, ctx.config.settle),
        active: true,
        guidance: "DEFAULT".to_owned(),
        template_url: url,
    };
    ctx.insert(&artifact)?;
    ctx.put(&TemplateText { artifact_id: artifact.id.clone(), text })?;
    Ok(artifact)
}

/// Removes a version and its template.
pub(crate) fn erase(ctx: &Ctx<'_>, id: &str) -> Result<(), ApiError> {
    ctx.remove::<TemplateText>(id)?;
    ctx.remove::<Artifact>(id)?;
    Ok(())
}

/// Names of versions hold no spaces.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisioningArtifactProperties.html>
fn version_name(input: Input<'_>) -> Result<Option<String>, ApiError> {
    match input.text("Name") {
        Some(name) if name.chars().any(char::is_whitespace) => {
            Err(ApiError::invalid("The name of a provisioning artifact cannot contain spaces."))
        }
        name => Ok(name.map(str::to_owned)),
    }
}

/// `CreateProvisioningArtifact`.
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = products::own(ctx, input.need("ProductId")?)?;
    let parameters = input.object("Parameters").ok_or_else(|| ApiError::invalid("Parameters must be given."))?;
    Ok(add(ctx, &product, parameters)?.answer("CREATING"))
}

/// `UpdateProvisioningArtifact`: name, description, active and guidance only.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = products::own(ctx, input.need("ProductId")?)?;
    let mut artifact = find(ctx, ctx.place(), &product.id, input.need("ProvisioningArtifactId")?)?;
    if let Some(name) = version_name(input)? {
        artifact.name = Some(name);
    }
    if let Some(description) = input.owned("Description") {
        artifact.description = Some(description);
    }
    if let Some(active) = input.flag("Active") {
        artifact.active = active;
    }
    if let Some(guidance) = input.owned("Guidance") {
        artifact.guidance = guidance;
    }
    ctx.put(&artifact)?;
    Ok(artifact.answer(artifact.status(ctx.now)))
}

/// `DescribeProvisioningArtifact`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let id = input.text("ProvisioningArtifactId");
    let named = input.text("ProductId").or(input.text("ProductName"));
    let (place, artifact) = match (id, named) {
        (Some(id), None) => {
            let artifact = ctx.get::<Artifact>(id)?;
            let artifact =
                artifact.ok_or_else(|| ApiError::not_found(format!("Provisioning Artifact {id} not found.")))?;
            (ctx.place().clone(), artifact)
        }
        _ => {
            let (place, product) = products::by_id_or_name(ctx, input.text("ProductId"), input.text("ProductName"))?;
            let artifact = by_id_or_name(ctx, &place, &product.id, id, input.text("ProvisioningArtifactName"))?;
            (place, artifact)
        }
    };
    let mut answer = artifact.answer(artifact.status(ctx.now));
    if input.flag("IncludeProvisioningArtifactParameters") == Some(true) {
        let parameters = Template::parse(&template_text(ctx, &place, &artifact.id)?)
            .map(|t| t.parameters_answer())
            .map_err(|e| ApiError::invalid(e.to_string()))?;
        set_if(&mut answer, "ProvisioningArtifactParameters", Some(parameters));
    }
    Ok(answer)
}

/// `ListProvisioningArtifacts`: all in one answer, which takes no page token.
pub(crate) fn list(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (place, product) = products::seen(ctx, input.need("ProductId")?)?;
    let all: Vec<Value> = ctx.list_in::<Artifact>(&place, Some(&product.id))?.iter().map(Artifact::detail).collect();
    Ok(json!({ "ProvisioningArtifactDetails": all }))
}

/// `DeleteProvisioningArtifact`: never the last version, never one in use.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_DeleteProvisioningArtifact.html>
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = products::own(ctx, input.need("ProductId")?)?;
    let artifact = find(ctx, ctx.place(), &product.id, input.need("ProvisioningArtifactId")?)?;
    let id = artifact.id.as_str();
    if ctx.list::<Artifact>(Some(&product.id))?.len() == 1 {
        return Err(ApiError::in_use(format!(
            "Provisioning Artifact {id} is the last version of product {} and cannot be deleted.",
            product.id
        )));
    }
    if ctx.list::<ProvisionedProduct>(None)?.iter().any(|p| p.artifact_id == id) {
        return Err(ApiError::in_use(format!("Provisioning Artifact {id} still has provisioned products")));
    }
    if service_actions::count_of_version(ctx, &product.id, id)? > 0 {
        return Err(ApiError::in_use(format!("Provisioning Artifact {id} still has associated Service Actions")));
    }
    erase(ctx, id)?;
    Ok(json!({}))
}
