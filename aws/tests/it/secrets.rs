//! The forms that a secret can have, and what is said of one that cannot be used.

use crate::support::{StoppedClock, Store, holds_no_key, pem, secret_text};
use edgeseal_aws::core::keys::HashAlgorithm;
use edgeseal_aws::{SignerConfig, create_signer, valid_for};
use std::time::Duration;

const URL: &str = "https://files.example.com/download/report.pdf";

async fn id_of(text: &str, passed: Option<&str>) -> Result<String, (String, String)> {
    let config = Store::holding(text).config(&StoppedClock::new());
    let signer = create_signer(SignerConfig { key_pair_id: passed.map(str::to_owned), ..config }).await;
    match signer {
        Ok(signer) => Ok(signer.key_pair_id().await.unwrap()),
        Err(error) => {
            holds_no_key(&format!("{error:?} {error}"));
            Err((error.code().to_string(), error.message().to_owned()))
        }
    }
}

#[tokio::test]
async fn a_secret_is_read_in_each_of_its_forms() {
    let key = pem("rsa-pkcs8.pem");
    let json = |id: Option<&str>, key: &str| serde_json::json!({ "keyPairId": id, "privateKey": key }).to_string();
    let without_id = serde_json::json!({ "privateKey": key }).to_string();
    let empty_id = serde_json::json!({ "privateKey": key, "keyPairId": "" }).to_string();
    for (what, text, passed, id) in [
        ("as the products write it", secret_text("KOWN"), None, "KOWN"),
        ("the id in the secret goes first", secret_text("KOWN"), Some("KOLD"), "KOWN"),
        ("space in front", format!("\n  {}", secret_text("KOWN")), None, "KOWN"),
        ("line feeds written \\n", json(Some("KOWN"), &key.trim().replace('\n', "\\n")), None, "KOWN"),
        ("a bare key", key.clone(), Some("KBARE"), "KBARE"),
        ("a bare key with lost line feeds", key.replace('\n', " "), Some("KBARE"), "KBARE"),
        ("no id beside the key", without_id, Some("KBARE"), "KBARE"),
        ("an empty id beside the key", empty_id, Some("KBARE"), "KBARE"),
    ] {
        assert_eq!(id_of(&text, passed).await.as_deref(), Ok(id), "{what}");
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_used_is_told_without_any_of_it() {
    let key = pem("ec-sec1.pem");
    let half = &key[..key.len() / 2];
    let object = |value: serde_json::Value| value.to_string();
    for (what, text, code, words) in [
        ("nothing", String::new(), "secret-malformed", "empty or binary"),
        ("white space", " \n".to_owned(), "secret-malformed", "empty or binary"),
        ("no id", key.clone(), "secret-malformed", "no key-pair id"),
        ("half an object", secret_text("K")[..60].to_owned(), "secret-malformed", "starts like JSON"),
        ("an empty object", "{}".to_owned(), "secret-malformed", "no field privateKey"),
        ("null for a key", object(serde_json::json!({ "privateKey": null })), "secret-malformed", "privateKey"),
        ("a number for a key", object(serde_json::json!({ "privateKey": 7 })), "secret-malformed", "privateKey"),
        (
            "a key for an id",
            object(serde_json::json!({ "privateKey": key, "keyPairId": key })),
            "secret-malformed",
            "keyPairId",
        ),
        (
            "null for an id",
            object(serde_json::json!({ "privateKey": key, "keyPairId": null })),
            "secret-malformed",
            "keyPairId",
        ),
        ("half a key", object(serde_json::json!({ "privateKey": half, "keyPairId": "K" })), "invalid-key", ""),
        (
            "a key that CloudFront does not take",
            object(serde_json::json!({ "privateKey": pem("refused-p384.pem"), "keyPairId": "K" })),
            "unsupported-key",
            "P-384",
        ),
    ] {
        let (found, message) = id_of(&text, None).await.expect_err(what);
        assert_eq!(found, code, "{what}: {message}");
        assert!(message.contains(words), "{what}: {message}");
    }
}

#[tokio::test]
async fn the_signer_signs_urls_lists_and_cookies_and_prints_no_key() {
    let config = Store::holding(secret_text("K1")).config(&StoppedClock::new());
    let signer = create_signer(SignerConfig { hash: HashAlgorithm::Sha1, ..config.clone() }).await.unwrap();
    let terms = valid_for(Duration::from_secs(300));
    let url = signer.sign_url(URL, &terms, None).await.unwrap();
    assert!(url.ends_with("&Key-Pair-Id=K1"), "SHA-1 is not announced: {url}");
    let urls = signer.sign_urls([URL, "https://files.example.com/b"], &terms).await.unwrap();
    assert_eq!(urls.len(), 2);
    let cookies = signer.sign_cookies("https://files.example.com/*", &terms).await.unwrap();
    assert!(cookies.pairs().contains(&("CloudFront-Key-Pair-Id", "K1".to_owned())));
    let refused = signer.sign_url("https://files.example.com/a#b", &terms, None).await.unwrap_err();
    assert_eq!(refused.code().as_str(), "fragment-in-url");
    holds_no_key(&format!("{signer:?} {config:?} {:?}", signer.status()));
}
