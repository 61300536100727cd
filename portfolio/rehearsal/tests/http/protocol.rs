//! What the endpoint takes, and how it refuses the rest.

use serde_json::{Value, json};

use crate::support::{ACCOUNT, Catalog, signed, token};

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.1");
const TARGET: (&str, &str) = ("x-amz-target", "AWS242ServiceCatalogService.ListPortfolios");

#[test]
fn a_request_that_aws_would_not_take_is_refused_with_a_typed_error() {
    let catalog = Catalog::new();
    let good = signed(ACCOUNT, "eu-west-1", "servicecatalog");
    let other = signed(ACCOUNT, "eu-west-1", "s3");
    let auth = ("authorization", good.as_str());
    let unknown = ("x-amz-target", "AWS242ServiceCatalogService.MakePortfolio");
    let foreign = ("x-amz-target", "DynamoDB_20120810.ListTables");
    let refused = ("x-amz-target", "AWS242ServiceCatalogService.CopyProduct");
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, &str, Headers<'_>, &str, &str); 10] = [
        ("unsigned", "/", &[JSON, TARGET], "{}", "MissingAuthenticationTokenException"),
        (
            "half signed",
            "/",
            &[JSON, TARGET, ("authorization", "AWS4-HMAC-SHA256 x")],
            "{}",
            "IncompleteSignatureException",
        ),
        ("for another service", "/", &[JSON, TARGET, ("authorization", &other)], "{}", "InvalidSignatureException"),
        ("unknown operation", "/", &[JSON, unknown, auth], "{}", "UnknownOperationException"),
        ("refused operation", "/", &[JSON, refused, auth], "{}", "UnknownOperationException"),
        ("another service's target", "/", &[JSON, foreign, auth], "{}", "UnknownOperationException"),
        ("not JSON", "/", &[JSON, TARGET, auth], "{", "SerializationException"),
        ("not an object", "/", &[JSON, TARGET, auth], "[]", "SerializationException"),
        (
            "content type",
            "/",
            &[("content-type", "application/json"), TARGET, auth],
            "{}",
            "UnsupportedProtocolException",
        ),
        (
            "CBOR",
            "/service/AWS242ServiceCatalogService/operation/ListPortfolios",
            &[("content-type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"), auth],
            "",
            "UnsupportedProtocolException",
        ),
    ];
    for (what, path, headers, body, code) in cases {
        let raw = catalog.send("POST", path, headers, body.as_bytes()).unwrap();
        assert!(raw.status == 400 || raw.status == 403, "{what}: {}", raw.status);
        assert_eq!(raw.json()["__type"], code, "{what}");
        assert_eq!(raw.headers["x-amzn-errortype"], code, "{what}");
    }
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let catalog = Catalog::new();
    let auth = signed(ACCOUNT, "eu-west-1", "servicecatalog");
    let id = || {
        let raw = catalog.send("POST", "/", &[JSON, TARGET, ("authorization", &auth)], b"{}").unwrap();
        raw.headers["x-amzn-requestid"].to_str().unwrap().to_owned()
    };
    let (one, two) = (id(), id());
    assert_eq!(one.len(), 36);
    assert_ne!(one, two);
}

#[test]
fn a_violation_of_the_model_reads_as_aws_writes_it() {
    let catalog = Catalog::new();
    let long = "x".repeat(101);
    let body = json!({ "DisplayName": long, "ProviderName": "p", "IdempotencyToken": token() });
    let (code, message) = catalog.call("CreatePortfolio", body).unwrap_err();
    assert_eq!(code, "ValidationException");
    assert_eq!(
        message,
        format!(
            "1 validation error detected: Value '{long}' at 'displayName' failed to satisfy constraint: Member must have length less than or equal to 100"
        )
    );
}

#[test]
fn identifiers_and_arns_have_the_forms_of_aws() {
    let catalog = Catalog::new();
    let stocked = catalog.stocked();
    let is = |id: &str, prefix: &str| {
        let tail = id.strip_prefix(prefix).and_then(|t| t.strip_prefix('-')).unwrap_or_default();
        tail.len() == 13 && tail.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    assert!(is(&stocked.portfolio, "port") && is(&stocked.product, "prod") && is(&stocked.version, "pa"));
    let portfolio = catalog.ok("DescribePortfolio", json!({ "Id": stocked.portfolio }));
    let arn = format!("arn:aws:catalog:eu-west-1:{ACCOUNT}:portfolio/{}", stocked.portfolio);
    assert_eq!(portfolio["PortfolioDetail"]["ARN"], arn);
    assert!(
        portfolio["PortfolioDetail"]["CreatedTime"].is_f64() || portfolio["PortfolioDetail"]["CreatedTime"].is_i64()
    );
    let product = catalog.ok("DescribeProductAsAdmin", json!({ "Id": stocked.product }));
    let summary = &product["ProductViewDetail"]["ProductViewSummary"];
    assert!(is(summary["Id"].as_str().unwrap(), "prodview"));
    assert_eq!(summary["ProductId"], stocked.product);
    let gov = catalog
        .call_as(
            ACCOUNT,
            "us-gov-west-1",
            "CreatePortfolio",
            &json!({ "DisplayName": "g", "ProviderName": "p", "IdempotencyToken": "g" }),
        )
        .unwrap();
    assert!(gov["PortfolioDetail"]["ARN"].as_str().unwrap().starts_with("arn:aws-us-gov:catalog:us-gov-west-1:"));
}

#[test]
fn accounts_and_regions_do_not_see_each_other() {
    let catalog = Catalog::new();
    let id = catalog.portfolio("Mine");
    let count = |key: &str, region: &str| {
        let answer = catalog.call_as(key, region, "ListPortfolios", &json!({})).unwrap();
        answer["PortfolioDetails"].as_array().unwrap().len()
    };
    assert_eq!(count(ACCOUNT, "eu-west-1"), 1);
    assert_eq!(count("AKIAIOSFODNN7EXAMPLE", "eu-west-1"), 1, "a key that is no account is the default account");
    assert_eq!(count(ACCOUNT, "us-east-1"), 0);
    assert_eq!(count("444455556666", "eu-west-1"), 0);
    let foreign = catalog.call_as("444455556666", "eu-west-1", "DescribePortfolio", &json!({ "Id": id }));
    assert_eq!(foreign.unwrap_err().0, "ResourceNotFoundException");
}

#[test]
fn the_caller_is_told_by_sts_and_a_role_of_iam_can_be_assumed() {
    let catalog = Catalog::new();
    let who = catalog.query("sts", &[("Action", "GetCallerIdentity")]).text();
    assert!(who.contains("<Arn>arn:aws:iam::111122223333:user/rehearsal</Arn>"), "{who}");
    let arn = "arn:aws:iam::111122223333:role/Dev";
    let assume = [("Action", "AssumeRole"), ("RoleArn", arn), ("RoleSessionName", "me")];
    assert_eq!(catalog.query("sts", &assume).status, 403);
    let trust = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let create = [("Action", "CreateRole"), ("RoleName", "Dev"), ("AssumeRolePolicyDocument", trust)];
    assert_eq!(catalog.query("iam", &create).status, 200);
    assert_eq!(catalog.query("iam", &create).status, 409);
    let session = catalog.query("sts", &assume).text();
    assert!(session.contains("<Arn>arn:aws:sts::111122223333:assumed-role/Dev/me</Arn>"), "{session}");
    assert_eq!(catalog.query("sts", &[("Action", "GetSessionToken")]).status, 400);
}

#[test]
fn inline_policies_of_a_role_can_be_put_read_listed_and_deleted() {
    let catalog = Catalog::new();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let iam = |fields: &[(&str, &str)]| catalog.query("iam", fields);
    let role = ("RoleName", "Launch");
    assert_eq!(iam(&[("Action", "GetRole"), role]).status, 404);
    iam(&[
        ("Action", "CreateRole"),
        role,
        ("AssumeRolePolicyDocument", policy),
        ("Path", "/sc/"),
        ("Tags.member.1.Key", "a"),
        ("Tags.member.1.Value", "b"),
    ]);
    assert_eq!(iam(&[("Action", "PutRolePolicy"), role, ("PolicyName", "p"), ("PolicyDocument", "{")]).status, 400);
    assert_eq!(iam(&[("Action", "PutRolePolicy"), role, ("PolicyName", "p"), ("PolicyDocument", policy)]).status, 200);
    assert!(iam(&[("Action", "ListRolePolicies"), role]).text().contains("<member>p</member>"));
    assert!(iam(&[("Action", "GetRolePolicy"), role, ("PolicyName", "p")]).text().contains("%22s3%3AGetObject%22"));
    iam(&[("Action", "PutRolePermissionsBoundary"), role, ("PermissionsBoundary", "arn:aws:iam::aws:policy/X")]);
    iam(&[("Action", "TagRole"), role, ("Tags.member.1.Key", "c"), ("Tags.member.1.Value", "d")]);
    let shown = iam(&[("Action", "GetRole"), role]).text();
    for part in [
        "<Arn>arn:aws:iam::111122223333:role/sc/Launch</Arn>",
        "<PermissionsBoundaryArn>arn:aws:iam::aws:policy/X<",
        "<Key>a</Key>",
        "<Key>c</Key>",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(iam(&[("Action", "DeleteRole"), role]).status, 409);
    assert_eq!(iam(&[("Action", "DeleteRolePolicy"), role, ("PolicyName", "p")]).status, 200);
    assert_eq!(iam(&[("Action", "DeleteRole"), role]).status, 200);
    assert_eq!(iam(&[("Action", "ListUsers")]).status, 400);
}

#[test]
fn the_rehearsals_own_paths_are_for_programs_on_this_machine() {
    let catalog = Catalog::new();
    let health = |headers: &[(&str, &str)]| catalog.send("GET", "/_rehearsal/health", headers, b"").unwrap();
    assert_eq!(health(&[]).json()["status"], "ok");
    assert_eq!(health(&[("origin", "https://example.com")]).status, 403);
    assert_eq!(health(&[("host", "example.com")]).status, 403);
    assert_eq!(catalog.send("GET", "/_rehearsal/nothing", &[], b"").unwrap().status, 404);
    for seconds in ["-1", "1e300", "\"x\""] {
        let body = format!("{{\"advance_seconds\": {seconds}}}");
        assert_eq!(catalog.send("POST", "/_rehearsal/clock", &[], body.as_bytes()).unwrap().status, 400);
    }
    let bad = catalog.send("POST", "/_rehearsal/faults", &[], b"{\"operation\": 1}").unwrap();
    assert_eq!((bad.status, bad.json()["__type"].clone()), (400, Value::from("BadRequest")));
}

#[test]
fn a_managed_policy_can_be_made_read_and_deleted() {
    let catalog = Catalog::new();
    let document = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let iam = |fields: &[(&str, &str)]| catalog.query("iam", fields);
    let arn = ("PolicyArn", "arn:aws:iam::111122223333:policy/sc/Boundary");
    let create =
        [("Action", "CreatePolicy"), ("PolicyName", "Boundary"), ("Path", "/sc/"), ("PolicyDocument", document)];
    assert_eq!(iam(&[("Action", "GetPolicy"), arn]).status, 404);
    assert_eq!(iam(&create).status, 200);
    assert_eq!(iam(&create).status, 409);
    assert!(iam(&[("Action", "GetPolicy"), arn]).text().contains("<DefaultVersionId>v1</DefaultVersionId>"));
    let version = |id| iam(&[("Action", "GetPolicyVersion"), arn, ("VersionId", id)]);
    assert!(version("v1").text().contains("%22Statement%22"));
    assert_eq!(version("v2").status, 404);
    assert_eq!(iam(&[("Action", "DeletePolicy"), arn]).status, 200);
    assert_eq!(iam(&[("Action", "GetPolicy"), arn]).status, 404);
}
