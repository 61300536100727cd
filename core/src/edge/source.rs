//! Reading rule files from text.

use super::problem::{Finding, FindingCode, Place, RuleError};
use super::{CompiledPolicy, RuleFile};

impl RuleFile {
    /// Reads a rule file in JSON.
    ///
    /// # Errors
    /// [`RuleError`] with the place where the reader stopped.
    pub fn from_json(text: &str) -> Result<Self, RuleError> {
        serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(before, _)| before);
            unreadable(message, Place { line: error.line(), column: error.column() })
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
/// [`RuleError`] with every finding. Only a syntax error has a place; [`check`](super::check) finds the others'.
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
