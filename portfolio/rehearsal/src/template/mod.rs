//! Templates: what a version's text must hold, and what a team is asked for.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>

mod check;
mod references;

pub(crate) use check::check;

use serde_json::{Map, Value, json};

use crate::ctx::set_if;
use crate::yaml;

/// Why a template is refused, in CloudFormation's words where it has any.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Template format error: {0}")]
pub(crate) struct TemplateError(String);

/// A template's text, read.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) body: Map<String, Value>,
}

impl Template {
    /// Reads YAML or JSON.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        match yaml::read(text).map_err(|e| TemplateError(e.to_string()))? {
            Value::Object(body) => Ok(Self { body }),
            _ => Err(TemplateError("unsupported structure.".to_owned())),
        }
    }

    /// A section's entries; none when it is absent.
    pub(crate) fn section(&self, name: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.body.get(name).and_then(Value::as_object).into_iter().flatten()
    }

    /// The `ProvisioningArtifactParameters` of answers.
    pub(crate) fn parameters_answer(&self) -> Value {
        self.section("Parameters").map(|(name, p)| parameter(name, p)).collect()
    }

    /// The `ProvisioningArtifactOutputKeys` of answers.
    pub(crate) fn outputs_answer(&self) -> Value {
        self.section("Outputs")
            .map(|(name, output)| {
                let description = output.get("Description").and_then(Value::as_str).unwrap_or_default();
                json!({ "Key": name, "Description": description })
            })
            .collect()
    }
}

fn parameter(name: &str, body: &Value) -> Value {
    let no_echo = body.get("NoEcho").is_some_and(|v| plain(v) == "true");
    let allowed: Vec<String> =
        body.get("AllowedValues").and_then(Value::as_array).into_iter().flatten().map(plain).collect();
    let mut constraints = json!({ "AllowedValues": allowed });
    for key in ["AllowedPattern", "ConstraintDescription", "MaxLength", "MinLength", "MaxValue", "MinValue"] {
        set_if(&mut constraints, key, body.get(key).map(plain));
    }
    let mut shown = json!({
        "ParameterKey": name,
        "ParameterType": body.get("Type").and_then(Value::as_str).unwrap_or_default(),
        "IsNoEcho": no_echo,
        "ParameterConstraints": constraints,
    });
    set_if(&mut shown, "Description", body.get("Description").and_then(Value::as_str));
    // The default of a NoEcho parameter is masked, as GetTemplateSummary masks it.
    let default = body.get("Default").map(plain);
    set_if(&mut shown, "DefaultValue", default.map(|d| if no_echo { "****".to_owned() } else { d }));
    shown
}

/// A scalar as CloudFormation passes it on: as text.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Parameters:\n  Days: {Type: Number, Default: 7, MinValue: 1}\n  Key: {Type: String, NoEcho: true, Default: secret}\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

    #[test]
    fn parameters_are_shown_with_their_constraints_and_without_secrets() {
        let template = Template::parse(TEXT).unwrap();
        assert_eq!(
            template.parameters_answer(),
            json!([
                {"ParameterKey": "Days", "ParameterType": "Number", "IsNoEcho": false, "DefaultValue": "7", "ParameterConstraints": {"AllowedValues": [], "MinValue": "1"}},
                {"ParameterKey": "Key", "ParameterType": "String", "IsNoEcho": true, "DefaultValue": "****", "ParameterConstraints": {"AllowedValues": []}}
            ])
        );
    }
}
