//! Principals of portfolios: who may use what is in them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::portfolios;
use crate::page::page;
use crate::store::Entity;

/// A principal of a portfolio.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) portfolio_id: String,
    pub(crate) arn: String,
    /// `IAM` for a full ARN, `IAM_PATTERN` for one without account and with wildcards.
    pub(crate) kind: String,
}

impl Entity for Grant {
    const KIND: &'static str = "principal";
    fn id(&self) -> String {
        key(&self.portfolio_id, &self.kind, &self.arn)
    }
    fn parent(&self) -> String {
        self.portfolio_id.clone()
    }
}

fn key(portfolio: &str, kind: &str, arn: &str) -> String {
    format!("{portfolio}|{kind}|{arn}")
}

impl Grant {
    /// Whether the grant covers an IAM principal's ARN.
    pub(crate) fn covers(&self, principal: &str) -> bool {
        if self.kind == "IAM" {
            return self.arn == principal;
        }
        let mut parts: Vec<&str> = principal.splitn(6, ':').collect();
        if let Some(account) = parts.get_mut(4) {
            *account = "";
        }
        wildcard(self.arn.as_bytes(), parts.join(":").as_bytes())
    }
}

/// Matches `*` and `?` as IAM patterns do, in time linear in each star's reach.
fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || Some(c) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, reached)) => {
                    star = Some((at, reached + 1));
                    (p, t) = (at + 1, reached + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == b'*')
}

/// Checks an ARN against the form its type asks for.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html>
fn check(kind: &str, arn: &str) -> Result<(), ApiError> {
    let bad = |why: &str| Err(ApiError::invalid(format!("Invalid principal {arn}: {why}.")));
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [head, partition, service, region, account, resource] = parts.as_slice() else {
        return bad("it is not an ARN");
    };
    let Some((what, name)) = resource.split_once('/') else {
        return bad("it names no user, group or role");
    };
    if *head != "arn" || !partition.starts_with("aws") || *service != "iam" || !region.is_empty() {
        return bad("it is not an IAM ARN");
    }
    if !matches!(what, "user" | "group" | "role") || name.is_empty() {
        return bad("it names no user, group or role");
    }
    let wild = arn.contains(['*', '?']);
    match kind {
        "IAM" if wild => bad("wildcards need the principal type IAM_PATTERN"),
        "IAM" if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) => {
            bad("the principal type IAM needs an account")
        }
        "IAM_PATTERN" if !account.is_empty() => bad("the principal type IAM_PATTERN takes no account"),
        _ => Ok(()),
    }
}

/// `AssociatePrincipalWithPortfolio`; again for the same principal changes nothing.
pub(crate) fn associate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (_, portfolio) = portfolios::seen(ctx, input.need("PortfolioId")?)?;
    let (arn, kind) = (input.need("PrincipalARN")?, input.need("PrincipalType")?);
    check(kind, arn)?;
    let grants = ctx.list::<Grant>(Some(&portfolio.id))?;
    if grants.iter().any(|g| g.arn == arn && g.kind == kind) {
        return Ok(json!({}));
    }
    let quotas = &ctx.config.quotas;
    if grants.len() >= quotas.principals_per_portfolio {
        return Err(ApiError::limit(format!(
            "A portfolio can have at most {} principals.",
            quotas.principals_per_portfolio
        )));
    }
    let patterns = grants.iter().filter(|g| g.kind == "IAM_PATTERN").count();
    if kind == "IAM_PATTERN" && patterns >= quotas.patterns_per_portfolio {
        return Err(ApiError::limit(format!(
            "A portfolio can have at most {} principals of type IAM_PATTERN.",
            quotas.patterns_per_portfolio
        )));
    }
    ctx.insert(&Grant { portfolio_id: portfolio.id, arn: arn.to_owned(), kind: kind.to_owned() })?;
    Ok(json!({}))
}

/// `DisassociatePrincipalFromPortfolio`. Without a type it looks for `IAM` only, so a
/// pattern stays and the call fails, as on AWS.
pub(crate) fn disassociate(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (_, portfolio) = portfolios::seen(ctx, input.need("PortfolioId")?)?;
    let arn = input.need("PrincipalARN")?;
    let kind = input.text("PrincipalType").unwrap_or("IAM");
    if ctx.get::<Grant>(&key(&portfolio.id, kind, arn))?.is_none() {
        return Err(ApiError::not_found(format!("Principal {arn} is not associated with portfolio {}.", portfolio.id)));
    }
    ctx.remove::<Grant>(&key(&portfolio.id, kind, arn))?;
    Ok(json!({}))
}

/// `ListPrincipalsForPortfolio`.
pub(crate) fn list(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let (_, portfolio) = portfolios::seen(ctx, input.need("PortfolioId")?)?;
    let grants = ctx.list::<Grant>(Some(&portfolio.id))?;
    let shown = grants.iter().map(|g| json!({ "PrincipalARN": g.arn, "PrincipalType": g.kind })).collect();
    page(ctx, input, ("Principals", "NextPageToken"), shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_the_roles_its_wildcards_match_in_any_account() {
        let grant = |kind: &str, arn: &str| Grant { portfolio_id: "p".into(), arn: arn.into(), kind: kind.into() };
        let role = "arn:aws:iam::111122223333:role/team/Dev-1";
        for (kind, arn, want) in [
            ("IAM", role, true),
            ("IAM", "arn:aws:iam::111122223333:role/Dev-1", false),
            ("IAM_PATTERN", "arn:aws:iam:::role/team/Dev-?", true),
            ("IAM_PATTERN", "arn:aws:iam:::role/*", true),
            ("IAM_PATTERN", "arn:aws:iam:::role/Dev-*", false),
            ("IAM_PATTERN", "arn:aws:iam:::user/*", false),
        ] {
            assert_eq!(grant(kind, arn).covers(role), want, "{kind} {arn}");
        }
    }

    #[test]
    fn the_form_of_an_arn_must_fit_its_type() {
        for (kind, arn, ok) in [
            ("IAM", "arn:aws:iam::111122223333:role/Dev", true),
            ("IAM", "arn:aws:iam::111122223333:role/*", false),
            ("IAM", "arn:aws:iam:::role/Dev", false),
            ("IAM", "Dev", false),
            ("IAM", "arn:aws:s3:::bucket/x", false),
            ("IAM_PATTERN", "arn:aws:iam:::role/Dev*", true),
            ("IAM_PATTERN", "arn:aws:iam::111122223333:role/Dev*", false),
            ("IAM_PATTERN", "arn:aws:iam:::policy/Dev*", false),
        ] {
            assert_eq!(check(kind, arn).is_ok(), ok, "{kind} {arn}");
        }
    }
}
