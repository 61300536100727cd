//! Requests that somebody bends until an honest signature seems to cover them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::Reason;
use edgeseal_core::crypto::VerifyingKey;
use edgeseal_core::explain::{Hints, explain};
use edgeseal_core::keys::{HashAlgorithm, KeyRing};
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Target, Terms, canned_text};
use edgeseal_core::sign::Prepared;
use edgeseal_core::url::Scheme;
use edgeseal_core::verify::{Grant, VerifyOptions, ViewerRequest, verify};
use support::{KEY_PAIR_ID, LATER, NOW, ring, signer};

fn judge(request: &ViewerRequest<'_>) -> Result<Grant, Reason> {
    verify(request, &ring("ec-public.pem"), NOW, &VerifyOptions::default()).map_err(|denial| denial.reason)
}

fn request<'a>(host: &'a str, path: &'a str, query: &'a str) -> ViewerRequest<'a> {
    ViewerRequest { scheme: Some(Scheme::Https), host, path, query, cookies: &[], client_ip: None }
}

/// Signs a URL and gives back its query string.
fn signed_query(url: &str) -> String {
    let signed = signer("ec-sec1.pem", HashAlgorithm::Sha256).sign_url(url, &Terms::until(LATER), None).unwrap();
    signed.split_once('?').unwrap().1.to_owned()
}

/// The query string of a custom policy, signed as it stands.
fn custom_query(policy: &str) -> String {
    let prepared = Prepared::from_policy_text(policy, KEY_PAIR_ID, HashAlgorithm::Sha256).unwrap();
    let signature = signer("ec-sec1.pem", HashAlgorithm::Sha256).sign(&prepared).unwrap();
    prepared.finish_cookies(&signature).pairs().iter().fold(String::new(), |query, (name, value)| {
        let separator = if query.is_empty() { "" } else { "&" };
        query + separator + name.trim_start_matches("CloudFront-") + "=" + value
    })
}

#[test]
fn a_host_header_cannot_take_over_part_of_a_signed_url() {
    let query = signed_query("https://d111.cloudfront.net/public?next=/secret");
    let signing = query.split_once('&').unwrap().1;
    assert!(judge(&request("d111.cloudfront.net", "/public", &query)).is_ok());
    for host in
        ["d111.cloudfront.net/public?next=", "d111.cloudfront.net/public", "", "a b", "h\u{e9}", "user@h", "h\\"]
    {
        assert_eq!(judge(&request(host, "/secret", signing)).unwrap_err(), Reason::MalformedRequest, "{host:?}");
    }
}

#[test]
fn a_path_cannot_take_over_part_of_the_query() {
    let query = signed_query("https://d111.cloudfront.net/a?b=1");
    let signing = query.split_once('&').unwrap().1;
    for path in ["/a?b=1", "/a#b", "", "a", "/a b", "/a\u{7f}", "/a\n"] {
        let found = judge(&request("d111.cloudfront.net", path, signing));
        assert_eq!(found.unwrap_err(), Reason::MalformedRequest, "{path:?}");
    }
}

#[test]
fn a_malformed_request_is_named_before_anything_else() {
    assert_eq!(judge(&request("", "/a", "")).unwrap_err(), Reason::MalformedRequest);
    assert_eq!(judge(&request("h.example", "/a", "x y")).unwrap_err(), Reason::MalformedRequest);
}

#[test]
fn quotes_in_a_request_cannot_add_conditions_to_a_rebuilt_policy() {
    let path = "/a\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":9}}}]}";
    for query in [
        "Expires=1767290400&Signature=AAAA&Key-Pair-Id=K2JCJMDEHXQW5F",
        "x=\"&Expires=1767290400&Signature=AAAA&Key-Pair-Id=K",
    ] {
        assert_eq!(judge(&request("h.example", path, query)).unwrap_err(), Reason::MalformedRequest);
    }
    assert_eq!(
        judge(&request("h.example", "/a\\", "Expires=1767290400&Signature=AAAA&Key-Pair-Id=K")).unwrap_err(),
        Reason::MalformedRequest
    );
}

#[test]
fn quotes_in_a_resource_cannot_end_its_json_string() {
    let evil = r#"https://h.example/a","Condition":{"DateLessThan":{"AWS:EpochTime":2147483647}}}]}"#;
    let text = canned_text(evil, LATER);
    let policy = edgeseal_core::policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.expires, LATER);
    assert_eq!(policy.resource.unwrap().text(), evil);

    let terms = Terms {
        resource: Some(ResourcePattern::new(evil)),
        ip: Ipv4Range::parse("10.0.0.0/8").ok(),
        ..Terms::until(LATER)
    };
    let signer = signer("ec-sec1.pem", HashAlgorithm::Sha256);
    assert!(signer.sign_url("https://h.example/a", &terms, None).is_err());
    let terms = Terms { resource: Some(ResourcePattern::new("https://h.example/\"*")), ..Terms::until(LATER) };
    let url = signer.sign_url("https://h.example/\"a", &terms, None).unwrap();
    let grant = judge(&ViewerRequest::for_url(&url).unwrap()).unwrap();
    assert_eq!(grant.policy.resource.unwrap().text(), "https://h.example/%22*");
}

#[test]
fn the_bytes_of_a_canned_policy_open_nothing_more_when_they_are_sent_as_a_custom_policy() {
    let signer = signer("ec-sec1.pem", HashAlgorithm::Sha256);
    let error = signer.sign_url("https://h.example/users/*", &Terms::until(LATER), None).unwrap_err();
    assert_eq!(error.code(), edgeseal_core::ErrorCode::InvalidResource);

    let query = signed_query("https://h.example/a?b=%2A");
    let policy = canned_text("https://h.example/a?b=%2A", LATER);
    let signature = query.split('&').find(|part| part.starts_with("Signature=")).unwrap();
    let recast = format!(
        "b=anything&Policy={}&{signature}&Key-Pair-Id={KEY_PAIR_ID}&Hash-Algorithm=SHA256",
        edgeseal_core::encoding::to_cloudfront_base64(policy.as_bytes())
    );
    assert_eq!(judge(&request("h.example", "/a", &recast)).unwrap_err(), Reason::ResourceMismatch);
    assert!(judge(&request("h.example", "/a", &recast.replacen("anything", "%2A", 1))).is_ok());
}

#[test]
fn a_path_that_climbs_out_of_a_wildcard_is_refused() {
    let query = custom_query(&canned_text("https://h.example/public/*", LATER));
    assert!(judge(&request("h.example", "/public/a", &query)).is_ok());
    assert!(judge(&request("h.example", "/public/..a/b..", &query)).is_ok());
    for path in [
        "/public/../secret",
        "/public/%2e%2E/secret",
        "/public/.%2e/secret",
        "/public/..%2fsecret",
        "/public/a%2f..%2F../secret",
        "/public/..\\secret",
        "/public/..%5csecret",
        "/public/..",
    ] {
        assert_eq!(judge(&request("h.example", path, &query)).unwrap_err(), Reason::ResourceMismatch, "{path}");
    }
    let whole = custom_query(&canned_text("https://h.example/*", LATER));
    assert!(judge(&request("h.example", "/public/../secret", &whole)).is_ok());
    let exact = custom_query(&canned_text("https://h.example/a/../b", LATER));
    assert!(judge(&request("h.example", "/a/../b", &exact)).is_ok());
}

#[test]
fn one_credential_is_never_pieced_together_from_two() {
    let url = signed_query("https://h.example/a");
    let cookies =
        signer("ec-sec1.pem", HashAlgorithm::Sha256).sign_cookies("https://h.example/*", &Terms::until(LATER)).unwrap();
    let header = cookies.to_cookie_header();
    let part = |name: &str| url.split('&').find(|part| part.starts_with(name)).unwrap().to_owned();
    for (query, reason) in [
        (part("Expires"), Reason::MissingKeyPairId),
        (part("Signature"), Reason::MissingKeyPairId),
        (part("Key-Pair-Id"), Reason::MissingSignature),
        (part("Hash-Algorithm"), Reason::MissingKeyPairId),
        ("%50olicy=".to_owned(), Reason::MissingKeyPairId),
        ("Expires".to_owned(), Reason::MissingKeyPairId),
    ] {
        let headers = [header.as_str()];
        let request = ViewerRequest { cookies: &headers, ..request("h.example", "/a", &query) };
        assert_eq!(judge(&request).unwrap_err(), reason, "{query}");
    }
}

#[test]
fn repeated_parts_are_refused_whichever_of_them_is_good() {
    let query = signed_query("https://h.example/a");
    for extra in [
        "Expires=1767290400",
        "Signature=AAAA",
        "Key-Pair-Id=K2JCJMDEHXQW5F",
        "Hash-Algorithm=SHA256",
        "%53ignature=AAAA",
        "Policy=&Policy=",
    ] {
        for query in [format!("{extra}&{query}"), format!("{query}&{extra}")] {
            assert_eq!(judge(&request("h.example", "/a", &query)).unwrap_err(), Reason::DuplicateParameter, "{extra}");
        }
    }
    let cookies =
        signer("ec-sec1.pem", HashAlgorithm::Sha256).sign_cookies("https://h.example/*", &Terms::until(LATER)).unwrap();
    let good = cookies.to_cookie_header();
    for other in ["CloudFront-Signature=AAAA", "CloudFront-Key-Pair-Id=K3", "CloudFront-Policy=e30_"] {
        for headers in [[good.as_str(), other], [other, good.as_str()]] {
            let request = ViewerRequest { cookies: &headers, ..request("h.example", "/a", "") };
            assert_eq!(judge(&request).unwrap_err(), Reason::DuplicateParameter, "{other}");
        }
    }
    let twice = [good.as_str(), good.as_str()];
    assert!(judge(&ViewerRequest { cookies: &twice, ..request("h.example", "/a", "") }).is_ok());
}

#[test]
fn cookies_are_found_however_they_are_spread_and_spaced() {
    let cookies =
        signer("ec-sec1.pem", HashAlgorithm::Sha256).sign_cookies("https://h.example/*", &Terms::until(LATER)).unwrap();
    let one_by_one: Vec<String> = cookies.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let one_by_one: Vec<&str> = one_by_one.iter().map(String::as_str).collect();
    assert!(judge(&ViewerRequest { cookies: &one_by_one, ..request("h.example", "/a", "") }).is_ok());
    let spaced = format!(" ;; theme=dark;  {} ;", one_by_one.join(" ;\t"));
    assert!(judge(&ViewerRequest { cookies: &[&spaced], ..request("h.example", "/a", "") }).is_ok());
    let lower = cookies.to_cookie_header().to_lowercase();
    let denied = judge(&ViewerRequest { cookies: &[&lower], ..request("h.example", "/a", "") });
    assert_eq!(denied.unwrap_err(), Reason::MissingCredentials);
}

#[test]
fn a_viewer_behind_a_dual_stack_socket_is_an_ipv4_viewer() {
    let range = Ipv4Range::parse("203.0.113.0/24").unwrap();
    assert!(range.contains("::ffff:203.0.113.5".parse().unwrap()));
    for other in ["::ffff:198.51.100.5", "::203.0.113.5", "64:ff9b::203.0.113.5", "2001:db8::1"] {
        assert!(!range.contains(other.parse().unwrap()), "{other}");
    }
}

#[test]
fn matching_time_grows_no_faster_than_the_input() {
    const MEGABYTE: usize = 1 << 20;
    let text = format!("/{}", "a".repeat(MEGABYTE));
    let target = Target { scheme: Some(Scheme::Https), host: "h", path: &text, query: "" };
    for resource in [
        format!("https://h/{}b", "a*".repeat(MEGABYTE / 4)),
        format!("https://h/{}", "*a".repeat(MEGABYTE / 4)),
        format!("https://h/*{}b*", "a".repeat(MEGABYTE / 4)),
        format!("https://h/{}", "*".repeat(MEGABYTE)),
    ] {
        let pattern = ResourcePattern::new(&resource);
        let fits = pattern.mismatch(&target, false).is_none();
        assert_eq!(fits, !resource.contains('b'));
    }
}

#[test]
fn huge_requests_are_judged_without_trouble() {
    let long = "a".repeat(1 << 20);
    let path = format!("/{long}");
    let pairs = "x=1&".repeat(1 << 18);
    let policy = format!("Policy={long}&Signature={long}&Key-Pair-Id={long}");
    for query in [pairs.as_str(), policy.as_str(), &format!("{pairs}Expires={}", "9".repeat(1 << 20))] {
        assert!(judge(&request("h.example", &path, query)).is_err());
    }
    let cookies = "CloudFront-Policy=e30_;".repeat(1 << 16);
    assert!(judge(&ViewerRequest { cookies: &[&cookies], ..request("h.example", &path, "") }).is_err());
}

#[test]
fn a_refusal_is_explained_with_few_signature_checks_however_many_parameters_there_are() {
    struct Counting(std::cell::Cell<usize>);
    impl VerifyingKey for Counting {
        fn verify(&self, _: HashAlgorithm, _: &[u8], _: &[u8]) -> bool {
            self.0.set(self.0.get() + 1);
            false
        }
    }
    let mut keys = KeyRing::new();
    keys.insert(KEY_PAIR_ID, Counting(std::cell::Cell::new(0))).unwrap();
    let path = "/a".repeat(100_000);
    let query = format!("{}Expires={LATER}&Signature=AAAA&Key-Pair-Id={KEY_PAIR_ID}", "x=1&".repeat(100_000));
    let explanation =
        explain(&request("h.example", &path, &query), &keys, NOW, &VerifyOptions::default(), &Hints::default());
    assert_eq!(explanation.verdict.unwrap_err().reason, Reason::BadSignature);
    let checks = keys.get(KEY_PAIR_ID).unwrap().key.0.get();
    assert!((50..300).contains(&checks), "{checks} signature checks");
}
