//! One difference between what should be and what is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::state::{ConstraintKind, PrincipalRef, ShareTarget, TagOptionRef};

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is removed.
    Delete,
}

impl Action {
    /// The sign a plan shows it with.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Update => '~',
            Self::Delete => '-',
        }
    }
}

/// The object of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Object {
    /// A computed launch role.
    Role {
        /// Its name.
        name: String,
    },
    /// The portfolio.
    Portfolio {
        /// Its key.
        key: String,
    },
    /// A TagOption.
    TagOption {
        /// Key and value.
        #[serde(flatten)]
        option: TagOptionRef,
    },
    /// A service action.
    ServiceAction {
        /// Its name.
        name: String,
    },
    /// A product.
    Product {
        /// Its key.
        product: String,
    },
    /// A version of a product.
    Version {
        /// The product's key.
        product: String,
        /// The version's name.
        version: String,
    },
    /// A product's place in the portfolio.
    Association {
        /// The product's key.
        product: String,
    },
    /// A constraint of a product.
    Constraint {
        /// The product's key.
        product: String,
        /// Kind.
        kind: ConstraintKind,
        /// Description; it tells template constraints apart.
        description: String,
    },
    /// A TagOption on the portfolio (no product) or on a product.
    TagOptionLink {
        /// The product's key.
        product: Option<String>,
        /// Key and value.
        #[serde(flatten)]
        option: TagOptionRef,
    },
    /// A service action on a version.
    ActionLink {
        /// The product's key.
        product: String,
        /// The version's name.
        version: String,
        /// The action's name.
        action: String,
    },
    /// A principal of the portfolio.
    Principal {
        /// ARN or pattern.
        #[serde(flatten)]
        principal: PrincipalRef,
    },
    /// A share of the portfolio.
    Share {
        /// With whom.
        with: ShareTarget,
    },
}

impl Object {
    /// The product it belongs to.
    #[must_use]
    pub fn product(&self) -> Option<&str> {
        match self {
            Self::Product { product }
            | Self::Version { product, .. }
            | Self::Association { product }
            | Self::Constraint { product, .. }
            | Self::ActionLink { product, .. } => Some(product),
            Self::TagOptionLink { product, .. } => product.as_deref(),
            _ => None,
        }
    }

    /// True when it decides who may do what; a plan shows these apart.
    #[must_use]
    pub fn is_access(&self) -> bool {
        match self {
            Self::Role { .. } | Self::Principal { .. } | Self::Share { .. } => true,
            Self::Constraint { kind, .. } => matches!(kind, ConstraintKind::Launch | ConstraintKind::Stackset),
            _ => false,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role { name } => write!(f, "launch role {name}"),
            Self::Portfolio { key } => write!(f, "portfolio {key}"),
            Self::TagOption { option } => write!(f, "TagOption {}={}", option.key, option.value),
            Self::ServiceAction { name } => write!(f, "service action {name}"),
            Self::Product { product } => write!(f, "product {product}"),
            Self::Version { product, version } => write!(f, "version {product} {version}"),
            Self::Association { product } => write!(f, "{product} in the portfolio"),
            Self::Constraint { product, kind, description } => match kind {
                ConstraintKind::Template => write!(f, "{} constraint of {product}: {description}", kind.as_str()),
                _ => write!(f, "{} constraint of {product}", kind.as_str()),
            },
            Self::TagOptionLink { product, option } => {
                let place = product.as_deref().unwrap_or("the portfolio");
                write!(f, "TagOption {}={} on {place}", option.key, option.value)
            }
            Self::ActionLink { product, version, action } => {
                write!(f, "service action {action} on {product} {version}")
            }
            Self::Principal { principal } => write!(f, "principal {}", principal.arn),
            Self::Share { with } => match with {
                ShareTarget::Account(id) => write!(f, "share with account {id}"),
                ShareTarget::Organization(id) => write!(f, "share with organization {id}"),
                ShareTarget::OrganizationalUnit(id) => write!(f, "share with organizational unit {id}"),
                ShareTarget::MemberAccount(id) => write!(f, "share with member account {id}"),
            },
        }
    }
}

/// One field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Name.
    pub name: String,
    /// What it is.
    pub from: String,
    /// What it becomes.
    pub to: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What happens.
    pub action: Action,
    /// To what.
    pub object: Object,
    /// Why.
    pub reason: String,
    /// Which fields change; for an update only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}
