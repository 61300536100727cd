//! Each usual mistake is named first among the likely causes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::crypto::SigningKey;
use edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey;
use edgeseal_core::encoding::to_cloudfront_base64;
use edgeseal_core::explain::{Explanation, Hints, Outcome, explain};
use edgeseal_core::keys::{HashAlgorithm, KeyRing};
use edgeseal_core::policy::canned_text;
use edgeseal_core::verify::{VerifyOptions, ViewerRequest};
use support::{LATER, NOW, signing_key, verifying_key};

const HOST: &str = "https://d111111abcdef8.cloudfront.net";

fn ring() -> KeyRing<RustCryptoVerifyingKey> {
    let mut ring = KeyRing::new();
    for (id, file) in [("K1RSA", "rsa-public.pem"), ("K2EC", "ec-public.pem"), ("K3OTHER", "other-rsa-public.pem")] {
        ring.insert(id, verifying_key(file)).unwrap();
    }
    ring
}

fn signature(text: &str, hash: HashAlgorithm) -> String {
    to_cloudfront_base64(&signing_key("rsa-pkcs8.pem").sign(hash, text.as_bytes()).unwrap())
}

/// A URL whose canned policy was made for `signed` and that is sent as `sent`.
fn canned(signed: &str, sent: &str) -> String {
    over_text(&canned_text(signed, LATER), sent)
}

fn over_text(text: &str, sent: &str) -> String {
    let separator = if sent.contains('?') { '&' } else { '?' };
    format!("{sent}{separator}Expires={LATER}&Signature={}&Key-Pair-Id=K1RSA", signature(text, HashAlgorithm::Sha1))
}

fn custom(policy: &str, sent: &str) -> String {
    let separator = if sent.contains('?') { '&' } else { '?' };
    format!(
        "{sent}{separator}Policy={}&Signature={}&Key-Pair-Id=K1RSA",
        to_cloudfront_base64(policy.as_bytes()),
        signature(policy, HashAlgorithm::Sha1)
    )
}

fn policy_for(resource: &str) -> String {
    canned_text(resource, LATER)
}

fn ask(url: &str, hosts: &[&str]) -> Explanation {
    let request = ViewerRequest::for_url(url).unwrap();
    explain(&request, &ring(), NOW, &VerifyOptions::default(), &Hints { hosts })
}

fn first_cause(url: &str) -> &'static str {
    let explanation = ask(url, &["files.example.com"]);
    assert!(explanation.verdict.is_err(), "{url} is allowed");
    explanation.causes.first().map_or("none", |cause| cause.code)
}

#[test]
fn mistakes_around_a_canned_policy_are_named() {
    let page = format!("{HOST}/a%20b.jpg?x=1");
    let good = canned(&page, &page);
    let hash = signature(&canned_text(&page, LATER), HashAlgorithm::Sha256);
    for (url, code) in [
        (good.replace(&LATER.to_string(), "1767290400000"), "expires-in-milliseconds"),
        (good.replace('&', "&amp;"), "html-escaped"),
        (format!("{good}&extra=1"), "appended-parameter"),
        (good.replace("x=1&", "utm=2&x=1&"), "appended-parameter"),
        (canned(&format!("{HOST}/a b.jpg?x=1"), &page), "re-encoded-path"),
        (canned(&format!("{HOST}/a+b.jpg?x=1"), &page), "re-encoded-path"),
        (canned(&page.replace(HOST, "http://d111111abcdef8.cloudfront.net"), &page), "wrong-scheme"),
        (canned(&page.replace(HOST, "https://files.example.com"), &page), "wrong-host"),
        (canned("/a%20b.jpg?x=1", &page), "resource-without-host"),
        (canned(&format!("{HOST}/*"), &format!("{HOST}/a.jpg")), "wildcard-in-canned-policy"),
        (canned(&format!("{HOST}/a.jpg?"), &format!("{HOST}/a.jpg")), "trailing-question-mark"),
        (canned(&format!("{HOST}/a/"), &format!("{HOST}/a")), "slashes"),
        (canned(&format!("{HOST}/a?b=2&a=1"), &format!("{HOST}/a?a=1&b=2")), "reordered-query"),
        (
            over_text(&canned_text(&page, LATER).replace("\":", "\": ").replace(",\"", ", \""), &page),
            "canned-policy-layout",
        ),
        (good.replace("Key-Pair-Id=K1RSA", "Key-Pair-Id=K3OTHER"), "wrong-key-pair-id"),
        (format!("{page}&Expires={LATER}&Signature={hash}&Key-Pair-Id=K1RSA"), "missing-hash-algorithm"),
        (format!("{good}&Hash-Algorithm=SHA256"), "wrong-hash-algorithm"),
        (format!("{good}&Hash-Algorithm=sha256"), "hash-algorithm-name"),
        (good.replace("Key-Pair-Id=", "key-pair-id="), "parameter-case"),
        (good.replace("K1RSA", "b3a7d6e2-1111-2222-3333-444455556666"), "key-pair-id-is-key-group"),
        (format!("{good}&Signature=abc"), "signed-twice"),
        (good.replace("a%20b", "another"), "tampered-or-other-key"),
        (page, "not-signed"),
    ] {
        assert_eq!(first_cause(&url), code, "{url}");
    }
}

#[test]
fn mistakes_in_the_encoding_of_a_signature_are_named() {
    let page = format!("{HOST}/a.jpg");
    let good = canned(&page, &page);
    let (before, rest) = good.split_once("Signature=").unwrap();
    let (text, after) = rest.split_once('&').unwrap();
    let with = |signature: &str| format!("{before}Signature={signature}&{after}");
    let plain = text.replace('-', "+").replace('_', "=").replace('~', "/");
    assert!(plain.contains('+') && plain.contains('/'), "the fixed key gives a signature with both");
    let base64url = plain.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned();
    let double = plain.replace('+', "%252B").replace('/', "%252F").replace('=', "%253D");
    for (url, code) in [
        (with(&base64url), "base64url"),
        (with(&double), "double-encoded"),
        (with(&plain.replace('+', "%20")), "plus-became-space"),
        (with(&text[..200]), "signature-cut-short"),
    ] {
        assert_eq!(first_cause(&url), code, "{url}");
    }
}

#[test]
fn mistakes_around_a_custom_policy_are_named() {
    let page = format!("{HOST}/private/a.jpg");
    for (url, code) in [
        (custom(&policy_for("https://other.example/*"), &page), "wrong-host"),
        (custom(&policy_for("http://d111111abcdef8.cloudfront.net/*"), &page), "wrong-scheme"),
        (custom(&policy_for(&format!("{HOST}/public/*")), &page), "wrong-path"),
        (custom(&policy_for(&format!("{HOST}/Private/a.jpg")), &page), "path-case"),
        (custom(&policy_for("/private/*"), &page), "resource-without-host"),
        (custom(&policy_for("http*://d111111abcdef8.cloudfront.net/*"), &page), "legacy-scheme"),
        (custom(&policy_for(&page), &format!("{page}?v=1")), "appended-parameter"),
        (custom(&policy_for(&format!("{HOST}/a b")), &format!("{HOST}/a%20b")), "re-encoded-path"),
        (custom(&policy_for(&page).replace(&LATER.to_string(), "\"1767290400\""), &page), "epoch-is-text"),
        (custom(&policy_for(&page).replace(&LATER.to_string(), "1767290400.5"), &page), "epoch-is-fraction"),
        (custom(&policy_for(&page).replace(&LATER.to_string(), "1767289999"), &page), "expired"),
    ] {
        assert_eq!(first_cause(&url), code, "{url}");
    }
}

#[test]
fn times_and_addresses_are_put_into_words() {
    let page = format!("{HOST}/a.jpg");
    let with = |condition: &str| policy_for(&page).replace("}}}]}", &format!("}},{condition}}}}}]}}"));
    let soon = custom(&with("\"DateGreaterThan\":{\"AWS:EpochTime\":1767290060}"), &page);
    assert_eq!(first_cause(&soon), "clock-skew");
    let late = custom(&with("\"DateGreaterThan\":{\"AWS:EpochTime\":1767290390}"), &page);
    assert_eq!(first_cause(&late), "not-yet-valid");
    let bound = custom(&with("\"IpAddress\":{\"AWS:SourceIp\":\"192.0.2.0/24\"}"), &page);
    for (ip, code) in [("203.0.113.5", "wrong-ip"), ("2001:db8::1", "ipv6-viewer")] {
        let request = ViewerRequest { client_ip: ip.parse().ok(), ..ViewerRequest::for_url(&bound).unwrap() };
        let explanation = explain(&request, &ring(), NOW, &VerifyOptions::default(), &Hints::default());
        assert_eq!(explanation.causes[0].code, code);
    }
}

#[test]
fn a_url_parameter_that_hides_good_cookies_is_named() {
    let cookies = ["CloudFront-Policy=x; CloudFront-Signature=y; CloudFront-Key-Pair-Id=K1RSA"];
    let request =
        ViewerRequest { cookies: &cookies, ..ViewerRequest::for_url("https://h.example/a?Expires=never").unwrap() };
    let explanation = explain(&request, &ring(), NOW, &VerifyOptions::default(), &Hints::default());
    assert_eq!(explanation.causes[0].code, "url-hides-cookies");
}

#[test]
fn an_allowed_request_has_no_causes_and_every_check_passes() {
    let page = format!("{HOST}/a.jpg");
    let explanation = ask(&canned(&page, &page), &[]);
    assert!(explanation.verdict.is_ok());
    assert_eq!(explanation.causes, []);
    assert!(explanation.checks.iter().all(|check| check.outcome == Outcome::Pass), "{:?}", explanation.checks);
}

#[test]
fn the_walk_goes_on_after_the_first_failure() {
    let page = format!("{HOST}/a.jpg");
    let expired = canned(&page, &page).replace("K1RSA", "K9GONE");
    let explanation = ask(&expired, &[]);
    let outcome = |id: &str| explanation.checks.iter().find(|check| check.id == id).map(|check| check.outcome);
    assert_eq!(outcome("key"), Some(Outcome::Fail));
    assert_eq!(outcome("signature"), Some(Outcome::Unknown));
    assert_eq!(outcome("expires"), Some(Outcome::Pass));
}

#[test]
fn no_explanation_repeats_a_signature() {
    let page = format!("{HOST}/a.jpg");
    let url = canned(&page, &page).replace("/a.jpg", "/b.jpg");
    let (_, signature) = url.split_once("Signature=").unwrap();
    let needle = &signature[..40];
    assert!(!format!("{:?}", ask(&url, &[])).contains(needle));
}

#[test]
fn a_misspelt_hash_algorithm_is_the_only_cause_named() {
    let page = format!("{HOST}/a?x=1");
    let explanation = ask(&format!("{}&Hash-Algorithm=sha256", canned(&page, &page)), &[]);
    let codes: Vec<_> = explanation.causes.iter().map(|cause| cause.code).collect();
    assert_eq!(codes, ["hash-algorithm-name"]);
}

/// Anybody can write a policy. Its resource and address are not the first thing to mend, or an administrator would
/// loosen good policies for the sake of forged ones.
#[test]
fn what_a_forged_policy_says_comes_after_its_signature() {
    let url = format!("{HOST}/a");
    let elsewhere = policy_for(&format!("{HOST}/b"));
    let of_another = policy_for(&url).replace("}}}]}", r#"},"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"}}}]}"#);
    let past = policy_for(&url).replace(&LATER.to_string(), &(NOW - 1).to_string());
    let other = to_cloudfront_base64(&[1; 256]);
    for (policy, second) in [(&elsewhere, "wrong-path"), (&of_another, "wrong-ip"), (&past, "")] {
        for (id, unproven) in [("K1RSA", "tampered-or-other-key"), ("K9NOBODY", "unknown-key")] {
            let policy = to_cloudfront_base64(policy.as_bytes());
            let url = format!("{url}?Policy={policy}&Signature={other}&Key-Pair-Id={id}");
            let request = ViewerRequest {
                client_ip: Some("203.0.113.7".parse().unwrap()),
                ..ViewerRequest::for_url(&url).unwrap()
            };
            let explanation = explain(&request, &ring(), NOW, &VerifyOptions::default(), &Hints::default());
            let codes: Vec<&str> = explanation.causes.iter().map(|cause| cause.code).collect();
            let expected = if second.is_empty() { ["expired", unproven] } else { [unproven, second] };
            assert_eq!(codes, expected);
        }
    }
}
