//! What `explain` claims is true: where a cause says what to undo, undoing it lets the request pass. And the work that
//! one request costs is bounded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::crypto::VerifyingKey;
use edgeseal_core::encoding::{from_cloudfront_base64, to_cloudfront_base64};
use edgeseal_core::explain::{Hints, MAX_SIGNATURE_CHECKS, explain};
use edgeseal_core::keys::{HashAlgorithm, KeyRing};
use edgeseal_core::policy::canned_text;
use edgeseal_core::verify::{VerifyOptions, ViewerRequest, verify};
use std::cell::Cell;
use std::rc::Rc;
use support::{KEY_PAIR_ID, LATER, NOW, Random};

/// Stands for a key pair: its signatures have the size of RSA's and depend on every bit, and it counts its checks.
#[derive(Clone)]
struct Counted {
    seed: u64,
    checks: Rc<Cell<usize>>,
}

impl Counted {
    fn new(seed: u64) -> Self {
        Self { seed, checks: Rc::default() }
    }

    fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Vec<u8> {
        let start = self.seed ^ if hash == HashAlgorithm::Sha256 { 0x5a5a } else { 0 };
        let mixed = message
            .iter()
            .fold(start, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(23));
        let mut random = Random(mixed | 1);
        (0..32).flat_map(|_| random.next().to_be_bytes()).collect()
    }
}

impl VerifyingKey for Counted {
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        self.checks.set(self.checks.get() + 1);
        self.sign(hash, message) == signature
    }
}

const OTHER_ID: &str = "K1OTHERKEY";
const SITE: &str = "https://d111111abcdef8.cloudfront.net";

fn ring() -> KeyRing<Counted> {
    let mut ring = KeyRing::new();
    ring.insert(KEY_PAIR_ID, Counted::new(7)).unwrap();
    ring.insert(OTHER_ID, Counted::new(8)).unwrap();
    ring
}

fn attach(url: &str, first: &str, text: &str, hash: HashAlgorithm) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    let signature = to_cloudfront_base64(&Counted::new(7).sign(hash, text.as_bytes()));
    let algorithm = if hash == HashAlgorithm::Sha256 { "&Hash-Algorithm=SHA256" } else { "" };
    format!("{url}{separator}{first}&Signature={signature}&Key-Pair-Id={KEY_PAIR_ID}{algorithm}")
}

/// Signed URLs of every kind, over paths and queries that are easy to spoil.
fn good_urls() -> Vec<String> {
    let mut urls = Vec::new();
    for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
        for tail in ["/a/b.jpg", "/My%20File+1.pdf?v=1&lang=en", "/x/%C3%A9/?q=a%26b&n=%27&n=2", "/?"] {
            let url = format!("{SITE}{tail}");
            let resource = url.trim_end_matches('?');
            urls.push(attach(resource, &format!("Expires={LATER}"), &canned_text(resource, LATER), hash));
            for resource in [resource, "https://d111111abcdef8.cloudfront.net/*", "*://*/*"] {
                let policy = canned_text(resource, LATER);
                let sent = to_cloudfront_base64(policy.as_bytes());
                urls.push(attach(url.trim_end_matches('?'), &format!("Policy={sent}"), &policy, hash));
            }
        }
    }
    urls
}

const PIECES: [&str; 28] = [
    "&",
    "=",
    "?",
    "%",
    "+",
    "/",
    "//",
    ".",
    ",",
    "%20",
    "%0A",
    "%0D%0A",
    "%2B",
    "%25",
    "&amp;",
    "_",
    "-",
    "~",
    "%7E",
    "a",
    "A",
    "0",
    "9",
    "&utm_source=x",
    "&v=2",
    "SHA1",
    ";",
    ")",
];

/// Changes anywhere.
fn spoil(random: &mut Random, url: &str, changes: usize) -> String {
    let mut text = url.to_owned();
    for _ in 0..changes {
        let at = 8 + random.below(text.len().saturating_sub(8).max(1));
        let end = (at + 1 + random.below(6)).min(text.len());
        let (before, middle, after) = (text[..at].to_owned(), text[at..end].to_owned(), text[end..].to_owned());
        let piece = *random.pick(&PIECES);
        text = match random.below(9) {
            0 => format!("{before}{after}"),
            1 => format!("{before}{piece}{middle}{after}"),
            2 => format!("{before}{piece}{after}"),
            3 => format!("{before}{}{after}", middle.to_uppercase()),
            4 => format!("{before}{}{after}", middle.to_lowercase()),
            5 => format!("{before}{middle}{middle}{after}"),
            6 => text.replacen(KEY_PAIR_ID, OTHER_ID, 1),
            7 => format!("{text}{piece}"),
            _ => before,
        };
    }
    text
}

fn passes(url: &str) -> bool {
    ViewerRequest::for_url(url).is_ok_and(|request| verify(&request, &ring(), NOW, &VerifyOptions::default()).is_ok())
}

const NAMES: [&str; 5] = ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"];

/// The URL with the value of every signing parameter changed.
fn with_values(url: &str, change: impl Fn(&str) -> String) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let parts: Vec<String> = query
        .split('&')
        .map(|part| match part.split_once('=') {
            Some((name, value)) if NAMES.contains(&name) => format!("{name}={}", change(value)),
            _ => part.to_owned(),
        })
        .collect();
    format!("{base}?{}", parts.join("&"))
}

fn without(url: &str, dropped: impl Fn(usize, &str) -> bool) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let parts: Vec<&str> =
        query.split('&').enumerate().filter(|(index, part)| !dropped(*index, part)).map(|(_, part)| part).collect();
    format!("{base}?{}", parts.join("&"))
}

/// Percent-decoded once.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escape.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = escaped.filter(|_| *first == b'%').map(|digits| u8::from_str_radix(digits, 16).unwrap());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_own(part: &str) -> bool {
    !NAMES.contains(&part.split('=').next().unwrap_or_default())
}

/// Causes that are seen, and need no signature to prove them.
const SEEN: [&str; 3] = ["html-escaped", "second-question-mark", "parameter-case"];

/// What following a cause's remedy may make of a URL; `None` where the remedy is nothing that can be tried here.
fn remedied(code: &str, url: &str, original: &str) -> Option<Vec<String>> {
    let marks = ['.', ',', ';', ')', '?'];
    let shifted = |apart: i64| url.replace(&LATER.to_string(), &(LATER.cast_signed() + apart).to_string());
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let parts = query.split('&').count();
    Some(match code {
        "html-escaped" => vec![url.replace("&amp;", "&")],
        "second-question-mark" => NAMES.map(|name| url.replace(&format!("?{name}="), &format!("&{name}="))).to_vec(),
        "trailing-punctuation" => vec![with_values(url, |value| value.trim_end_matches(marks).to_owned())],
        "line-break-in-value" => {
            vec![with_values(url, |value| decoded(value).chars().filter(|letter| !letter.is_whitespace()).collect())]
        }
        "plus-became-space" => vec![with_values(url, |value| decoded(value).replace(' ', "+"))],
        "double-encoded" => vec![with_values(url, decoded)],
        "missing-hash-algorithm" => vec![format!("{url}&Hash-Algorithm=SHA256")],
        "wrong-hash-algorithm" => vec![without(url, |_, part| part.starts_with("Hash-Algorithm="))],
        "wrong-key-pair-id" => [KEY_PAIR_ID, OTHER_ID]
            .map(|id| format!("{}&Key-Pair-Id={id}", without(url, |_, part| part.starts_with("Key-Pair-Id="))))
            .to_vec(),
        "wrong-scheme" => vec![url.replacen("https://", "http://", 1), url.replacen("http://", "https://", 1)],
        "slashes" => vec![
            format!("{}?{query}", base.trim_end_matches('/')),
            format!("{base}/?{query}"),
            url.replacen(".net/", ".net//", 1),
            format!("{}?{query}", base.replace("//", "/").replacen(":/", "://", 1)),
        ],
        "expires-differs" => (-5..=5)
            .flat_map(|apart| {
                let now = query.split("Expires=").nth(1).and_then(|rest| rest.split('&').next());
                let time = now.and_then(|digits| digits.parse::<i64>().ok()).unwrap_or_default();
                [shifted(apart), with_expires(url, time + apart)]
            })
            .collect(),
        "appended-parameter" => (0..parts)
            .flat_map(|index| {
                [
                    without(url, |other, part| is_own(part) && other >= index),
                    without(url, |other, part| is_own(part) && other == index),
                    without(url, |_, part| is_own(part) && !original.contains(part)),
                ]
            })
            .chain([
                without(url, |_, part| is_own(part) && part.starts_with("utm_")),
                without(url, |_, part| part.is_empty()),
            ])
            .collect(),
        "path-case" | "re-encoded-path" | "re-encoded-query" | "reordered-query" => vec![like_original(url, original)],
        _ => return None,
    })
}

fn with_expires(url: &str, time: i64) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let parts: Vec<String> = query
        .split('&')
        .map(|part| if part.starts_with("Expires=") { format!("Expires={time}") } else { part.to_owned() })
        .collect();
    format!("{base}?{}", parts.join("&"))
}

/// The URL with the path and own parameters of the original, where they differ in spelling or order alone.
fn like_original(url: &str, original: &str) -> String {
    let plain = |text: &str| {
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut own: Vec<String> = query.split('&').filter(|part| is_own(part)).map(str::to_owned).collect();
        own.sort_unstable();
        decoded(&decoded(&format!("{base}?{}", own.join("&")))).replace('+', " ").to_lowercase()
    };
    if plain(url) != plain(original) {
        return String::new();
    }
    let (base, query) = original.split_once('?').unwrap_or((original, ""));
    let signing = url.split_once('?').map_or("", |(_, query)| query).split('&').filter(|part| !is_own(part));
    let own = query.split('&').filter(|part| is_own(part));
    format!("{base}?{}", own.chain(signing).collect::<Vec<_>>().join("&"))
}

#[test]
fn undoing_what_the_first_cause_names_lets_a_spoilt_url_pass() {
    let urls = good_urls();
    let keys = ring();
    let mut random = Random(0x5eed_c0de);
    let mut tried = std::collections::BTreeMap::<&str, usize>::new();
    for url in &urls {
        assert!(passes(url), "{url}");
    }
    for _ in 0..6_000 {
        let original = random.pick(&urls).clone();
        let changes = 1 + random.below(3);
        let spoilt = spoil(&mut random, &original, changes);
        let Ok(request) = ViewerRequest::for_url(&spoilt) else { continue };
        let explanation = explain(&request, &keys, NOW, &VerifyOptions::default(), &Hints::default());
        if explanation.verdict.is_ok() {
            assert_eq!(explanation.causes, [], "{spoilt}");
            continue;
        }
        // Two causes are two things to undo.
        let [cause] = explanation.causes.as_slice() else { continue };
        // What is seen without a key is true, but one look does not show what else is wrong.
        if changes > 1 && SEEN.contains(&cause.code) {
            continue;
        }
        let Some(repaired) = remedied(cause.code, &spoilt, &original) else { continue };
        *tried.entry(cause.code).or_default() += 1;
        assert!(repaired.iter().any(|url| passes(url)), "{}: {}\n{spoilt}\n{original}", cause.code, cause.sentence);
    }
    assert!(tried.len() >= 6, "few causes were reached: {tried:?}");
}

#[test]
fn the_checks_that_one_request_costs_are_bounded() {
    let counter = Counted::new(9);
    let mut keys = KeyRing::new();
    for index in 0..1_000 {
        keys.insert(&format!("K{index}"), counter.clone()).unwrap();
    }
    let hosts: Vec<String> = (0..1_000).map(|index| format!("h{index}.example.com")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let parameters: String = (0..500).map(|index| format!("p{index}={index}&")).collect();
    let path = "/a%20+'%C3%A9".repeat(200);
    let policy = to_cloudfront_base64(canned_text("https://h.example/*", LATER).as_bytes());
    let mut most = 0;
    let signatures =
        [to_cloudfront_base64(&[7; 256]), "0f".repeat(256), to_cloudfront_base64(&[9; 64]), "%2520".into()];
    for signature in &signatures {
        for first in [format!("Expires={LATER}"), format!("Policy={policy}"), format!("Policy={policy}&Expires=1")] {
            for scheme in ["https", "http"] {
                let query = format!("{parameters}{first}&Signature={signature}&Key-Pair-Id=K1.");
                for query in [query.trim_end_matches('.').to_owned(), query] {
                    let url = format!("{scheme}://h.example{path}?{query}");
                    let mut request = ViewerRequest::for_url(&url).unwrap();
                    request.scheme = request.scheme.filter(|_| scheme == "https");
                    counter.checks.set(0);
                    let explanation =
                        explain(&request, &keys, NOW, &VerifyOptions::default(), &Hints { hosts: &hosts });
                    assert!(explanation.verdict.is_err());
                    assert!(!explanation.causes.is_empty());
                    let checks = counter.checks.get();
                    assert!(checks <= MAX_SIGNATURE_CHECKS, "{checks} checks");
                    most = most.max(checks);
                }
            }
        }
    }
    assert!(most > 100, "the requests are not hostile: {most} checks at most");
}

#[test]
fn the_stand_in_for_a_key_is_no_pushover() {
    let key = Counted::new(7);
    let signature = key.sign(HashAlgorithm::Sha1, b"text");
    assert!(key.verify(HashAlgorithm::Sha1, b"text", &signature));
    for (hash, message) in [(HashAlgorithm::Sha256, b"text"), (HashAlgorithm::Sha1, b"Text")] {
        assert!(!key.verify(hash, message, &signature));
    }
    assert!(!Counted::new(8).verify(HashAlgorithm::Sha1, b"text", &signature));
    assert_eq!(from_cloudfront_base64(&to_cloudfront_base64(&signature)).unwrap().bytes.len(), 256);
}
