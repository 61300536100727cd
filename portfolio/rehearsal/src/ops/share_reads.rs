//! Reading what a portfolio is shared with.

use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::shares::{Share, ShareAction};
use crate::ops::{organizations, portfolios};
use crate::page::page;

/// `DescribePortfolioShareStatus`.
pub(crate) fn describe_status(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let token = input.need("PortfolioShareToken")?;
    let action = ctx
        .get::<ShareAction>(token)?
        .ok_or_else(|| ApiError::not_found(format!("Portfolio share token {token} not found.")))?;
    let done = ctx.now >= action.done_at;
    let accounts = if done { action.accounts } else { Vec::new() };
    Ok(json!({
        "PortfolioShareToken": action.token,
        "PortfolioId": action.portfolio_id,
        "OrganizationNodeValue": action.node,
        "Status": if done { "COMPLETED" } else { "IN_PROGRESS" },
        "ShareDetails": { "SuccessfulShares": accounts, "ShareErrors": [] },
    }))
}

/// `DescribePortfolioShares`, of one type.
pub(crate) fn describe(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let kind = input.need("Type")?;
    let shares = ctx.list::<Share>(Some(&portfolio.id))?;
    let shown: Result<Vec<Value>, ApiError> = shares.iter().filter(|s| s.kind == kind).map(|s| s.detail(ctx)).collect();
    page(ctx, input, ("PortfolioShareDetails", "NextPageToken"), shown?)
}

/// `ListPortfolioAccess`: the accounts that have the portfolio.
pub(crate) fn list_access(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let parent = input.text("OrganizationParentId");
    let mut accounts: Vec<String> = Vec::new();
    for share in ctx.list::<Share>(Some(&portfolio.id))? {
        match parent {
            Some(parent) if share.principal == parent => {
                accounts.extend(organizations::members(ctx, &share.kind, &share.principal));
            }
            None if !share.is_organizational() => accounts.push(share.principal),
            _ => {}
        }
    }
    page(ctx, input, ("AccountIds", "NextPageToken"), accounts.into_iter().map(Value::String).collect())
}

/// `ListOrganizationPortfolioAccess`: the nodes of one type that have the portfolio.
pub(crate) fn list_organization_access(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    organizations::require_administrator(ctx)?;
    let wanted = input.need("OrganizationNodeType")?;
    let kind = if wanted == "ACCOUNT" { "ORGANIZATION_MEMBER_ACCOUNT" } else { wanted };
    let nodes = ctx
        .list::<Share>(Some(&portfolio.id))?
        .into_iter()
        .filter(|s| s.kind == kind)
        .map(|s| json!({ "Type": wanted, "Value": s.principal }))
        .collect();
    page(ctx, input, ("OrganizationNodes", "NextPageToken"), nodes)
}
