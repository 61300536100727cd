//! What is.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    ActionFields, ConstraintSpec, PortfolioFields, PrincipalRef, ProductFields, RoleFields, ShareFlags, ShareTarget,
    TagOptionRef, Tags, VersionState, as_pairs,
};

/// A version as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObservedVersion {
    /// Id, `pa-…`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Description, with the hash.
    pub description: String,
    /// Hash of the template, where it is known.
    pub sha256: Option<String>,
    /// State.
    pub state: VersionState,
    /// Milliseconds since the epoch.
    pub created: i64,
}

/// A constraint as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObservedConstraint {
    /// Id, `cons-…`.
    pub id: String,
    /// What it says.
    pub spec: ConstraintSpec,
}

/// A product as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObservedProduct {
    /// Id, `prod-…`.
    pub id: String,
    /// Whether it is in the portfolio.
    pub associated: bool,
    /// Fields.
    pub fields: ProductFields,
    /// Tags.
    pub tags: Tags,
    /// Versions, oldest first.
    pub versions: Vec<ObservedVersion>,
    /// Constraints in this portfolio.
    pub constraints: Vec<ObservedConstraint>,
    /// TagOptions with their ids.
    #[serde(serialize_with = "as_pairs")]
    pub tag_options: BTreeMap<TagOptionRef, String>,
}

/// A portfolio as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObservedPortfolio {
    /// Id, `port-…`.
    pub id: String,
    /// Fields.
    pub fields: PortfolioFields,
    /// Tags.
    pub tags: Tags,
    /// TagOptions with their ids.
    #[serde(serialize_with = "as_pairs")]
    pub tag_options: BTreeMap<TagOptionRef, String>,
}

/// A service action as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObservedAction {
    /// Id, `act-…`.
    pub id: String,
    /// Fields.
    pub fields: ActionFields,
    /// Product id and version id of every version it is on.
    pub links: BTreeSet<(String, String)>,
}

/// Everything there is in one account and region that belongs to the manifest.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Observed {
    /// The portfolio.
    pub portfolio: Option<ObservedPortfolio>,
    /// Products of ours by key.
    pub products: BTreeMap<String, ObservedProduct>,
    /// Ids and names of products in the portfolio that are not ours.
    pub foreign: BTreeMap<String, String>,
    /// Principals.
    pub principals: BTreeSet<PrincipalRef>,
    /// Shares.
    #[serde(serialize_with = "as_pairs")]
    pub shares: BTreeMap<ShareTarget, ShareFlags>,
    /// TagOptions of the account: id and whether active.
    #[serde(serialize_with = "as_pairs")]
    pub tag_options: BTreeMap<TagOptionRef, (String, bool)>,
    /// Service actions by name.
    pub actions: BTreeMap<String, ObservedAction>,
    /// Launch roles of ours by name.
    pub roles: BTreeMap<String, RoleFields>,
}
