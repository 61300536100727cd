//! Principals, TagOptions, service actions and searches.

use serde_json::{Value, json};

use crate::support::{Catalog, Stocked, token};

#[test]
fn a_pattern_principal_leaves_only_when_its_type_is_named() {
    let catalog = Catalog::new();
    let portfolio = catalog.portfolio("P");
    let principal = |arn: &str, kind: Option<&str>| {
        let mut body = json!({ "PortfolioId": portfolio, "PrincipalARN": arn });
        if let Some(kind) = kind {
            body["PrincipalType"] = kind.into();
        }
        body
    };
    let pattern = "arn:aws:iam:::role/Dev*";
    for _ in 0..2 {
        catalog.ok("AssociatePrincipalWithPortfolio", principal(pattern, Some("IAM_PATTERN")));
    }
    let listed = || catalog.ok("ListPrincipalsForPortfolio", json!({ "PortfolioId": portfolio }))["Principals"].clone();
    assert_eq!(listed(), json!([{ "PrincipalARN": pattern, "PrincipalType": "IAM_PATTERN" }]));
    assert_eq!(
        catalog.code("DisassociatePrincipalFromPortfolio", principal(pattern, None)),
        "ResourceNotFoundException"
    );
    assert_eq!(listed().as_array().unwrap().len(), 1, "the grant stays");
    catalog.ok("DisassociatePrincipalFromPortfolio", principal(pattern, Some("IAM_PATTERN")));
    assert_eq!(listed(), json!([]));
    assert_eq!(
        catalog.code("AssociatePrincipalWithPortfolio", principal("arn:aws:iam::111122223333:role/Dev*", Some("IAM"))),
        "InvalidParametersException"
    );
}

#[test]
fn a_tag_option_is_one_key_and_value_and_stays_while_it_is_used() {
    let catalog = Catalog::new();
    let Stocked { portfolio, product, .. } = catalog.stocked();
    let make = |value: &str| catalog.call("CreateTagOption", json!({ "Key": "team", "Value": value }));
    let id = make("a").unwrap()["TagOptionDetail"]["Id"].clone();
    assert_eq!(make("a").unwrap_err().0, "DuplicateResourceException");
    let other = make("b").unwrap()["TagOptionDetail"]["Id"].clone();
    assert_eq!(catalog.code("UpdateTagOption", json!({ "Id": other, "Value": "a" })), "DuplicateResourceException");
    let link = |resource: &str| json!({ "ResourceId": resource, "TagOptionId": id });
    catalog.ok("AssociateTagOptionWithResource", link(&portfolio));
    catalog.ok("AssociateTagOptionWithResource", link(&product));
    assert_eq!(catalog.code("AssociateTagOptionWithResource", link(&product)), "DuplicateResourceException");
    assert_eq!(catalog.code("AssociateTagOptionWithResource", link("prod-unknown")), "ResourceNotFoundException");
    assert_eq!(catalog.code("DeleteTagOption", json!({ "Id": id })), "ResourceInUseException");
    let of = |kind: &str| {
        catalog.ok("ListResourcesForTagOption", json!({ "TagOptionId": id, "ResourceType": kind }))["ResourceDetails"]
            [0]["Id"]
            .clone()
    };
    assert_eq!((of("Portfolio"), of("Product")), (portfolio.clone().into(), product.clone().into()));
    assert_eq!(catalog.ok("DescribeProductAsAdmin", json!({ "Id": product }))["TagOptions"][0]["Id"], id);
    catalog.ok("UpdateTagOption", json!({ "Id": id, "Active": false }));
    let active = catalog.ok("ListTagOptions", json!({ "Filters": { "Key": "team", "Active": true } }));
    assert_eq!(active["TagOptionDetails"].as_array().unwrap().len(), 1);
    for resource in [&portfolio, &product] {
        catalog.ok("DisassociateTagOptionFromResource", link(resource));
    }
    assert_eq!(catalog.code("DisassociateTagOptionFromResource", link(&product)), "ResourceNotFoundException");
    catalog.ok("DeleteTagOption", json!({ "Id": id }));
    assert_eq!(catalog.code("DescribeTagOption", json!({ "Id": id })), "ResourceNotFoundException");
}

#[test]
fn a_service_action_belongs_to_one_version_and_batches_tell_what_failed() {
    let catalog = Catalog::new();
    let Stocked { product, version, .. } = catalog.stocked();
    let definition = json!({ "Name": "AWS-RestartEC2Instance", "Version": "1" });
    let make = |name: &str, definition: &Value| {
        catalog.call("CreateServiceAction", json!({ "Name": name, "DefinitionType": "SSM_AUTOMATION", "Definition": definition, "IdempotencyToken": token() }))
    };
    let action = make("restart", &definition).unwrap()["ServiceActionDetail"]["ServiceActionSummary"]["Id"].clone();
    assert_eq!(make("restart", &definition).unwrap_err().0, "InvalidParametersException");
    assert_eq!(make("other", &json!({ "Name": "x" })).unwrap_err().0, "InvalidParametersException");
    let item =
        |action: &Value| json!({ "ProductId": product, "ProvisioningArtifactId": version, "ServiceActionId": action });
    let batch = |operation: &str, items: Value| {
        catalog.ok(operation, json!({ "ServiceActionAssociations": items }))["FailedServiceActionAssociations"].clone()
    };
    let failed = batch(
        "BatchAssociateServiceActionWithProvisioningArtifact",
        json!([item(&action), item(&action), item(&json!("act-none"))]),
    );
    let codes: Vec<&str> = failed.as_array().unwrap().iter().map(|f| f["ErrorCode"].as_str().unwrap()).collect();
    assert_eq!(codes, ["DUPLICATE_RESOURCE", "RESOURCE_NOT_FOUND"]);
    assert_eq!(
        catalog.code("AssociateServiceActionWithProvisioningArtifact", item(&action)),
        "DuplicateResourceException"
    );
    let second = catalog.version(&product, "v2").unwrap();
    let of = |version: &str| {
        catalog.ok(
            "ListServiceActionsForProvisioningArtifact",
            json!({ "ProductId": product, "ProvisioningArtifactId": version }),
        )["ServiceActionSummaries"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((of(&version), of(&second)), (1, 0));
    let views = catalog.ok("ListProvisioningArtifactsForServiceAction", json!({ "ServiceActionId": action }));
    assert_eq!(views["ProvisioningArtifactViews"][0]["ProvisioningArtifact"]["Id"], version);
    assert_eq!(catalog.code("DeleteServiceAction", json!({ "Id": action })), "ResourceInUseException");
    assert_eq!(batch("BatchDisassociateServiceActionFromProvisioningArtifact", json!([item(&action)])), json!([]));
    catalog.ok("DeleteServiceAction", json!({ "Id": action }));
}

#[test]
fn searches_filter_by_text_owner_type_and_portfolio_and_sort() {
    let catalog = Catalog::new();
    let Stocked { portfolio, product, .. } = catalog.stocked();
    let (beta, _) = catalog.product("Beta bucket");
    catalog.version(&beta, "v2").unwrap();
    let search = |body: Value| -> Vec<String> {
        let found = catalog.ok("SearchProductsAsAdmin", body);
        found["ProductViewDetails"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["ProductViewSummary"]["ProductId"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(search(json!({})), [product.clone(), beta.clone()]);
    assert_eq!(search(json!({ "PortfolioId": portfolio })), std::slice::from_ref(&product));
    assert_eq!(search(json!({ "Filters": { "FullTextSearch": ["bucket"] } })), std::slice::from_ref(&beta));
    assert_eq!(
        search(json!({ "Filters": { "Owner": ["nobody", "platform"], "ProductType": ["CLOUD_FORMATION_TEMPLATE"] } }))
            .len(),
        2
    );
    assert_eq!(search(json!({ "SortBy": "Title" })), [beta.clone(), product.clone()]);
    assert_eq!(search(json!({ "SortBy": "VersionCount", "SortOrder": "DESCENDING" })), [beta, product]);
    assert_eq!(
        catalog.code("SearchProductsAsAdmin", json!({ "PortfolioId": "port-none" })),
        "ResourceNotFoundException"
    );
}
