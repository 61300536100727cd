//! Scripted faults, states that settle in time, and concurrent calls.

use std::sync::Arc;
use std::time::Duration;

use edgeseal_rehearsal::{Effect, Fault};
use serde_json::{Value, json};

use crate::support::{Catalog, Stocked, at_once, token};

fn count(catalog: &Catalog) -> usize {
    catalog.ok("ListPortfolios", json!({}))["PortfolioDetails"].as_array().unwrap().len()
}

fn create(catalog: &Catalog) -> Result<Value, (String, String)> {
    catalog.call("CreatePortfolio", json!({ "DisplayName": "P", "ProviderName": "p", "IdempotencyToken": token() }))
}

#[test]
fn each_effect_does_what_its_name_says() {
    let throttled = || Effect::Error { code: "LimitExceededException".into(), message: "no".into(), status: 400 };
    let cases = [
        (Effect::Throttle, "ThrottlingException", 0),
        (Effect::Internal, "InternalFailure", 0),
        (throttled(), "LimitExceededException", 0),
        (Effect::DropBefore, "(connection)", 0),
        (Effect::DropAfter, "(connection)", 1),
    ];
    for (effect, code, made) in cases {
        let catalog = Catalog::new();
        catalog.rehearsal().add_fault(Fault::new("CreatePortfolio", effect.clone()));
        assert_eq!(create(&catalog).unwrap_err().0, code, "{effect:?}");
        assert_eq!(count(&catalog), made, "{effect:?}");
        create(&catalog).unwrap();
        assert_eq!(count(&catalog), made + 1, "{effect:?} touches one call");
        catalog.stop();
    }
}

#[test]
fn a_call_repeated_with_its_token_after_a_lost_answer_makes_no_second_thing() {
    let catalog = Catalog::new();
    catalog.rehearsal().add_fault(Fault::new("CreatePortfolio", Effect::DropAfter));
    let body = json!({ "DisplayName": "P", "ProviderName": "p", "IdempotencyToken": "once" });
    assert!(catalog.call("CreatePortfolio", body.clone()).is_err());
    catalog.ok("CreatePortfolio", body);
    assert_eq!(count(&catalog), 1);
}

#[test]
fn what_was_made_is_not_found_by_the_next_requests_that_look() {
    let catalog = Catalog::new();
    catalog.rehearsal().add_fault(Fault::new("CreatePortfolio", Effect::NotFoundWindow { reads: 2 }));
    let id = catalog.portfolio("P");
    assert_eq!(catalog.code("DescribePortfolio", json!({ "Id": id })), "ResourceNotFoundException");
    assert_eq!(count(&catalog), 0, "a list does not show it either");
    catalog.ok("DescribePortfolio", json!({ "Id": id }));
}

#[test]
fn a_constraint_soon_after_its_association_can_miss_it() {
    let catalog = Catalog::with(|b| b.check_launch_roles(false));
    let portfolio = catalog.portfolio("P");
    let (product, version) = catalog.product("N");
    let stocked = Stocked { portfolio: portfolio.clone(), product: product.clone(), version };
    catalog.rehearsal().add_fault(Fault::new("AssociateProductWithPortfolio", Effect::NotFoundWindow { reads: 1 }));
    catalog.ok("AssociateProductWithPortfolio", json!({ "PortfolioId": portfolio, "ProductId": product }));
    let launch = stocked.constraint("LAUNCH", &json!({ "LocalRoleName": "L" }));
    assert_eq!(catalog.code("CreateConstraint", launch.clone()), "ResourceNotFoundException");
    catalog.ok("CreateConstraint", launch);
}

#[test]
fn a_fault_counts_calls_and_stops_when_it_is_told() {
    let catalog = Catalog::new();
    let admin = |method: &str, path: &str, body: &str| catalog.send(method, path, &[], body.as_bytes()).unwrap();
    let faults = r#"[{"operation": "CreatePortfolio", "nth": 2, "times": 2, "effect": "throttle"}, {"operation": "*", "effect": "latency", "ms": 1}]"#;
    assert_eq!(admin("POST", "/_rehearsal/faults", faults).json()["added"], 2);
    let failures: Vec<bool> = (0..4).map(|_| create(&catalog).is_err()).collect();
    assert_eq!(failures, [false, true, true, false]);
    assert_eq!(admin("GET", "/_rehearsal/faults", "").json()[0]["seen"], 4);
    admin("POST", "/_rehearsal/faults", r#"{"operation": "CreatePortfolio", "times": 0, "effect": "internal"}"#);
    assert!(create(&catalog).is_err() && create(&catalog).is_err());
    admin("DELETE", "/_rehearsal/faults", "");
    create(&catalog).unwrap();
}

#[test]
fn the_log_tells_each_request_and_how_it_ended() {
    let catalog = Catalog::new();
    catalog.rehearsal().add_fault(Fault::new("CreatePortfolio", Effect::DropBefore));
    let _ = create(&catalog);
    create(&catalog).unwrap();
    catalog.code("DescribePortfolio", json!({ "Id": "port-none" }));
    catalog.s3("PUT", "/artifacts", &[], b"");
    catalog.query("sts", &[("Action", "GetCallerIdentity")]);
    let log: Vec<(String, u16, String)> =
        catalog.rehearsal().requests().into_iter().map(|e| (e.operation, e.status, e.code)).collect();
    let entry = |operation: &str, status, code: &str| (operation.to_owned(), status, code.to_owned());
    assert_eq!(
        log,
        [
            entry("CreatePortfolio", 0, ""),
            entry("CreatePortfolio", 200, ""),
            entry("DescribePortfolio", 400, "ResourceNotFoundException"),
            entry("s3:CreateBucket", 200, ""),
            entry("sts:GetCallerIdentity", 200, ""),
        ]
    );
    let raw = catalog.send("GET", "/_rehearsal/requests", &[], b"").unwrap();
    assert_eq!(raw.json().as_array().unwrap().len(), 5);
    assert_eq!(raw.json()[1]["account"], crate::support::ACCOUNT);
}

#[test]
fn new_things_settle_in_their_time() {
    let catalog = Catalog::with(|b| b.settle(Duration::from_secs(3600)).check_launch_roles(false));
    let stocked = catalog.stocked();
    let made = catalog.ok("CreateConstraint", stocked.constraint("LAUNCH", &json!({ "LocalRoleName": "L" })));
    let statuses = || {
        let product = catalog.ok("DescribeProductAsAdmin", json!({ "Id": stocked.product }));
        let version = catalog.ok(
            "DescribeProvisioningArtifact",
            json!({ "ProductId": stocked.product, "ProvisioningArtifactId": stocked.version }),
        );
        let constraint = catalog.ok("DescribeConstraint", json!({ "Id": made["ConstraintDetail"]["ConstraintId"] }));
        [product["ProductViewDetail"]["Status"].clone(), version["Status"].clone(), constraint["Status"].clone()]
    };
    assert_eq!(statuses(), ["CREATING", "CREATING", "CREATING"]);
    catalog.send("POST", "/_rehearsal/clock", &[], b"{\"advance_seconds\": 3601}").unwrap();
    assert_eq!(statuses(), ["CREATED", "AVAILABLE", "AVAILABLE"]);
}

#[test]
fn many_callers_at_once_lose_nothing_and_tokens_hold() {
    let catalog = Arc::new(Catalog::new());
    let ids = at_once(&catalog, 8, |catalog, n| {
        let body = json!({ "DisplayName": "P", "ProviderName": "p", "IdempotencyToken": format!("t-{}", n % 4) });
        catalog.ok("CreatePortfolio", body)["PortfolioDetail"]["Id"].as_str().unwrap().to_owned()
    });
    let mut distinct = ids.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((ids.len(), distinct.len(), count(&catalog)), (8, 4, 4));
}
