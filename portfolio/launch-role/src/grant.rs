//! What a launch role may do, and who asked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::error::Location;
use crate::pattern::Pattern;

/// What a resource goes through in the life of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The stack is created, or an update adds the resource.
    Create,
    /// The stack is updated.
    Update,
    /// The stack is deleted, or an update or rollback removes the resource.
    Delete,
    /// CloudFormation reads the resource back after any of the others.
    Read,
}

impl Phase {
    /// All phases, in the order of a stack's life.
    pub const ALL: [Self; 4] = [Self::Create, Self::Update, Self::Delete, Self::Read];
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Read => "read",
        })
    }
}

/// Who asked for an action: a resource, one of its properties, in a phase.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The logical id; `ServiceCatalog` for what every launch role needs.
    pub resource: String,
    /// The resource type.
    pub type_name: String,
    /// The property, when the type alone does not cost the action.
    pub property: Option<String>,
    /// When it is called.
    pub phase: Phase,
    /// Where the resource or property is written; `None` for what every launch role needs.
    pub at: Option<Location>,
    /// The documentation page.
    pub source: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.phase, self.resource)?;
        if let Some(property) = &self.property {
            write!(f, " {property}")?;
        }
        match &self.at {
            Some(at) => write!(f, " ({at})"),
            None => Ok(()),
        }
    }
}

/// A condition block: operator, key, values.
pub type Condition = BTreeMap<String, BTreeMap<String, BTreeSet<Pattern>>>;

/// One action on some resources under one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The action, such as `s3:CreateBucket`.
    pub action: String,
    /// The condition; empty when there is none.
    pub condition: Condition,
    /// The ARNs; `*` alone when the action cannot be limited.
    pub resources: BTreeSet<Pattern>,
    /// The kinds of resource (`s3:bucket`); empty when the action cannot be limited.
    pub kinds: BTreeSet<String>,
    /// Why it is granted on `*`, when it is.
    pub unscoped_because: Option<String>,
    /// Who asked for it.
    pub reasons: BTreeSet<Reason>,
}
