//! What the tests share.

use std::collections::BTreeSet;
use std::path::PathBuf;

use edgeseal_launch_role::{Error, LaunchRole, Options, Template, compute};

/// The role of a template given as text.
pub(crate) fn try_role(text: &str) -> Result<LaunchRole, Error> {
    compute(&Template::parse("template.yaml", text)?, &Options::default())
}

/// The role of a template that is in order.
pub(crate) fn role(text: &str) -> LaunchRole {
    try_role(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A template with one resource named `Thing`.
pub(crate) fn template_of(type_name: &str, properties: &str) -> String {
    format!("Resources:\n  Thing:\n    Type: {type_name}\n    Properties: {properties}\n")
}

/// The ARNs that an action is limited to, over all its conditions.
pub(crate) fn resources(role: &LaunchRole, action: &str) -> BTreeSet<String> {
    role.grants()
        .filter(|grant| grant.action == action)
        .flat_map(|grant| &grant.resources)
        .map(ToString::to_string)
        .collect()
}

/// The directory with the products of this repository.
pub(crate) fn products() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../products")
}
