//! Constraints of a product, beside its launch role.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::located::At;

/// A template constraint.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TemplateRule {
    /// What the rules are for; it tells two template constraints apart.
    pub description: At<String>,
    /// CloudFormation rules, as in a template's `Rules` section.
    pub rules: At<BTreeMap<String, serde_json::Value>>,
}

/// A notification constraint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Notification {
    /// ARNs of SNS topics.
    pub topics: Vec<String>,
}

/// A stack-set constraint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StackSet {
    /// The accounts.
    pub accounts: Vec<String>,
    /// The regions.
    pub regions: Vec<String>,
    /// ARN of the role that administers the stack set.
    pub admin_role: String,
    /// Name of the role in each account.
    pub execution_role: String,
}

/// Whether tags of a provisioned product may be updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TagUpdates {
    /// They may.
    Allowed,
    /// They may not.
    NotAllowed,
}
