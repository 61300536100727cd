//! The policy in words: every action with its resources and with who asked for it.

use std::fmt::Write as _;

use crate::role::LaunchRole;

/// Explain a role, one paragraph an action, sorted by action.
///
/// Each reason names the phase, the resource, the property and the line of the template.
///
/// ```
/// use edgeseal_launch_role::{Options, Template, compute, explain};
///
/// let template = Template::parse("t.yaml", "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n")?;
/// let text = explain(&compute(&template, &Options::default())?);
/// assert!(text.contains("create T (t.yaml:2)"));
/// # Ok::<(), edgeseal_launch_role::Error>(())
/// ```
#[must_use]
pub fn explain(role: &LaunchRole) -> String {
    let mut text = String::new();
    for grant in role.grants() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", grant.action);
        for resource in &grant.resources {
            let _ = writeln!(text, "  on   {resource}");
        }
        if let Some(why) = &grant.unscoped_because {
            let _ = writeln!(text, "  any  {why}");
        }
        for (operator, keys) in &grant.condition {
            for (key, values) in keys {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                let _ = writeln!(text, "  if   {operator} {key} = {}", values.join(" | "));
            }
        }
        for reason in &grant.reasons {
            let _ = writeln!(text, "  for  {reason}");
        }
    }
    text
}
