//! Portfolios.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, set_if};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::associations::Association;
use crate::ops::constraints::Constraint;
use crate::ops::principals::Grant;
use crate::ops::shares::{self, Share};
use crate::ops::tag_options;
use crate::page::page;
use crate::store::Entity;
use crate::tags::{self, Tag};

/// A collection of products with who may use them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Portfolio {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) provider_name: String,
    pub(crate) created: f64,
    pub(crate) tags: Vec<Tag>,
}

impl Entity for Portfolio {
    const KIND: &'static str = "portfolio";
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Portfolio {
    /// The `PortfolioDetail` of answers.
    pub(crate) fn detail(&self, ctx: &Ctx<'_>, account: &str) -> Value {
        let mut detail = json!({
            "Id": self.id,
            "ARN": ctx.arn("catalog", account, &format!("portfolio/{}", self.id)),
            "DisplayName": self.display_name,
            "CreatedTime": self.created,
            "ProviderName": self.provider_name,
        });
        set_if(&mut detail, "Description", self.description.clone());
        detail
    }
}

/// A portfolio of the caller's own account.
pub(crate) fn own(ctx: &Ctx<'_>, id: &str) -> Result<Portfolio, ApiError> {
    match ctx.get::<Portfolio>(id)? {
        Some(portfolio) => Ok(portfolio),
        None if shares::received(ctx, id)?.is_some() => Err(ApiError::invalid(format!(
            "Portfolio {id} is shared with this account and can be changed by its owner only."
        ))),
        None => Err(missing(id)),
    }
}

/// A portfolio of the caller's own, or one shared with the caller, with its owner.
pub(crate) fn seen(ctx: &Ctx<'_>, id: &str) -> Result<(String, Portfolio), ApiError> {
    if let Some(portfolio) = ctx.get::<Portfolio>(id)? {
        return Ok((ctx.place().account.clone(), portfolio));
    }
    shares::received(ctx, id)?.ok_or_else(|| missing(id))
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("Portfolio {id} not found."))
}

/// `CreatePortfolio`.
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let max = ctx.config.quotas.portfolios;
    if ctx.list::<Portfolio>(None)?.len() >= max {
        return Err(ApiError::limit(format!("An account can have at most {max} portfolios in a region.")));
    }
    let portfolio = Portfolio {
        id: ctx.new_id("port")?,
        display_name: input.need("DisplayName")?.to_owned(),
        description: input.owned("Description"),
        provider_name: input.need("ProviderName")?.to_owned(),
        created: ctx.now,
        tags: tags::read(input, "Tags")?,
    };
    tags::check_count(ctx, &portfolio.tags)?;
    ctx.insert(&portfolio)?;
    Ok(with_tags(ctx, &portfolio))
}

/// `UpdatePortfolio`.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut portfolio = own(ctx, input.need("Id")?)?;
    if let Some(name) = input.owned("DisplayName") {
        portfolio.display_name = name;
    }
    if let Some(description) = input.owned("Description") {
        portfolio.description = Some(description);
    }
    if let Some(provider) = input.owned("ProviderName") {
        portfolio.provider_name = provider;
    }
    tags::change(ctx, input, &mut portfolio.tags)?;
    ctx.put(&portfolio)?;
    Ok(with_tags(ctx, &portfolio))
}

fn with_tags(ctx: &Ctx<'_>, portfolio: &Portfolio) -> Value {
    json!({
        "PortfolioDetail": portfolio.detail(ctx, &ctx.place().account),
        "Tags": tags::show(&portfolio.tags),
    })
}

/// `DescribePortfolio`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (account, portfolio) = seen(ctx, input.need("Id")?)?;
    Ok(json!({
        "PortfolioDetail": portfolio.detail(ctx, &account),
        "Tags": tags::show(&portfolio.tags),
        "TagOptions": tag_options::of_resource(ctx, &ctx.place_of(&account), &portfolio.id)?,
        "Budgets": [],
    }))
}

/// `ListPortfolios`.
pub(crate) fn list(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let account = &ctx.place().account;
    let all = ctx.list::<Portfolio>(None)?.iter().map(|p| p.detail(ctx, account)).collect();
    page(ctx, input, ("PortfolioDetails", "NextPageToken"), all)
}

/// `ListPortfoliosForProduct`.
pub(crate) fn list_for_product(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (_, product) = crate::ops::products::seen(ctx, input.need("ProductId")?)?;
    let mut details = Vec::new();
    for link in ctx.list::<Association>(None)?.iter().filter(|l| l.product_id == product.id) {
        if let Some(portfolio) = ctx.get::<Portfolio>(&link.portfolio_id)? {
            details.push(portfolio.detail(ctx, &ctx.place().account));
        }
    }
    page(ctx, input, ("PortfolioDetails", "NextPageToken"), details)
}

/// `DeletePortfolio`: refused while products, principals, constraints or shares remain.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_DeletePortfolio.html>
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = own(ctx, input.need("Id")?)?;
    let id = portfolio.id.as_str();
    let holds = [
        ("Products", ctx.list::<Association>(Some(id))?.len()),
        ("Principals", ctx.list::<Grant>(Some(id))?.len()),
        ("Constraints", ctx.list::<Constraint>(Some(id))?.len()),
        ("Shares", ctx.list::<Share>(Some(id))?.len()),
    ];
    if let Some((what, _)) = holds.iter().find(|(_, count)| *count > 0) {
        return Err(ApiError::in_use(format!("Portfolio {id} still has associated {what}")));
    }
    tag_options::forget_resource(ctx, id)?;
    ctx.remove::<Portfolio>(id)?;
    Ok(json!({}))
}
