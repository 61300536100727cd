//! A million hostile inputs, from fixed seeds: everything that reads text from outside gives an answer.
//!
//! Plain loops, since a property-test runner would take minutes for as many.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::compat::{CompatInput, prepare_url};
use edgeseal_core::crypto::VerifyingKey;
use edgeseal_core::encoding::from_cloudfront_base64;
use edgeseal_core::explain::{Hints, Outcome, explain};
use edgeseal_core::keys::{HashAlgorithm, KeyRing, PrivateKey, PublicKey};
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Target, canned_text, parse};
use edgeseal_core::upload::UploadConstraints;
use edgeseal_core::url::{Scheme, canonicalise, encode_like_aws_sdk_js, split_signing_parameters};
use edgeseal_core::verify::{VerifyOptions, ViewerRequest, verify};
use edgeseal_core::{cookies::read_cookie_headers, time};
use support::{KEY_PAIR_ID, NOW, Random, key_file};

const SEED: u64 = 0x5EED_0001;

/// Pieces that mean something to the readers, so that random texts get past their first lines.
const PIECES: [&str; 44] = [
    "https://",
    "http://",
    "*://",
    "http*://",
    "h.example",
    "*",
    "?",
    "\\?",
    "/",
    "//",
    "..",
    "%2e",
    "%",
    "%zz",
    "%00",
    "&",
    "=",
    "#",
    ":",
    "@",
    "Expires",
    "Policy",
    "Signature",
    "Key-Pair-Id",
    "Hash-Algorithm",
    "%45xpires",
    "SHA256",
    "1767290400",
    "99999999999999999999",
    "CloudFront-Policy",
    "CloudFront-Signature",
    ";",
    " ",
    "\"",
    "\\",
    "{\"Statement\":[",
    "\"Resource\":",
    "AWS:EpochTime",
    "null",
    "}]}",
    "\u{e9}",
    "\u{1F600}",
    "es-max-bytes",
    "\u{0}",
];

fn random_text(random: &mut Random) -> String {
    (0..random.below(12)).map(|_| *random.pick(&PIECES)).collect()
}

/// Changes a text in one to four places: a byte, a cut, a repetition or a piece put in.
fn mutated(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            1 => bytes.truncate(at),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 => bytes.splice(at..at, random.pick(&PIECES).bytes()).for_each(drop),
            _ => bytes.extend_from_within(at..),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Accepts every signature, so that judging goes on behind it.
struct Anybody;

impl VerifyingKey for Anybody {
    fn verify(&self, _: HashAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// So many texts, half random, half mutated from good ones.
fn each_text(count: usize, seeds: &[&str], mut read: impl FnMut(&str, &mut Random)) {
    let mut random = Random(SEED);
    for round in 0..count {
        let text = if round % 2 == 0 {
            random_text(&mut random)
        } else {
            mutated(seeds[random.below(seeds.len())], &mut random)
        };
        read(&text, &mut random);
    }
}

#[test]
fn policies_and_resources_of_any_shape_are_read_or_refused() {
    let good = canned_text("https://h.example/a*?b=?", 1_767_290_400);
    let full = r#"{"Statement":[{"Resource":"http*://h.example/*\\?x","Condition":{"IpAddress":{"AWS:SourceIp":"10.0.0.0/8"},"DateGreaterThan":{"AWS:EpochTime":1},"DateLessThan":{"AWS:EpochTime":2}}}]}"#;
    let mut accepted = 0;
    each_text(
        200_000,
        &[&good, full, r#"{"Statement":{"Condition":{"DateLessThan":{"AWS:EpochTime":2}}}}"#],
        |text, random| {
            accepted += usize::from(parse(text.as_bytes()).is_ok());
            let pattern = ResourcePattern::new(text);
            let path = random_text(random);
            let target = Target { scheme: Some(Scheme::Https), host: "h.example", path: &path, query: text };
            let _ = pattern.mismatch(&target, random.below(2) == 0);
            let _ = ResourcePattern::for_signing(text);
        },
    );
    assert!(accepted > 100, "only {accepted} mutated policies were still policies");
}

#[test]
fn urls_queries_and_cookies_of_any_shape_are_read_or_refused() {
    let seeds = [
        "https://h.example/a%20b?x=1&Expires=1767290400&Signature=AAAA&Key-Pair-Id=K",
        "http://h.example:8080/\u{e9}/b?x='&y",
        "CloudFront-Policy=e30_; CloudFront-Signature=AAAA; CloudFront-Key-Pair-Id=K",
        "es-method=PUT&es-max-bytes=10&es-content-type=image/%2A",
    ];
    let mut canonical = 0;
    each_text(300_000, &seeds, |text, _| {
        if let Ok(url) = canonicalise(text) {
            canonical += 1;
            assert_eq!(canonicalise(&url).as_ref(), Ok(&url), "{text}");
        }
        let _ = encode_like_aws_sdk_js(text);
        let _ = prepare_url(&CompatInput { url: Some(text), expires: Some(1), ..CompatInput::default() });
        let _ = split_signing_parameters(text);
        let _ = read_cookie_headers(&[text, text]);
        let _ = UploadConstraints::from_query(text);
        let _ = from_cloudfront_base64(text);
        let _ = Ipv4Range::parse(text);
        let _ = time::parse(text, NOW, "expires");
    });
    assert!(canonical > 1_000, "only {canonical} mutated URLs were still URLs");
}

#[test]
fn requests_of_any_shape_are_judged() {
    let mut keys = KeyRing::new();
    keys.insert(KEY_PAIR_ID, Anybody).unwrap();
    let policy = "Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cHM6Ly9oLmV4YW1wbGUvKiIsIkNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MjE0NzQ4MzY0N319fV19";
    let canned = format!("x=1&Expires=2147483647&Signature=AAAA&Key-Pair-Id={KEY_PAIR_ID}");
    let custom = format!("{policy}&Signature=AAAA&Key-Pair-Id={KEY_PAIR_ID}&Hash-Algorithm=SHA256");
    let cookie = format!("CloudFront-{policy}; CloudFront-Signature=AAAA; CloudFront-Key-Pair-Id={KEY_PAIR_ID}");
    let mut allowed = 0;
    each_text(500_000, &[&canned, &custom, &cookie], |text, random| {
        let host = if random.below(8) == 0 { random_text(random) } else { "h.example".to_owned() };
        let path = if random.below(8) == 0 { random_text(random) } else { "/a".to_owned() };
        let cookies = [text];
        let with_cookies = random.below(3) == 0;
        let request = ViewerRequest {
            scheme: [None, Some(Scheme::Http), Some(Scheme::Https)][random.below(3)],
            host: &host,
            path: &path,
            query: if with_cookies { "" } else { text },
            cookies: if with_cookies { &cookies } else { &[] },
            client_ip: (random.below(2) == 0).then_some([10, 0, 0, 1].into()),
        };
        let options = VerifyOptions {
            strict: random.below(8) == 0,
            require_resource: random.below(4) == 0,
            legacy_scheme_wildcard: random.below(2) == 0,
        };
        let now = [NOW, NOW, 0, u64::MAX][random.below(4)];
        match verify(&request, &keys, now, &options) {
            Ok(grant) => {
                allowed += 1;
                assert!(now < grant.policy.expires && grant.remaining > 0);
            }
            Err(denial) => assert!(!denial.reason.sentence().is_empty()),
        }
        if random.below(8) == 0 {
            let explanation = explain(&request, &keys, now, &options, &Hints::default());
            let all_pass = explanation.checks.iter().all(|check| check.outcome == Outcome::Pass);
            assert!(all_pass || explanation.verdict.is_err(), "{request:?}: {explanation:?}");
        }
        let _ = ViewerRequest::for_url(text);
    });
    assert!(allowed > 1_000, "only {allowed} requests were allowed");
}

#[test]
fn damaged_key_files_are_read_or_refused() {
    let files =
        ["rsa-pkcs1.pem", "ec-sec1.pem", "ec-pkcs8.pem", "rsa-public.pem", "rsa-certificate.pem", "ec-public.pem"]
            .map(key_file);
    let mut random = Random(SEED);
    for round in 0..20_000 {
        let text = String::from_utf8_lossy(&files[round % files.len()]).into_owned();
        let damaged = mutated(&text, &mut random);
        let _ = PrivateKey::parse(damaged.as_bytes(), None);
        let _ = PublicKey::parse(damaged.as_bytes());
    }
    for file in ["ec-sec1.pem", "rsa-pkcs8.pem"] {
        let der = support::private_key(file).pkcs8_der().to_vec();
        for at in 0..der.len() {
            let mut damaged = der.clone();
            damaged[at] ^= 1 << (at % 8);
            if let Ok(key) = PrivateKey::parse(&damaged, Some(b"x")) {
                let _ = edgeseal_core::crypto::rustcrypto::RustCryptoSigningKey::new(&key, [1; 32]);
            }
            let _ = PrivateKey::parse(&der[..at], None);
        }
    }
    let spki = PublicKey::parse(&key_file("ec-public.pem")).unwrap().spki_der().to_vec();
    for at in 0..spki.len() * 8 {
        let mut damaged = spki.clone();
        damaged[at / 8] ^= 1 << (at % 8);
        if let Ok(key) = PublicKey::parse(&damaged) {
            let _ = edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey::new(&key);
        }
    }
}
