//! The corpus of broken requests: `explain` names the true cause of each first.
//!
//! `tests/corpus/README.md` describes every field and where the entries come from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey;
use edgeseal_core::explain::{Explanation, Hints, KnownCause, Outcome, explain};
use edgeseal_core::keys::KeyRing;
use edgeseal_core::verify::{VerifyOptions, ViewerRequest};
use serde_json::Value;
use std::fmt::Write;
use support::{shared_tests, verifying_key};

/// So many entries of the corpus may have another cause named first.
const MISSES_ALLOWED: usize = 2;

fn entries() -> Vec<Value> {
    let text = std::fs::read_to_string(shared_tests().join("corpus/corpus.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let Value::Array(entries) = file["entries"].take() else { panic!("the corpus has no entries") };
    entries
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().map(|item| item.as_str().unwrap()).collect()).unwrap_or_default()
}

fn ring(keys: &Value) -> KeyRing<RustCryptoVerifyingKey> {
    let mut ring = KeyRing::new();
    for (id, file) in keys.as_object().unwrap() {
        ring.insert(id, verifying_key(file.as_str().unwrap())).unwrap();
    }
    ring
}

fn ask(input: &Value, keys: &Value) -> Explanation {
    let cookies = texts(&input["cookies"]);
    let hosts = texts(&input["hosts"]);
    let request = ViewerRequest {
        cookies: &cookies,
        client_ip: input["clientIp"].as_str().map(|address| address.parse().unwrap()),
        ..ViewerRequest::for_url(input["url"].as_str().unwrap()).unwrap()
    };
    let options =
        VerifyOptions { strict: input["options"]["strict"].as_bool().unwrap_or_default(), ..VerifyOptions::default() };
    explain(&request, &ring(keys), input["now"].as_u64().unwrap(), &options, &Hints { hosts: &hosts })
}

fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation.causes.iter().map(|cause| cause.code).collect()
}

#[test]
fn the_true_cause_of_every_entry_is_named_first() {
    let entries = entries();
    let mut misses = String::new();
    let mut missed = 0;
    for entry in &entries {
        let explanation = ask(&entry["input"], &entry["input"]["keys"]);
        let named = codes(&explanation);
        if named.first().copied() != entry["cause"].as_str() {
            missed += 1;
            writeln!(
                misses,
                "{:42} {:28} {}",
                entry["id"].as_str().unwrap(),
                entry["cause"].as_str().unwrap(),
                if explanation.verdict.is_ok() { "allowed".to_owned() } else { named.join(", ") }
            )
            .unwrap();
        }
    }
    let total = entries.len();
    assert!(
        missed <= MISSES_ALLOWED,
        "the true cause comes first in {} of {total}; in the others:\n{:42} {:28} named\n{misses}",
        total - missed,
        "entry",
        "true cause"
    );
}

#[test]
fn the_corpus_is_large_and_every_entry_has_a_source_and_a_known_cause() {
    let entries = entries();
    assert!(entries.len() >= 40, "{} entries", entries.len());
    for entry in &entries {
        let id = entry["id"].as_str().unwrap();
        assert!(entry["source"].as_str().unwrap().starts_with("https://"), "{id}: source");
        assert!(entry["story"].as_str().unwrap().ends_with('.'), "{id}: story");
        assert!(!entry["input"]["url"].as_str().unwrap().is_empty(), "{id}: url");
        let cause = entry["cause"].as_str().unwrap();
        let known = KnownCause::ALL.iter().any(|known| known.code() == cause);
        assert!(known || UNKNOWN_CAUSES.contains(&cause), "{id}: nothing names {cause}");
    }
}

#[test]
fn a_request_that_is_refused_passes_not_every_check() {
    let contradictions: Vec<String> = entries()
        .iter()
        .filter_map(|entry| {
            let explanation = ask(&entry["input"], &entry["input"]["keys"]);
            let all_pass = explanation.checks.iter().all(|check| check.outcome == Outcome::Pass);
            let denial = explanation.verdict.err().filter(|_| all_pass)?;
            Some(format!("{}: {denial:?}", entry["id"]))
        })
        .collect();
    assert!(contradictions.is_empty(), "{contradictions:#?}");
}

#[test]
fn every_entry_is_refused_and_explained_without_any_key() {
    for entry in entries() {
        let explanation = ask(&entry["input"], &serde_json::json!({}));
        let id = entry["id"].as_str().unwrap();
        assert!(explanation.verdict.is_err(), "{id}");
        let named = codes(&explanation);
        assert!(!named.is_empty(), "{id}");
        for proven in NEEDS_A_KEY {
            assert!(!named.contains(&proven), "{id}: {proven} was named without any key");
        }
    }
}

#[test]
fn most_of_what_needs_no_key_is_named_first_without_one() {
    let needs_key = |cause: &str| NEEDS_A_KEY.contains(&cause) || cause == "wrong-host" || cause == "re-encoded-path";
    let entries = entries();
    let seen: Vec<_> = entries
        .iter()
        .filter(|entry| !needs_key(entry["cause"].as_str().unwrap()) && entry["input"]["options"].is_null())
        .map(|entry| {
            let named = codes(&ask(&entry["input"], &serde_json::json!({})));
            (entry["id"].as_str().unwrap(), named.first().copied() == entry["cause"].as_str())
        })
        .collect();
    let right = seen.iter().filter(|(_, right)| *right).count();
    assert!(right * 10 >= seen.len() * 8, "{right} of {}: {seen:?}", seen.len());
}

/// Causes of the corpus that nothing names: a PSS signature looks like any other until the public key opens it, which
/// the seam to the host's cryptography has no call for.
const UNKNOWN_CAUSES: [&str; 1] = ["rsa-pss-signature"];

/// Causes that are claimed only when a signature fits.
const NEEDS_A_KEY: [&str; 19] = [
    "canned-policy-layout",
    "expires-differs",
    "json-escaped",
    "missing-hash-algorithm",
    "wrong-hash-algorithm",
    "wrong-key-pair-id",
    "policy-changed",
    "signed-base64",
    "signed-digest",
    "slashes",
    "trailing-question-mark",
    "wildcard-in-canned-policy",
    "unknown-key",
    "key-disabled",
    "tampered-or-other-key",
    "key-pair-id-is-root-account",
    "undocumented-form",
    "standard-base64",
    "padding-dropped",
];
