//! The launch role: its grants, and the policy documents that say them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalog::Catalog;
use crate::error::Error;
use crate::grant::{Condition, Grant};
use crate::pattern::{Part, Pattern};

/// The service that assumes a launch role.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html>
pub const TRUSTED_SERVICE: &str = "servicecatalog.amazonaws.com";

/// The most characters, without whitespace, that all inline policies of a role may have together.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub const INLINE_LIMIT: usize = 10_240;

/// The most characters, without whitespace, that one managed policy may have.
pub const MANAGED_LIMIT: usize = 6_144;

/// How many managed policies a role may have before the quota is raised.
const MANAGED_POLICIES: usize = 10;

/// What a launch role may do.
///
/// ```
/// use edgeseal_launch_role::{Bindings, Options, Placement, Template, compute};
///
/// let template = Template::parse("template.yaml", r"
/// Resources:
///   Key:
///     Type: AWS::CloudFront::PublicKey
///     Properties: { PublicKeyConfig: { Name: edge } }
/// ")?;
/// let role = compute(&template, &Options::default())?;
/// let Placement::Inline(policy) = role.place()? else { panic!("small enough for one policy") };
/// let json = serde_json::to_value(policy.document(&Bindings::default())?)?;
/// assert_eq!(json["Version"], "2012-10-17");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchRole {
    grants: BTreeMap<(String, Condition), Grant>,
}

impl LaunchRole {
    /// Add a grant, melting it with what is there for the same action and condition.
    pub(crate) fn add(&mut self, grant: Grant) {
        match self.grants.get_mut(&(grant.action.clone(), grant.condition.clone())) {
            Some(known) => {
                known.resources.extend(grant.resources);
                known.kinds.extend(grant.kinds);
                known.reasons.extend(grant.reasons);
            }
            None => {
                self.grants.insert((grant.action.clone(), grant.condition.clone()), grant);
            }
        }
    }

    /// Everything that either role may do: one role for several versions of a product, so that an
    /// update may start from one and end at the other.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        other.grants.into_values().for_each(|grant| self.add(grant));
        self
    }

    /// The grants, sorted by action.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.values()
    }

    /// The actions, sorted.
    #[must_use]
    pub fn actions(&self) -> BTreeSet<&str> {
        self.grants.values().map(|grant| grant.action.as_str()).collect()
    }

    /// The parameters of the product's template that resource names are made of.
    #[must_use]
    pub fn name_parameters(&self) -> BTreeSet<&str> {
        self.grants.values().flat_map(|grant| &grant.resources).flat_map(Pattern::parameters).collect()
    }

    /// Whether the role makes IAM roles under a boundary that the administrator must name.
    #[must_use]
    pub fn needs_boundary(&self) -> bool {
        self.grants.values().any(|grant| {
            grant.condition.values().flat_map(BTreeMap::values).flatten().any(|value| *value == Pattern::boundary())
        })
    }

    /// The statements: actions with the same service, resources and condition together, sorted.
    ///
    /// # Errors
    /// [`Error::Data`] when the data files of the crate are broken.
    pub fn statements(&self) -> Result<Policy, Error> {
        let catalog = Catalog::builtin()?;
        let mut groups: BTreeMap<(&str, BTreeSet<Pattern>, &Condition), Statement> = BTreeMap::new();
        for grant in self.grants.values() {
            let service = grant.action.split(':').next().unwrap_or_default();
            let resources = grant.resources.clone();
            let statement = groups.entry((service, resources.clone(), &grant.condition)).or_insert_with(|| Statement {
                sid: String::new(),
                actions: BTreeSet::new(),
                kinds: BTreeSet::new(),
                resources,
                condition: grant.condition.clone(),
            });
            statement.actions.insert(grant.action.clone());
            statement.kinds.extend(grant.kinds.iter().cloned());
        }
        let mut statements: Vec<Statement> = groups.into_values().collect();
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for statement in &mut statements {
            let name = sid(catalog, statement);
            let count = used.entry(name.clone()).or_insert(0);
            *count += 1;
            statement.sid = if *count == 1 { name } else { format!("{name}{count}") };
        }
        Ok(Policy { statements })
    }

    /// The policy or policies, and where they go: inline while everything fits into one inline
    /// policy, else as managed policies of at most [`MANAGED_LIMIT`] characters each.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when not even ten managed policies hold it.
    pub fn place(&self) -> Result<Placement, Error> {
        let policy = self.statements()?;
        let characters = policy.characters()?;
        if characters <= INLINE_LIMIT {
            return Ok(Placement::Inline(policy));
        }
        let mut policies: Vec<Policy> = Vec::new();
        let pieces = policy.statements.into_iter().map(Statement::pieces).collect::<Result<Vec<_>, _>>()?;
        for statement in pieces.into_iter().flatten() {
            if let Some(last) = policies.last_mut() {
                last.statements.push(statement.clone());
                if last.characters()? <= MANAGED_LIMIT {
                    continue;
                }
                last.statements.pop();
            }
            policies.push(Policy { statements: vec![statement] });
        }
        if policies.len() > MANAGED_POLICIES {
            return Err(Error::TooLarge { characters, limit: MANAGED_POLICIES * MANAGED_LIMIT });
        }
        Ok(Placement::Managed(policies))
    }
}

/// Where the policies of a role go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// One inline policy.
    Inline(Policy),
    /// Several managed policies, because one inline policy would be too long.
    Managed(Vec<Policy>),
}

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
    fn pieces(self) -> Result<Vec<Self>, Error> {
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
fn sid(catalog: &Catalog, statement: &Statement) -> String {
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
