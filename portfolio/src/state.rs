//! What should be and what is: the two sides that a plan compares.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use crate::manifest::{ShareTarget, VersionState};

/// Tags of an AWS resource.
pub type Tags = BTreeMap<String, String>;

/// Tag that marks what this tool manages.
pub const TAG_MANAGED: &str = "edgeseal:managed-by";
/// Its value.
pub const TAG_MANAGED_VALUE: &str = "portfolio";
/// Tag that holds the manifest's key of a portfolio or product.
pub const TAG_KEY: &str = "edgeseal:key";

/// Where things are published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Partition: `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
}

/// The fields of a portfolio that can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PortfolioFields {
    /// Display name.
    pub name: String,
    /// Provider name.
    pub provider: String,
    /// Description; empty for none.
    pub description: String,
}

/// The fields of a product that can change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProductFields {
    /// Name.
    pub name: String,
    /// Owner.
    pub owner: String,
    /// Description; empty for none.
    pub description: String,
    /// Distributor; empty for none.
    pub distributor: String,
    /// Support description; empty for none.
    pub support_description: String,
    /// Support address; empty for none.
    pub support_email: String,
    /// Support page; empty for none.
    pub support_url: String,
}

/// Kinds of constraint, in the order they are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConstraintKind {
    /// Launch role.
    Launch,
    /// Stack set.
    Stackset,
    /// Template rules.
    Template,
    /// Notifications.
    Notification,
    /// Tag updates.
    ResourceUpdate,
}

impl ConstraintKind {
    /// The kind as AWS spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Launch => "LAUNCH",
            Self::Stackset => "STACKSET",
            Self::Template => "TEMPLATE",
            Self::Notification => "NOTIFICATION",
            Self::ResourceUpdate => "RESOURCE_UPDATE",
        }
    }

    /// The kind AWS spells so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Launch, Self::Stackset, Self::Template, Self::Notification, Self::ResourceUpdate]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A constraint as the manifest wants it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConstraintSpec {
    /// Kind.
    pub kind: ConstraintKind,
    /// Description; it tells template constraints of one product apart.
    pub description: String,
    /// Parameters; compared as JSON values, never as text.
    pub parameters: Value,
}

/// A principal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PrincipalRef {
    /// ARN or ARN pattern.
    pub arn: String,
    /// True for a pattern (`IAM_PATTERN`).
    pub pattern: bool,
}

/// One TagOption: a key and one value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TagOptionRef {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
}

/// What a share also shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShareFlags {
    /// TagOptions too.
    pub tag_options: bool,
    /// Principals too.
    pub principals: bool,
}

/// A service action's changeable fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionFields {
    /// Description; empty for none.
    pub description: String,
    /// The definition: `Name`, `Version`, `AssumeRole`.
    pub definition: BTreeMap<String, String>,
}

/// A launch role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleFields {
    /// Trust policy.
    pub trust: Value,
    /// Permissions policy.
    pub policy: Value,
}

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

    /// The value of [`TAG_KEY`] on a product.
    #[must_use]
    pub fn product_tag(portfolio: &str, product: &str) -> String {
        format!("{portfolio}/{product}")
    }
}

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

/// SHA-256 of bytes, in hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A hash over a whole state, to notice that it moved.
///
/// # Errors
/// Those of `serde_json`; none of the types in this module causes one.
pub fn fingerprint<T: Serialize>(state: &T) -> serde_json::Result<String> {
    Ok(sha256_hex(&serde_json::to_vec(state)?))
}

/// Maps whose keys are not texts become lists of pairs, since JSON has no other way to write them.
fn as_pairs<K: Serialize, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map)
}
