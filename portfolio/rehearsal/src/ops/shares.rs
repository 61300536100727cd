//! Portfolio shares: with accounts, and with an organization and its parts.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, after};
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::associations;
use crate::ops::organizations;
use crate::ops::portfolios::{self, Portfolio};
use crate::ops::products::Product;
use crate::store::{self, Entity, Place};

/// A portfolio shared with an account or a node of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) portfolio_id: String,
    /// `ACCOUNT`, `ORGANIZATION`, `ORGANIZATIONAL_UNIT` or `ORGANIZATION_MEMBER_ACCOUNT`.
    pub(crate) kind: String,
    pub(crate) principal: String,
    pub(crate) tag_options: bool,
    pub(crate) principals: bool,
    pub(crate) done_at: f64,
}

impl Entity for Share {
    const KIND: &'static str = "share";
    fn id(&self) -> String {
        format!("{}|{}|{}", self.portfolio_id, self.kind, self.principal)
    }
    fn parent(&self) -> String {
        self.portfolio_id.clone()
    }
}

/// A share, update or removal under way for an organization's node.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ShareAction {
    pub(crate) token: String,
    pub(crate) portfolio_id: String,
    pub(crate) node: String,
    pub(crate) accounts: Vec<String>,
    pub(crate) done_at: f64,
}

impl Entity for ShareAction {
    const KIND: &'static str = "share-action";
    fn id(&self) -> String {
        self.token.clone()
    }
}

/// A recipient's acceptance of a share from another account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Acceptance {
    pub(crate) portfolio_id: String,
}

impl Entity for Acceptance {
    const KIND: &'static str = "acceptance";
    fn id(&self) -> String {
        self.portfolio_id.clone()
    }
}

impl Share {
    pub(crate) fn is_organizational(&self) -> bool {
        self.kind != "ACCOUNT"
    }

    /// Whether an account is among those the share reaches.
    fn reaches(&self, ctx: &Ctx<'_>, account: &str) -> bool {
        if self.is_organizational() {
            organizations::node_has(ctx, &self.kind, &self.principal, account)
        } else {
            self.principal == account
        }
    }

    pub(crate) fn detail(&self, ctx: &Ctx<'_>) -> Result<Value, ApiError> {
        let accepted = self.is_organizational()
            || ctx.get_in::<Acceptance>(&ctx.place_of(&self.principal), &self.portfolio_id)?.is_some();
        Ok(json!({
            "PrincipalId": self.principal,
            "Type": self.kind,
            "Accepted": accepted,
            "ShareTagOptions": self.tag_options,
            "SharePrincipals": self.principals,
        }))
    }
}

/// A portfolio of another account that the caller may use, with its owner.
pub(crate) fn received(ctx: &Ctx<'_>, portfolio: &str) -> Result<Option<(String, Portfolio)>, ApiError> {
    let region = &ctx.place().region;
    let Some((owner, found)) = store::get_anywhere::<Portfolio>(ctx.tx, region, portfolio)? else {
        return Ok(None);
    };
    Ok(usable(ctx, &owner, portfolio)?.then_some((owner, found)))
}

/// Whether a share of the portfolio reaches the caller: accepted, or through an organization.
fn usable(ctx: &Ctx<'_>, owner: &str, portfolio: &str) -> Result<bool, ApiError> {
    let account = &ctx.place().account;
    let accepted = ctx.get::<Acceptance>(portfolio)?.is_some();
    let shares = ctx.list_in::<Share>(&ctx.place_of(owner), Some(portfolio))?;
    Ok(shares.iter().any(|s| s.reaches(ctx, account) && ctx.now >= s.done_at && (s.is_organizational() || accepted)))
}

/// The share that lets a portfolio's principals count in the caller's account.
pub(crate) fn shares_principals(ctx: &Ctx<'_>, owner: &str, portfolio: &str) -> Result<bool, ApiError> {
    let shares = ctx.list_in::<Share>(&ctx.place_of(owner), Some(portfolio))?;
    Ok(shares.iter().any(|s| s.principals && s.reaches(ctx, &ctx.place().account)))
}

/// Every portfolio of another account that the caller may use, with its owner.
pub(crate) fn all_received(ctx: &Ctx<'_>) -> Result<Vec<(String, Portfolio)>, ApiError> {
    let mut all = store::list_anywhere::<Portfolio>(ctx.tx, &ctx.place().region)?;
    all.retain(|(owner, _)| *owner != ctx.place().account);
    let mut usable_ones = Vec::new();
    for (owner, portfolio) in all {
        if usable(ctx, &owner, &portfolio.id)? {
            usable_ones.push((owner, portfolio));
        }
    }
    Ok(usable_ones)
}

/// A product in a portfolio that is shared with the caller.
pub(crate) fn product(ctx: &Ctx<'_>, id: &str) -> Result<Option<(Place, Product)>, ApiError> {
    let found = store::get_anywhere::<Product>(ctx.tx, &ctx.place().region, id)?;
    let Some((owner, product)) = found else { return Ok(None) };
    for (sharer, portfolio) in all_received(ctx)? {
        if associations::find(ctx, &ctx.place_of(&sharer), &portfolio.id, id)?.is_some() {
            return Ok(Some((ctx.place_of(&owner), product)));
        }
    }
    Ok(None)
}

struct Target {
    kind: String,
    principal: String,
}

/// The target of a share call: an account, or a node of the organization.
fn target(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Target, ApiError> {
    match (input.text("AccountId"), input.object("OrganizationNode")) {
        (Some(account), None) if account == ctx.place().account => {
            Err(ApiError::invalid("A portfolio cannot be shared with the account that owns it."))
        }
        (Some(account), None) => Ok(Target { kind: "ACCOUNT".to_owned(), principal: account.to_owned() }),
        (None, Some(node)) => {
            organizations::require_access(ctx)?;
            let value = node.need("Value")?;
            // A node's ARN and its bare id name the same share.
            let bare = value.rsplit('/').next().unwrap_or(value);
            let kind = match node.need("Type")? {
                "ACCOUNT" => "ORGANIZATION_MEMBER_ACCOUNT",
                other => other,
            };
            organizations::check_node(ctx, kind, bare)?;
            Ok(Target { kind: kind.to_owned(), principal: bare.to_owned() })
        }
        _ => Err(ApiError::invalid("Exactly one of AccountId and OrganizationNode must be given.")),
    }
}

fn find(ctx: &Ctx<'_>, portfolio: &str, target: &Target) -> Result<Option<Share>, ApiError> {
    ctx.get(&format!("{portfolio}|{}|{}", target.kind, target.principal))
}

/// Share actions go one at a time in an account and region.
fn take_turn(ctx: &Ctx<'_>) -> Result<(), ApiError> {
    let busy = ctx.list::<ShareAction>(None)?.iter().any(|a| ctx.now < a.done_at)
        || ctx.list::<Share>(None)?.iter().any(|s| ctx.now < s.done_at);
    if busy {
        return Err(ApiError::state("Cannot process more than one portfolio share action at the same time"));
    }
    Ok(())
}

fn start(ctx: &Ctx<'_>, share: &Share) -> Result<Option<String>, ApiError> {
    if !share.is_organizational() {
        return Ok(None);
    }
    let action = ShareAction {
        token: ctx.new_id("share")?,
        portfolio_id: share.portfolio_id.clone(),
        node: share.principal.clone(),
        accounts: organizations::members(ctx, &share.kind, &share.principal),
        done_at: after(ctx.now, ctx.config.share_delay),
    };
    ctx.put(&action)?;
    Ok(Some(action.token))
}

fn token_answer(token: Option<String>) -> Value {
    token.map_or_else(|| json!({}), |t| json!({ "PortfolioShareToken": t }))
}

/// `CreatePortfolioShare`. For a share that exists it does nothing, new flags included.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolioShare.html>
pub(crate) fn create(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let target = target(ctx, input)?;
    let principals = input.flag("SharePrincipals").unwrap_or(false);
    check_principals(&target, principals)?;
    if let Some(existing) = find(ctx, &portfolio.id, &target)? {
        return Ok(token_answer(start(ctx, &existing)?));
    }
    take_turn(ctx)?;
    let max = ctx.config.quotas.shares_per_portfolio;
    if ctx.list::<Share>(Some(&portfolio.id))?.len() >= max {
        return Err(ApiError::limit(format!("A portfolio can be shared with at most {max} accounts.")));
    }
    let share = Share {
        portfolio_id: portfolio.id,
        kind: target.kind,
        principal: target.principal,
        tag_options: input.flag("ShareTagOptions").unwrap_or(false),
        principals,
        done_at: after(ctx.now, ctx.config.share_delay),
    };
    ctx.insert(&share)?;
    Ok(token_answer(start(ctx, &share)?))
}

fn check_principals(target: &Target, wanted: bool) -> Result<(), ApiError> {
    if wanted && !matches!(target.kind.as_str(), "ORGANIZATION" | "ORGANIZATIONAL_UNIT") {
        return Err(ApiError::invalid("SharePrincipals can be set for an ORGANIZATION or ORGANIZATIONAL_UNIT only."));
    }
    Ok(())
}

/// `UpdatePortfolioShare`.
pub(crate) fn update(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let target = target(ctx, input)?;
    check_principals(&target, input.flag("SharePrincipals").unwrap_or(false))?;
    let Some(mut share) = find(ctx, &portfolio.id, &target)? else {
        return Err(ApiError::not_found(format!(
            "Portfolio {} is not shared with {}.",
            portfolio.id, target.principal
        )));
    };
    take_turn(ctx)?;
    if let Some(flag) = input.flag("ShareTagOptions") {
        share.tag_options = flag;
    }
    if let Some(flag) = input.flag("SharePrincipals") {
        share.principals = flag;
    }
    ctx.put(&share)?;
    let token = start(ctx, &share)?;
    let working = token.is_some() && !ctx.config.share_delay.is_zero();
    let mut answer = token_answer(token);
    crate::ctx::set_if(&mut answer, "Status", Some(if working { "IN_PROGRESS" } else { "COMPLETED" }));
    Ok(answer)
}

/// `DeletePortfolioShare`.
pub(crate) fn delete(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let portfolio = portfolios::own(ctx, input.need("PortfolioId")?)?;
    let target = target(ctx, input)?;
    let Some(share) = find(ctx, &portfolio.id, &target)? else {
        return Err(ApiError::not_found(format!(
            "Portfolio {} is not shared with {}.",
            portfolio.id, target.principal
        )));
    };
    take_turn(ctx)?;
    ctx.remove::<Share>(&share.id())?;
    Ok(token_answer(start(ctx, &share)?))
}
