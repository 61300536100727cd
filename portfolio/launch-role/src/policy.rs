//! Policies as statements of patterns, and as the documents that IAM takes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalog::Catalog;
use crate::error::Error;
use crate::grant::Condition;
use crate::pattern::{Part, Pattern};
use crate::role::MANAGED_LIMIT;

/// A policy as statements of patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The statements.
    pub statements: Vec<Statement>,
}

/// A statement that allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The name, unique in the role.
    pub sid: String,
    /// The actions, sorted.
    pub actions: BTreeSet<String>,
    /// The kinds of resource they are limited to.
    pub kinds: BTreeSet<String>,
    /// The ARNs, or `*`.
    pub resources: BTreeSet<Pattern>,
    /// The condition.
    pub condition: Condition,
}

impl Statement {
    /// The statement in pieces that fit into a managed policy, each with some of the resources.
    pub(crate) fn pieces(self) -> Result<Vec<Self>, Error> {
        let characters = Policy { statements: vec![self.clone()] }.characters()?;
        if characters <= MANAGED_LIMIT {
            return Ok(vec![self]);
        }
        let count = self.resources.len();
        if count < 2 {
            return Err(Error::TooLarge { characters, limit: MANAGED_LIMIT });
        }
        let mut pieces = Vec::new();
        for (name, skip) in [("A", 0), ("B", count / 2)] {
            let take = if skip == 0 { count / 2 } else { count };
            let part = Self {
                sid: format!("{}{name}", self.sid),
                resources: self.resources.iter().skip(skip).take(take).cloned().collect(),
                ..self.clone()
            };
            pieces.extend(part.pieces()?);
        }
        Ok(pieces)
    }
}

/// What is filled in for the parts that depend on where the role lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings {
    /// The partition: `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// The account of twelve digits; `*` when not given.
    pub account: Option<String>,
    /// The names that a parameter of the product may take, by parameter; `*` when not given.
    pub names: BTreeMap<String, String>,
    /// The managed policy that bounds the roles a product makes.
    pub boundary: Option<String>,
}

impl Default for Bindings {
    fn default() -> Self {
        Self { partition: "aws".to_owned(), account: None, names: BTreeMap::new(), boundary: None }
    }
}

/// A policy document in the form that IAM takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Document {
    /// The version of the policy language.
    pub version: &'static str,
    /// The statements.
    pub statement: Vec<DocumentStatement>,
}

/// A statement in the form that IAM takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DocumentStatement {
    /// The name.
    pub sid: String,
    /// Always `Allow`.
    pub effect: &'static str,
    /// The actions.
    pub action: Vec<String>,
    /// The ARNs, or `*`.
    pub resource: Vec<String>,
    /// The condition.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Policy {
    /// The document with everything filled in.
    ///
    /// # Errors
    /// [`Error::MissingBoundary`] when a boundary is needed and not given.
    pub fn document(&self, bindings: &Bindings) -> Result<Document, Error> {
        let mut missing = false;
        let mut render = |pattern: &Pattern| {
            pattern.render(|part| match part {
                Part::Partition => bindings.partition.clone(),
                Part::Account => bindings.account.clone().unwrap_or_else(|| "*".to_owned()),
                Part::Parameter(name) => bindings.names.get(name).cloned().unwrap_or_else(|| "*".to_owned()),
                Part::Boundary => bindings.boundary.clone().unwrap_or_else(|| {
                    missing = true;
                    String::new()
                }),
                Part::Text(_) | Part::Any => "*".to_owned(),
            })
        };
        let document = self.written(&mut render);
        if missing { Err(Error::MissingBoundary) } else { Ok(document) }
    }

    /// The document with every pattern written by `render`.
    pub(crate) fn written(&self, render: &mut impl FnMut(&Pattern) -> String) -> Document {
        let statement = self
            .statements
            .iter()
            .map(|statement| DocumentStatement {
                sid: statement.sid.clone(),
                effect: "Allow",
                action: statement.actions.iter().cloned().collect(),
                resource: without_covered(statement.resources.iter().map(&mut *render).collect()),
                condition: statement
                    .condition
                    .iter()
                    .map(|(operator, keys)| {
                        let keys =
                            keys.iter().map(|(key, values)| (key.clone(), values.iter().map(&mut *render).collect()));
                        (operator.clone(), keys.collect())
                    })
                    .collect(),
            })
            .collect();
        Document { version: "2012-10-17", statement }
    }

    /// The characters that IAM counts. Placeholders count as written, which is more than the
    /// partition and account that replace them.
    ///
    /// # Errors
    /// [`Error::Data`] when the document cannot be written, which no data leads to.
    pub fn characters(&self) -> Result<usize, Error> {
        serde_json::to_string(&self.written(&mut Pattern::to_string))
            .map(|text| text.chars().filter(|character| !character.is_whitespace()).count())
            .map_err(|error| Error::Data { file: "policy".into(), reason: error.to_string() })
    }
}

/// Drop ARNs that another one with a trailing `*` covers.
fn without_covered(resources: BTreeSet<String>) -> Vec<String> {
    let covers = |wide: &String, narrow: &String| {
        wide != narrow && wide.strip_suffix('*').is_some_and(|head| !head.ends_with('*') && narrow.starts_with(head))
    };
    resources.iter().filter(|narrow| !resources.iter().any(|wide| covers(wide, narrow))).cloned().collect()
}

/// `DynamoDBTable` for several actions on tables, `IAMPassRole` for one action alone.
pub(crate) fn sid(catalog: &Catalog, statement: &Statement) -> String {
    let mut actions = statement.actions.iter();
    let (Some(first), second) = (actions.next(), actions.next()) else { return String::new() };
    let (prefix, action) = first.split_once(':').unwrap_or((first, ""));
    let service =
        catalog.services().find(|(name, _)| *name == prefix).map_or(prefix, |(_, service)| service.name.as_str());
    let what = match second {
        None => action.replace('*', ""),
        Some(_) if statement.kinds.is_empty() => "AnyResource".to_owned(),
        Some(_) => statement
            .kinds
            .iter()
            .filter_map(|kind| kind.split_once(':'))
            .flat_map(|(_, kind)| kind.split('-'))
            .map(capitalized)
            .collect(),
    };
    let bounded = statement.condition.values().any(|keys| keys.contains_key("iam:PermissionsBoundary"));
    format!("{service}{what}{}", if bounded { "WithBoundary" } else { "" })
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
