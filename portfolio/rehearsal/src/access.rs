//! Launch paths: the portfolios through which a caller may launch a product.

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::ids;
use crate::ops::artifacts::Artifact;
use crate::ops::associations::Association;
use crate::ops::portfolios::Portfolio;
use crate::ops::principals::Grant;
use crate::ops::products::{self, Product};
use crate::ops::shares;
use crate::store::Place;

/// One way for the caller to a product.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) portfolio: Portfolio,
    /// The account and region that own the portfolio, and with it the constraints.
    pub(crate) portfolio_place: Place,
    pub(crate) product: Product,
    pub(crate) product_place: Place,
}

impl Path {
    /// The path's identifier, which carries the portfolio's.
    pub(crate) fn id(&self) -> String {
        format!("lpv3-{}", ids::suffix(&self.portfolio.id))
    }
}

/// The caller's paths, to one product or to all.
pub(crate) fn paths(ctx: &Ctx<'_>, product: Option<&str>) -> Result<Vec<Path>, ApiError> {
    let mut found = Vec::new();
    for portfolio in ctx.list::<Portfolio>(None)? {
        add(ctx, ctx.place().clone(), portfolio, product, &mut found)?;
    }
    for (owner, portfolio) in shares::all_received(ctx)? {
        add(ctx, ctx.place_of(&owner), portfolio, product, &mut found)?;
    }
    Ok(found)
}

fn add(
    ctx: &Ctx<'_>,
    place: Place,
    portfolio: Portfolio,
    product: Option<&str>,
    found: &mut Vec<Path>,
) -> Result<(), ApiError> {
    if !may_use(ctx, &place, &portfolio.id)? {
        return Ok(());
    }
    for link in ctx.list_in::<Association>(&place, Some(&portfolio.id))? {
        if product.is_some_and(|p| p != link.product_id) {
            continue;
        }
        if let Ok((product_place, product)) = products::seen(ctx, &link.product_id) {
            found.push(Path { portfolio: portfolio.clone(), portfolio_place: place.clone(), product, product_place });
        }
    }
    Ok(())
}

/// Whether a principal of the portfolio covers the caller. Groups are not resolved.
fn may_use(ctx: &Ctx<'_>, owner: &Place, portfolio: &str) -> Result<bool, ApiError> {
    if ctx.config.open_access {
        return Ok(true);
    }
    let principal = &ctx.caller.principal;
    let mut grants = ctx.list::<Grant>(Some(portfolio))?;
    if owner != ctx.place() && shares::shares_principals(ctx, &owner.account, portfolio)? {
        let theirs = ctx.list_in::<Grant>(owner, Some(portfolio))?;
        grants.extend(theirs.into_iter().filter(|g| g.kind == "IAM_PATTERN"));
    }
    Ok(grants.iter().any(|g| g.covers(principal)))
}

/// The one path to launch by: the one named, or the only one.
pub(crate) fn choose(
    ctx: &Ctx<'_>,
    product: &str,
    path_id: Option<&str>,
    path_name: Option<&str>,
) -> Result<Path, ApiError> {
    let mut all = paths(ctx, Some(product))?;
    if all.is_empty() {
        return Err(ApiError::not_found(format!("No launch paths found for resource: {product}")));
    }
    if let Some(id) = path_id {
        all.retain(|p| p.id() == id);
        return all
            .pop()
            .ok_or_else(|| ApiError::not_found(format!("Launch path {id} not found for resource: {product}")));
    }
    if let Some(name) = path_name {
        all.retain(|p| p.portfolio.display_name == name);
    }
    match (all.pop(), all.is_empty()) {
        (Some(path), true) => Ok(path),
        (Some(_), false) => {
            Err(ApiError::invalid("More than one launch path ids exist. Please specify the launch path id"))
        }
        (None, _) => Err(ApiError::not_found(format!("No launch paths found for resource: {product}"))),
    }
}

/// The versions a team may launch: active ones.
pub(crate) fn launchable(ctx: &Ctx<'_>, path: &Path) -> Result<Vec<Artifact>, ApiError> {
    let mut all = ctx.list_in::<Artifact>(&path.product_place, Some(&path.product.id))?;
    all.retain(|a| a.active);
    Ok(all)
}
