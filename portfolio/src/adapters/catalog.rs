//! What an admin needs from AWS Service Catalog, in the tool's own words.

use async_trait::async_trait;
use serde_json::Value;

use crate::error::Result;
use crate::state::{
    ActionFields, ConstraintKind, ConstraintSpec, ObservedVersion, PortfolioFields, PrincipalRef, ProductFields,
    ShareFlags, ShareTarget, TagOptionRef, Tags, VersionState,
};

/// An id with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Summary {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A portfolio in full.
#[derive(Clone, Debug)]
pub struct PortfolioDetail {
    /// Fields.
    pub fields: PortfolioFields,
    /// Tags.
    pub tags: Tags,
    /// TagOptions with their ids.
    pub tag_options: Vec<(TagOptionRef, String)>,
}

/// A product in full.
#[derive(Clone, Debug)]
pub struct ProductDetail {
    /// Fields.
    pub fields: ProductFields,
    /// Tags.
    pub tags: Tags,
    /// TagOptions with their ids.
    pub tag_options: Vec<(TagOptionRef, String)>,
    /// Whether it is ready.
    pub ready: Ready,
}

/// Whether an object that is made in the background is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// It can be used. AWS documents `AVAILABLE`; products report `CREATED`.
    Yes,
    /// Still being made.
    NotYet,
    /// Making it failed.
    Failed,
}

/// A constraint as lists show it: without parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintRow {
    /// Id.
    pub id: String,
    /// The product's id.
    pub product: String,
    /// Kind.
    pub kind: ConstraintKind,
    /// Description; empty for none.
    pub description: String,
}

/// A version to make.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Name.
    pub name: String,
    /// Description, with the hash.
    pub description: String,
    /// Where AWS reads the template.
    pub url: String,
}

/// What [`Catalog::create_product`] made.
#[derive(Clone, Debug)]
pub struct CreatedProduct {
    /// The product's id.
    pub product: String,
    /// The first version's id.
    pub version: String,
}

/// A change of a version; its template cannot change.
#[derive(Clone, Debug, Default)]
pub struct VersionUpdate {
    /// New description.
    pub description: Option<String>,
    /// New state.
    pub state: Option<VersionState>,
}

/// How far a share with an organization node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareProgress {
    /// Still going.
    Running,
    /// Done.
    Done,
    /// Ended with errors; each names the accounts.
    Failed(Vec<String>),
}

/// AWS Service Catalog for an admin.
///
/// Reads follow every page. A read of one object answers `None` when there is no such object; removing what is not
/// there succeeds.
#[async_trait]
#[allow(missing_docs)]
pub trait Catalog: Send + Sync {
    async fn portfolios(&self) -> Result<Vec<Summary>>;
    async fn portfolio(&self, id: &str) -> Result<Option<PortfolioDetail>>;
    async fn create_portfolio(&self, fields: &PortfolioFields, tags: &Tags, token: &str) -> Result<String>;
    async fn update_portfolio(&self, id: &str, fields: &PortfolioFields, tags: &Tags) -> Result<()>;
    async fn delete_portfolio(&self, id: &str) -> Result<()>;

    /// Products of a portfolio, or of the whole account.
    async fn products(&self, portfolio: Option<&str>) -> Result<Vec<Summary>>;
    async fn product(&self, id: &str) -> Result<Option<ProductDetail>>;
    async fn create_product(
        &self,
        fields: &ProductFields,
        tags: &Tags,
        version: &NewVersion,
        token: &str,
    ) -> Result<CreatedProduct>;
    async fn update_product(&self, id: &str, fields: &ProductFields, tags: &Tags) -> Result<()>;
    async fn delete_product(&self, id: &str) -> Result<()>;

    /// Versions, oldest first.
    async fn versions(&self, product: &str) -> Result<Vec<ObservedVersion>>;
    /// Whether a version is ready, and where its template was read from.
    async fn version(&self, product: &str, version: &str) -> Result<Option<(Ready, Option<String>)>>;
    async fn create_version(&self, product: &str, version: &NewVersion, token: &str) -> Result<String>;
    async fn update_version(&self, product: &str, version: &str, update: &VersionUpdate) -> Result<()>;
    async fn delete_version(&self, product: &str, version: &str) -> Result<()>;

    async fn associate_product(&self, product: &str, portfolio: &str) -> Result<()>;
    async fn disassociate_product(&self, product: &str, portfolio: &str) -> Result<()>;
    async fn portfolios_of(&self, product: &str) -> Result<Vec<Summary>>;

    async fn constraints(&self, portfolio: &str) -> Result<Vec<ConstraintRow>>;
    async fn constraint(&self, id: &str) -> Result<Option<(Ready, Value)>>;
    async fn create_constraint(
        &self,
        portfolio: &str,
        product: &str,
        spec: &ConstraintSpec,
        token: &str,
    ) -> Result<String>;
    async fn update_constraint(&self, id: &str, spec: &ConstraintSpec) -> Result<()>;
    async fn delete_constraint(&self, id: &str) -> Result<()>;

    async fn principals(&self, portfolio: &str) -> Result<Vec<PrincipalRef>>;
    async fn associate_principal(&self, portfolio: &str, principal: &PrincipalRef) -> Result<()>;
    async fn disassociate_principal(&self, portfolio: &str, principal: &PrincipalRef) -> Result<()>;

    /// TagOptions of the account with id and whether active.
    async fn tag_options(&self) -> Result<Vec<(TagOptionRef, String, bool)>>;
    async fn create_tag_option(&self, option: &TagOptionRef) -> Result<String>;
    async fn activate_tag_option(&self, id: &str) -> Result<()>;
    async fn link_tag_option(&self, id: &str, resource: &str) -> Result<()>;
    async fn unlink_tag_option(&self, id: &str, resource: &str) -> Result<()>;

    async fn actions(&self) -> Result<Vec<Summary>>;
    async fn action(&self, id: &str) -> Result<Option<ActionFields>>;
    /// Product id and version id of every version the action is on.
    async fn action_links(&self, id: &str) -> Result<Vec<(String, String)>>;
    async fn create_action(&self, name: &str, fields: &ActionFields, token: &str) -> Result<String>;
    async fn update_action(&self, id: &str, fields: &ActionFields) -> Result<()>;
    async fn delete_action(&self, id: &str) -> Result<()>;
    async fn link_action(&self, id: &str, product: &str, version: &str) -> Result<()>;
    async fn unlink_action(&self, id: &str, product: &str, version: &str) -> Result<()>;

    async fn shares(&self, portfolio: &str) -> Result<Vec<(ShareTarget, ShareFlags)>>;
    /// Starts a share; the token, if any, tells how far it is.
    async fn create_share(&self, portfolio: &str, target: &ShareTarget, flags: ShareFlags) -> Result<Option<String>>;
    async fn update_share(&self, portfolio: &str, target: &ShareTarget, flags: ShareFlags) -> Result<Option<String>>;
    async fn delete_share(&self, portfolio: &str, target: &ShareTarget) -> Result<Option<String>>;
    async fn share_progress(&self, token: &str) -> Result<ShareProgress>;
    /// Whether AWS Organizations access is on.
    async fn organizations_access(&self) -> Result<bool>;

    /// Provisioned products of the account by product id and version id.
    async fn provisioned(&self, product: &str) -> Result<Vec<ProvisionedUse>>;
}

/// A provisioned product that holds a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedUse {
    /// Id of the provisioned product, `pp-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of the version it runs.
    pub version: String,
    /// Its status.
    pub status: String,
}
