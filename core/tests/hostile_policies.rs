//! Policy texts that look like policies and are not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use edgeseal_core::policy::{Warning, parse};

#[test]
fn a_condition_that_was_written_as_null_is_refused_instead_of_ignored() {
    for text in [
        r#"{"Statement":[{"Resource":null,"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":null}}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"DateGreaterThan":null}}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":{"DateLessThan":{"AWS:EpochTime":null}}}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":null}]}"#,
        r#"{"Statement":null}"#,
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert!(error.message.contains("null"), "{text}: {}", error.message);
    }
}

#[test]
fn arrays_do_not_stand_for_objects_with_the_fields_in_order() {
    for text in [
        r#"[[{"Resource":"https://h/*","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]]"#,
        r#"{"Statement":[["https://h/*",{"DateLessThan":{"AWS:EpochTime":1}}]]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":[{"AWS:EpochTime":1}]}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":{"DateLessThan":[1]}}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"DateGreaterThan":[1]}}]}"#,
        r#"{"Statement":[{"Resource":"https://h/*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":["10.0.0.0/8"]}}]}"#,
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert!(error.message.contains("array"), "{text}: {}", error.message);
    }
}

#[test]
fn a_key_that_is_written_twice_is_refused() {
    for text in [
        r#"{"Statement":[],"Statement":[]}"#,
        r#"{"Statement":[{"Resource":"https://a/*","Resource":"https://b/*","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}"#,
        r#"{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1},"DateLessThan":{"AWS:EpochTime":9}}}]}"#,
        r#"{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1,"AWS:EpochTime":9}}}]}"#,
        r#"{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1},"\u0044ateLessThan":{"AWS:EpochTime":9}}}]}"#,
    ] {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn two_oddities_in_one_resource_give_two_warnings() {
    let policy = parse(
        br#"{"Statement":[{"Resource":"http*://h/a\\?b=1","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}"#,
    )
    .unwrap();
    assert_eq!(policy.warnings, [Warning::EscapedQuestionMark, Warning::LegacySchemeWildcard]);
}

#[test]
fn deep_nesting_and_long_texts_end_in_an_error() {
    let deep = format!("{{\"Statement\":{}", "[".repeat(100_000));
    assert!(parse(deep.as_bytes()).is_err());
    let second =
        format!(r#"{{"Statement":[{{"Condition":{{"DateLessThan":{{"AWS:EpochTime":1}}}}}},{}"#, "[".repeat(100_000));
    assert!(parse(second.as_bytes()).is_err());
    let keys: Vec<String> = (0..200_000).map(|number| format!("\"k{number}\":0")).collect();
    let error = parse(format!("{{{}}}", keys.join(",")).as_bytes()).unwrap_err();
    assert_eq!(error.message, "the object has too many keys");
    let items = format!("{{\"Statement\":[{}]}}", vec!["0"; 200_000].join(","));
    assert!(parse(items.as_bytes()).is_err());
}
