//! Reading rule files from text.

use super::problem::{Finding, FindingCode, Place, RuleError};
use super::{CompiledPolicy, RuleFile};
use crate::json::{self, JsonError};

impl RuleFile {
    /// Reads a rule file in JSON.
    ///
    /// # Errors
    /// [`RuleError`] with the place where the reader stopped.
    pub fn from_json(text: &str) -> Result<Self, RuleError> {
        json::from_text(text).map_err(|JsonError { message, at }| {
            let (line, column) = json::place(text, at);
            unreadable(&message, Place { line, column })
        })
    }

    /// The file as compact JSON with every default written out, as a bundle carries it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Reads and compiles a rule file in JSON.
///
/// # Errors
/// [`RuleError`] with every finding. Only a syntax error has a place; `check`, under the feature `yaml`, finds the others'.
///
/// ```
/// let policy = edgeseal_core::edge::compile(
///     r#"{"version":1,"mode":"standalone","rules":[{"name":"files","path":"/files/*"}]}"#,
/// ).unwrap();
/// assert_eq!(policy.rule_names().collect::<Vec<_>>(), ["files"]);
/// ```
pub fn compile(json: &str) -> Result<CompiledPolicy, RuleError> {
    CompiledPolicy::new(&RuleFile::from_json(json)?)
}

pub(super) fn unreadable(message: &str, place: Place) -> RuleError {
    RuleError::one(Finding { place: Some(place), ..Finding::new(FindingCode::InvalidFile, "", message) })
}
