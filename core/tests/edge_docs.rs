//! The rule file model, its JSON Schema and its documentation say the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use edgeseal_core::Reason;
use edgeseal_core::edge::{EdgeReason, FindingCode, RuleFile, Severity};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn root(path: &str) -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(&root("wasm/js/schema/edge-policy.schema.json")).unwrap()
}

/// A field of the schema.
struct Field {
    required: bool,
    default: Option<Value>,
    schema: Value,
}

/// Every field by its path, such as `rules[].upload.maxBytes`.
fn schema_fields() -> BTreeMap<String, Field> {
    fn resolve<'s>(schema: &'s Value, part: &'s Value) -> &'s Value {
        match part["$ref"].as_str() {
            Some(reference) => schema.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => part,
        }
    }
    fn walk(schema: &Value, object: &Value, prefix: &str, out: &mut BTreeMap<String, Field>) {
        assert_eq!(object["additionalProperties"], json!(false), "{prefix} must be closed");
        let required: Vec<&str> =
            object["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect();
        for (name, part) in object["properties"].as_object().unwrap() {
            let part = resolve(schema, part);
            let path = format!("{prefix}{name}");
            assert!(
                path == "version" || part["description"].is_string() || part["anyOf"].is_array(),
                "{path} has no description"
            );
            let field = Field {
                required: required.contains(&name.as_str()),
                default: part.get("default").cloned(),
                schema: part.clone(),
            };
            out.insert(path.clone(), field);
            if part["properties"].is_object() {
                walk(schema, part, &format!("{path}."), out);
            }
            if part["items"]["$ref"] == json!("#/definitions/rule") {
                walk(schema, resolve(schema, &part["items"]), &format!("{path}[]."), out);
            }
        }
    }
    let schema = schema();
    let mut fields = BTreeMap::new();
    walk(&schema, &schema, "", &mut fields);
    fields
}

/// A file in which every field says something.
fn full() -> Value {
    json!({
        "$schema": "x", "version": 1, "mode": "behind-key-group", "scheme": "any", "whenUnseen": "allow",
        "rules": [{
            "name": "a", "path": "/a/*", "host": "a.example", "methods": ["PUT"], "require": "signed-url",
            "keyPairIds": ["K"], "maxLifetime": 60, "requireIp": true,
            "upload": {
                "maxBytes": 1, "contentTypes": ["image/*"], "extensions": ["png"], "requireContentLength": false,
                "requireChecksum": true, "requireConstraints": ["method", "maxBytes", "contentType", "sha256"]
            },
            "query": { "allow": ["v"] }, "stripPrefix": "/a",
            "cors": { "origins": ["*"], "headers": ["x-a"], "exposeHeaders": ["x-b"], "maxAge": 1, "credentials": false },
            "responseHeaders": { "x-c": "1" }
        }]
    })
}

/// Every path of a serialised file, in the notation of the schema.
fn paths(value: &Value, prefix: &str, out: &mut BTreeMap<String, Value>) {
    let Some(map) = value.as_object() else { return };
    for (name, part) in map {
        let path = format!("{prefix}{name}");
        out.insert(path.clone(), part.clone());
        match part {
            Value::Object(_) if name != "responseHeaders" => paths(part, &format!("{path}."), out),
            Value::Array(items) if name == "rules" => {
                items.iter().for_each(|item| paths(item, &format!("{path}[]."), out))
            }
            _ => {}
        }
    }
}

fn written(file: &Value) -> BTreeMap<String, Value> {
    let file = RuleFile::from_json(&file.to_string()).unwrap();
    let mut out = BTreeMap::new();
    paths(&serde_json::from_str(&file.to_json()).unwrap(), "", &mut out);
    out
}

#[test]
fn the_schema_has_exactly_the_fields_of_the_model() {
    let model: BTreeSet<String> = written(&full()).into_keys().collect();
    let schema: BTreeSet<String> = schema_fields().into_keys().collect();
    assert_eq!(model, schema);
}

#[test]
fn the_schema_has_the_defaults_of_the_model() {
    let mut smallest = json!({"version": 1, "mode": "standalone", "rules": [{"name": "a", "path": "/a", "upload": {}, "cors": {"origins": ["*"]}}]});
    let model = written(&smallest);
    for (path, field) in schema_fields() {
        let section = ["rules[].upload", "rules[].cors", "rules[].query"].contains(&path.as_str());
        match (model.get(&path), &field.default) {
            (Some(value), Some(default)) => assert_eq!(value, default, "{path}"),
            (None, None) => assert!(!field.required, "{path}"),
            (Some(_), None) => assert!(field.required || section, "{path} has a default that the schema lacks"),
            (None, Some(_)) => panic!("{path} has a default in the schema only"),
        }
    }
    smallest["rules"][0].as_object_mut().unwrap().retain(|name, _| name == "name" || name == "path");
    assert!(RuleFile::from_json(&smallest.to_string()).is_ok());
    for name in ["version", "mode", "rules"] {
        let mut file = smallest.clone();
        file.as_object_mut().unwrap().remove(name);
        assert!(RuleFile::from_json(&file.to_string()).is_err(), "{name} is required");
    }
}

#[test]
fn the_schema_lists_the_words_of_the_model() {
    let mut seen = 0;
    for (path, field) in schema_fields() {
        let words = field.schema["enum"].as_array().or_else(|| field.schema["items"]["enum"].as_array());
        let Some(words) = words else { continue };
        let is_list = field.schema["type"] == "array";
        let set = |word: &str| {
            let mut file = full();
            let pointer = format!("/{}", path.replace("rules[]", "rules/0").replace('.', "/"));
            *file.pointer_mut(&pointer).unwrap() = if is_list { json!([word]) } else { json!(word) };
            file.to_string()
        };
        for word in words {
            assert!(RuleFile::from_json(&set(word.as_str().unwrap())).is_ok(), "{path}: {word}");
            seen += 1;
        }
        let error = RuleFile::from_json(&set("bogus")).unwrap_err().to_string();
        let listed = error.matches('`').count() / 2 - 1;
        assert_eq!(listed, words.len(), "{path}: {error}");
    }
    assert_eq!(seen, 2 + 3 + 2 + 7 + 4 + 4);
}

/// The cells of the table rows whose first cell is code.
fn rows(section: &str) -> Vec<Vec<String>> {
    let text = root("docs/edge-policy.md");
    let start = text.find(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("no section {section}")) + 4;
    let end = text[start..].find("\n## ").map_or(text.len(), |end| start + end);
    text[start..end]
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Field") && !line.starts_with("| Code"))
        .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or_else(|| panic!("not code: {cell}"))
}

#[test]
fn the_documentation_describes_every_field_with_its_default_and_an_example_that_works() {
    let schema = schema_fields();
    let mut documented = BTreeSet::new();
    for row in rows("Fields") {
        let [field, _, default, example, meaning] = &row[..] else { panic!("{row:?}") };
        let path = code(field);
        assert!(documented.insert(path.to_owned()), "{path} is there twice");
        assert!(meaning.ends_with('.'), "{path}: {meaning}");
        let known = schema.get(path).unwrap_or_else(|| panic!("{path} is no field"));
        match default.as_str() {
            "required" => assert!(known.required, "{path}"),
            "none" => assert!(known.default.is_none() && !known.required, "{path}"),
            text => {
                let default: Value = serde_json::from_str(code(text)).unwrap_or_else(|_| json!(code(text)));
                let expected = known.default.clone().unwrap_or_else(|| json!({"allow": []}));
                assert_eq!(default, expected, "{path}");
            }
        }
        check_example(path, code(example));
    }
    assert_eq!(documented, schema.into_keys().collect());
}

/// Sets the example in a file and reads it.
fn check_example(path: &str, example: &str) {
    let name = path.rsplit('.').next().unwrap();
    assert!(example.starts_with(&format!("{name}: ")), "{path}: {example}");
    let parent = path.strip_suffix(name).unwrap();
    let mut top: Map<String, Value> =
        json!({"version": "1", "mode": "behind-key-group", "rules": "@"}).as_object().unwrap().clone();
    let mut rule: Map<String, Value> =
        json!({"name": "a", "path": "/upload/*", "methods": "[PUT]"}).as_object().unwrap().clone();
    let value = json!(example.strip_prefix(&format!("{name}: ")).unwrap());
    match parent {
        "" => drop(top.insert(name.to_owned(), value)),
        "rules[]." => drop(rule.insert(name.to_owned(), value)),
        "rules[].cors." if name != "origins" => {
            rule.insert("cors".into(), json!(format!("{{ origins: [https://a.example], {example} }}")));
        }
        section => {
            let section = section.trim_start_matches("rules[].").trim_end_matches('.').to_owned();
            rule.insert(section, json!(format!("{{ {example} }}")));
        }
    }
    let flow = |map: &Map<String, Value>| {
        map.iter().map(|(name, value)| format!("{name}: {}", value.as_str().unwrap())).collect::<Vec<_>>().join("\n")
    };
    let rule = format!("[{{ {} }}]", flow(&rule).replace('\n', ", "));
    let text = flow(&top).replace('@', &rule);
    let file = RuleFile::from_yaml(&text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
    let compiled = edgeseal_core::edge::CompiledPolicy::new(&file);
    assert!(compiled.is_ok(), "{path}: {compiled:?}\n{text}");
}

#[test]
fn the_documentation_lists_every_reason_and_every_finding() {
    let mut expected: Vec<Vec<String>> = EdgeReason::OWN
        .iter()
        .copied()
        .chain(Reason::ALL.iter().map(|reason| EdgeReason::Verify(*reason)))
        .map(|reason| vec![format!("`{}`", reason.code()), reason.status().to_string(), reason.sentence().to_owned()])
        .collect();
    assert_eq!(rows("Reasons"), expected);
    expected = FindingCode::ALL
        .iter()
        .map(|code| vec![format!("`{}`", code.code()), code.severity().as_str().to_owned(), code.fix().to_owned()])
        .collect();
    let unescape = |row: Vec<String>| row.iter().map(|cell| cell.replace("\\*", "*").replace("\\\\", "\\")).collect();
    let documented: Vec<Vec<String>> = rows("Findings of the linter").into_iter().map(unescape).collect();
    assert_eq!(documented, expected);
}

/// The cases of all vectors by name: the mode of the policy, and the reason when the case is refused.
fn vector_cases() -> BTreeMap<String, (String, Option<String>)> {
    let mut cases = BTreeMap::new();
    let vectors = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/edge-vectors");
    for entry in std::fs::read_dir(vectors).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_str().unwrap().starts_with("cases-") {
            continue;
        }
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let reason = case["expect"]["deny"]["reason"].as_str().map(str::to_owned);
            let mode = file["policy"]["mode"].as_str().unwrap().to_owned();
            cases.insert(case["name"].as_str().unwrap().to_owned(), (mode, reason));
        }
    }
    cases
}

#[test]
fn every_threat_names_a_test_that_shows_the_reason_in_the_mode() {
    let cases = vector_cases();
    let tests = root("core/tests/edge_vectors.rs") + &root("core/tests/edge_properties.rs");
    let rows = rows("Threats");
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows.iter().skip(1) {
        let [attack, stopped, mode, test] = &row[..] else { panic!("{row:?}") };
        assert!(["both", "standalone", "behind-key-group"].contains(&mode.as_str()), "{attack}: {mode}");
        match cases.get(test) {
            Some((case_mode, reason)) => {
                assert!(mode == "both" || mode == case_mode, "{attack}: the test is for {case_mode}");
                let named = reason.as_ref().is_none_or(|reason| stopped.contains(&format!("`{reason}`")));
                assert!(named, "{attack}: the test shows {reason:?}");
            }
            None => assert!(tests.contains(&format!("fn {}(", test.replace(' ', "_"))), "{attack}: no test \"{test}\""),
        }
    }
}

#[test]
fn the_reason_codes_are_distinct_and_each_has_a_refusing_status() {
    let all = EdgeReason::OWN.iter().copied().chain(Reason::ALL.iter().map(|reason| EdgeReason::Verify(*reason)));
    let mut codes = BTreeSet::new();
    for reason in all {
        assert!(codes.insert(reason.code()), "{reason}");
        assert!((400..=415).contains(&reason.status()), "{reason}");
        assert!(reason.sentence().ends_with('.'), "{reason}");
    }
}

#[test]
fn the_example_at_the_top_of_the_documentation_has_no_finding() {
    let text = root("docs/edge-policy.md");
    let start = text.find("```yaml\n").unwrap() + 8;
    let end = start + text[start..].find("```").unwrap();
    let checked = edgeseal_core::edge::check(&text[start..end], Some(&["K2JCJMDEHXQW5F"]));
    assert_eq!(checked.findings.iter().filter(|finding| finding.severity() != Severity::Notice).count(), 0);
    assert!(checked.file.is_some());
}
