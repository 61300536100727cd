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

/// What creating a product made.
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

/// Reading what there is.
///
/// Reads follow every page. A read of one object answers `None` when there is no such object.
#[async_trait]
pub trait Reads: Send + Sync {
    /// Portfolios of the account.
    async fn portfolios(&self) -> Result<Vec<Summary>>;
    /// One portfolio.
    async fn portfolio(&self, id: &str) -> Result<Option<PortfolioDetail>>;
    /// Products of a portfolio, or of the whole account.
    async fn products(&self, portfolio: Option<&str>) -> Result<Vec<Summary>>;
    /// One product.
    async fn product(&self, id: &str) -> Result<Option<ProductDetail>>;
    /// Versions of a product, oldest first.
    async fn versions(&self, product: &str) -> Result<Vec<ObservedVersion>>;
    /// Whether a version is ready, and where its template was read from.
    async fn version(&self, product: &str, version: &str) -> Result<Option<(Ready, Option<String>)>>;
    /// Portfolios a product is in.
    async fn portfolios_of(&self, product: &str) -> Result<Vec<Summary>>;
    /// Constraints of every product in a portfolio.
    async fn constraints(&self, portfolio: &str) -> Result<Vec<ConstraintRow>>;
    /// Whether a constraint is ready, and its parameters.
    async fn constraint(&self, id: &str) -> Result<Option<(Ready, Value)>>;
    /// Principals of a portfolio.
    async fn principals(&self, portfolio: &str) -> Result<Vec<PrincipalRef>>;
    /// TagOptions of the account with id and whether active.
    async fn tag_options(&self) -> Result<Vec<(TagOptionRef, String, bool)>>;
    /// Service actions of the account.
    async fn actions(&self) -> Result<Vec<Summary>>;
    /// One service action.
    async fn action(&self, id: &str) -> Result<Option<ActionFields>>;
    /// Product id and version id of every version a service action is on.
    async fn action_links(&self, id: &str) -> Result<Vec<(String, String)>>;
    /// Shares of a portfolio.
    async fn shares(&self, portfolio: &str) -> Result<Vec<(ShareTarget, ShareFlags)>>;
    /// How far a share with an organization node is.
    async fn share_progress(&self, token: &str) -> Result<ShareProgress>;
    /// Whether AWS Organizations access is on.
    async fn organizations_access(&self) -> Result<bool>;
    /// Provisioned products of the account.
    async fn provisioned(&self) -> Result<Vec<ProvisionedUse>>;
}

/// Making, changing and removing the portfolio, its products, versions and constraints.
///
/// Removing what is not there succeeds. A token makes a repeated request the same request.
#[async_trait]
pub trait Writes: Send + Sync {
    /// Makes a portfolio; the answer is its id.
    async fn create_portfolio(&self, fields: &PortfolioFields, tags: &Tags, token: &str) -> Result<String>;
    /// Sets a portfolio's fields, and adds tags.
    async fn update_portfolio(&self, id: &str, fields: &PortfolioFields, tags: &Tags) -> Result<()>;
    /// Removes an empty portfolio.
    async fn delete_portfolio(&self, id: &str) -> Result<()>;
    /// Makes a product with its first version.
    async fn create_product(
        &self,
        fields: &ProductFields,
        tags: &Tags,
        version: &NewVersion,
        token: &str,
    ) -> Result<CreatedProduct>;
    /// Sets a product's fields, and adds tags.
    async fn update_product(&self, id: &str, fields: &ProductFields, tags: &Tags) -> Result<()>;
    /// Removes a product with all its versions.
    async fn delete_product(&self, id: &str) -> Result<()>;
    /// Makes a version; the answer is its id.
    async fn create_version(&self, product: &str, version: &NewVersion, token: &str) -> Result<String>;
    /// Changes a version's description and state.
    async fn update_version(&self, product: &str, version: &str, update: &VersionUpdate) -> Result<()>;
    /// Removes a version.
    async fn delete_version(&self, product: &str, version: &str) -> Result<()>;
    /// Puts a product into a portfolio.
    async fn associate_product(&self, product: &str, portfolio: &str) -> Result<()>;
    /// Takes a product out of a portfolio.
    async fn disassociate_product(&self, product: &str, portfolio: &str) -> Result<()>;
    /// Makes a constraint; the answer is its id.
    async fn create_constraint(
        &self,
        portfolio: &str,
        product: &str,
        spec: &ConstraintSpec,
        token: &str,
    ) -> Result<String>;
    /// Sets a constraint's description and parameters.
    async fn update_constraint(&self, id: &str, spec: &ConstraintSpec) -> Result<()>;
    /// Removes a constraint.
    async fn delete_constraint(&self, id: &str) -> Result<()>;
}

/// Who may use the portfolio, and what they choose from.
///
/// Adding what is there already, and removing what is not there, both succeed.
#[async_trait]
pub trait Access: Send + Sync {
    /// Grants a principal access.
    async fn associate_principal(&self, portfolio: &str, principal: &PrincipalRef) -> Result<()>;
    /// Takes a principal's access away.
    async fn disassociate_principal(&self, portfolio: &str, principal: &PrincipalRef) -> Result<()>;
    /// Makes a TagOption; `None` when there is one already.
    async fn create_tag_option(&self, option: &TagOptionRef) -> Result<Option<String>>;
    /// Activates a TagOption.
    async fn activate_tag_option(&self, id: &str) -> Result<()>;
    /// Puts a TagOption on a portfolio or product.
    async fn link_tag_option(&self, id: &str, resource: &str) -> Result<()>;
    /// Takes a TagOption off a portfolio or product.
    async fn unlink_tag_option(&self, id: &str, resource: &str) -> Result<()>;
    /// Makes a service action; the answer is its id.
    async fn create_action(&self, name: &str, fields: &ActionFields, token: &str) -> Result<String>;
    /// Sets a service action's fields.
    async fn update_action(&self, id: &str, fields: &ActionFields) -> Result<()>;
    /// Puts a service action on a version.
    async fn link_action(&self, id: &str, product: &str, version: &str) -> Result<()>;
    /// Takes a service action off a version.
    async fn unlink_action(&self, id: &str, product: &str, version: &str) -> Result<()>;
    /// Starts a share; the token, if any, tells how far it is.
    async fn create_share(&self, portfolio: &str, target: &ShareTarget, flags: ShareFlags) -> Result<Option<String>>;
    /// Changes what a share also shares.
    async fn update_share(&self, portfolio: &str, target: &ShareTarget, flags: ShareFlags) -> Result<Option<String>>;
    /// Ends a share.
    async fn delete_share(&self, portfolio: &str, target: &ShareTarget) -> Result<Option<String>>;
}

/// AWS Service Catalog for an admin.
pub trait Catalog: Reads + Writes + Access {}

impl<T: Reads + Writes + Access> Catalog for T {}

/// A provisioned product that holds a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedUse {
    /// Id of the provisioned product, `pp-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of its product.
    pub product: String,
    /// Id of the version it runs.
    pub version: String,
    /// Its status.
    pub status: String,
}
