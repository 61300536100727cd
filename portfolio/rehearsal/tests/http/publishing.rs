//! Portfolios, products, versions, associations, constraints and principals.

use serde_json::{Value, json};

use crate::support::{Catalog, Stocked, TEMPLATE, product_input, token};

#[test]
fn a_portfolio_keeps_what_it_was_given_and_tags_change_by_deltas() {
    let catalog = Catalog::new();
    let made = catalog.ok(
        "CreatePortfolio",
        json!({
            "DisplayName": "D", "Description": "text", "ProviderName": "P", "IdempotencyToken": token(),
            "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }],
        }),
    );
    let id = made["PortfolioDetail"]["Id"].clone();
    let changed = catalog.ok(
        "UpdatePortfolio",
        json!({ "Id": id, "DisplayName": "E", "AddTags": [{ "Key": "b", "Value": "3" }, { "Key": "c", "Value": "4" }], "RemoveTags": ["a"] }),
    );
    assert_eq!(changed["PortfolioDetail"]["DisplayName"], "E");
    assert_eq!(changed["PortfolioDetail"]["Description"], "text");
    assert_eq!(changed["Tags"], json!([{ "Key": "b", "Value": "3" }, { "Key": "c", "Value": "4" }]));
    let described = catalog.ok("DescribePortfolio", json!({ "Id": id }));
    assert_eq!(described["Tags"], changed["Tags"]);
    catalog.ok("DeletePortfolio", json!({ "Id": id }));
    assert_eq!(catalog.code("DescribePortfolio", json!({ "Id": id })), "ResourceNotFoundException");
}

#[test]
fn names_of_portfolios_and_products_need_not_be_unique() {
    let catalog = Catalog::new();
    assert_ne!(catalog.portfolio("Same"), catalog.portfolio("Same"));
    assert_ne!(catalog.product("Same").0, catalog.product("Same").0);
    let (code, message) = catalog.call("DescribeProductAsAdmin", json!({ "Name": "Same" })).unwrap_err();
    assert_eq!(code, "InvalidParametersException");
    assert!(message.contains("Multiple"), "{message}");
}

#[test]
fn a_product_is_made_with_its_first_version_and_reports_created() {
    let catalog = Catalog::new();
    let url = catalog.template("a/t.yaml", TEMPLATE);
    let made = catalog.ok("CreateProduct", product_input("N", &url));
    assert_eq!(made["ProductViewDetail"]["Status"], "CREATED");
    assert_eq!(made["ProvisioningArtifactDetail"]["Name"], "v1");
    assert_eq!(made["ProvisioningArtifactDetail"]["Active"], true);
    let product = &made["ProductViewDetail"]["ProductViewSummary"]["ProductId"];
    let version = &made["ProvisioningArtifactDetail"]["Id"];
    let described =
        catalog.ok("DescribeProvisioningArtifact", json!({ "ProductId": product, "ProvisioningArtifactId": version }));
    assert_eq!(described["Status"], "AVAILABLE");
    assert_eq!(
        described["Info"],
        json!({ "TemplateUrl": url }),
        "the key that AWS reads back, not the one it was given"
    );
}

#[test]
fn a_product_or_version_with_a_mistake_is_refused() {
    let catalog = Catalog::new();
    let url = catalog.template("t.yaml", TEMPLATE);
    let bad = catalog.template("bad.yaml", "Resources: {}");
    let edit = |change: fn(&mut Value, &str), with: &str| {
        let mut body = product_input("N", &url);
        change(&mut body, with);
        catalog.code("CreateProduct", body)
    };
    let info = |body: &mut Value, with: &str| {
        body["ProvisioningArtifactParameters"]["Info"] = serde_json::from_str(with).unwrap()
    };
    let invalid = "InvalidParametersException";
    assert_eq!(edit(info, &json!({ "LoadTemplateFromURL": bad }).to_string()), invalid);
    assert_eq!(edit(info, r#"{"LoadTemplateFromURL": "https://example.com/b/k"}"#), invalid);
    assert_eq!(edit(info, r#"{"LoadTemplateFromURL": "https://artifacts.s3.amazonaws.com/missing.yaml"}"#), invalid);
    assert_eq!(edit(info, r#"{"TemplateUrl": "https://artifacts.s3.amazonaws.com/t.yaml"}"#), invalid);
    assert_eq!(
        edit(info, r#"{"ImportFromPhysicalId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/s/1"}"#),
        "OperationNotSupportedException"
    );
    assert_eq!(edit(info, &json!({ "LoadTemplateFromURL": url, "ImportFromPhysicalId": "x" }).to_string()), invalid);
    assert_eq!(edit(|b, with| b["ProvisioningArtifactParameters"]["Name"] = with.into(), "v 1"), invalid);
    assert_eq!(edit(|b, with| b["ProvisioningArtifactParameters"]["Type"] = with.into(), "EXTERNAL"), invalid);
    assert_eq!(edit(|b, with| b["Name"] = with.into(), "  "), invalid);
    assert_eq!(edit(|b, with| b["SupportUrl"] = with.into(), "example.com"), invalid);
    assert_eq!(edit(|b, with| b["ProductType"] = with.into(), "MARKETPLACE"), invalid);
    let tags = |b: &mut Value, with: &str| b["Tags"] = serde_json::from_str(with).unwrap();
    assert_eq!(edit(tags, r#"[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]"#), invalid);
    assert_eq!(edit(tags, r#"[{"Key": "aws:x", "Value": "1"}]"#), invalid);
    assert_eq!(
        catalog.ok("SearchProductsAsAdmin", json!({}))["ProductViewDetails"],
        json!([]),
        "nothing of a refused product stays"
    );
}

#[test]
fn a_template_is_checked_unless_its_version_says_not_to() {
    let catalog = Catalog::new();
    let (product, _) = catalog.product("N");
    let bad = catalog.template("bad.yaml", "Resources: {}");
    let make = |disable: Option<bool>| {
        let mut parameters = json!({ "Name": "v2", "Info": { "LoadTemplateFromURL": bad } });
        if let Some(disable) = disable {
            parameters["DisableTemplateValidation"] = disable.into();
        }
        catalog.call(
            "CreateProvisioningArtifact",
            json!({ "ProductId": product, "Parameters": parameters, "IdempotencyToken": token() }),
        )
    };
    let (code, message) = make(None).unwrap_err();
    assert_eq!(code, "InvalidParametersException");
    assert!(message.starts_with("Invalid templateBody. Please make sure that your template is valid"), "{message}");
    assert_eq!(make(Some(false)).unwrap_err().0, "InvalidParametersException");
    assert_eq!(make(Some(true)).unwrap()["Status"], "CREATING");
}

#[test]
fn only_name_description_active_and_guidance_of_a_version_change() {
    let catalog = Catalog::new();
    let (product, version) = catalog.product("N");
    let ids = json!({ "ProductId": product, "ProvisioningArtifactId": version });
    let mut update = ids.clone();
    for (member, value) in [
        ("Name", json!("v1.1")),
        ("Active", json!(false)),
        ("Guidance", json!("DEPRECATED")),
        ("Description", json!("d")),
    ] {
        update[member] = value;
    }
    let changed = catalog.ok("UpdateProvisioningArtifact", update);
    assert_eq!(changed["Status"], "AVAILABLE");
    let listed = catalog.ok("ListProvisioningArtifacts", json!({ "ProductId": product }));
    assert_eq!(listed["ProvisioningArtifactDetails"][0], changed["ProvisioningArtifactDetail"]);
    assert_eq!(listed["ProvisioningArtifactDetails"][0]["Guidance"], "DEPRECATED");
    let mut template = ids;
    template["Info"] = json!({ "LoadTemplateFromURL": "x" });
    assert_eq!(catalog.code("UpdateProvisioningArtifact", template), "ValidationException");
}

#[test]
fn what_is_in_use_cannot_be_deleted_and_the_reverse_order_works() {
    let catalog = Catalog::new();
    let Stocked { portfolio, product, version } = catalog.stocked();
    let stocked = Stocked { portfolio: portfolio.clone(), product: product.clone(), version: version.clone() };
    let pair = json!({ "PortfolioId": portfolio, "ProductId": product });
    let principal =
        json!({ "PortfolioId": portfolio, "PrincipalARN": "arn:aws:iam::111122223333:role/R", "PrincipalType": "IAM" });
    let made = catalog.ok(
        "CreateConstraint",
        stocked.constraint(
            "TEMPLATE",
            &json!({ "Rules": { "R": { "Assertions": [{ "Assert": { "Fn::Equals": ["a", "a"] } }] } } }),
        ),
    );
    catalog.ok("AssociatePrincipalWithPortfolio", principal.clone());
    let in_use = "ResourceInUseException";
    assert_eq!(catalog.code("DeleteProduct", json!({ "Id": product })), in_use);
    assert_eq!(catalog.code("DeletePortfolio", json!({ "Id": portfolio })), in_use);
    assert_eq!(catalog.code("DisassociateProductFromPortfolio", pair.clone()), in_use);
    let artifact = json!({ "ProductId": product, "ProvisioningArtifactId": version });
    assert_eq!(catalog.code("DeleteProvisioningArtifact", artifact.clone()), in_use, "the last version");
    catalog.version(&product, "v2").unwrap();
    catalog.ok("DeleteProvisioningArtifact", artifact);
    catalog.ok("DeleteConstraint", json!({ "Id": made["ConstraintDetail"]["ConstraintId"] }));
    catalog.ok("DisassociateProductFromPortfolio", pair);
    let (_, message) = catalog.call("DeletePortfolio", json!({ "Id": portfolio })).unwrap_err();
    assert_eq!(message, format!("Portfolio {portfolio} still has associated Principals"));
    catalog.ok("DisassociatePrincipalFromPortfolio", principal);
    catalog.ok("DeletePortfolio", json!({ "Id": portfolio }));
    catalog.ok("DeleteProduct", json!({ "Id": product }));
}

#[test]
fn a_constraint_needs_the_association_and_the_launch_role() {
    let catalog = Catalog::new();
    let portfolio = catalog.portfolio("P");
    let (product, version) = catalog.product("N");
    let stocked = Stocked { portfolio: portfolio.clone(), product: product.clone(), version };
    let launch = |arn: &str| stocked.constraint("LAUNCH", &json!({ "RoleArn": arn }));
    assert_eq!(
        catalog.code("CreateConstraint", launch("arn:aws:iam::111122223333:role/sc/L")),
        "ResourceNotFoundException"
    );
    catalog.ok("AssociateProductWithPortfolio", json!({ "PortfolioId": portfolio, "ProductId": product }));
    let (code, message) = catalog.call("CreateConstraint", launch("arn:aws:iam::111122223333:role/sc/L")).unwrap_err();
    assert_eq!(code, "InvalidParametersException");
    assert!(message.contains("profile does not exist"), "{message}");
    catalog.query(
        "iam",
        &[
            ("Action", "CreateRole"),
            ("RoleName", "L"),
            ("Path", "/sc/"),
            ("AssumeRolePolicyDocument", r#"{"Statement":[]}"#),
        ],
    );
    assert_eq!(
        catalog.code("CreateConstraint", launch("arn:aws:iam::111122223333:role/L")),
        "InvalidParametersException",
        "the path is part of the ARN"
    );
    let made = catalog.ok("CreateConstraint", launch("arn:aws:iam::111122223333:role/sc/L"));
    assert_eq!(made["Status"], "CREATING");
    let id = &made["ConstraintDetail"]["ConstraintId"];
    let spaced = "{ \"LocalRoleName\" :  \"L\" }";
    catalog.ok("UpdateConstraint", json!({ "Id": id, "Parameters": spaced, "Description": "by name" }));
    let described = catalog.ok("DescribeConstraint", json!({ "Id": id }));
    assert_eq!(described["ConstraintParameters"], spaced, "echoed as it was written");
    assert_eq!(described["Status"], "AVAILABLE");
    let listed = catalog.ok("ListConstraintsForPortfolio", json!({ "PortfolioId": portfolio, "ProductId": product }));
    assert_eq!(listed["ConstraintDetails"], json!([described["ConstraintDetail"]]));
}

#[test]
fn launch_and_stack_set_constraints_are_single_and_exclude_each_other() {
    let catalog = Catalog::with(|b| b.check_launch_roles(false));
    let stocked = catalog.stocked();
    let launch = || stocked.constraint("LAUNCH", &json!({ "LocalRoleName": "L" }));
    let stack_set = || {
        let role = "arn:aws:iam::111122223333:role/A";
        let properties = json!({ "AccountList": ["111122223333"], "RegionList": ["eu-west-1"], "AdminRole": role, "ExecutionRole": "E" });
        stocked.constraint("STACKSET", &json!({ "Version": "1", "Properties": properties }))
    };
    let update = || {
        stocked.constraint(
            "RESOURCE_UPDATE",
            &json!({ "Version": "2.0", "Properties": { "TagUpdateOnProvisionedProduct": "ALLOWED" } }),
        )
    };
    let made = catalog.ok("CreateConstraint", launch());
    assert_eq!(catalog.code("CreateConstraint", launch()), "DuplicateResourceException");
    assert_eq!(catalog.code("CreateConstraint", stack_set()), "InvalidParametersException");
    catalog.ok("DeleteConstraint", json!({ "Id": made["ConstraintDetail"]["ConstraintId"] }));
    catalog.ok("CreateConstraint", stack_set());
    assert_eq!(catalog.code("CreateConstraint", launch()), "InvalidParametersException");
    assert_eq!(catalog.code("CreateConstraint", stack_set()), "DuplicateResourceException");
    catalog.ok("CreateConstraint", update());
    assert_eq!(catalog.code("CreateConstraint", update()), "DuplicateResourceException");
    let topic = json!({ "NotificationArns": ["arn:aws:sns:eu-west-1:111122223333:t"] });
    catalog.ok("CreateConstraint", stocked.constraint("NOTIFICATION", &topic));
    assert_eq!(
        catalog.code("CreateConstraint", stocked.constraint("BUDGET", &json!({}))),
        "InvalidParametersException"
    );
}
