//! References within a template: whatever is named must be there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::template::{Template, TemplateError};

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

/// Checks that resources and outputs refer to resources, parameters and conditions that exist.
pub(super) fn check_references(template: &Template) -> Result<(), TemplateError> {
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
