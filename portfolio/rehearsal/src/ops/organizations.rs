//! AWS Organizations access, and what a recipient does with a share.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::portfolios::Portfolio;
use crate::ops::shares::{self, Acceptance, Share};
use crate::page::page;
use crate::store::{self, Entity};

/// Whether the service may read the organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Access {
    enabled: bool,
}

impl Entity for Access {
    const KIND: &'static str = "organizations-access";
    fn id(&self) -> String {
        "access".to_owned()
    }
}

fn enabled(ctx: &Ctx<'_>) -> Result<bool, ApiError> {
    Ok(ctx.get::<Access>("access")?.map_or(ctx.config.organization.access_enabled, |a| a.enabled))
}

/// Only the management account and delegated administrators act for an organization.
pub(crate) fn require_administrator(ctx: &Ctx<'_>) -> Result<(), ApiError> {
    let administrators = &ctx.config.organization.administrators;
    if administrators.is_empty() || administrators.contains(&ctx.place().account) {
        return Ok(());
    }
    Err(ApiError::unsupported(format!(
        "Account {} is neither the management account nor a delegated administrator of the organization.",
        ctx.place().account
    )))
}

/// Sharing with a node needs an administrator and Organizations access.
pub(crate) fn require_access(ctx: &Ctx<'_>) -> Result<(), ApiError> {
    require_administrator(ctx)?;
    if enabled(ctx)? {
        return Ok(());
    }
    Err(ApiError::unsupported("AWS Organizations access is disabled. Enable it with EnableAWSOrganizationsAccess."))
}

/// Checks that a node's value has the form of its type and is of this organization.
pub(crate) fn check_node(ctx: &Ctx<'_>, kind: &str, value: &str) -> Result<(), ApiError> {
    let organization = &ctx.config.organization;
    let known = match kind {
        "ORGANIZATION" => value == organization.id,
        "ORGANIZATIONAL_UNIT" => {
            value.starts_with("ou-") && (organization.units.is_empty() || organization.units.contains_key(value))
        }
        _ => value.len() == 12 && (organization.units.is_empty() || organization.accounts().iter().any(|a| a == value)),
    };
    if known {
        return Ok(());
    }
    Err(ApiError::not_found(format!("{value} is not a node of type {kind} in organization {}.", organization.id)))
}

/// Whether an account is in a node. An organization set up with no units has every account.
pub(crate) fn node_has(ctx: &Ctx<'_>, kind: &str, value: &str, account: &str) -> bool {
    let units = &ctx.config.organization.units;
    match kind {
        "ORGANIZATION" => units.is_empty() || units.values().flatten().any(|a| a == account),
        "ORGANIZATIONAL_UNIT" => units.get(value).is_some_and(|accounts| accounts.iter().any(|a| a == account)),
        _ => value == account,
    }
}

/// The accounts in a node, as far as they are set up.
pub(crate) fn members(ctx: &Ctx<'_>, kind: &str, value: &str) -> Vec<String> {
    match kind {
        "ORGANIZATION" => ctx.config.organization.accounts(),
        "ORGANIZATIONAL_UNIT" => ctx.config.organization.units.get(value).cloned().unwrap_or_default(),
        _ => vec![value.to_owned()],
    }
}

/// `EnableAWSOrganizationsAccess`.
pub(crate) fn enable(ctx: &Ctx<'_>, _: Input<'_>) -> Result<Value, ApiError> {
    require_administrator(ctx)?;
    ctx.put(&Access { enabled: true })?;
    Ok(json!({}))
}

/// `DisableAWSOrganizationsAccess`.
pub(crate) fn disable(ctx: &Ctx<'_>, _: Input<'_>) -> Result<Value, ApiError> {
    require_administrator(ctx)?;
    ctx.put(&Access { enabled: false })?;
    Ok(json!({}))
}

/// `GetAWSOrganizationsAccessStatus`.
pub(crate) fn status(ctx: &Ctx<'_>, _: Input<'_>) -> Result<Value, ApiError> {
    require_administrator(ctx)?;
    Ok(json!({ "AccessStatus": if enabled(ctx)? { "ENABLED" } else { "DISABLED" } }))
}

/// The portfolio another account offers to the caller by an account share.
fn offered(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Portfolio, ApiError> {
    let id = input.need("PortfolioId")?;
    let missing = || ApiError::not_found(format!("No share of portfolio {id} with this account found."));
    if let Some(kind @ ("AWS_ORGANIZATIONS" | "AWS_SERVICECATALOG")) = input.text("PortfolioShareType") {
        return Err(ApiError::invalid(format!("Shares of type {kind} need not be accepted and cannot be rejected.")));
    }
    let found = store::get_anywhere::<Portfolio>(ctx.tx, &ctx.place().region, id)?;
    let (owner, portfolio) = found.ok_or_else(missing)?;
    let shares = ctx.list_in::<Share>(&ctx.place_of(&owner), Some(id))?;
    let offered = shares.iter().any(|s| s.kind == "ACCOUNT" && s.principal == ctx.place().account);
    offered.then_some(portfolio).ok_or_else(missing)
}

/// `AcceptPortfolioShare`.
pub(crate) fn accept(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = offered(ctx, input)?;
    ctx.put(&Acceptance { portfolio_id: portfolio.id })?;
    Ok(json!({}))
}

/// `RejectPortfolioShare`.
pub(crate) fn reject(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = offered(ctx, input)?;
    ctx.remove::<Acceptance>(&portfolio.id)?;
    Ok(json!({}))
}

/// `ListAcceptedPortfolioShares`.
pub(crate) fn list_accepted(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let wanted = input.text("PortfolioShareType").unwrap_or("IMPORTED");
    let mut shown = Vec::new();
    for (owner, portfolio) in shares::all_received(ctx)? {
        let by_account = ctx.get::<Acceptance>(&portfolio.id)?.is_some();
        let kind = if by_account { "IMPORTED" } else { "AWS_ORGANIZATIONS" };
        if kind == wanted {
            shown.push(portfolio.detail(ctx, &owner));
        }
    }
    page(ctx, input, ("PortfolioDetails", "NextPageToken"), shown)
}
