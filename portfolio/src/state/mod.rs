//! What should be and what is: the two sides that a plan compares.

mod desired;
mod observed;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use crate::manifest::{ShareTarget, VersionState};
pub use desired::{Desired, ProductSpec, VersionSpec, hash_in_description};
pub use observed::{Observed, ObservedAction, ObservedConstraint, ObservedPortfolio, ObservedProduct, ObservedVersion};

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
