//! Portfolio shares. AWS handles one at a time; the caller keeps to that.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    DescribePortfolioShareType, OrganizationNode, OrganizationNodeType, ShareError, ShareStatus,
};

use super::errors::{NOT_FOUND, call, present};
use super::reads::{LONG_PAGE, pages};
use crate::adapters::ShareProgress;
use crate::error::Result;
use crate::state::{ShareFlags, ShareTarget};

pub(super) async fn list(client: &Client, portfolio: &str) -> Result<Vec<(ShareTarget, ShareFlags)>> {
    const CALL: &str = "servicecatalog:DescribePortfolioShares";
    let mut shares = Vec::new();
    for kind in [
        DescribePortfolioShareType::Account,
        DescribePortfolioShareType::Organization,
        DescribePortfolioShareType::OrganizationalUnit,
        DescribePortfolioShareType::OrganizationMemberAccount,
    ] {
        let answers = pages!(
            "servicecatalog:DescribePortfolioShares",
            next_page_token,
            client.describe_portfolio_shares().portfolio_id(portfolio).r#type(kind.clone()).page_size(LONG_PAGE)
        );
        for detail in answers.into_iter().flat_map(|answer| answer.portfolio_share_details.unwrap_or_default()) {
            let id = present(CALL, "PrincipalId", detail.principal_id)?;
            let target = match &kind {
                DescribePortfolioShareType::Account => ShareTarget::Account(id),
                DescribePortfolioShareType::Organization => ShareTarget::Organization(bare(&id)),
                DescribePortfolioShareType::OrganizationalUnit => ShareTarget::OrganizationalUnit(bare(&id)),
                _ => ShareTarget::MemberAccount(id),
            };
            let flags = ShareFlags { tag_options: detail.share_tag_options, principals: detail.share_principals };
            shares.push((target, flags));
        }
    }
    Ok(shares)
}

/// An organization or unit may be reported by its ARN; its id is the last part.
fn bare(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_owned()
}

pub(super) async fn create(
    client: &Client,
    portfolio: &str,
    target: &ShareTarget,
    flags: ShareFlags,
) -> Result<Option<String>> {
    let (account, node) = addressee(target);
    let request = client
        .create_portfolio_share()
        .portfolio_id(portfolio)
        .set_account_id(account)
        .set_organization_node(node)
        .share_tag_options(flags.tag_options)
        .share_principals(flags.principals);
    Ok(call("servicecatalog:CreatePortfolioShare", request.send()).await?.portfolio_share_token)
}

pub(super) async fn update(
    client: &Client,
    portfolio: &str,
    target: &ShareTarget,
    flags: ShareFlags,
) -> Result<Option<String>> {
    let (account, node) = addressee(target);
    let mut request = client
        .update_portfolio_share()
        .portfolio_id(portfolio)
        .set_account_id(account)
        .set_organization_node(node)
        .share_tag_options(flags.tag_options);
    if matches!(target, ShareTarget::Organization(_) | ShareTarget::OrganizationalUnit(_)) {
        request = request.share_principals(flags.principals);
    }
    Ok(call("servicecatalog:UpdatePortfolioShare", request.send()).await?.portfolio_share_token)
}

pub(super) async fn delete(client: &Client, portfolio: &str, target: &ShareTarget) -> Result<Option<String>> {
    let (account, node) = addressee(target);
    let request =
        client.delete_portfolio_share().portfolio_id(portfolio).set_account_id(account).set_organization_node(node);
    match call("servicecatalog:DeletePortfolioShare", request.send()).await {
        Ok(answer) => Ok(answer.portfolio_share_token),
        Err(error) if error.aws_code() == Some(NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn progress(client: &Client, token: &str) -> Result<ShareProgress> {
    let request = client.describe_portfolio_share_status().portfolio_share_token(token).send();
    let answer = call("servicecatalog:DescribePortfolioShareStatus", request).await?;
    Ok(match answer.status {
        Some(ShareStatus::Completed) => ShareProgress::Done,
        Some(ShareStatus::CompletedWithErrors | ShareStatus::Error) => {
            let errors = answer.share_details.and_then(|details| details.share_errors).unwrap_or_default();
            ShareProgress::Failed(errors.iter().map(describe).collect())
        }
        _ => ShareProgress::Running,
    })
}

fn describe(error: &ShareError) -> String {
    let accounts = error.accounts().join(", ");
    format!("{accounts}: {} {}", error.error().unwrap_or(""), error.message().unwrap_or("")).trim().to_owned()
}

/// Bare ids, since AWS's own pattern refuses ARNs of other partitions.
fn addressee(target: &ShareTarget) -> (Option<String>, Option<OrganizationNode>) {
    let node = |kind, id: &str| Some(OrganizationNode::builder().r#type(kind).value(id).build());
    match target {
        ShareTarget::Account(id) => (Some(id.clone()), None),
        ShareTarget::Organization(id) => (None, node(OrganizationNodeType::Organization, id)),
        ShareTarget::OrganizationalUnit(id) => (None, node(OrganizationNodeType::OrganizationalUnit, id)),
        ShareTarget::MemberAccount(id) => (None, node(OrganizationNodeType::Account, id)),
    }
}
