//! Products in portfolios.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::constraints::Constraint;
use crate::ops::{portfolios, products};
use crate::store::{Entity, Place};

/// A product's place in a portfolio.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Association {
    pub(crate) portfolio_id: String,
    pub(crate) product_id: String,
    /// The imported portfolio the product came from.
    pub(crate) source_portfolio_id: Option<String>,
}

impl Entity for Association {
    const KIND: &'static str = "association";
    fn id(&self) -> String {
        key(&self.portfolio_id, &self.product_id)
    }
    fn parent(&self) -> String {
        self.portfolio_id.clone()
    }
}

fn key(portfolio: &str, product: &str) -> String {
    format!("{portfolio}|{product}")
}

/// The association, when the product is in the portfolio.
pub(crate) fn find(
    ctx: &Ctx<'_>,
    place: &Place,
    portfolio: &str,
    product: &str,
) -> Result<Option<Association>, ApiError> {
    ctx.get_in(place, &key(portfolio, product))
}

/// `AssociateProductWithPortfolio`; again for the same pair changes nothing.
pub(crate) fn associate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let product_id = input.need("ProductId")?;
    let source = input.owned("SourcePortfolioId");
    match &source {
        None => {
            products::own(ctx, product_id)?;
        }
        Some(source) => {
            let (owner, from) = portfolios::seen(ctx, source)?;
            if find(ctx, &ctx.place_of(&owner), &from.id, product_id)?.is_none() {
                return Err(ApiError::not_found(format!(
                    "Product {product_id} is not associated with portfolio {source}."
                )));
            }
        }
    }
    if find(ctx, ctx.place(), &portfolio.id, product_id)?.is_some() {
        return Ok(json!({}));
    }
    let max = ctx.config.quotas.products_per_portfolio;
    if ctx.list::<Association>(Some(&portfolio.id))?.len() >= max {
        return Err(ApiError::limit(format!("A portfolio can have at most {max} products.")));
    }
    ctx.insert(&Association {
        portfolio_id: portfolio.id,
        product_id: product_id.to_owned(),
        source_portfolio_id: source,
    })?;
    Ok(json!({}))
}

/// `DisassociateProductFromPortfolio`: refused while constraints hold the pair.
pub(crate) fn disassociate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let product = input.need("ProductId")?;
    let id = portfolio.id.as_str();
    if find(ctx, ctx.place(), id, product)?.is_none() {
        return Err(ApiError::not_found(format!("Product {product} is not associated with portfolio {id}.")));
    }
    if ctx.list::<Constraint>(Some(id))?.iter().any(|c| c.product_id == product) {
        return Err(ApiError::in_use(format!("Product {product} in portfolio {id} still has associated Constraints")));
    }
    ctx.remove::<Association>(&key(id, product))?;
    Ok(json!({}))
}
