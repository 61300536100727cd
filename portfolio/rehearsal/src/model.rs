//! The Service Catalog API model: operations, shapes and their constraints.
//!
//! The data file is derived from the model botocore ships; see `model/NOTICE`.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;

use crate::error::RehearsalError;

const SOURCE: &str = include_str!("../model/model.json");

/// The whole model.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) operations: BTreeMap<String, OperationShape>,
    shapes: BTreeMap<String, Shape>,
}

/// What an operation takes and gives.
#[derive(Debug, Deserialize)]
pub(crate) struct OperationShape {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
}

/// One shape with its constraints.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    /// The pattern as the model writes it, and compiled to match a whole value.
    pub(crate) pattern: Option<(String, Regex)>,
    pub(crate) values: Vec<String>,
}

/// The type of a shape.
#[derive(Debug)]
pub(crate) enum Kind {
    Structure { members: BTreeMap<String, String>, required: Vec<String>, token: Option<String> },
    List(String),
    Map { key: String, value: String },
    Text,
    Integer,
    Boolean,
    Timestamp,
}

#[derive(Deserialize)]
struct RawModel {
    operations: BTreeMap<String, OperationShape>,
    shapes: BTreeMap<String, RawShape>,
}

#[derive(Deserialize)]
struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    members: BTreeMap<String, String>,
    #[serde(default)]
    required: Vec<String>,
    token: Option<String>,
    member: Option<String>,
    key: Option<String>,
    value: Option<String>,
    min: Option<i64>,
    max: Option<i64>,
    pattern: Option<String>,
    #[serde(default, rename = "enum")]
    values: Vec<String>,
}

impl Model {
    /// Reads the bundled data file.
    pub(crate) fn load() -> Result<Self, RehearsalError> {
        let bad = |e: String| RehearsalError::Model(e);
        let raw: RawModel = serde_json::from_str(SOURCE).map_err(|e| bad(e.to_string()))?;
        let mut shapes = BTreeMap::new();
        for (name, shape) in raw.shapes {
            let shape = Shape::from_raw(shape).map_err(|e| bad(format!("shape {name}: {e}")))?;
            shapes.insert(name, shape);
        }
        Ok(Self { operations: raw.operations, shapes })
    }

    /// A shape by its name.
    pub(crate) fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    /// The member of an operation's input that carries its idempotency token.
    pub(crate) fn token_member(&self, operation: &str) -> Option<&str> {
        match &self.input(operation)?.kind {
            Kind::Structure { token, .. } => token.as_deref(),
            _ => None,
        }
    }

    /// The largest `PageSize` that an operation takes.
    pub(crate) fn page_cap(&self, operation: &str) -> usize {
        let cap = match self.input(operation).map(|s| &s.kind) {
            Some(Kind::Structure { members, .. }) => {
                members.get("PageSize").and_then(|m| self.shape(m)).and_then(|s| s.max)
            }
            _ => None,
        };
        cap.and_then(|c| usize::try_from(c).ok()).unwrap_or(usize::MAX)
    }

    fn input(&self, operation: &str) -> Option<&Shape> {
        self.shape(self.operations.get(operation)?.input.as_deref()?)
    }
}

impl Shape {
    fn from_raw(raw: RawShape) -> Result<Self, String> {
        let missing = |what: &str| format!("has no {what}");
        let kind = match raw.kind.as_str() {
            "structure" => Kind::Structure { members: raw.members, required: raw.required, token: raw.token },
            "list" => Kind::List(raw.member.ok_or_else(|| missing("member"))?),
            "map" => Kind::Map {
                key: raw.key.ok_or_else(|| missing("key"))?,
                value: raw.value.ok_or_else(|| missing("value"))?,
            },
            "string" => Kind::Text,
            "integer" => Kind::Integer,
            "boolean" => Kind::Boolean,
            "timestamp" => Kind::Timestamp,
            other => return Err(format!("is of an unknown type {other}")),
        };
        let pattern = match raw.pattern {
            Some(text) => {
                let regex = Regex::new(&format!("^(?:{text})$")).map_err(|e| e.to_string())?;
                Some((text, regex))
            }
            None => None,
        };
        Ok(Self { kind, min: raw.min, max: raw.max, pattern, values: raw.values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_model_holds_ninety_operations_whose_shapes_all_exist() {
        let model = Model::load().unwrap();
        assert_eq!(model.operations.len(), 90);
        for (name, op) in &model.operations {
            for shape in op.input.iter().chain(op.output.iter()) {
                assert!(model.shape(shape).is_some(), "{name} names {shape}");
            }
        }
    }

    #[test]
    fn page_caps_and_token_members_come_from_the_model() {
        let model = Model::load().unwrap();
        assert_eq!(model.page_cap("ListPortfolios"), 100);
        assert_eq!(model.page_cap("SearchProductsAsAdmin"), 20);
        assert_eq!(model.token_member("ProvisionProduct"), Some("ProvisionToken"));
        assert_eq!(model.token_member("CreatePortfolio"), Some("IdempotencyToken"));
        assert_eq!(model.token_member("CreateTagOption"), None);
    }
}
