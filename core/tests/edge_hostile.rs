//! Credentials and hosts that were made to trouble whoever handles the decision.

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
use edgeseal_core::edge::{CompiledPolicy, Decision, EdgeRequest, Memo, compile, decide, decide_with_memo};
use edgeseal_core::encoding::to_cloudfront_base64;

const DOWNLOADS: &str = r#"{"version":1,"mode":"standalone","rules":[{"name":"download","path":"/download/*"}]}"#;

fn get<'a>(host: &'a str, querystring: &'a str) -> EdgeRequest<'a> {
    let client_ip = Some([192, 0, 2, 7].into());
    EdgeRequest { method: "GET", host, uri: "/download/cat.png", querystring, client_ip, headers: &[] }
}

/// The reason and the detail of a refusal.
fn refusal(policy: &CompiledPolicy, query: &str) -> (&'static str, String) {
    let Decision::Deny(deny) = decide(policy, &get("files.example.com", query), ring(), now()) else {
        panic!("{query}")
    };
    (deny.reason.code(), deny.detail.unwrap_or_default().into_owned())
}

#[test]
fn a_refusal_repeats_no_control_character_of_a_policy() {
    let policy = compile(DOWNLOADS).unwrap();
    for text in [
        r#"{"x\u0000y":1}"#,
        r#"{"Statement":[{"\u0000=download\u0000<script>\u0000set-cookie\u0000a=b":1}]}"#,
        r#"{"\u001b[2J":1}"#,
        r#"{"a\nb":1,"a\nb":2}"#,
    ] {
        let encoded = to_cloudfront_base64(text.as_bytes());
        let (reason, detail) = refusal(&policy, &format!("Policy={encoded}&Signature=AAAA&Key-Pair-Id=K2JCJMDEHXQW5F"));
        assert_eq!(reason, "malformed-policy", "{text}");
        assert!(detail.contains("the key `") && !detail.contains(char::is_control), "{text}: {detail:?}");
    }
}

#[test]
fn a_host_that_is_none_is_refused_though_the_signature_is_remembered() {
    let policy = compile(DOWNLOADS).unwrap();
    let url = signed_texts()["download-ip"].clone();
    let query = url.split_once('?').unwrap().1;
    let mut memo = Memo::new(8);
    let first = decide_with_memo(&policy, &get("files.example.com", query), ring(), now(), &mut memo);
    assert!(first.is_allowed() && memo.len() == 1, "{first:?}");
    for host in ["", "files.example.com/", "a b", "files.example.com/download?x="] {
        let Decision::Deny(deny) = decide_with_memo(&policy, &get(host, query), ring(), now(), &mut memo) else {
            panic!("{host}")
        };
        assert_eq!(deny.reason.code(), "malformed-request", "{host}");
        assert_eq!(Decision::Deny(deny), decide(&policy, &get(host, query), ring(), now()), "{host}");
    }
}
