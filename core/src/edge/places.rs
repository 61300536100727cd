//! Rule files in YAML, and where in their text each field stands. JSON is read as YAML here.

use super::RuleFile;
use super::lint::lint;
use super::problem::{Finding, Place, RuleError};
use super::source::unreadable;
use core::fmt;
use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::{Location, Options, Spanned};
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
            if let Ok(places) = places(text) {
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
    pub value: serde_json::Value,
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
    let read = || Ok(Document { value: read(text)?, places: places(text)? });
    read().map_err(|error| failed(&error))
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
        read(text).map_err(|error| failed(&error))
    }
}

fn failed(error: &serde_saphyr::Error) -> RuleError {
    let place = error.location().map_or(Place { line: 1, column: 1 }, place);
    unreadable(&message(error), place)
}

/// Where each part of a document stands, by its path.
fn places(text: &str) -> Result<BTreeMap<String, Place>, serde_saphyr::Error> {
    let tree: Tree = read(text)?;
    let mut places = BTreeMap::new();
    tree.collect("", place(tree.0.referenced), &mut places);
    Ok(places)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_saphyr::Error> {
    let mut options = Options::default();
    options.with_snippet = false;
    // YAML 1.1 would read the method-like words yes, no, on and off as booleans.
    options.strict_booleans = true;
    serde_saphyr::from_str_with_options(text, options)
}

/// The library puts the place into the sentence; here it is a field of its own.
fn message(error: &serde_saphyr::Error) -> String {
    let text = error.render();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let text = text.strip_prefix("error: ").unwrap_or(text);
    // The rest is advice to the programmer.
    let text = text.split(", set DuplicateKeyPolicy").next().unwrap_or(text);
    text.lines().next().unwrap_or(text).trim().to_owned()
}

fn place(location: Location) -> Place {
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX).max(1);
    Place { line: number(location.line()), column: number(location.column()) }
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

/// Any document, with the place of each value.
#[derive(Deserialize)]
#[serde(transparent)]
struct Tree(Spanned<Shape>);

enum Shape {
    Scalar,
    List(Vec<Tree>),
    Map(Vec<(Spanned<String>, Tree)>),
}

impl Tree {
    fn collect(&self, path: &str, at: Place, places: &mut BTreeMap<String, Place>) {
        places.insert(path.to_owned(), at);
        match &self.0.value {
            Shape::Scalar => {}
            Shape::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.collect(&format!("{path}[{index}]"), place(item.0.referenced), places);
                }
            }
            Shape::Map(entries) => {
                for (key, value) in entries {
                    let separator = if path.is_empty() { "" } else { "." };
                    // A list or a map begins below its key: the key is the better place to point at.
                    let at = if matches!(value.0.value, Shape::Scalar) { value.0.referenced } else { key.referenced };
                    value.collect(&format!("{path}{separator}{}", key.value), place(at), places);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

macro_rules! scalars {
    ($($visit:ident $kind:ty;)*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Shape, E> { Ok(Shape::Scalar) })*
    };
}

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    scalars! {
        visit_bool bool;
        visit_i64 i64;
        visit_i128 i128;
        visit_u64 u64;
        visit_u128 u128;
        visit_f64 f64;
        visit_str &str;
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Shape::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Shape::Map(entries))
    }
}
