//! Rule files in YAML, and where in their text each field stands. JSON is read as YAML here.

use super::RuleFile;
use super::lint::lint;
use super::problem::{Finding, Place, RuleError};
use super::source::unreadable;
use crate::json::{self, JsonError, Kind, Member, Node};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A rule file and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The file; absent when the text cannot be read. It can be [compiled](super::CompiledPolicy::new) when no finding is an error.
    pub file: Option<RuleFile>,
    /// The findings, errors first, each with its place.
    pub findings: Vec<Finding>,
}

/// Reads a rule file in YAML or JSON and lints it; every finding has its line and column.
///
/// ```
/// use edgeseal_core::edge::{Place, check};
/// let text = "version: 1\nmode: standalone\nrules:\n  - name: all\n    path: /*\n    require: none\n";
/// let checked = check(text, Some(&["K2JCJMDEHXQW5F"]));
/// assert_eq!(checked.findings[0].to_string(), "5:11: warning opens-everything at rules[0].path: rule \"all\" opens every path to everybody");
/// ```
#[must_use]
pub fn check(text: &str, known_key_pair_ids: Option<&[&str]>) -> Checked {
    match RuleFile::from_yaml(text) {
        Err(error) => Checked { file: None, findings: error.findings().to_vec() },
        Ok(file) => {
            let mut findings = lint(&file, known_key_pair_ids);
            if let Ok(tree) = json::read_yaml(text) {
                let places = places(text, &tree);
                findings.iter_mut().for_each(|finding| finding.place = nearest(&places, &finding.field));
            }
            Checked { file: Some(file), findings }
        }
    }
}

/// Any YAML document, such as a file of test cases for rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it holds.
    pub value: Value,
    /// Where each part stands, by its path, such as `cases[0].name`; the whole document under the empty path.
    pub places: BTreeMap<String, Place>,
}

/// Reads a YAML document, of which JSON is a kind, with the place of each of its parts.
///
/// # Errors
/// [`RuleError`] with the place at fault.
///
/// ```
/// use edgeseal_core::edge::{Place, read_document};
/// let document = read_document("cases:\n  - name: a cat\n").unwrap();
/// assert_eq!(document.value, serde_json::json!({"cases": [{"name": "a cat"}]}));
/// assert_eq!(document.places["cases[0].name"], Place { line: 2, column: 11 });
/// ```
pub fn read_document(text: &str) -> Result<Document, RuleError> {
    let tree = json::read_yaml(text).map_err(|error| failed(text, &error))?;
    let places = places(text, &tree);
    Ok(Document { value: value(tree), places })
}

impl RuleFile {
    /// Reads a rule file in YAML 1.2, of which JSON is a part.
    ///
    /// # Errors
    /// [`RuleError`] with the place at fault.
    ///
    /// ```
    /// use edgeseal_core::edge::{Place, RuleFile};
    /// let error = RuleFile::from_yaml("version: 1\nmode: standalone\nrulez: []\n").unwrap_err();
    /// assert_eq!(error.findings()[0].place, Some(Place { line: 3, column: 1 }));
    /// ```
    pub fn from_yaml(text: &str) -> Result<Self, RuleError> {
        json::read_yaml(text).and_then(json::from_node).map_err(|error| failed(text, &error))
    }
}

fn failed(text: &str, error: &JsonError) -> RuleError {
    unreadable(&error.message, place(text, error.at))
}

fn place(text: &str, at: usize) -> Place {
    let (line, column) = json::place(text, at);
    Place { line, column }
}

/// Where each part of a document stands, by its path.
fn places(text: &str, tree: &Node<'_>) -> BTreeMap<String, Place> {
    let mut found = BTreeMap::new();
    collect(text, tree, String::new(), &mut found);
    found
}

fn collect(text: &str, node: &Node<'_>, path: String, found: &mut BTreeMap<String, Place>) {
    match &node.kind {
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(text, item, format!("{path}[{index}]"), found);
            }
        }
        Kind::Object(members) => {
            for Member { key, key_at, value } in members {
                let separator = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{separator}{key}");
                collect(text, value, path.clone(), found);
                // A list or a map begins below its key: the key is the better place to point at.
                if matches!(value.kind, Kind::Array(_) | Kind::Object(_)) {
                    found.insert(path, place(text, *key_at));
                }
            }
        }
        _ => {}
    }
    found.insert(path, place(text, node.at));
}

fn value(node: Node<'_>) -> Value {
    match node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(value),
        Kind::Number(text) => serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned())),
        Kind::Text(text) => Value::String(text.into_owned()),
        Kind::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        Kind::Object(members) => Value::Object(
            members.into_iter().map(|member| (member.key.into_owned(), value(member.value))).collect::<Map<_, _>>(),
        ),
    }
}

/// The place of the field itself, or of what would hold it.
fn nearest(places: &BTreeMap<String, Place>, field: &str) -> Option<Place> {
    let mut field = field;
    loop {
        if let Some(place) = places.get(field) {
            return Some(*place);
        }
        field = field.rfind(['.', '[']).and_then(|end| field.get(..end))?;
    }
}
