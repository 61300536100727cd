//! Products, as admins see them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, after, set_if};
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::ops::artifacts::{self, Artifact};
use crate::ops::associations::Association;
use crate::ops::{service_actions, shares, tag_options};
use crate::provision::ProvisionedProduct;
use crate::store::{Entity, Place};
use crate::tags::{self, Tag};

/// Something a team can provision, in versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) kind: String,
    pub(crate) description: Option<String>,
    pub(crate) distributor: Option<String>,
    pub(crate) support_description: Option<String>,
    pub(crate) support_email: Option<String>,
    pub(crate) support_url: Option<String>,
    pub(crate) created: f64,
    pub(crate) ready_at: f64,
    pub(crate) tags: Vec<Tag>,
}

impl Entity for Product {
    const KIND: &'static str = "product";
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Product {
    /// The product's identifier in a catalog view, which differs from its own.
    pub(crate) fn view_id(&self) -> String {
        let tail: String = ids::suffix(&self.id).chars().rev().collect();
        format!("prodview-{tail}")
    }

    /// The `ProductViewSummary` of answers.
    pub(crate) fn summary(&self) -> Value {
        let mut summary = json!({
            "Id": self.view_id(),
            "ProductId": self.id,
            "Name": self.name,
            "Owner": self.owner,
            "Type": self.kind,
            "HasDefaultPath": false,
        });
        set_if(&mut summary, "ShortDescription", self.description.clone());
        set_if(&mut summary, "Distributor", self.distributor.clone());
        set_if(&mut summary, "SupportDescription", self.support_description.clone());
        set_if(&mut summary, "SupportEmail", self.support_email.clone());
        set_if(&mut summary, "SupportUrl", self.support_url.clone());
        summary
    }

    /// The `ProductViewDetail` of answers.
    pub(crate) fn detail(&self, ctx: &Ctx<'_>, account: &str) -> Value {
        let status = if ctx.now < self.ready_at { "CREATING" } else { &ctx.config.product_ready };
        json!({
            "ProductViewSummary": self.summary(),
            "Status": status,
            "ProductARN": ctx.arn("catalog", account, &format!("product/{}", self.id)),
            "CreatedTime": self.created,
        })
    }
}

/// A product of the caller's own account.
pub(crate) fn own(ctx: &Ctx<'_>, id: &str) -> Result<Product, ApiError> {
    match ctx.get::<Product>(id)? {
        Some(product) => Ok(product),
        None if shares::product(ctx, id)?.is_some() => Err(ApiError::invalid(format!(
            "Product {id} is shared with this account and can be changed by its owner only."
        ))),
        None => Err(missing(id)),
    }
}

/// A product of the caller's own, or one in a portfolio shared with the caller.
pub(crate) fn seen(ctx: &Ctx<'_>, id: &str) -> Result<(Place, Product), ApiError> {
    if let Some(product) = ctx.get::<Product>(id)? {
        return Ok((ctx.place().clone(), product));
    }
    shares::product(ctx, id)?.ok_or_else(|| missing(id))
}

/// One product of the caller's own by `Id` or `Name`; exactly one of the two is given.
pub(crate) fn by_id_or_name(ctx: &Ctx<'_>, id: Option<&str>, name: Option<&str>) -> Result<(Place, Product), ApiError> {
    match (id, name) {
        (Some(id), None) => seen(ctx, id),
        (None, Some(name)) => {
            let mut found = ctx.list::<Product>(None)?;
            found.retain(|p| p.name == name);
            match (found.pop(), found.is_empty()) {
                (Some(product), true) => Ok((ctx.place().clone(), product)),
                (Some(_), false) => Err(ApiError::invalid(format!(
                    "Multiple Products with name {name} found. Please use the product id."
                ))),
                (None, _) => Err(ApiError::not_found(format!("Product with name {name} not found."))),
            }
        }
        _ => Err(ApiError::invalid("Exactly one of the product's id and name must be given.")),
    }
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("Product {id} not found."))
}

/// `CreateProduct`, with the first version.
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let max = ctx.config.quotas.products;
    if ctx.list::<Product>(None)?.len() >= max {
        return Err(ApiError::limit(format!("An account can have at most {max} products in a region.")));
    }
    if input.object("SourceConnection").is_some() {
        return Err(ApiError::unsupported(
            "The rehearsal catalog has no repository connections: give ProvisioningArtifactParameters instead of SourceConnection.",
        ));
    }
    let first = input.object("ProvisioningArtifactParameters").ok_or_else(|| {
        ApiError::invalid("ProvisioningArtifactParameters must be given for a product without a SourceConnection.")
    })?;
    let kind = input.need("ProductType")?;
    if kind == "MARKETPLACE" {
        return Err(ApiError::invalid("Products of type MARKETPLACE cannot be created."));
    }
    let product = Product {
        id: ctx.new_id("prod")?,
        name: named(input.need("Name")?, "Name")?,
        owner: named(input.need("Owner")?, "Owner")?,
        kind: kind.to_owned(),
        description: input.owned("Description"),
        distributor: input.owned("Distributor"),
        support_description: input.owned("SupportDescription"),
        support_email: input.owned("SupportEmail"),
        support_url: support_url(input)?,
        created: ctx.now,
        ready_at: after(ctx.now, ctx.config.settle),
        tags: tags::read(input, "Tags")?,
    };
    tags::check_count(ctx, &product.tags)?;
    ctx.insert(&product)?;
    let artifact = artifacts::add(ctx, &product, first)?;
    Ok(json!({
        "ProductViewDetail": product.detail(ctx, &ctx.place().account),
        "ProvisioningArtifactDetail": artifact.detail(),
        "Tags": tags::show(&product.tags),
    }))
}

fn named(value: &str, member: &str) -> Result<String, ApiError> {
    if value.trim().is_empty() {
        return Err(ApiError::invalid(format!("{member} must not be blank.")));
    }
    Ok(value.to_owned())
}

fn support_url(input: Input<'_>) -> Result<Option<String>, ApiError> {
    match input.text("SupportUrl") {
        Some(url) if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") => {
            Err(ApiError::invalid("SupportUrl must start with http:// or https://."))
        }
        url => Ok(url.map(str::to_owned)),
    }
}

/// `UpdateProduct`.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut product = own(ctx, input.need("Id")?)?;
    if input.object("SourceConnection").is_some() {
        return Err(ApiError::unsupported("The rehearsal catalog has no repository connections."));
    }
    if let Some(name) = input.text("Name") {
        product.name = named(name, "Name")?;
    }
    if let Some(owner) = input.text("Owner") {
        product.owner = named(owner, "Owner")?;
    }
    for (member, slot) in [
        ("Description", &mut product.description),
        ("Distributor", &mut product.distributor),
        ("SupportDescription", &mut product.support_description),
        ("SupportEmail", &mut product.support_email),
    ] {
        if let Some(value) = input.owned(member) {
            *slot = Some(value);
        }
    }
    if let Some(url) = support_url(input)? {
        product.support_url = Some(url);
    }
    tags::change(ctx, input, &mut product.tags)?;
    ctx.put(&product)?;
    Ok(json!({
        "ProductViewDetail": product.detail(ctx, &ctx.place().account),
        "Tags": tags::show(&product.tags),
    }))
}

/// `DescribeProductAsAdmin`.
pub(crate) fn describe_as_admin(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (place, product) = by_id_or_name(ctx, input.text("Id"), input.text("Name"))?;
    let versions: Vec<Value> =
        ctx.list_in::<Artifact>(&place, Some(&product.id))?.iter().map(Artifact::summary).collect();
    Ok(json!({
        "ProductViewDetail": product.detail(ctx, &place.account),
        "ProvisioningArtifactSummaries": versions,
        "Tags": tags::show(&product.tags),
        "TagOptions": tag_options::of_resource(ctx, &place, &product.id)?,
        "Budgets": [],
    }))
}

/// `DeleteProduct`: refused while the product is in a portfolio or provisioned.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_DeleteProduct.html>
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let product = own(ctx, input.need("Id")?)?;
    let id = product.id.as_str();
    if let Some(link) = ctx.list::<Association>(None)?.iter().find(|l| l.product_id == id) {
        return Err(ApiError::in_use(format!("Product {id} is still associated with portfolio {}", link.portfolio_id)));
    }
    if ctx.list::<ProvisionedProduct>(None)?.iter().any(|p| p.product_id == id) {
        return Err(ApiError::in_use(format!("Product {id} still has provisioned products")));
    }
    for artifact in ctx.list::<Artifact>(Some(id))? {
        service_actions::forget_version(ctx, id, &artifact.id)?;
        artifacts::erase(ctx, &artifact.id)?;
    }
    tag_options::forget_resource(ctx, id)?;
    ctx.remove::<Product>(id)?;
    Ok(json!({}))
}
