//! Launch roles.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::error::Result;
use crate::state::RoleFields;

/// IAM, as far as launch roles need it.
#[async_trait]
pub trait Roles: Send + Sync {
    /// The roles of these names that this tool manages.
    ///
    /// A role of such a name that it does not manage is refused with `foreign`.
    async fn read(&self, names: &[String]) -> Result<BTreeMap<String, RoleFields>>;
    /// Makes a role, or finishes one that an earlier run began.
    async fn create(&self, name: &str, fields: &RoleFields) -> Result<()>;
    /// Changes a role's policies.
    async fn update(&self, name: &str, fields: &RoleFields) -> Result<()>;
    /// Removes a role; one that is not there counts as removed.
    async fn delete(&self, name: &str) -> Result<()>;
    /// Makes the managed policy that bounds the roles of products, unless it is there.
    async fn ensure_boundary(&self, name: &str, policy: &serde_json::Value) -> Result<bool>;
}
