//! Pages, quotas and idempotency tokens.

use std::time::Duration;

use edgeseal_rehearsal::Quotas;
use serde_json::{Value, json};

use crate::support::{Catalog, Stocked, token};

/// Walks all pages of a list, and gives the sizes of the pages.
fn pages(catalog: &Catalog, operation: &str, body: &Value, list: &str, next: &str) -> Vec<usize> {
    let mut sizes = Vec::new();
    let mut body = body.clone();
    loop {
        let answer = catalog.ok(operation, body.clone());
        sizes.push(answer[list].as_array().unwrap().len());
        match answer.get(next) {
            Some(token) => body["PageToken"] = token.clone(),
            None => return sizes,
        }
    }
}

#[test]
fn lists_come_in_pages_of_the_models_largest_size() {
    let catalog =
        Catalog::with(|b| b.quotas(Quotas { portfolios: 200, values_per_tag_option: 50, ..Quotas::default() }));
    for n in 0..101 {
        catalog.portfolio(&format!("P{n}"));
    }
    for n in 0..21 {
        catalog.ok("CreateTagOption", json!({ "Key": "k", "Value": n.to_string() }));
    }
    assert_eq!(pages(&catalog, "ListPortfolios", &json!({}), "PortfolioDetails", "NextPageToken"), [100, 1]);
    assert_eq!(
        pages(&catalog, "ListPortfolios", &json!({ "PageSize": 60 }), "PortfolioDetails", "NextPageToken"),
        [60, 41]
    );
    assert_eq!(
        pages(&catalog, "ListTagOptions", &json!({}), "TagOptionDetails", "PageToken"),
        [20, 1],
        "its token is called PageToken"
    );
    assert_eq!(pages(&catalog, "ListTagOptions", &json!({ "PageSize": 0 }), "TagOptionDetails", "PageToken"), [20, 1]);
    assert_eq!(catalog.code("ListTagOptions", json!({ "PageSize": 21 })), "ValidationException");
}

#[test]
fn a_page_token_is_good_for_its_own_request_only() {
    let catalog = Catalog::new();
    catalog.portfolio("1");
    catalog.portfolio("2");
    let token = catalog.ok("ListPortfolios", json!({ "PageSize": 1 }))["NextPageToken"].clone();
    catalog.ok("ListPortfolios", json!({ "PageToken": token }));
    for (operation, body) in [
        ("SearchProductsAsAdmin", json!({ "PageToken": token })),
        ("ListPortfolios", json!({ "PageToken": "made-up" })),
        ("ListPortfolios", json!({ "PageToken": token, "AcceptLanguage": "jp" })),
    ] {
        assert_eq!(catalog.code(operation, body), "InvalidParametersException", "{operation}");
    }
}

#[test]
fn each_quota_is_held_and_can_be_changed() {
    let quotas = Quotas {
        portfolios: 1,
        products: 2,
        service_actions: 2,
        products_per_portfolio: 1,
        principals_per_portfolio: 2,
        patterns_per_portfolio: 1,
        shares_per_portfolio: 1,
        versions_per_product: 2,
        tags: 1,
        tag_options_per_resource: 1,
        values_per_tag_option: 2,
        actions_per_version: 1,
        constraints_per_association: 1,
    };
    let catalog = Catalog::with(|b| b.quotas(quotas).check_launch_roles(false));
    let Stocked { portfolio, product, version } = catalog.stocked();
    let stocked = Stocked { portfolio: portfolio.clone(), product: product.clone(), version: version.clone() };
    let limit = |operation: &str, body: Value| {
        assert_eq!(catalog.code(operation, body.clone()), "LimitExceededException", "{operation} {body}")
    };

    limit("CreatePortfolio", json!({ "DisplayName": "2", "ProviderName": "p", "IdempotencyToken": token() }));
    let (second, _) = catalog.product("Second");
    let url = catalog.template("t.yaml", crate::support::TEMPLATE);
    limit("CreateProduct", crate::support::product_input("Third", &url));
    limit("AssociateProductWithPortfolio", json!({ "PortfolioId": portfolio, "ProductId": second }));
    catalog.version(&product, "v2").unwrap();
    assert_eq!(catalog.version(&product, "v3").unwrap_err().0, "LimitExceededException");
    let two = json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }]);
    limit("UpdatePortfolio", json!({ "Id": portfolio, "AddTags": two }));

    let principal =
        |kind: &str, arn: &str| json!({ "PortfolioId": portfolio, "PrincipalType": kind, "PrincipalARN": arn });
    catalog.ok("AssociatePrincipalWithPortfolio", principal("IAM_PATTERN", "arn:aws:iam:::role/a*"));
    limit("AssociatePrincipalWithPortfolio", principal("IAM_PATTERN", "arn:aws:iam:::role/b*"));
    catalog.ok("AssociatePrincipalWithPortfolio", principal("IAM", "arn:aws:iam::111122223333:role/a"));
    limit("AssociatePrincipalWithPortfolio", principal("IAM", "arn:aws:iam::111122223333:role/b"));

    catalog.ok("CreatePortfolioShare", json!({ "PortfolioId": portfolio, "AccountId": "444455556666" }));
    limit("CreatePortfolioShare", json!({ "PortfolioId": portfolio, "AccountId": "777788889999" }));
    catalog.ok("CreateConstraint", stocked.constraint("LAUNCH", &json!({ "LocalRoleName": "L" })));
    limit(
        "CreateConstraint",
        stocked.constraint("NOTIFICATION", &json!({ "NotificationArns": ["arn:aws:sns:eu-west-1:111122223333:t"] })),
    );

    let option = |value: &str| {
        catalog.ok("CreateTagOption", json!({ "Key": "k", "Value": value }))["TagOptionDetail"]["Id"].clone()
    };
    let (first, other) = (option("1"), option("2"));
    limit("CreateTagOption", json!({ "Key": "k", "Value": "3" }));
    catalog.ok("AssociateTagOptionWithResource", json!({ "ResourceId": product, "TagOptionId": first }));
    limit("AssociateTagOptionWithResource", json!({ "ResourceId": product, "TagOptionId": other }));
    let action = |name: &str| json!({ "Name": name, "DefinitionType": "SSM_AUTOMATION", "Definition": { "Name": "d", "Version": "1" }, "IdempotencyToken": token() });
    let id =
        catalog.ok("CreateServiceAction", action("a"))["ServiceActionDetail"]["ServiceActionSummary"]["Id"].clone();
    let more =
        catalog.ok("CreateServiceAction", action("b"))["ServiceActionDetail"]["ServiceActionSummary"]["Id"].clone();
    limit("CreateServiceAction", action("c"));
    let link =
        |action: &Value| json!({ "ProductId": product, "ProvisioningArtifactId": version, "ServiceActionId": action });
    catalog.ok("AssociateServiceActionWithProvisioningArtifact", link(&id));
    limit("AssociateServiceActionWithProvisioningArtifact", link(&more));
}

#[test]
fn a_call_repeated_with_its_token_gives_the_first_answer_and_makes_nothing() {
    let catalog = Catalog::with(|b| b.token_retention(Duration::from_secs(3600)));
    let body = json!({ "DisplayName": "P", "ProviderName": "p", "IdempotencyToken": "same" });
    let first = catalog.ok("CreatePortfolio", body.clone());
    assert_eq!(catalog.ok("CreatePortfolio", body.clone()), first);
    assert_eq!(catalog.ok("ListPortfolios", json!({}))["PortfolioDetails"].as_array().unwrap().len(), 1);
    let mut other = body.clone();
    other["DisplayName"] = "Q".into();
    assert_eq!(catalog.code("CreatePortfolio", other.clone()), "InvalidParametersException");
    catalog.rehearsal().advance_clock(Duration::from_secs(3601));
    assert_ne!(catalog.ok("CreatePortfolio", other), first, "a token is forgotten in time");
}

#[test]
fn a_call_that_failed_leaves_its_token_free() {
    let catalog = Catalog::new();
    let mut body = crate::support::product_input("N", "https://artifacts.s3.amazonaws.com/late.yaml");
    body["IdempotencyToken"] = "same".into();
    assert_eq!(catalog.code("CreateProduct", body.clone()), "InvalidParametersException");
    catalog.template("late.yaml", crate::support::TEMPLATE);
    catalog.ok("CreateProduct", body);
}
