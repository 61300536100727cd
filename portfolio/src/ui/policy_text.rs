//! What a change of an IAM policy means: which actions on which resources come and go.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::change::Field;

/// Grants that a policy field gains and loses; `None` when the field is not a policy.
pub(super) fn policy_changes(field: &Field) -> Option<(Vec<String>, Vec<String>)> {
    if field.name != "policy" {
        return None;
    }
    let from = grants(&serde_json::from_str(&field.from).ok()?);
    let to = grants(&serde_json::from_str(&field.to).ok()?);
    Some((to.difference(&from).cloned().collect(), from.difference(&to).cloned().collect()))
}

fn grants(policy: &Value) -> BTreeSet<String> {
    let statements = policy.get("Statement").and_then(Value::as_array);
    let mut grants = BTreeSet::new();
    for statement in statements.into_iter().flatten() {
        let condition = statement.get("Condition").map(|value| format!(" if {value}")).unwrap_or_default();
        for action in texts(statement.get("Action")) {
            for resource in texts(statement.get("Resource")) {
                grants.insert(format!("{action} on {resource}{condition}"));
            }
        }
    }
    grants
}

/// IAM lets a list of one be written as the one.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
