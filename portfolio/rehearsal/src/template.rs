//! Templates: what a version's text must hold, and what a team is asked for.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::ctx::set_if;
use crate::yaml;

const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
];
const PSEUDO: &[&str] = &[
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];
const RESOURCE_KEYS: &[&str] = &[
    "Type",
    "Properties",
    "Metadata",
    "DependsOn",
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

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

/// Checks a template as `ValidateTemplate` does, and that its references lead somewhere.
pub(crate) fn check(template: &Template) -> Result<(), TemplateError> {
    let fail = |m: String| Err(TemplateError(m));
    let transformed = template.body.contains_key("Transform");
    let known = |k: &str| SECTIONS.contains(&k) || transformed && k == "Globals";
    if let Some(key) = template.body.keys().find(|k| !known(k)) {
        return fail(format!("Invalid template property or properties [{key}]"));
    }
    if let Some(version) = template.body.get("AWSTemplateFormatVersion")
        && plain(version) != "2010-09-09"
    {
        return fail("Template format version has an unsupported value".to_owned());
    }
    for name in ["Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Rules", "Metadata"] {
        if template.body.get(name).is_some_and(|v| !v.is_object()) {
            return fail(format!("{name} must be an object."));
        }
    }
    check_parameters(template)?;
    check_resources(template)?;
    check_outputs(template)?;
    // A transform may add what is referred to, so only plain templates can be resolved here.
    if transformed { Ok(()) } else { check_references(template) }
}

fn check_parameters(template: &Template) -> Result<(), TemplateError> {
    for (name, body) in template.section("Parameters") {
        let kind = body.get("Type").and_then(Value::as_str);
        let Some(kind) = kind else {
            return Err(TemplateError("Every Parameters object must contain a Type member.".to_owned()));
        };
        let known = matches!(kind, "String" | "Number" | "CommaDelimitedList" | "List<Number>" | "List<String>")
            || kind.starts_with("AWS::")
            || kind.starts_with("List<AWS::");
        if !known {
            return Err(TemplateError(format!("Unrecognized parameter type: {kind}")));
        }
        let allowed = body.get("AllowedValues").and_then(Value::as_array);
        if let (Some(default), Some(allowed)) = (body.get("Default").map(plain), allowed) {
            // A list's default holds several of the allowed values.
            let list = kind == "CommaDelimitedList" || kind.starts_with("List<");
            let values: Vec<&str> = if list { default.split(',').map(str::trim).collect() } else { vec![&default] };
            if !values.iter().all(|v| allowed.iter().any(|a| plain(a) == *v)) {
                return Err(TemplateError(format!(
                    "Parameter '{name}' default value '{default}' is not among its AllowedValues"
                )));
            }
        }
    }
    Ok(())
}

fn check_resources(template: &Template) -> Result<(), TemplateError> {
    if template.section("Resources").next().is_none() {
        return Err(TemplateError("At least one Resources member must be defined.".to_owned()));
    }
    for (name, body) in template.section("Resources") {
        // Fn::ForEach stands where a resource would, and only with a transform.
        if name.starts_with("Fn::") {
            continue;
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(TemplateError(format!("Resource name {name} is non alphanumeric.")));
        }
        let Some(resource) = body.as_object() else {
            return Err(TemplateError(format!("[/Resources/{name}] resource definition is malformed")));
        };
        if let Some(key) = resource.keys().find(|k| !RESOURCE_KEYS.contains(&k.as_str())) {
            return Err(TemplateError(format!("Invalid template resource property '{key}'")));
        }
        let kind = resource.get("Type").and_then(Value::as_str);
        let Some(kind) = kind else {
            return Err(TemplateError(format!(
                "[/Resources/{name}] Every Resources object must contain a Type member."
            )));
        };
        if !(kind.starts_with("Custom::") || kind.split("::").count() >= 3 && !kind.ends_with("::")) {
            return Err(TemplateError(format!("Unrecognized resource types: [{kind}]")));
        }
    }
    Ok(())
}

fn check_outputs(template: &Template) -> Result<(), TemplateError> {
    for (name, body) in template.section("Outputs").filter(|(n, _)| !n.starts_with("Fn::")) {
        if body.get("Value").is_none_or(Value::is_null) {
            return Err(TemplateError(format!("Every Outputs member must contain a Value object: {name}")));
        }
    }
    Ok(())
}

fn check_references(template: &Template) -> Result<(), TemplateError> {
    let mut scan = Scan {
        resources: template.section("Resources").map(|(n, _)| n.as_str()).collect(),
        parameters: template.section("Parameters").map(|(n, _)| n.as_str()).collect(),
        conditions: template.section("Conditions").map(|(n, _)| n.as_str()).collect(),
        missing: BTreeSet::new(),
        no_condition: BTreeSet::new(),
    };
    for (_, body) in template.section("Resources") {
        for dependency in names(body.get("DependsOn")) {
            if !scan.resources.contains(dependency) {
                scan.missing.insert(dependency.to_owned());
            }
        }
        scan.condition(body.get("Condition"));
        scan.value(body);
    }
    scan.finish("Resources")?;
    for (_, body) in template.section("Outputs") {
        scan.condition(body.get("Condition"));
        scan.value(body);
    }
    scan.finish("Outputs")
}

fn names(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

struct Scan<'a> {
    resources: BTreeSet<&'a str>,
    parameters: BTreeSet<&'a str>,
    conditions: BTreeSet<&'a str>,
    missing: BTreeSet<String>,
    no_condition: BTreeSet<String>,
}

impl Scan<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|v| self.value(v)),
            Value::Object(body) => {
                if let (1, Some((key, inner))) = (body.len(), body.iter().next()) {
                    self.intrinsic(key, inner);
                }
                body.values().for_each(|v| self.value(v));
            }
            _ => {}
        }
    }

    fn intrinsic(&mut self, key: &str, inner: &Value) {
        match (key, inner) {
            ("Ref", Value::String(name)) => self.reference(name),
            ("Fn::GetAtt", Value::Array(parts)) => {
                if let Some(name) = parts.first().and_then(Value::as_str) {
                    self.resource(name);
                }
            }
            ("Fn::GetAtt", Value::String(text)) => self.resource(text.split('.').next().unwrap_or(text)),
            ("Fn::If", Value::Array(parts)) => self.condition(parts.first()),
            ("Fn::Sub", Value::String(text)) => self.substitution(text, &[]),
            ("Fn::Sub", Value::Array(parts)) => {
                let own: Vec<&str> = parts
                    .get(1)
                    .and_then(Value::as_object)
                    .map(|m| m.keys().map(String::as_str).collect())
                    .unwrap_or_default();
                if let Some(text) = parts.first().and_then(Value::as_str) {
                    self.substitution(text, &own);
                }
            }
            _ => {}
        }
    }

    fn substitution(&mut self, text: &str, own: &[&str]) {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else { return };
            rest = tail;
            let name = name.trim();
            if name.starts_with('!') || own.contains(&name) {
                continue;
            }
            match name.split_once('.') {
                Some((resource, _)) => self.resource(resource),
                None => self.reference(name),
            }
        }
    }

    fn reference(&mut self, name: &str) {
        if !self.resources.contains(name) && !self.parameters.contains(name) && !PSEUDO.contains(&name) {
            self.missing.insert(name.to_owned());
        }
    }

    fn resource(&mut self, name: &str) {
        if !self.resources.contains(name) {
            self.missing.insert(name.to_owned());
        }
    }

    fn condition(&mut self, name: Option<&Value>) {
        if let Some(name) = name.and_then(Value::as_str)
            && !self.conditions.contains(name)
        {
            self.no_condition.insert(name.to_owned());
        }
    }

    fn finish(&self, block: &str) -> Result<(), TemplateError> {
        let join = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
        if !self.missing.is_empty() {
            return Err(TemplateError(format!(
                "Unresolved resource dependencies [{}] in the {block} block of the template",
                join(&self.missing)
            )));
        }
        if !self.no_condition.is_empty() {
            return Err(TemplateError(format!(
                "Unresolved condition dependency {} in the {block} block of the template",
                join(&self.no_condition)
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> String {
        match Template::parse(text).and_then(|t| check(&t)) {
            Ok(()) => "ok".to_owned(),
            Err(e) => e.to_string(),
        }
    }

    const TOPIC: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

    #[test]
    fn a_template_whose_parts_refer_to_each_other_is_accepted() {
        let text = "Parameters:\n  Name: {Type: String, Default: a, AllowedValues: [a, b]}\nConditions:\n  Has: !Not [!Equals [!Ref Name, '']]\n\
            Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Condition: Has\n    Properties:\n      DisplayName: !Sub '${AWS::Region} ${Name} ${!x}'\n\
            Outputs:\n  Arn: {Value: !If [Has, !GetAtt Topic.TopicArn, !Ref AWS::NoValue]}\n";
        assert_eq!(verdict(text), "ok");
    }

    #[test]
    fn each_mistake_has_cloudformations_words() {
        for (text, want) in [
            ("a: 1".to_owned(), "Template format error: Invalid template property or properties [a]"),
            ("Resources: {}".to_owned(), "Template format error: At least one Resources member must be defined."),
            ("- 1".to_owned(), "Template format error: unsupported structure."),
            (
                format!("AWSTemplateFormatVersion: '2011'\n{TOPIC}"),
                "Template format error: Template format version has an unsupported value",
            ),
            (
                "Resources:\n  T: {Properties: {}}".to_owned(),
                "Template format error: [/Resources/T] Every Resources object must contain a Type member.",
            ),
            (
                "Resources:\n  T: {Type: Topic}".to_owned(),
                "Template format error: Unrecognized resource types: [Topic]",
            ),
            (
                format!("Parameters:\n  P: {{Default: 1}}\n{TOPIC}"),
                "Template format error: Every Parameters object must contain a Type member.",
            ),
            (
                format!("Parameters:\n  P: {{Type: String, Default: c, AllowedValues: [a]}}\n{TOPIC}"),
                "Template format error: Parameter 'P' default value 'c' is not among its AllowedValues",
            ),
            (
                format!("{TOPIC}    Properties:\n      DisplayName: !Ref Nope"),
                "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
            ),
            (
                format!("{TOPIC}    Condition: Nope"),
                "Template format error: Unresolved condition dependency Nope in the Resources block of the template",
            ),
            (
                format!("{TOPIC}Outputs:\n  O: {{Value: !Sub '${{Nope.Arn}}'}}"),
                "Template format error: Unresolved resource dependencies [Nope] in the Outputs block of the template",
            ),
            (
                format!("{TOPIC}Outputs:\n  O: {{Description: x}}"),
                "Template format error: Every Outputs member must contain a Value object: O",
            ),
        ] {
            assert_eq!(verdict(&text), want, "{text}");
        }
    }

    #[test]
    fn parameters_are_shown_with_their_constraints_and_without_secrets() {
        let template = Template::parse(&format!("Parameters:\n  Days: {{Type: Number, Default: 7, MinValue: 1}}\n  Key: {{Type: String, NoEcho: true, Default: secret}}\n{TOPIC}")).unwrap();
        assert_eq!(
            template.parameters_answer(),
            json!([
                {"ParameterKey": "Days", "ParameterType": "Number", "IsNoEcho": false, "DefaultValue": "7", "ParameterConstraints": {"AllowedValues": [], "MinValue": "1"}},
                {"ParameterKey": "Key", "ParameterType": "String", "IsNoEcho": true, "DefaultValue": "****", "ParameterConstraints": {"AllowedValues": []}}
            ])
        );
    }
}
