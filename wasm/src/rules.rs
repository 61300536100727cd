//! Reading and checking rule files of the edge policy, and the case files that test them.

use crate::error::thrown;
use edgeseal_core::edge::{self, Finding, Place, RuleFile};
use serde::Serialize;
use serde_json::{Map, Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Serialize)]
struct FindingView<'a> {
    code: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    field: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    message: &'a str,
    fix: &'static str,
}

fn view(finding: &Finding) -> FindingView<'_> {
    FindingView {
        code: finding.code.code(),
        severity: finding.severity().as_str(),
        field: &finding.field,
        line: finding.place.map(|place| place.line),
        column: finding.place.map(|place| place.column),
        message: &finding.message,
        fix: finding.fix(),
    }
}

/// The findings about a rule file in YAML or JSON, as JSON, errors first. `key_pair_ids` are those of the public
/// keys at hand; absent when they are not known.
#[wasm_bindgen(js_name = checkRules)]
#[must_use]
pub fn check_rules(text: &str, key_pair_ids: Option<Vec<String>>) -> String {
    let ids: Option<Vec<&str>> = key_pair_ids.as_ref().map(|ids| ids.iter().map(String::as_str).collect());
    let checked = edge::check(text, ids.as_deref());
    serde_json::to_string(&checked.findings.iter().map(view).collect::<Vec<_>>()).unwrap_or_default()
}

/// A rule file in YAML or JSON as the compact JSON that a bundle carries, with every default written out.
#[wasm_bindgen(js_name = rulesToJson)]
pub fn rules_to_json(text: &str) -> Result<String, JsValue> {
    RuleFile::from_yaml(text).map(|file| file.to_json()).map_err(|error| thrown(&error.into()))
}

/// Any YAML document as JSON: its `value`, and the `places` of its parts, such as `{"cases[0].name": [3, 11]}`; or,
/// where it cannot be read, an `error` with `message`, `line` and `column`.
#[wasm_bindgen(js_name = readYaml)]
#[must_use]
pub fn read_yaml(text: &str) -> String {
    match edge::read_document(text) {
        Ok(document) => {
            let places: Map<String, Value> = document
                .places
                .into_iter()
                .map(|(path, Place { line, column })| (path, json!([line, column])))
                .collect();
            json!({"value": document.value, "places": places}).to_string()
        }
        Err(error) => json!({"error": error.findings().first().map(view)}).to_string(),
    }
}
