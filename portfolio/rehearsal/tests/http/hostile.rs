//! Input that no honest client sends: it is refused, and never breaks the endpoint.

use edgeseal_rehearsal::operations_table;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::support::{ACCOUNT, Catalog, Stocked, signed};

/// The same cases in every run.
fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Members that many operations share, so that random bodies come past the first check.
fn members(stocked: &Stocked) -> BoxedStrategy<Value> {
    let ids = [&stocked.portfolio, &stocked.product, &stocked.version].map(|id| json!(id));
    let text = prop_oneof![
        any::<String>().prop_map(Value::from),
        "[a-z0-9*?:/{}\"-]{0,40}".prop_map(Value::from),
        Just(json!("{\"Rules\":{\"R\":{\"Assertions\":[{\"Assert\":{\"Fn::And\":[]}}]}}}")),
        Just(json!("LAUNCH")),
        Just(json!("IAM")),
        proptest::sample::select(ids.to_vec()),
    ];
    let scalar = prop_oneof![
        6 => text,
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    scalar
        .prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                btree_map(name(), inner, 0..4).prop_map(|m| m.into_iter().collect::<Value>()),
            ]
        })
        .boxed()
}

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(
        [
            "Id",
            "PortfolioId",
            "ProductId",
            "ProvisioningArtifactId",
            "Name",
            "Owner",
            "Type",
            "Parameters",
            "Key",
            "Value",
            "Tags",
            "AddTags",
            "RemoveTags",
            "IdempotencyToken",
            "Info",
            "LoadTemplateFromURL",
            "DisplayName",
            "ProviderName",
            "PageSize",
            "PageToken",
            "Filters",
            "PrincipalARN",
            "PrincipalType",
            "Definition",
            "Nonsense",
        ]
        .map(str::to_owned)
        .to_vec(),
    )
}

#[test]
fn no_body_breaks_an_operation() {
    let catalog = Catalog::with(|b| b.open_access(true));
    let stocked = catalog.stocked();
    let bodies = btree_map(name(), members(&stocked), 0..10);
    let mut runner = runner();
    let table = operations_table();
    let served = table.lines().filter(|l| l.contains("| served |")).filter_map(|l| l.split('`').nth(1));
    for operation in served {
        for _ in 0..24 {
            let body: Value = bodies.new_tree(&mut runner).unwrap().current().into_iter().collect();
            if let Err((code, message)) = catalog.call(operation, body.clone()) {
                assert!(code != "InternalFailure" && code != "(connection)", "{operation} {body}: {code} {message}");
            }
        }
    }
}

#[test]
fn no_request_of_any_shape_is_left_without_an_answer() {
    let catalog = Catalog::new();
    let good = signed(ACCOUNT, "eu-west-1", "s3");
    let request = (
        proptest::sample::select(vec!["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]),
        "/[a-z%0-9._/-]{0,30}(\\?[a-z=&%0-9-]{0,30})?",
        proptest::option::of("[ -~]{0,60}"),
        proptest::option::of("AWS242ServiceCatalogService\\.[A-Za-z]{0,12}|[ -~]{0,20}"),
        vec(any::<u8>(), 0..60),
    );
    let mut runner = runner();
    for _ in 0..400 {
        let (method, path, authorization, target, body) = request.new_tree(&mut runner).unwrap().current();
        let authorization = authorization.unwrap_or_else(|| good.clone());
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(target.as_deref().map(|t| ("x-amz-target", t)));
        let body = if matches!(method, "GET" | "HEAD" | "DELETE") { Vec::new() } else { body };
        // What the client itself refuses to send never reaches the endpoint.
        let sendable = path.parse::<ureq::http::Uri>().is_ok()
            && headers.iter().all(|(_, v)| ureq::http::HeaderValue::from_str(v).is_ok());
        if sendable {
            let raw = catalog.send(method, &path, &headers, &body).unwrap();
            assert!(raw.status != 500, "{method} {path} {headers:?}: {}", raw.text());
        }
    }
}

#[test]
fn no_template_breaks_the_reader() {
    let catalog = Catalog::new();
    let (product, _) = catalog.product("N");
    let pieces = vec(
        proptest::sample::select(vec![
            "Resources:\n",
            "  T:\n",
            "    Type: AWS::SNS::Topic\n",
            "    Properties: {A: !Sub '${",
            "}'}\n",
            "!Ref ",
            "&a ",
            "*a",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "? ",
            ": ",
            "|\n",
            "\t",
            "\"",
            "%YAML 1.2\n",
            "---\n",
            "...\n",
            "é",
        ]),
        0..14,
    );
    let mut runner = runner();
    for n in 0..200 {
        let text = pieces.new_tree(&mut runner).unwrap().current().concat();
        let url = catalog.template(&format!("{n}.yaml"), &text);
        let body = json!({
            "ProductId": product, "IdempotencyToken": format!("h{n}"),
            "Parameters": { "Name": format!("h{n}"), "Info": { "LoadTemplateFromURL": url } },
        });
        if let Err((code, message)) = catalog.call("CreateProvisioningArtifact", body) {
            assert!(
                code == "InvalidParametersException" || code == "LimitExceededException",
                "{text:?}: {code} {message}"
            );
        }
    }
}
