//! Wrong arguments: the field at fault is named, and AWS is not asked.

use crate::support::{SECRET_ARN, StoppedClock, Store, pem, secret_text};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use base64ct::{Base64UrlUnpadded, Encoding};
use edgeseal_aws::{Error, FileRecords, FileRecordsConfig, NewFileRecord, PageRequest, SignerConfig, create_signer};
use std::time::Duration;

fn argument(error: &Error) -> Option<&'static str> {
    assert_eq!(error.code().as_str(), "invalid-argument", "{error}");
    error.field()
}

#[tokio::test]
async fn the_signer_names_the_argument_at_fault() {
    let store = Store::holding(secret_text("K1"));
    let usual = store.config(&StoppedClock::new());
    let arn = |arn: &str| SignerConfig { private_key_secret_arn: arn.to_owned(), ..usual.clone() };
    let key = pem("ec-sec1.pem");
    for (config, field) in [
        (arn(""), "private_key_secret_arn"),
        (arn("team-orders/key"), "private_key_secret_arn"),
        (arn("arn:aws:iam::111122223333:role/x"), "private_key_secret_arn"),
        (arn("arn:aws:secretsmanager::111122223333:secret:x"), "private_key_secret_arn"),
        (arn("arn:aws:secretsmanager:us-east-1:1111:secret:x"), "private_key_secret_arn"),
        (arn(&format!("{SECRET_ARN}*")), "private_key_secret_arn"),
        (arn(&key), "private_key_secret_arn"),
        (SignerConfig { max_age: Duration::ZERO, ..usual.clone() }, "max_age"),
        (SignerConfig { max_age: Duration::MAX, ..usual.clone() }, "max_age"),
        (SignerConfig { timeout: Duration::from_millis(500), ..usual.clone() }, "timeout"),
        (SignerConfig { key_pair_id: Some(String::new()), ..usual.clone() }, "key_pair_id"),
        (
            SignerConfig { integration_role_arn: Some(String::new()), secret_source: None, ..usual.clone() },
            "integration_role_arn",
        ),
        (SignerConfig { external_id: Some(String::new()), secret_source: None, ..usual.clone() }, "external_id"),
        (SignerConfig { endpoint: Some(String::new()), secret_source: None, ..usual.clone() }, "endpoint"),
        (SignerConfig { region: Some(String::new()), secret_source: None, ..usual.clone() }, "region"),
    ] {
        let error = create_signer(config).await.unwrap_err();
        assert_eq!(argument(&error), Some(field));
        assert!(!error.message().contains("BEGIN"));
    }
    assert_eq!(store.fetches(), 0);
}

async fn open(change: impl FnOnce(&mut FileRecordsConfig)) -> Result<FileRecords, Error> {
    // Nothing listens there: what gets past the checks fails.
    let mut config = FileRecordsConfig {
        table_name: "files".to_owned(),
        primary_key: "objectKey".to_owned(),
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        sdk_config: Some(
            SdkConfig::builder()
                .behavior_version(BehaviorVersion::v2026_01_12())
                .region(Region::new("us-east-1"))
                .build(),
        ),
        ..FileRecordsConfig::default()
    };
    change(&mut config);
    FileRecords::open(config).await
}

#[tokio::test]
async fn records_name_the_argument_at_fault() {
    let refused = async |change: fn(&mut FileRecordsConfig)| argument(&open(change).await.unwrap_err());
    assert_eq!(refused(|config| config.table_name.clear()).await, Some("table_name"));
    assert_eq!(refused(|config| config.primary_key.clear()).await, Some("primary_key"));
    assert_eq!(refused(|config| config.primary_key = "owner".into()).await, Some("primary_key"));
    assert_eq!(refused(|config| config.primary_key = "expiresAt".into()).await, Some("primary_key"));
    assert_eq!(refused(|config| config.pending_lifetime = Duration::ZERO).await, Some("pending_lifetime"));

    let records = open(|_| {}).await.unwrap();
    let file = NewFileRecord { key: "a".into(), owner: "ann".into(), ..NewFileRecord::default() };
    for (file, field) in [
        (NewFileRecord { owner: String::new(), ..file.clone() }, "owner"),
        (NewFileRecord { owner: "é".repeat(513), ..file.clone() }, "owner"),
        (NewFileRecord { content_type: Some(String::new()), ..file.clone() }, "content_type"),
        (NewFileRecord { filename: Some("x".repeat(1025)), ..file.clone() }, "filename"),
        (NewFileRecord { bytes: Some(1 << 53), ..file.clone() }, "bytes"),
    ] {
        assert_eq!(argument(&records.create(file).await.unwrap_err()), Some(field));
    }
    assert_eq!(argument(&records.complete("a", "", None).await.unwrap_err()), Some("owner"));
    assert_eq!(argument(&records.complete("a", "ann", Some(1 << 53)).await.unwrap_err()), Some("bytes"));
    for limit in [0, 1001] {
        let page = PageRequest { limit: Some(limit), next: None };
        assert_eq!(argument(&records.list("ann", page).await.unwrap_err()), Some("limit"));
    }
    let error = records.get("../a").await.unwrap_err();
    assert_eq!((error.code().as_str(), error.field()), ("invalid-object-key", Some("key")));
}

#[tokio::test]
async fn a_page_token_of_another_owner_or_one_that_was_tampered_with_is_refused() {
    let records = open(|_| {}).await.unwrap();
    let pack = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    for token in [
        String::new(),
        "%".to_owned(),
        pack(""),
        pack("{}"),
        pack("null"),
        pack("[]"),
        pack(r#"["gina"]"#),
        pack(r#"["fred",1,"x"]"#),
        pack(r#"["gina","1","x"]"#),
        pack(r#"["gina",1,{"S":"x"}]"#),
        pack(r#"["gina",1.5,"x"]"#),
        pack(r#"["gina",-1,"x"]"#),
        pack(r#"["gina",9007199254740992,"x"]"#),
        pack(r#"["gina",1,"x",2]"#),
    ] {
        let page = PageRequest { limit: None, next: Some(token.clone()) };
        assert_eq!(argument(&records.list("gina", page).await.unwrap_err()), Some("next"), "{token}");
    }
    let page = PageRequest { limit: None, next: Some(pack(r#"["gina",1,"../x"]"#)) };
    assert_eq!(records.list("gina", page).await.unwrap_err().code().as_str(), "invalid-object-key");
}
