//! `docs/causes.md` lists every cause that `explain` can name, in the core's own words, with where people met it.
//!
//! `UPDATE_FILES=1` writes the page.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::explain::{KnownCause, MAX_SIGNATURE_CHECKS};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use support::shared_tests;

/// AWS pages for causes that nobody in the corpus complains of.
const OTHER_SOURCES: [(KnownCause, &str); 8] = [
    (KnownCause::MalformedRequest, "private-content-signed-urls"),
    (KnownCause::KeyDisabled, "private-content-trusted-signers"),
    (KnownCause::NoPublicKey, "private-content-trusted-signers"),
    (KnownCause::PolicyEncodedTwice, "private-content-creating-signed-url-custom-policy"),
    (KnownCause::PolicyUnreadable, "private-content-creating-signed-url-custom-policy"),
    (KnownCause::UndocumentedForm, "private-content-creating-signed-url-custom-policy"),
    (KnownCause::EscapedQuestionMark, "private-content-creating-signed-url-custom-policy"),
    (KnownCause::WrongQuery, "private-content-creating-signed-url-custom-policy"),
];

fn sources() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(shared_tests().join("corpus/corpus.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let mut sources = BTreeMap::<String, Vec<String>>::new();
    let mut add = |cause: &str, address: String| {
        let of_cause = sources.entry(cause.to_owned()).or_default();
        if !of_cause.contains(&address) {
            of_cause.push(address);
        }
    };
    for entry in file["entries"].as_array().unwrap() {
        add(entry["cause"].as_str().unwrap(), entry["source"].as_str().unwrap().to_owned());
    }
    for (known, page) in OTHER_SOURCES {
        add(known.code(), format!("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/{page}.html"));
    }
    sources
}

/// A source as a link: an issue by its repository and number, a page by its name or host.
fn link(address: &str) -> String {
    let path = address.strip_prefix("https://").unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    let label = match parts.as_slice() {
        ["github.com", owner, name, _, number] => format!("{owner}/{name} #{number}"),
        ["docs.aws.amazon.com", .., page] => page.trim_end_matches(".html").replace("private-content-", "AWS: "),
        [host, ..] => (*host).to_owned(),
        [] => panic!("{address} is no address"),
    };
    format!("[{label}]({address})")
}

fn page() -> String {
    let sources = sources();
    let mut page = format!(
        "# The causes that `explain` names\n\n\
         CloudFront answers `AccessDenied` to nearly everything. `explain` names what went wrong, likeliest first, by one of\n\
         these codes, with a sentence and a remedy; the codes are stable. The sentence of a request may be in other words that\n\
         fit it. The sources are where people met the mistake, or what AWS writes about it; `tests/corpus` holds requests that\n\
         met them, and asks `explain` for the true cause first.\n\n\
         What needs no key is named without one. What a public key can prove is claimed only when the signature fits after\n\
         what the cause names is undone. An allowed request has no causes.\n\n\
         One request costs at most {MAX_SIGNATURE_CHECKS} signature checks, however many keys, host names, parameters and\n\
         directories there are; what is not found by then is `tampered-or-other-key`.\n\n\
         Not told apart from `tampered-or-other-key`: a signature with PSS padding, and a private key that belongs to no key\n\
         given.\n\n\
         | Code | What happened | Remedy | Sources |\n|---|---|---|---|\n"
    );
    for known in KnownCause::ALL {
        let of_cause = sources.get(known.code()).unwrap_or_else(|| panic!("{} has no source", known.code()));
        let links: Vec<String> = of_cause.iter().map(|address| link(address)).collect();
        let cell = |text: &str| text.replace('&', "&amp;").replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*");
        writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            known.code(),
            cell(known.sentence()),
            cell(known.fix()),
            links.join(", ")
        )
        .unwrap();
    }
    page
}

#[test]
fn the_page_of_causes_says_what_the_core_says() {
    let file = shared_tests().join("../docs/causes.md");
    let page = page();
    if std::env::var_os("UPDATE_FILES").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "docs/causes.md is not what the core says; run the test with UPDATE_FILES=1");
}

#[test]
fn every_code_is_unique_and_every_text_a_sentence() {
    let mut codes: Vec<_> = KnownCause::ALL.iter().map(|known| known.code()).collect();
    codes.sort_unstable();
    let count = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), count);
    for known in KnownCause::ALL {
        assert!(known.sentence().ends_with(['.', ';']), "{}", known.code());
        assert!(!known.fix().is_empty(), "{}", known.code());
    }
}
