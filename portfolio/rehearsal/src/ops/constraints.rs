//! Constraints on a product in a portfolio.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, after, set_if};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::constraint_rules::{self as rules, Parameters};
use crate::ops::{associations, portfolios};
use crate::page::page;
use crate::store::{Entity, Place};

/// A rule on how a product of a portfolio is launched.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Constraint {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) portfolio_id: String,
    pub(crate) product_id: String,
    pub(crate) description: Option<String>,
    /// The JSON text as the caller wrote it; answers echo it, spacing and all.
    pub(crate) parameters: String,
    pub(crate) ready_at: f64,
}

impl Entity for Constraint {
    const KIND: &'static str = "constraint";
    fn id(&self) -> String {
        self.id.clone()
    }
    fn parent(&self) -> String {
        self.portfolio_id.clone()
    }
}

impl Constraint {
    fn detail(&self, account: &str) -> Value {
        let mut detail = json!({
            "ConstraintId": self.id,
            "Type": self.kind,
            "Owner": account,
            "ProductId": self.product_id,
            "PortfolioId": self.portfolio_id,
        });
        set_if(&mut detail, "Description", self.description.clone());
        detail
    }

    fn answer(&self, account: &str, status: &str) -> Value {
        json!({
            "ConstraintDetail": self.detail(account),
            "ConstraintParameters": self.parameters,
            "Status": status,
        })
    }

    /// The `ConstraintSummary` that teams see.
    pub(crate) fn summary(&self) -> Value {
        let mut summary = json!({ "Type": self.kind });
        set_if(&mut summary, "Description", self.description.clone());
        summary
    }
}

/// The constraints that hold for a product in a portfolio.
pub(crate) fn of_pair(
    ctx: &Ctx<'_>,
    place: &Place,
    portfolio: &str,
    product: &str,
) -> Result<Vec<Constraint>, ApiError> {
    let mut all = ctx.list_in::<Constraint>(place, Some(portfolio))?;
    all.retain(|c| c.product_id == product);
    Ok(all)
}

/// `CreateConstraint`.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let product = input.need("ProductId")?;
    if associations::find(ctx, ctx.place(), &portfolio.id, product)?.is_none() {
        return Err(ApiError::not_found(format!(
            "Product {product} is not associated with portfolio {}.",
            portfolio.id
        )));
    }
    let (kind, text) = (input.need("Type")?, input.need("Parameters")?);
    rules::check_role(ctx, &Parameters::read(kind, text)?)?;
    let others = of_pair(ctx, ctx.place(), &portfolio.id, product)?;
    exclude(kind, &others)?;
    let max = ctx.config.quotas.constraints_per_association;
    if others.len() >= max {
        return Err(ApiError::limit(format!("A product can have at most {max} constraints in a portfolio.")));
    }
    let constraint = Constraint {
        id: ctx.new_id("cons")?,
        kind: kind.to_owned(),
        portfolio_id: portfolio.id,
        product_id: product.to_owned(),
        description: input.owned("Description"),
        parameters: text.to_owned(),
        ready_at: after(ctx.now, ctx.config.settle),
    };
    ctx.insert(&constraint)?;
    Ok(constraint.answer(&ctx.place().account, "CREATING"))
}

/// One LAUNCH, one STACKSET, one RESOURCE_UPDATE; LAUNCH and STACKSET exclude each other.
fn exclude(kind: &str, others: &[Constraint]) -> Result<(), ApiError> {
    let has = |wanted: &str| others.iter().find(|c| c.kind == wanted);
    if matches!(kind, "LAUNCH" | "STACKSET" | "RESOURCE_UPDATE")
        && let Some(other) = has(kind)
    {
        return Err(ApiError::duplicate(format!(
            "A {kind} constraint ({}) already exists for this product and portfolio.",
            other.id
        )));
    }
    let rival = match kind {
        "LAUNCH" => has("STACKSET"),
        "STACKSET" => has("LAUNCH"),
        _ => None,
    };
    match rival {
        Some(rival) => Err(ApiError::invalid(format!(
            "A product in a portfolio cannot have both a LAUNCH and a STACKSET constraint; {} is a {} constraint.",
            rival.id, rival.kind
        ))),
        None => Ok(()),
    }
}

fn own(ctx: &Ctx<'_>, id: &str) -> Result<Constraint, ApiError> {
    ctx.get::<Constraint>(id)?.ok_or_else(|| ApiError::not_found(format!("Constraint {id} not found.")))
}

/// `UpdateConstraint`: description and parameters only.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut constraint = own(ctx, input.need("Id")?)?;
    if let Some(description) = input.owned("Description") {
        constraint.description = Some(description);
    }
    if let Some(text) = input.text("Parameters") {
        rules::check_role(ctx, &Parameters::read(&constraint.kind, text)?)?;
        text.clone_into(&mut constraint.parameters);
    }
    constraint.ready_at = after(ctx.now, ctx.config.settle);
    ctx.put(&constraint)?;
    Ok(constraint.answer(&ctx.place().account, "CREATING"))
}

/// `DescribeConstraint`.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let constraint = own(ctx, input.need("Id")?)?;
    let status = if ctx.now < constraint.ready_at { "CREATING" } else { "AVAILABLE" };
    Ok(constraint.answer(&ctx.place().account, status))
}

/// `ListConstraintsForPortfolio`: details without parameters.
pub(crate) fn list(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (account, portfolio) = portfolios::seen(ctx, input.need("PortfolioId")?)?;
    let mut all = ctx.list_in::<Constraint>(&ctx.place_of(&account), Some(&portfolio.id))?;
    if let Some(product) = input.text("ProductId") {
        all.retain(|c| c.product_id == product);
    }
    let details = all.iter().map(|c| c.detail(&account)).collect();
    page(ctx, input, ("ConstraintDetails", "NextPageToken"), details)
}

/// `DeleteConstraint`.
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let constraint = own(ctx, input.need("Id")?)?;
    ctx.remove::<Constraint>(&constraint.id)?;
    Ok(json!({}))
}
