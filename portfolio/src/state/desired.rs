//! What should be.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    ActionFields, ConstraintSpec, PortfolioFields, PrincipalRef, ProductFields, RoleFields, ShareFlags, ShareTarget,
    TagOptionRef, Tags, Target, VersionState, as_pairs,
};

/// A version as the manifest wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionSpec {
    /// Name.
    pub name: String,
    /// Description without the hash.
    pub description: String,
    /// SHA-256 of the template, in hex.
    pub sha256: String,
    /// State.
    pub state: VersionState,
    /// Object key of the template in the bucket.
    pub object_key: String,
    /// The template itself.
    #[serde(skip)]
    pub template: String,
}

impl VersionSpec {
    /// The description as AWS stores it: the hash rides along, since a version has no tags.
    #[must_use]
    pub fn stored_description(&self) -> String {
        format!("{}\n{HASH_MARK}{}", self.description, self.sha256).trim_start().to_owned()
    }
}

const HASH_MARK: &str = "sha256:";

/// Takes the template's hash out of a stored description.
#[must_use]
pub fn hash_in_description(description: &str) -> Option<String> {
    let hash = description.lines().last()?.strip_prefix(HASH_MARK)?;
    (hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit())).then(|| hash.to_owned())
}

/// A product as the manifest wants it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProductSpec {
    /// Key.
    pub key: String,
    /// Fields.
    pub fields: ProductFields,
    /// Tags, this tool's own included.
    pub tags: Tags,
    /// Versions, oldest first.
    pub versions: Vec<VersionSpec>,
    /// Constraints, in order of creation.
    pub constraints: Vec<ConstraintSpec>,
    /// TagOptions.
    pub tag_options: BTreeSet<TagOptionRef>,
    /// Names of service actions.
    pub actions: BTreeSet<String>,
}

/// Everything the manifest wants in one account and region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Desired {
    /// Where.
    pub target: Target,
    /// Key of the portfolio.
    pub key: String,
    /// Its fields.
    pub fields: PortfolioFields,
    /// Its tags.
    pub tags: Tags,
    /// Bucket for the templates.
    pub bucket: String,
    /// Start of the object keys.
    pub prefix: String,
    /// Products.
    pub products: Vec<ProductSpec>,
    /// Every TagOption.
    pub tag_options: BTreeSet<TagOptionRef>,
    /// Those on the portfolio itself.
    pub portfolio_tag_options: BTreeSet<TagOptionRef>,
    /// Principals.
    pub principals: BTreeSet<PrincipalRef>,
    /// Shares.
    #[serde(serialize_with = "as_pairs")]
    pub shares: BTreeMap<ShareTarget, ShareFlags>,
    /// Service actions by name.
    pub actions: BTreeMap<String, ActionFields>,
    /// Computed launch roles by name.
    pub roles: BTreeMap<String, RoleFields>,
}

impl Desired {
    /// The product of that key.
    #[must_use]
    pub fn product(&self, key: &str) -> Option<&ProductSpec> {
        self.products.iter().find(|product| product.key == key)
    }

    /// The value of [`TAG_KEY`](super::TAG_KEY) on a product.
    #[must_use]
    pub fn product_tag(portfolio: &str, product: &str) -> String {
        format!("{portfolio}/{product}")
    }
}
