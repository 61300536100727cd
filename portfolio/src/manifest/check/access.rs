//! Rules on principals and shares.

use super::{Findings, is_account};
use crate::error::Code;
use crate::manifest::{At, Manifest, Principal, ShareEntry, ShareTarget};

/// AWS allows 10 principals with a name pattern for each portfolio.
const PATTERNS_MAX: usize = 10;

pub(super) fn check(findings: &mut Findings<'_>, manifest: &Manifest) {
    principals(findings, manifest);
    let mut seen: Vec<&ShareTarget> = Vec::new();
    for entry in &manifest.shares {
        if seen.contains(&&entry.with.value) {
            let message = "the portfolio is shared with the same target twice".to_owned();
            findings.push(Code::ManifestDuplicate, &entry.with, message, "second share");
        }
        seen.push(&entry.with.value);
        share(findings, entry);
    }
    if let Some(first) = manifest.shares.first()
        && manifest.products.is_empty()
    {
        findings.value(&first.with, "a portfolio without products cannot be shared".to_owned(), "this share");
    }
}

/// [Principals and name patterns](https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html).
fn principals(findings: &mut Findings<'_>, manifest: &Manifest) {
    let mut seen: Vec<&Principal> = Vec::new();
    let mut patterns = 0;
    for at in &manifest.principals {
        if seen.contains(&&at.value) {
            findings.push(Code::ManifestDuplicate, at, "the same principal is named twice".to_owned(), "second time");
        }
        seen.push(&at.value);
        match &at.value {
            Principal::Arn(arn) => exact(findings, at, arn),
            Principal::Pattern(text) => {
                patterns += 1;
                if patterns == PATTERNS_MAX + 1 {
                    let message = format!("more than {PATTERNS_MAX} principals with a pattern");
                    findings.push(Code::QuotaExceeded, at, message, "one too many");
                }
                pattern(findings, at, text, manifest.shares.iter().any(|share| share.principals));
            }
        }
    }
    let limit = manifest.quotas.principals_per_portfolio;
    if let Some(first_over) = manifest.principals.get(limit) {
        let message = format!("{} principals; the quota is {limit} for a portfolio", manifest.principals.len());
        findings.push(Code::QuotaExceeded, first_over, message, "one too many");
    }
}

fn exact(findings: &mut Findings<'_>, at: &At<Principal>, arn: &str) {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let legal =
        matches!(parts.as_slice(), ["arn", _, "iam", "", account, name] if is_account(account) && is_identity(name));
    if !legal {
        let label = "such as arn:aws:iam::123456789012:role/Developers";
        findings.value(at, format!("`{arn}` is not the ARN of an IAM user, group or role"), label);
    } else if arn.contains(['*', '?']) {
        findings.value(at, format!("`{arn}` has a wildcard"), "use `pattern` with an ARN without account");
    }
}

fn pattern(findings: &mut Findings<'_>, at: &At<Principal>, text: &str, shared: bool) {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let legal = matches!(parts.as_slice(), ["arn", _, "iam", "", "", name] if is_identity(name));
    if !legal {
        findings.value(at, format!("`{text}` is not a principal pattern"), "such as arn:aws:iam:::role/team-*");
    } else if shared && text.contains(['*', '?']) {
        findings.warn(
            at,
            "anyone in a receiving account who may create a role with a matching name gains access",
            "wildcard, shared",
            "Name roles without a wildcard, or let the receiving accounts grant access themselves.",
        );
    }
}

fn is_identity(text: &str) -> bool {
    ["user/", "group/", "role/"].iter().any(|kind| text.strip_prefix(kind).is_some_and(|name| !name.is_empty()))
}

/// [Shares](https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolioShare.html).
fn share(findings: &mut Findings<'_>, entry: &ShareEntry) {
    let at = &entry.with;
    let (legal, label) = match &at.value {
        ShareTarget::Account(id) | ShareTarget::MemberAccount(id) => (is_account(id), "write 12 digits in quotes"),
        ShareTarget::Organization(id) => (is_id(id, "o-", 10), "a bare id such as o-a1b2c3d4e5"),
        ShareTarget::OrganizationalUnit(id) => (is_id(id, "ou-", 13), "a bare id such as ou-ab12-c3d4e5f6"),
    };
    if !legal {
        findings.value(at, "the target of a share is malformed".to_owned(), label);
    }
    let whole = matches!(at.value, ShareTarget::Organization(_) | ShareTarget::OrganizationalUnit(_));
    if entry.principals && !whole {
        let message = "principals can be shared only with an organization or an organizational unit".to_owned();
        findings.value(at, message, "remove `principals` here");
    }
}

fn is_id(text: &str, prefix: &str, at_least: usize) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.starts_with(prefix) && text.len() >= at_least && text.chars().all(legal)
}
