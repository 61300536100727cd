//! What a team does with a product: launch, update, terminate.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::error::Result;
use crate::state::Tags;

/// What to launch.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The product's id.
    pub product: String,
    /// The version's id.
    pub version: String,
    /// Name for the provisioned product.
    pub name: String,
    /// Parameters.
    pub parameters: BTreeMap<String, String>,
    /// Tags; a TagOption of the product makes its key compulsory.
    pub tags: Tags,
    /// Makes a repeated request the same request.
    pub token: String,
}

/// A provisioned product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// Id, `pp-…`.
    pub id: String,
    /// Status.
    pub status: String,
    /// Id of the product.
    pub product: String,
    /// Id of the version.
    pub version: String,
}

/// How far a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordState {
    /// Still going.
    Running,
    /// Done, with the outputs of the stack.
    Succeeded(Vec<(String, String)>),
    /// Failed, with AWS's reasons.
    Failed(Vec<String>),
}

/// AWS Service Catalog for a team.
#[async_trait]
pub trait Team: Send + Sync {
    /// The launch path through a portfolio, if the caller has one.
    async fn launch_path(&self, product: &str, portfolio_name: &str) -> Result<Option<String>>;
    /// Parameters of a version: name and whether it has a default.
    async fn parameters(&self, product: &str, version: &str, path: &str) -> Result<Vec<(String, bool)>>;
    /// Starts a launch; the answer is the record's id.
    async fn provision(&self, launch: &Launch, path: &str) -> Result<String>;
    /// Starts an update; parameters that are not given keep their values.
    async fn update(&self, launch: &Launch, path: &str, keep: &[String]) -> Result<String>;
    /// Starts a termination.
    async fn terminate(&self, name: &str, token: &str) -> Result<String>;
    /// The provisioned product of that name.
    async fn provisioned_named(&self, name: &str) -> Result<Option<Provisioned>>;
    /// How far a record is.
    async fn record(&self, id: &str) -> Result<RecordState>;
}
