//! What `ValidateTemplate` checks, and that references lead somewhere.

use serde_json::Value;

use crate::template::references::check_references;
use crate::template::{Template, TemplateError, plain};

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
}
