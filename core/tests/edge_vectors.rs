//! The shared edge vectors: every request gets the decision that is written beside it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod edge_support;

use edge_support::{Case, Expected, cases, credentials, run, signed_texts, vectors};
use edgeseal_core::edge::Memo;
use std::collections::BTreeSet;

#[test]
fn every_request_gets_the_decision_written_beside_it() {
    let mut count = 0;
    let mut differences = Vec::new();
    for (file, policy, cases) in cases() {
        for case in cases {
            count += 1;
            let found = difference(&case, &run(&policy, &case, None));
            differences.extend(found.map(|difference| format!("{file}: {}: {difference}", case.name)));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(count >= 150, "only {count} cases were found");
}

#[test]
fn a_memo_changes_no_decision_even_when_it_is_warm_and_too_small() {
    for (file, policy, cases) in cases() {
        for capacity in [1, 64] {
            let mut memo = Memo::new(capacity);
            for round in 0..2 {
                for case in &cases {
                    let plain = run(&policy, case, None);
                    let remembered = run(&policy, case, Some(&mut memo));
                    assert_eq!(plain, remembered, "{file}: {} (round {round}, capacity {capacity})", case.name);
                }
            }
        }
    }
}

#[test]
fn signing_gives_the_recorded_credentials() {
    let fresh = credentials();
    let path = vectors().join("signed.json");
    if std::env::var_os("EDGE_VECTORS").is_some_and(|value| value == "write") {
        std::fs::write(&path, serde_json::to_string_pretty(&fresh).unwrap() + "\n").unwrap();
    }
    let recorded = signed_texts();
    let names = fresh.keys().chain(recorded.keys());
    let differing: BTreeSet<&String> = names.filter(|name| fresh.get(*name) != recorded.get(*name)).collect();
    assert!(differing.is_empty(), "signed.json is stale: {differing:?}");
}

/// What differs between the decision and what is written, or nothing.
fn difference(case: &Case, decision: &edge_support::Outcome) -> Option<String> {
    let json = serde_json::to_value(decision).unwrap();
    let (kind, expected) = match &case.expect {
        Expected::Allow(expected) => ("allow", expected),
        Expected::Deny(expected) => ("deny", expected),
        Expected::Respond(expected) => ("respond", expected),
    };
    let Some(found) = json.get(kind) else { return Some(format!("expected {kind}, got {json}")) };
    let silent: &[&str] = match kind {
        "allow" => &["uri", "querystring", "cookies"],
        "deny" => &["rule"],
        _ => &[],
    };
    let unexpected = silent.iter().find(|field| !expected.contains_key(**field) && found.get(**field).is_some());
    if let Some(field) = unexpected {
        return Some(format!("{field} was expected to be absent in {found}"));
    }
    let wrong = expected.iter().find(|(field, value)| found.get(field) != Some(value));
    wrong.map(|(field, value)| format!("{field} should be {value} in {found}"))
}
