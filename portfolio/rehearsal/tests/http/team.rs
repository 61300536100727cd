//! What a team sees. Launches with real stacks are in the end-to-end tests.

use serde_json::{Value, json};

use crate::support::{Catalog, Stocked, signed, token};

const ROLE: &str = "arn:aws:iam::111122223333:role/Dev";

/// The access key id of a session of the role `Dev`.
fn session(catalog: &Catalog) -> String {
    let trust = ("AssumeRolePolicyDocument", r#"{"Statement":[]}"#);
    catalog.query("iam", &[("Action", "CreateRole"), ("RoleName", "Dev"), trust]);
    let answer = catalog.query("sts", &[("Action", "AssumeRole"), ("RoleArn", ROLE), ("RoleSessionName", "me")]).text();
    let (_, rest) = answer.split_once("<AccessKeyId>").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

fn grant(catalog: &Catalog, portfolio: &str, kind: &str, arn: &str) {
    catalog.ok(
        "AssociatePrincipalWithPortfolio",
        json!({ "PortfolioId": portfolio, "PrincipalType": kind, "PrincipalARN": arn }),
    );
}

#[test]
fn a_caller_sees_what_its_principal_was_given_and_an_admin_is_no_exception() {
    let catalog = Catalog::new();
    let Stocked { portfolio, product, .. } = catalog.stocked();
    let key = session(&catalog);
    let dev = |operation: &str, body: Value| catalog.call_as(&key, "eu-west-1", operation, &body);
    let seen = |answer: Value| answer["ProductViewSummaries"].as_array().unwrap().len();
    assert_eq!(seen(dev("SearchProducts", json!({})).unwrap()), 0);
    let (code, message) = dev("ListLaunchPaths", json!({ "ProductId": product })).unwrap_err();
    assert_eq!(
        (code.as_str(), message),
        ("ResourceNotFoundException", format!("No launch paths found for resource: {product}"))
    );
    grant(&catalog, &portfolio, "IAM_PATTERN", "arn:aws:iam:::role/D*");
    assert_eq!(seen(dev("SearchProducts", json!({})).unwrap()), 1);
    assert_eq!(seen(catalog.ok("SearchProducts", json!({}))), 0, "the publisher was given nothing");
    let paths = dev("ListLaunchPaths", json!({ "ProductId": product })).unwrap();
    assert_eq!(paths["LaunchPathSummaries"][0]["Name"], "Portfolio");
    assert!(paths["LaunchPathSummaries"][0]["Id"].as_str().unwrap().starts_with("lpv3-"));
    let view = dev("DescribeProduct", json!({ "Id": product })).unwrap();
    let by_view = dev("DescribeProductView", json!({ "Id": view["ProductViewSummary"]["Id"] })).unwrap();
    assert_eq!(by_view["ProductViewSummary"], view["ProductViewSummary"]);
}

#[test]
fn an_inactive_version_is_hidden_and_a_deprecated_one_is_marked() {
    let catalog = Catalog::with(|b| b.open_access(true));
    let Stocked { product, version, .. } = catalog.stocked();
    let second = catalog.version(&product, "v2").unwrap();
    let set = |version: &str, member: &str, value: Value| {
        let mut body = json!({ "ProductId": product, "ProvisioningArtifactId": version });
        body[member] = value;
        catalog.ok("UpdateProvisioningArtifact", body);
    };
    set(&version, "Active", false.into());
    set(&second, "Guidance", "DEPRECATED".into());
    let versions = catalog.ok("DescribeProduct", json!({ "Id": product }))["ProvisioningArtifacts"].clone();
    assert_eq!(versions.as_array().unwrap().len(), 1);
    assert_eq!((&versions[0]["Id"], &versions[0]["Guidance"]), (&json!(second), &json!("DEPRECATED")));
    let hidden = json!({ "ProductId": product, "ProvisioningArtifactId": version });
    assert_eq!(catalog.code("DescribeProvisioningParameters", hidden), "ResourceNotFoundException");
}

#[test]
fn the_parameters_of_a_launch_come_with_constraints_and_tag_options() {
    let catalog = Catalog::with(|b| b.open_access(true).check_launch_roles(false));
    let stocked = catalog.stocked();
    let url = catalog.template("p.yaml", "Parameters:\n  Size: {Type: String, AllowedValues: [s, m], Description: How big}\nResources:\n  T: {Type: AWS::SNS::Topic}\nOutputs:\n  Arn: {Value: !Ref T, Description: The topic}\n");
    let info = json!({ "Name": "v2", "Info": { "LoadTemplateFromURL": url } });
    let version = catalog.ok(
        "CreateProvisioningArtifact",
        json!({ "ProductId": stocked.product, "Parameters": info, "IdempotencyToken": token() }),
    );
    let rules =
        json!({ "Rules": { "R": { "Assertions": [{ "Assert": { "Fn::Contains": [["s"], { "Ref": "Size" }] } }] } } });
    catalog.ok("CreateConstraint", stocked.constraint("TEMPLATE", &rules));
    catalog.ok("CreateConstraint", stocked.constraint("LAUNCH", &json!({ "LocalRoleName": "L" })));
    let option = catalog.ok("CreateTagOption", json!({ "Key": "team", "Value": "a" }))["TagOptionDetail"]["Id"].clone();
    catalog.ok("AssociateTagOptionWithResource", json!({ "ResourceId": stocked.portfolio, "TagOptionId": option }));
    let shown = catalog.ok("DescribeProvisioningParameters", json!({ "ProductName": "Product", "ProvisioningArtifactId": version["ProvisioningArtifactDetail"]["Id"], "PathName": "Portfolio" }));
    assert_eq!(shown["ProvisioningArtifactParameters"][0]["ParameterConstraints"]["AllowedValues"], json!(["s", "m"]));
    assert_eq!(shown["ProvisioningArtifactOutputKeys"], json!([{ "Key": "Arn", "Description": "The topic" }]));
    assert_eq!(shown["ConstraintSummaries"], json!([{ "Type": "TEMPLATE" }, { "Type": "LAUNCH" }]));
    assert_eq!(shown["TagOptions"], json!([{ "Key": "team", "Values": ["a"] }]));
    let says = |kind: &str| {
        shown["UsageInstructions"].as_array().unwrap().iter().find(|u| u["Type"] == kind).unwrap()["Value"].clone()
    };
    assert_eq!(says("launchAsRole"), "arn:aws:iam::111122223333:role/L");
    assert_eq!(serde_json::from_str::<Value>(says("rules").as_str().unwrap()).unwrap(), rules["Rules"]);
}

#[test]
fn two_paths_to_a_product_must_be_told_apart() {
    let catalog = Catalog::with(|b| b.open_access(true));
    let Stocked { product, version, .. } = catalog.stocked();
    let other = catalog.portfolio("Other");
    catalog.ok("AssociateProductWithPortfolio", json!({ "PortfolioId": other, "ProductId": product }));
    let ask = json!({ "ProductId": product, "ProvisioningArtifactId": version });
    let (code, message) = catalog.call("DescribeProvisioningParameters", ask.clone()).unwrap_err();
    assert_eq!(code, "InvalidParametersException");
    assert!(message.starts_with("More than one launch path ids exist."), "{message}");
    let mut named = ask.clone();
    named["PathName"] = "Other".into();
    catalog.ok("DescribeProvisioningParameters", named);
    let mut unknown = ask;
    unknown["PathId"] = "lpv3-unknown".into();
    assert_eq!(catalog.code("DescribeProvisioningParameters", unknown), "ResourceNotFoundException");
}

#[test]
fn provisioning_without_an_endpoint_for_stacks_is_refused_with_the_cure() {
    let catalog = Catalog::with(|b| b.open_access(true));
    let Stocked { product, version, .. } = catalog.stocked();
    let launch = json!({ "ProductId": product, "ProvisioningArtifactId": version, "ProvisionedProductName": "mine", "ProvisionToken": token() });
    let (code, message) = catalog.call("ProvisionProduct", launch).unwrap_err();
    assert_eq!(code, "OperationNotSupportedException");
    assert!(message.contains("--cloudformation-endpoint"), "{message}");
    assert_eq!(catalog.ok("ScanProvisionedProducts", json!({}))["ProvisionedProducts"], json!([]));
    assert_eq!(catalog.code("DescribeRecord", json!({ "Id": "rec-none" })), "ResourceNotFoundException");
}

#[test]
fn a_key_that_looks_like_a_session_but_is_none_is_the_default_account() {
    let catalog = Catalog::new();
    let authorization = signed("ASIAUNKNOWNUNKNOWN00", "us-east-1", "sts");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", authorization.as_str())];
    let who = catalog.send("POST", "/", &headers, b"Action=GetCallerIdentity").unwrap().text();
    assert!(who.contains("user/rehearsal"), "{who}");
}
