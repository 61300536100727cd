//! The memo saves the public-key operation, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "shared with the vector tests, which use all of it")]
mod edge_support;

use edge_support::{now, ring, signed_texts};
use edgeseal_core::crypto::VerifyingKey;
use edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey;
use edgeseal_core::edge::{CompiledPolicy, Decision, EdgeRequest, Memo, compile, decide_with_memo};
use edgeseal_core::keys::{HashAlgorithm, KeyRing};
use std::cell::Cell;

/// A key that counts how often it is used.
struct Counting {
    key: RustCryptoVerifyingKey,
    uses: Cell<u32>,
}

impl VerifyingKey for Counting {
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        self.uses.set(self.uses.get() + 1);
        self.key.verify(hash, message, signature)
    }
}

const KEY: &str = "K2JCJMDEHXQW5F";

struct Edge {
    policy: CompiledPolicy,
    keys: KeyRing<Counting>,
    memo: Memo,
}

impl Edge {
    fn new(policy: &str) -> Self {
        let mut keys = KeyRing::new();
        let key = ring().get(KEY).unwrap().key.clone();
        keys.insert(KEY, Counting { key, uses: Cell::new(0) }).unwrap();
        Self { policy: compile(policy).unwrap(), keys, memo: Memo::new(8) }
    }

    /// The reason of a refusal, or `allow`; and the number of public-key operations so far.
    fn ask(&mut self, request: &EdgeRequest<'_>, at: u64) -> (String, u32) {
        let outcome = match decide_with_memo(&self.policy, request, &self.keys, at, &mut self.memo) {
            Decision::Allow(_) => "allow".to_owned(),
            Decision::Deny(deny) => deny.reason.code().to_owned(),
            Decision::Respond(_) => "respond".to_owned(),
        };
        (outcome, self.keys.get(KEY).unwrap().key.uses.get())
    }
}

const DOWNLOADS: &str = r#"{"version":1,"mode":"standalone","rules":[
    {"name":"download","path":"/download/*","query":{"allow":["size"]}}]}"#;

fn query(name: &str) -> String {
    signed_texts()[name].split_once('?').unwrap().1.to_owned()
}

fn get<'a>(uri: &'a str, querystring: &'a str, headers: &'a [(&'a str, &'a str)]) -> EdgeRequest<'a> {
    let client_ip = Some([192, 0, 2, 7].into());
    EdgeRequest { method: "GET", host: "files.example.com", uri, querystring, client_ip, headers }
}

#[test]
fn a_repeated_credential_costs_one_public_key_operation() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    let request = get("/download/cat.png", &query, &[]);
    for _ in 0..5 {
        assert_eq!(edge.ask(&request, now()), ("allow".to_owned(), 1));
    }
    assert_eq!(edge.memo.counts(), (4, 1));
}

#[test]
fn wildcard_cookies_cost_one_operation_for_all_their_paths() {
    let mut edge = Edge::new(DOWNLOADS);
    let cookies = signed_texts()["cookies-download"].clone();
    let headers = [("cookie", cookies.as_str())];
    for uri in ["/download/a", "/download/b", "/download/c/d"] {
        assert_eq!(edge.ask(&get(uri, "", &headers), now()), ("allow".to_owned(), 1));
    }
}

#[test]
fn a_remembered_credential_still_expires() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    let request = get("/download/cat.png", &query, &[]);
    assert_eq!(edge.ask(&request, now()).0, "allow");
    assert_eq!(edge.ask(&request, now() + 400), ("expired".to_owned(), 1));
}

#[test]
fn an_expired_credential_that_is_remembered_is_not_revived() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    let request = get("/download/cat.png", &query, &[]);
    assert_eq!(edge.ask(&request, now() + 400), ("expired".to_owned(), 1));
    assert_eq!(edge.ask(&request, now() + 401), ("expired".to_owned(), 1));
    assert_eq!(edge.ask(&request, now()), ("allow".to_owned(), 1));
}

#[test]
fn a_key_that_is_disabled_is_refused_though_its_signature_is_remembered() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    let request = get("/download/cat.png", &query, &[]);
    assert_eq!(edge.ask(&request, now()).0, "allow");
    edge.keys.set_enabled(KEY, false);
    assert_eq!(edge.ask(&request, now()).0, "key-disabled");
}

#[test]
fn a_remembered_signature_opens_no_other_path_host_query_or_address() {
    let mut edge = Edge::new(DOWNLOADS);
    let canned = query("download");
    assert_eq!(edge.ask(&get("/download/cat.png", &canned, &[]), now()).0, "allow");
    assert_eq!(edge.ask(&get("/download/dog.png", &canned, &[]), now()), ("bad-signature".to_owned(), 2));
    let added = format!("size=1&{canned}");
    assert_eq!(edge.ask(&get("/download/cat.png", &added, &[]), now()), ("bad-signature".to_owned(), 3));
    let other_host = EdgeRequest { host: "other.example.com", ..get("/download/cat.png", &canned, &[]) };
    assert_eq!(edge.ask(&other_host, now()), ("bad-signature".to_owned(), 4));
    let bound = query("download-ip");
    assert_eq!(edge.ask(&get("/download/cat.png", &bound, &[]), now()), ("allow".to_owned(), 5));
    let elsewhere = EdgeRequest { client_ip: Some([198, 51, 100, 1].into()), ..get("/download/cat.png", &bound, &[]) };
    assert_eq!(edge.ask(&elsewhere, now()), ("ip-mismatch".to_owned(), 5));
}

#[test]
fn another_expiry_beside_a_remembered_signature_is_another_credential() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    assert_eq!(edge.ask(&get("/download/cat.png", &query, &[]), now()).0, "allow");
    let longer = query.replace("Expires=1767290400", "Expires=1767299999");
    assert_eq!(edge.ask(&get("/download/cat.png", &longer, &[]), now()), ("bad-signature".to_owned(), 2));
}

#[test]
fn a_remembered_credential_behind_a_repeated_parameter_is_refused() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    assert_eq!(edge.ask(&get("/download/cat.png", &query, &[]), now()).0, "allow");
    for parameter in ["Expires=1", "Signature=AAAA", "Key-Pair-Id=K1", "%45xpires=1"] {
        let doubled = format!("{parameter}&{query}");
        assert_eq!(edge.ask(&get("/download/cat.png", &doubled, &[]), now()).0, "duplicate-parameter");
    }
}

#[test]
fn bad_signatures_are_neither_remembered_nor_push_good_ones_out() {
    let mut edge = Edge::new(DOWNLOADS);
    let query = query("download");
    let request = get("/download/cat.png", &query, &[]);
    edge.ask(&request, now());
    for round in 0..100 {
        let forged = query.replace("Signature=M", &format!("Signature=A{round}"));
        assert_ne!(edge.ask(&get("/download/cat.png", &forged, &[]), now()).0, "allow");
    }
    assert_eq!(edge.memo.len(), 1);
    let before = edge.ask(&request, now()).1;
    assert_eq!(edge.ask(&request, now()), ("allow".to_owned(), before));
}
