//! The manifest `portfolio.yaml`, as types. The published JSON Schema is generated from these.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constraints::{Notification, StackSet, TagUpdates, TemplateRule};
use super::located::At;

/// What a platform team publishes: one portfolio, its products, and who may use them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(title = "portfolio.yaml")]
pub struct Manifest {
    /// Version of this file's format; always 1.
    pub version: At<u32>,
    /// The portfolio itself.
    pub portfolio: PortfolioSection,
    /// Where templates are stored before AWS Service Catalog reads them.
    pub artifacts: Artifacts,
    /// The account this manifest is for, 12 digits. Any other account is refused.
    #[serde(default)]
    pub account: Option<At<String>>,
    /// The regions to publish to. Without it, the region of the command line or profile.
    #[serde(default)]
    pub regions: Vec<At<String>>,
    /// How computed launch roles are made.
    #[serde(default)]
    pub launch_roles: LaunchRoles,
    /// The products, in the order they are shown.
    pub products: Vec<ProductEntry>,
    /// Tags that people must choose from when they launch a product.
    #[serde(default)]
    pub tag_options: Vec<TagOptionEntry>,
    /// Who may see and launch the products in this account.
    #[serde(default)]
    pub principals: Vec<At<Principal>>,
    /// Accounts and organization nodes the portfolio is shared with.
    #[serde(default)]
    pub shares: Vec<ShareEntry>,
    /// Service actions that people may run on what they launched.
    #[serde(default)]
    pub actions: Vec<ActionEntry>,
    /// Quotas of the account, where AWS has raised them.
    #[serde(default)]
    pub quotas: Quotas,
}

/// The portfolio itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PortfolioSection {
    /// A name that never changes; the portfolio is found again by it.
    pub key: At<String>,
    /// The name people see, at most 100 characters.
    pub name: At<String>,
    /// Who offers it, at most 50 characters.
    pub provider: At<String>,
    /// What it is for, at most 2,000 characters.
    #[serde(default)]
    pub description: Option<At<String>>,
    /// Tags of the portfolio and of every product in it.
    #[serde(default)]
    pub tags: BTreeMap<String, At<String>>,
}

/// Where templates are stored.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Artifacts {
    /// The bucket. `{account}` and `{region}` are filled in.
    pub bucket: At<String>,
    /// The start of every object key in it.
    #[serde(default = "default_prefix")]
    pub prefix: String,
}

fn default_prefix() -> String {
    "portfolio".to_owned()
}

/// How computed launch roles are made.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LaunchRoles {
    /// Name of the managed policy that bounds every role a product makes, in whichever account.
    pub boundary: At<String>,
}

impl Default for LaunchRoles {
    fn default() -> Self {
        Self { boundary: At { value: "EdgesealBoundary".to_owned(), offset: 0, len: 1 } }
    }
}

/// One product.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProductEntry {
    /// The folder that holds its product.yaml, relative to the manifest.
    pub path: At<String>,
    /// The versions to publish. Without it, every version in product.yaml, active.
    #[serde(default)]
    pub versions: Option<Vec<VersionEntry>>,
    /// The role AWS Service Catalog launches it with.
    #[serde(default)]
    pub launch: Option<At<Launch>>,
    /// Tags of this product, beside the portfolio's.
    #[serde(default)]
    pub tags: BTreeMap<String, At<String>>,
    /// Rules on what people may choose when they launch it.
    #[serde(default)]
    pub template: Vec<TemplateRule>,
    /// SNS topics that hear of the stack's events.
    #[serde(default)]
    pub notification: Option<At<Notification>>,
    /// Launch it as a stack set in other accounts and regions. Cannot be combined with `launch`.
    #[serde(default)]
    pub stack_set: Option<At<StackSet>>,
    /// Whether people may change the tags of what they launched.
    #[serde(default)]
    pub tag_updates: Option<TagUpdates>,
    /// Keys of `tagOptions` for this product.
    #[serde(default)]
    pub tag_options: Vec<At<String>>,
    /// Names of `actions` for every version of this product.
    #[serde(default)]
    pub actions: Vec<At<String>>,
}

/// One version and the state to keep it in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VersionEntry {
    /// The version's name.
    pub version: At<String>,
    /// Who may use it.
    #[serde(default = "default_state")]
    pub state: At<VersionState>,
}

fn default_state() -> At<VersionState> {
    At { value: VersionState::Active, offset: 0, len: 1 }
}

/// Who may use a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VersionState {
    /// Anyone may launch it and update to it.
    #[default]
    Active,
    /// Nobody may launch it any more; what runs on it may be updated.
    Deprecated,
    /// Hidden; nobody may launch it or update to it. What runs on it keeps running.
    Inactive,
}

/// The role a product is launched with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Launch {
    /// A role computed from the templates and kept up to date by `publish`.
    Computed,
    /// No launch role: people need every permission the template uses.
    None,
    /// A role of that ARN, in this account only.
    RoleArn(String),
    /// A role of that name in whichever account launches the product.
    LocalRoleName(String),
}

/// A tag with the values people choose from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TagOptionEntry {
    /// The tag's key, at most 128 characters.
    pub key: At<String>,
    /// The values, at most 25, each at most 256 characters.
    pub values: Vec<At<String>>,
    /// Also apply it to the portfolio, and so to every product in it.
    #[serde(default)]
    pub on_portfolio: bool,
}

/// Who may use the portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Principal {
    /// ARN of one IAM user, group or role.
    Arn(String),
    /// An ARN without account, such as `arn:aws:iam:::role/team-*`; `*` and `?` stand for any characters.
    Pattern(String),
}

/// One share.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ShareEntry {
    /// Who it is shared with.
    pub with: At<ShareTarget>,
    /// Share the TagOptions too.
    #[serde(default)]
    pub tag_options: bool,
    /// Share the principals too; only for an organization or an organizational unit.
    #[serde(default)]
    pub principals: bool,
}

/// Who a portfolio is shared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ShareTarget {
    /// One account, which has to accept the share.
    Account(String),
    /// A whole organization, `o-…`.
    Organization(String),
    /// An organizational unit, `ou-…`.
    OrganizationalUnit(String),
    /// One account of the organization, which need not accept.
    MemberAccount(String),
}

/// A service action: an SSM Automation document people may run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ActionEntry {
    /// The action's name, at most 256 of `a-z A-Z 0-9 _ - .`.
    pub name: At<String>,
    /// What it does.
    #[serde(default)]
    pub description: Option<String>,
    /// Name of the SSM Automation document.
    pub document: At<String>,
    /// Version of the document.
    #[serde(default = "default_document_version")]
    pub document_version: String,
    /// ARN of the role that runs it, or `LAUNCH_ROLE`.
    #[serde(default)]
    pub assume_role: Option<String>,
}

fn default_document_version() -> String {
    "1".to_owned()
}

/// Quotas of AWS Service Catalog. The defaults are those of the
/// [AWS General Reference](https://docs.aws.amazon.com/general/latest/gr/servicecatalog.html).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Quotas {
    /// Products in a portfolio.
    pub products_per_portfolio: usize,
    /// Versions of a product.
    pub versions_per_product: usize,
    /// Users, groups and roles of a portfolio.
    pub principals_per_portfolio: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { products_per_portfolio: 150, versions_per_product: 100, principals_per_portfolio: 100 }
    }
}
