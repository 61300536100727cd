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
use edgeseal_core::explain::{Explanation, Hints, explain};
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
