//! What AWS answers when it is down, slow, throttled or says no: at the start a typed error, later the last good key.

use crate::support::{FakeAws, ROLE_ARN, Reply, SECRET_ARN, StoppedClock, holds_no_key, pem};
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError, future};
use edgeseal_aws::{Error, FileRecords, FileRecordsConfig, NewFileRecord, PageRequest, SignerConfig, create_signer};
use std::time::Duration;

const LATER: &str = "2027-01-15T09:00:00Z";

/// Credentials of nobody, and one try: enough to see what comes of a failure.
async fn sdk() -> SdkConfig {
    let credentials = Credentials::new("AKIDEXAMPLE", "x", None, None, "test");
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
        .load()
        .await
}

async fn config(endpoint: &str, clock: &StoppedClock) -> SignerConfig {
    SignerConfig {
        private_key_secret_arn: SECRET_ARN.to_owned(),
        integration_role_arn: Some(ROLE_ARN.to_owned()),
        external_id: Some("orders-4711".to_owned()),
        sdk_config: Some(sdk().await),
        endpoint: Some(endpoint.to_owned()),
        timeout: Duration::from_secs(5),
        clock: clock.clock(),
        ..SignerConfig::default()
    }
}

async fn records(endpoint: &str) -> FileRecords {
    let config = FileRecordsConfig {
        table_name: "files".to_owned(),
        primary_key: "objectKey".to_owned(),
        sdk_config: Some(sdk().await),
        endpoint: Some(endpoint.to_owned()),
        ..FileRecordsConfig::default()
    };
    FileRecords::open(config).await.unwrap()
}

fn file(key: &str) -> NewFileRecord {
    NewFileRecord { key: key.to_owned(), owner: "ann".to_owned(), ..NewFileRecord::default() }
}

#[tokio::test]
async fn each_fault_of_secrets_manager_is_a_typed_error_at_the_start_and_the_last_good_key_later() {
    let kms = "Access to KMS is not allowed";
    let user = "User: x is not authorized to perform: kms:Decrypt on resource: y";
    let leak = format!("<html>{}", pem("ec-sec1.pem"));
    for (what, fault, code, words) in [
        (
            "fails inside",
            Reply::json_error(500, "InternalServiceError", "no"),
            "aws-unavailable",
            "InternalServiceError",
        ),
        ("throttles", Reply::json_error(400, "ThrottlingException", "no"), "aws-unavailable", "Throttling"),
        ("throttles by status", Reply::json_error(429, "Busy", "no"), "aws-unavailable", "Busy"),
        (
            "says no",
            Reply::json_error(400, "AccessDeniedException", "no"),
            "secret-denied",
            "secretsmanager:GetSecretValue on arn:aws:secretsmanager",
        ),
        (
            "refuses the key behind it",
            Reply::json_error(400, "AccessDeniedException", kms),
            "secret-denied",
            "kms:Decrypt on the KMS key",
        ),
        (
            "names the action",
            Reply::json_error(400, "AccessDeniedException", user),
            "secret-denied",
            "kms:Decrypt on the KMS key",
        ),
        ("cannot decrypt", Reply::json_error(400, "DecryptionFailure", "no"), "secret-denied", "kms:Decrypt"),
        (
            "has no such secret",
            Reply::json_error(400, "ResourceNotFoundException", "no"),
            "secret-not-found",
            "not in this region",
        ),
        (
            "has marked it for deletion",
            Reply::json_error(400, "InvalidRequestException", "it was marked for deletion."),
            "secret-not-found",
            "does not exist",
        ),
        ("refuses the call", Reply::json_error(400, "ValidationException", "no"), "aws-refused", "ValidationException"),
        (
            "is behind in time",
            Reply::json_error(400, "InvalidSignatureException", "Signature expired: 20260101T000000Z"),
            "aws-clock-skew",
            "the time",
        ),
        ("is ahead in time", Reply::json_error(403, "RequestTimeTooSkewed", "no"), "aws-clock-skew", "the time"),
        (
            "refuses the signature",
            Reply::json_error(403, "InvalidSignatureException", "does not match"),
            "aws-credentials",
            "credentials",
        ),
        (
            "refuses an old session",
            Reply::json_error(400, "ExpiredTokenException", "no"),
            "aws-credentials",
            "credentials",
        ),
        ("answers what is no JSON", Reply::Text(200, "text/html", leak), "aws-unavailable", "cannot be read"),
        (
            "answers no text",
            Reply::json(200, serde_json::json!({ "VersionId": "2" })),
            "secret-malformed",
            "empty or binary",
        ),
        (
            "answers bytes",
            Reply::json(200, serde_json::json!({ "SecretBinary": "AAAA", "VersionId": "2" })),
            "secret-malformed",
            "empty or binary",
        ),
    ] {
        let ((aws, endpoint), clock) = (FakeAws::start().await, StoppedClock::new());
        aws.set("AssumeRole", Reply::session(LATER));
        aws.set("GetSecretValue", fault.clone());
        let error = create_signer(config(&endpoint, &clock).await).await.unwrap_err();
        assert_eq!(error.code().as_str(), code, "{what}: {error}");
        assert!(error.message().contains(words), "{what}: {error}");

        aws.set("GetSecretValue", Reply::secret());
        let signer = create_signer(config(&endpoint, &clock).await).await.unwrap();
        aws.set("GetSecretValue", fault);
        clock.move_by(301);
        let later = signer.refresh().await.unwrap_err();
        assert_eq!(later, error, "{what}");
        assert_eq!(signer.key_pair_id().await.unwrap(), "KGOOD", "{what}");
        let status = signer.status().unwrap();
        assert_eq!((status.age.as_secs(), status.last_failure.as_ref()), (301, Some(&error)), "{what}");
        holds_no_key(&format!("{error:?} {status:?}"));
    }
}

#[tokio::test]
async fn each_refusal_of_the_role_is_told_from_one_of_the_secret() {
    let named = "User: x is not authorized to perform: sts:AssumeRole on resource: y";
    for (what, fault, code) in [
        ("is denied", Reply::query_error(403, "AccessDenied", named), "role-denied"),
        ("is denied without a word", Reply::query_error(403, "AccessDenied", "no"), "role-denied"),
        ("fails inside", Reply::query_error(500, "InternalFailure", "no"), "aws-unavailable"),
        ("is throttled", Reply::query_error(400, "Throttling", "no"), "aws-unavailable"),
        ("meets unknown credentials", Reply::query_error(403, "InvalidClientTokenId", "no"), "aws-credentials"),
        (
            "meets a clock that is off",
            Reply::query_error(403, "SignatureDoesNotMatch", "Signature not yet current"),
            "aws-clock-skew",
        ),
        ("answers no session", Reply::Text(200, "text/xml", "<AssumeRoleResponse/>".to_owned()), "aws-unavailable"),
    ] {
        let (aws, endpoint) = FakeAws::start().await;
        aws.set("AssumeRole", fault);
        let config = config(&endpoint, &StoppedClock::new()).await;
        let error = create_signer(config).await.unwrap_err();
        assert_eq!(error.code().as_str(), code, "{what}: {error}");
        assert!(aws.asked("GetSecretValue").is_empty());
        if code == "role-denied" {
            assert_eq!(error.message(), format!("the permission sts:AssumeRole on {ROLE_ARN} is missing"));
            assert!(error.hint().unwrap().contains("external_id"));
        }
    }
}

#[tokio::test]
async fn the_role_is_assumed_once_for_many_fetches_and_again_before_its_session_ends() {
    let ((aws, endpoint), clock) = (FakeAws::start().await, StoppedClock::new());
    aws.set("AssumeRole", Reply::session(LATER));
    aws.set("GetSecretValue", Reply::secret());
    let signer = create_signer(config(&endpoint, &clock).await).await.unwrap();
    signer.refresh().await.unwrap();
    let asked = aws.asked("AssumeRole");
    assert_eq!(asked.len(), 1);
    assert!(asked[0].contains("ExternalId=orders-4711") && asked[0].contains("RoleSessionName=edgeseal"), "{asked:?}");
    // The session ends an hour after the start of the clock.
    clock.move_by(3_299);
    signer.refresh().await.unwrap();
    assert_eq!(aws.asked("AssumeRole").len(), 1);
    clock.move_by(1);
    aws.set("AssumeRole", Reply::session("2027-01-15T10:00:00Z"));
    signer.refresh().await.unwrap();
    assert_eq!(aws.asked("AssumeRole").len(), 2);
}

#[derive(Debug)]
struct Nobody;

impl ProvideCredentials for Nobody {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("nobody")))
    }
}

#[tokio::test]
async fn missing_credentials_and_a_closed_port_are_told_apart() {
    let (_aws, endpoint) = FakeAws::start().await;
    let code = |error: Error| format!("{}: {error}", error.code());
    let nobody = sdk()
        .await
        .into_builder()
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(Nobody));
    let config = config(&endpoint, &StoppedClock::new()).await;
    let error = create_signer(SignerConfig { sdk_config: Some(nobody.build()), ..config.clone() }).await.unwrap_err();
    assert_eq!(code(error), "aws-credentials: there are no usable AWS credentials for sts:AssumeRole");
    let closed = Some("http://127.0.0.1:9".to_owned());
    let error = create_signer(SignerConfig { endpoint: closed, ..config.clone() }).await.unwrap_err();
    assert_eq!(code(error), "aws-unavailable: sts:AssumeRole failed (there is no connection)");
    let bare = SdkConfig::builder().build();
    let error = records_without_region(bare).await;
    assert_eq!(code(error), "invalid-argument: region is not known for the call to AWS");
}

async fn records_without_region(sdk_config: SdkConfig) -> Error {
    let config = FileRecordsConfig {
        table_name: "files".to_owned(),
        primary_key: "objectKey".to_owned(),
        sdk_config: Some(sdk_config),
        ..FileRecordsConfig::default()
    };
    FileRecords::open(config).await.unwrap_err()
}

#[tokio::test]
async fn secrets_manager_that_is_silent_is_given_up_after_the_timeout() {
    let (aws, endpoint) = FakeAws::start().await;
    aws.set("AssumeRole", Reply::session(LATER));
    aws.set("GetSecretValue", Reply::Silence);
    let config = config(&endpoint, &StoppedClock::new()).await;
    let error = create_signer(SignerConfig { timeout: Duration::from_secs(1), ..config }).await.unwrap_err();
    assert_eq!(error.message(), "secretsmanager:GetSecretValue failed (no answer in 1 seconds)");
}

#[tokio::test]
async fn a_record_stays_pending_for_as_long_as_its_url_opens_the_key() {
    let (aws, endpoint) = FakeAws::start().await;
    aws.set("PutItem", Reply::json(200, serde_json::json!({})));
    let records = records(&endpoint).await;
    let usual = records.create(file("a")).await.unwrap();
    let end = usual.created_at + 200_000;
    let longer = records.create(NewFileRecord { keep_until: Some(end), ..file("b") }).await.unwrap();
    let shorter = records.create(NewFileRecord { keep_until: Some(1), ..file("c") }).await.unwrap();
    assert_eq!(usual.expires_at, Some(usual.created_at + 86_400));
    assert_eq!(longer.expires_at, Some(end));
    assert_eq!(shorter.expires_at, Some(shorter.created_at + 86_400));
    assert!(aws.asked("PutItem")[1].contains(&end.to_string()));
}

#[tokio::test]
async fn each_fault_of_the_table_names_the_call_and_the_table() {
    let (aws, endpoint) = FakeAws::start().await;
    let records = records(&endpoint).await;
    for (name, code, words) in [
        ("AccessDeniedException", "table-denied", " on the table files is missing"),
        ("ResourceNotFoundException", "table-not-found", "the table files does not exist"),
        ("ProvisionedThroughputExceededException", "aws-unavailable", "failed (Provisioned"),
        ("SomethingElseException", "aws-refused", " on the table files (SomethingElseException)"),
    ] {
        for operation in ["PutItem", "UpdateItem", "GetItem", "Query"] {
            aws.set(operation, Reply::json_error(400, name, "no"));
        }
        let errors = [
            ("dynamodb:PutItem", records.create(file("a")).await.unwrap_err()),
            ("dynamodb:UpdateItem", records.complete("a", "ann", None).await.unwrap_err()),
            ("dynamodb:GetItem", records.get("a").await.unwrap_err()),
            ("dynamodb:Query", records.list("ann", PageRequest::default()).await.unwrap_err()),
        ];
        for (action, error) in errors {
            assert_eq!(error.code().as_str(), code, "{action}: {error}");
            assert!(error.message().contains(words), "{action}: {error}");
            let names_action = error.message().contains(action);
            assert_eq!(names_action, code != "table-not-found", "{action}: {error}");
        }
    }
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_told_by_the_call_and_a_missing_index_by_its_cure() {
    let (aws, endpoint) = FakeAws::start().await;
    let records = records(&endpoint).await;
    let condition = Reply::json_error(400, "ConditionalCheckFailedException", "The conditional request failed");
    aws.set("PutItem", condition.clone());
    aws.set("UpdateItem", condition);
    aws.set(
        "Query",
        Reply::json_error(400, "ValidationException", "The table does not have the specified index: by-owner"),
    );
    assert_eq!(records.create(file("a")).await.unwrap_err().code().as_str(), "record-exists");
    assert_eq!(records.complete("a", "ann", Some(1)).await.unwrap_err().code().as_str(), "record-not-pending");
    let error = records.list("ann", PageRequest::default()).await.unwrap_err();
    assert_eq!(error.code().as_str(), "table-without-index");
    assert!(error.hint().unwrap().contains("OwnerAttribute"));
}

#[tokio::test]
async fn an_item_that_is_no_record_counts_as_none() {
    let (aws, endpoint) = FakeAws::start().await;
    let records = records(&endpoint).await;
    for item in [
        serde_json::json!({ "objectKey": { "S": "a" }, "note": { "S": "x" } }),
        serde_json::json!({ "objectKey": { "S": "a" }, "owner": { "S": "ann" }, "state": { "S": "odd" }, "createdAt": { "N": "1" } }),
        serde_json::json!({ "objectKey": { "S": "a" }, "owner": { "S": "ann" }, "state": { "S": "complete" }, "createdAt": { "N": "1.5" } }),
        serde_json::json!({ "objectKey": { "S": "a" }, "owner": { "S": "ann" }, "state": { "S": "pending" }, "createdAt": { "N": "1" }, "expiresAt": { "N": "1.5" } }),
    ] {
        aws.set("GetItem", Reply::json(200, serde_json::json!({ "Item": item })));
        aws.set("Query", Reply::json(200, serde_json::json!({ "Items": [item], "Count": 1 })));
        assert_eq!(records.get("a").await.unwrap(), None);
        let page = records.list("ann", PageRequest::default()).await.unwrap();
        assert_eq!((page.records.len(), page.next), (0, None));
        aws.set("UpdateItem", Reply::json(200, serde_json::json!({ "Attributes": item })));
        assert_eq!(records.complete("a", "ann", None).await.unwrap_err().code().as_str(), "record-not-pending");
    }
}

#[tokio::test]
async fn a_page_that_ends_with_an_item_that_no_token_can_name_is_an_error_and_no_last_page() {
    let (aws, endpoint) = FakeAws::start().await;
    let records = records(&endpoint).await;
    let last = |created_at: &str| {
        let key =
            serde_json::json!({ "objectKey": { "S": "a" }, "owner": { "S": "ann" }, "createdAt": { "N": created_at } });
        Reply::json(200, serde_json::json!({ "Items": [], "Count": 0, "LastEvaluatedKey": key }))
    };
    aws.set("Query", last("1"));
    let page = records.list("ann", PageRequest::default()).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("WyJhbm4iLDEsImEiXQ"));
    aws.set("Query", last("1.5"));
    let error = records.list("ann", PageRequest::default()).await.unwrap_err();
    assert_eq!((error.code().as_str(), error.field()), ("invalid-argument", Some("next")));
}
