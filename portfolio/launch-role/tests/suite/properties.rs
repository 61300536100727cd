//! What holds for every template.

use std::collections::BTreeSet;

use crate::common::try_role;
use edgeseal_launch_role::Template;
use edgeseal_launch_role::catalog::Catalog;
use proptest::prelude::*;

/// Every property path that the data files know for a type, each with a value that is set.
fn paths(type_name: &str) -> Vec<String> {
    let catalog = Catalog::builtin().unwrap();
    let entry = catalog.type_entry(type_name).unwrap();
    let costly = entry.properties.iter().map(|property| property.path.clone());
    let plain = entry.plain.iter().filter(|name| !costly.clone().any(|path| path.starts_with(&format!("{name}."))));
    let mut paths: BTreeSet<String> = plain.cloned().collect();
    paths.extend(costly.filter(|path| !path.is_empty()));
    paths.into_iter().collect()
}

/// The type's names must stay, or its resources cannot be named at all.
fn required(type_name: &str) -> BTreeSet<String> {
    let catalog = Catalog::builtin().unwrap();
    let entry = catalog.type_entry(type_name).unwrap();
    entry.scope.values().filter(|scope| scope.otherwise.is_none()).filter_map(|scope| scope.property.clone()).collect()
}

/// A template with one resource that has the chosen properties.
fn template(type_name: &str, chosen: &BTreeSet<String>) -> String {
    let mut tree = serde_json::Map::new();
    for path in chosen {
        let mut at = &mut tree;
        let keys: Vec<&str> = path.split('.').collect();
        for key in &keys[..keys.len() - 1] {
            let next = at.entry((*key).to_owned()).or_insert_with(|| serde_json::json!({}));
            if !next.is_object() {
                *next = serde_json::json!({});
            }
            at = next.as_object_mut().unwrap();
        }
        let last = keys[keys.len() - 1];
        at.entry(last.to_owned()).or_insert_with(|| match last {
            "LambdaFunctionAssociations" => serde_json::json!([{ "LambdaFunctionARN": "f" }]),
            "Logging" => serde_json::json!({ "Bucket": "b.s3.amazonaws.com" }),
            _ => serde_json::json!("value"),
        });
    }
    serde_json::json!({ "Resources": { "Thing": { "Type": type_name, "Properties": tree } } }).to_string()
}

fn type_names() -> Vec<String> {
    let catalog = Catalog::builtin().unwrap();
    catalog.types().map(|entry| entry.name.clone()).filter(|name| name != "ServiceCatalog").collect()
}

/// A type, some of its properties, and one of them to take away.
fn removal() -> impl Strategy<Value = (String, BTreeSet<String>, String)> {
    proptest::sample::select(type_names()).prop_flat_map(|type_name| {
        let paths = paths(&type_name);
        let size = paths.len();
        let some = proptest::sample::subsequence(paths, 0..=size);
        (Just(type_name), some, any::<proptest::sample::Index>()).prop_map(|(type_name, some, index)| {
            let mut chosen: BTreeSet<String> = some.into_iter().collect();
            chosen.extend(required(&type_name));
            let removed = chosen.iter().nth(index.index(chosen.len().max(1))).cloned().unwrap_or_default();
            (type_name, chosen, removed)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn taking_a_property_away_never_adds_an_action((type_name, chosen, removed) in removal()) {
        let mut fewer = chosen.clone();
        fewer.remove(&removed);
        let (before, after) = (template(&type_name, &chosen), template(&type_name, &fewer));
        let (Ok(before), Ok(after)) = (try_role(&before), try_role(&after)) else {
            // Without a name there is no role at all, which grants nothing either.
            return Ok(());
        };
        prop_assert!(after.actions().is_subset(&before.actions()), "{type_name} without {removed}");
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
        let _ = Template::parse("t.yaml", &text);
    }

    #[test]
    fn no_damage_to_a_template_makes_it_panic(at in any::<proptest::sample::Index>(), put in "[!&*{}\\[\\]:,$'\"\n -]{0,3}") {
        let whole = include_str!("fixtures/everything.yaml");
        let cut = whole.char_indices().nth(at.index(whole.chars().count())).map_or(0, |(index, _)| index);
        let (head, tail) = whole.split_at(cut);
        let tail: String = tail.chars().skip(1).collect();
        if let Err(error) = try_role(&format!("{head}{put}{tail}")) {
            prop_assert!(!error.code().is_empty() && !error.hint().is_empty());
        }
    }
}

#[test]
fn most_types_and_properties_take_part_in_the_removal_test() {
    let usable = type_names()
        .iter()
        .filter(|name| try_role(&template(name, &paths(name).into_iter().collect())).is_ok())
        .count();
    assert!(usable > 30, "only {usable} types have a role with all their properties set");
}

#[test]
fn references_that_double_at_every_step_do_not_double_the_work() {
    let mut text = String::from("Resources:\n  L0: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: a}}\n");
    for step in 1..30 {
        let before = step - 1;
        text.push_str(&format!(
            "  L{step}: {{Type: 'AWS::Logs::LogGroup', Properties: {{LogGroupName: !Sub '${{L{before}}}${{L{before}.X}}${{L{before}}}'}}}}\n"
        ));
    }
    assert!(try_role(&text).is_ok());
}
