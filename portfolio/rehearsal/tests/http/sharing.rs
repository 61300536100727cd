//! Shares with accounts and with an organization.

use std::time::Duration;

use edgeseal_rehearsal::{Builder, Organization};
use serde_json::{Value, json};

use crate::support::{ACCOUNT, Catalog, Stocked};

const TEAM: &str = "444455556666";
const UNIT: &str = "ou-abcd-12345678";
const REGION: &str = "eu-west-1";

fn organized(builder: Builder) -> Builder {
    let units = [(UNIT.to_owned(), vec![TEAM.to_owned()])].into();
    let administrators = vec![ACCOUNT.to_owned()];
    builder.organization(Organization { units, administrators, ..Organization::default() })
}

fn unit_share(portfolio: &str) -> Value {
    json!({ "PortfolioId": portfolio, "OrganizationNode": { "Type": "ORGANIZATIONAL_UNIT", "Value": UNIT } })
}

#[test]
fn an_account_share_is_imported_once_it_is_accepted() {
    let catalog = Catalog::new();
    let Stocked { portfolio, product, .. } = catalog.stocked();
    let team = |operation: &str, body: Value| catalog.call_as(TEAM, REGION, operation, &body);
    let id = json!({ "PortfolioId": portfolio });
    assert_eq!(team("AcceptPortfolioShare", id.clone()).unwrap_err().0, "ResourceNotFoundException");
    let share = json!({ "PortfolioId": portfolio, "AccountId": TEAM });
    assert_eq!(catalog.ok("CreatePortfolioShare", share.clone()), json!({}), "no token for an account");
    let accepted = || {
        let shares = catalog.ok("DescribePortfolioShares", json!({ "PortfolioId": portfolio, "Type": "ACCOUNT" }));
        shares["PortfolioShareDetails"][0]["Accepted"].clone()
    };
    assert_eq!(accepted(), false);
    assert_eq!(team("DescribePortfolio", json!({ "Id": portfolio })).unwrap_err().0, "ResourceNotFoundException");
    team("AcceptPortfolioShare", id.clone()).unwrap();
    assert_eq!(accepted(), true);
    assert_eq!(catalog.ok("ListPortfolioAccess", id.clone())["AccountIds"], json!([TEAM]));
    let listed = team("ListAcceptedPortfolioShares", json!({})).unwrap();
    assert_eq!(listed["PortfolioDetails"][0]["Id"], portfolio);
    assert!(listed["PortfolioDetails"][0]["ARN"].as_str().unwrap().contains(ACCOUNT));

    let change = team("UpdatePortfolio", json!({ "Id": portfolio, "DisplayName": "x" }));
    assert_eq!(change.unwrap_err().0, "InvalidParametersException", "only the owner changes it");
    let version = json!({ "Name": "v2", "Info": { "LoadTemplateFromURL": "https://s3.amazonaws.com/b/k" } });
    let add = team(
        "CreateProvisioningArtifact",
        json!({ "ProductId": product, "IdempotencyToken": "v", "Parameters": version }),
    );
    assert_eq!(add.unwrap_err().0, "InvalidParametersException");
    assert_eq!(
        team("CreatePortfolioShare", json!({ "PortfolioId": portfolio, "AccountId": "777788889999" })).unwrap_err().0,
        "InvalidParametersException",
        "no sharing on"
    );

    let own =
        team("CreatePortfolio", json!({ "DisplayName": "Own", "ProviderName": "t", "IdempotencyToken": "o" })).unwrap();
    let own = own["PortfolioDetail"]["Id"].clone();
    let local = json!({ "PortfolioId": own, "ProductId": product });
    assert_eq!(team("AssociateProductWithPortfolio", local.clone()).unwrap_err().0, "InvalidParametersException");
    let mut sourced = local;
    sourced["SourcePortfolioId"] = portfolio.clone().into();
    team("AssociateProductWithPortfolio", sourced).unwrap();
    let found = team("SearchProductsAsAdmin", json!({ "PortfolioId": own })).unwrap();
    assert_eq!(found["ProductViewDetails"][0]["ProductViewSummary"]["ProductId"], product);

    team("RejectPortfolioShare", id).unwrap();
    assert_eq!(accepted(), false);
    assert_eq!(catalog.code("DeletePortfolio", json!({ "Id": portfolio })), "ResourceInUseException");
    catalog.ok("DeletePortfolioShare", share.clone());
    assert_eq!(catalog.code("DeletePortfolioShare", share), "ResourceNotFoundException");
}

#[test]
fn an_organization_share_needs_access_and_an_administrator() {
    let catalog = Catalog::with(organized);
    let portfolio = catalog.portfolio("P");
    let status = || catalog.ok("GetAWSOrganizationsAccessStatus", json!({}))["AccessStatus"].clone();
    assert_eq!(status(), "DISABLED");
    assert_eq!(catalog.code("CreatePortfolioShare", unit_share(&portfolio)), "OperationNotSupportedException");
    let foreign = catalog.call_as(TEAM, REGION, "EnableAWSOrganizationsAccess", &json!({}));
    assert_eq!(foreign.unwrap_err().0, "OperationNotSupportedException");
    catalog.ok("EnableAWSOrganizationsAccess", json!({}));
    assert_eq!(status(), "ENABLED");
    assert!(catalog.ok("CreatePortfolioShare", unit_share(&portfolio))["PortfolioShareToken"].is_string());
    for (kind, value) in
        [("ORGANIZATIONAL_UNIT", "ou-abcd-87654321"), ("ORGANIZATION", "o-another000"), ("ACCOUNT", "777788889999")]
    {
        let share = json!({ "PortfolioId": portfolio, "OrganizationNode": { "Type": kind, "Value": value } });
        assert_eq!(catalog.code("CreatePortfolioShare", share), "ResourceNotFoundException", "{value}");
    }
    catalog.ok("DisableAWSOrganizationsAccess", json!({}));
    assert_eq!(status(), "DISABLED");
}

#[test]
fn a_unit_share_reaches_its_accounts_without_being_accepted() {
    let catalog = Catalog::with(organized);
    catalog.ok("EnableAWSOrganizationsAccess", json!({}));
    let Stocked { portfolio, .. } = catalog.stocked();
    let share = json!({ "PortfolioId": portfolio, "OrganizationNode": { "Type": "ORGANIZATIONAL_UNIT", "Value": format!("arn:aws:organizations::{ACCOUNT}:ou/o-rehearsal0/{UNIT}") } });
    let token = catalog.ok("CreatePortfolioShare", share)["PortfolioShareToken"].clone();
    let status = catalog.ok("DescribePortfolioShareStatus", json!({ "PortfolioShareToken": token }));
    assert_eq!(status["Status"], "COMPLETED");
    assert_eq!(status["ShareDetails"], json!({ "SuccessfulShares": [TEAM], "ShareErrors": [] }));
    let seen = catalog.call_as(TEAM, REGION, "DescribePortfolio", &json!({ "Id": portfolio })).unwrap();
    assert_eq!(seen["PortfolioDetail"]["Id"], portfolio);
    assert!(catalog.call_as("777788889999", REGION, "DescribePortfolio", &json!({ "Id": portfolio })).is_err());
    let nodes = catalog.ok(
        "ListOrganizationPortfolioAccess",
        json!({ "PortfolioId": portfolio, "OrganizationNodeType": "ORGANIZATIONAL_UNIT" }),
    );
    assert_eq!(
        nodes["OrganizationNodes"],
        json!([{ "Type": "ORGANIZATIONAL_UNIT", "Value": UNIT }]),
        "an ARN and a bare id are one node"
    );
    let imported = catalog
        .call_as(TEAM, REGION, "ListAcceptedPortfolioShares", &json!({ "PortfolioShareType": "AWS_ORGANIZATIONS" }))
        .unwrap();
    assert_eq!(imported["PortfolioDetails"][0]["Id"], portfolio);
}

#[test]
fn a_member_account_of_the_organization_is_reported_under_another_type() {
    let catalog = Catalog::with(organized);
    catalog.ok("EnableAWSOrganizationsAccess", json!({}));
    let portfolio = catalog.portfolio("P");
    let share = json!({ "PortfolioId": portfolio, "OrganizationNode": { "Type": "ACCOUNT", "Value": TEAM } });
    catalog.ok("CreatePortfolioShare", share);
    let of = |kind: &str| {
        let shares = catalog.ok("DescribePortfolioShares", json!({ "PortfolioId": portfolio, "Type": kind }));
        shares["PortfolioShareDetails"].as_array().unwrap().len()
    };
    assert_eq!((of("ACCOUNT"), of("ORGANIZATION_MEMBER_ACCOUNT")), (0, 1));
}

#[test]
fn sharing_again_does_nothing_even_with_other_flags() {
    let catalog = Catalog::with(organized);
    catalog.ok("EnableAWSOrganizationsAccess", json!({}));
    let portfolio = catalog.portfolio("P");
    let with = |flags: &[&str]| {
        let mut body = unit_share(&portfolio);
        flags.iter().for_each(|f| body[*f] = true.into());
        body
    };
    let flags = || {
        let shares =
            catalog.ok("DescribePortfolioShares", json!({ "PortfolioId": portfolio, "Type": "ORGANIZATIONAL_UNIT" }));
        let share = &shares["PortfolioShareDetails"][0];
        (share["ShareTagOptions"] == true, share["SharePrincipals"] == true)
    };
    catalog.ok("CreatePortfolioShare", with(&[]));
    catalog.ok("CreatePortfolioShare", with(&["ShareTagOptions", "SharePrincipals"]));
    assert_eq!(flags(), (false, false));
    let updated = catalog.ok("UpdatePortfolioShare", with(&["ShareTagOptions", "SharePrincipals"]));
    assert_eq!(updated["Status"], "COMPLETED");
    assert_eq!(flags(), (true, true));
    let account = json!({ "PortfolioId": portfolio, "AccountId": TEAM, "SharePrincipals": true });
    assert_eq!(catalog.code("CreatePortfolioShare", account), "InvalidParametersException");
}

#[test]
fn one_share_action_runs_at_a_time() {
    let catalog = Catalog::with(|b| organized(b).share_delay(Duration::from_secs(3600)));
    catalog.ok("EnableAWSOrganizationsAccess", json!({}));
    let (one, two) = (catalog.portfolio("1"), catalog.portfolio("2"));
    let token = catalog.ok("CreatePortfolioShare", unit_share(&one))["PortfolioShareToken"].clone();
    let status =
        || catalog.ok("DescribePortfolioShareStatus", json!({ "PortfolioShareToken": token }))["Status"].clone();
    assert_eq!(status(), "IN_PROGRESS");
    let (code, message) = catalog.call("CreatePortfolioShare", unit_share(&two)).unwrap_err();
    assert_eq!(code, "InvalidStateException");
    assert_eq!(message, "Cannot process more than one portfolio share action at the same time");
    assert_eq!(catalog.code("UpdatePortfolioShare", unit_share(&one)), "InvalidStateException");
    assert_eq!(catalog.code("DeletePortfolioShare", unit_share(&one)), "InvalidStateException");
    catalog.rehearsal().advance_clock(Duration::from_secs(3601));
    assert_eq!(status(), "COMPLETED");
    catalog.ok("CreatePortfolioShare", unit_share(&two));
}
