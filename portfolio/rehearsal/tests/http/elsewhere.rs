//! Templates and launch roles that are kept at other endpoints.

use serde_json::json;

use crate::support::{Catalog, TEMPLATE, product_input};

#[test]
fn a_template_is_read_from_another_store_when_one_is_given() {
    let store = Catalog::new();
    store.template("t.yaml", TEMPLATE);
    let catalog = Catalog::with(|b| b.s3_endpoint(&store.url("")));
    let url = "https://artifacts.s3.eu-west-1.amazonaws.com/t.yaml";
    let made = catalog.ok("CreateProduct", product_input("N", url));
    assert_eq!(made["ProductViewDetail"]["Status"], "CREATED");
    let missing = product_input("N", "https://artifacts.s3.eu-west-1.amazonaws.com/none.yaml");
    assert_eq!(catalog.code("CreateProduct", missing), "InvalidParametersException");
    let reads: Vec<String> = store.rehearsal().requests().into_iter().map(|e| e.operation).collect();
    assert!(reads.contains(&"s3:GetObject".to_owned()), "{reads:?}");
}

#[test]
fn a_launch_role_is_looked_up_at_another_iam_when_one_is_given() {
    let iam = Catalog::new();
    let catalog = Catalog::with(|b| b.iam_endpoint(&iam.url("")));
    let stocked = catalog.stocked();
    let launch = |arn: &str| stocked.constraint("LAUNCH", &json!({ "RoleArn": arn }));
    let arn = "arn:aws:iam::111122223333:role/L";
    let (code, message) = catalog.call("CreateConstraint", launch(arn)).unwrap_err();
    assert!(code == "InvalidParametersException" && message.contains("profile does not exist"), "{code} {message}");
    iam.query(
        "iam",
        &[("Action", "CreateRole"), ("RoleName", "L"), ("AssumeRolePolicyDocument", r#"{"Statement":[]}"#)],
    );
    assert_eq!(
        catalog.code("CreateConstraint", launch("arn:aws:iam::111122223333:role/path/L")),
        "InvalidParametersException"
    );
    catalog.ok("CreateConstraint", launch(arn));
}

#[test]
fn an_endpoint_that_is_away_is_an_internal_failure_that_names_it() {
    let gone = Catalog::new();
    let url = gone.url("");
    gone.stop();
    let catalog = Catalog::with(|b| b.s3_endpoint(&url));
    let input = product_input("N", "https://artifacts.s3.eu-west-1.amazonaws.com/t.yaml");
    let (code, message) = catalog.call("CreateProduct", input).unwrap_err();
    assert_eq!(code, "InternalFailure");
    assert!(message.contains(&url), "{message}");
}
