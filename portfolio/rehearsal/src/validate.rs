//! Checks a request against the model's constraints, with errors in AWS's text form, and an
//! answer against the model's structure.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::model::{Kind, Model, Shape};

/// Values AWS really gives although its model does not list them: real products report
/// `CREATED`, as the examples of the AWS CLI show.
const UNLISTED_VALUES: &[(&str, &str)] = &[("Status", "CREATED")];

/// Checks an operation's input.
///
/// # Errors
/// `ValidationException` with every violation in the order of the members, or
/// `SerializationException` when a value has another JSON type than the model's.
pub(crate) fn input(model: &Model, operation: &str, body: &Map<String, Value>) -> Result<(), ApiError> {
    let Some(shape) = model.operations.get(operation).and_then(|o| o.input.as_deref()) else {
        return Ok(());
    };
    let mut check = InputCheck { model, found: Vec::new() };
    check.structure(shape, body, "")?;
    match check.found.len() {
        0 => Ok(()),
        1 => Err(ApiError::validation(format!("1 validation error detected: {}", check.found.join("; ")))),
        n => Err(ApiError::validation(format!("{n} validation errors detected: {}", check.found.join("; ")))),
    }
}

struct InputCheck<'a> {
    model: &'a Model,
    found: Vec<String>,
}

impl InputCheck<'_> {
    fn structure(&mut self, name: &str, body: &Map<String, Value>, at: &str) -> Result<(), ApiError> {
        let Some(Kind::Structure { members, required, .. }) = self.model.shape(name).map(|s| &s.kind) else {
            return Ok(());
        };
        for key in body.keys().filter(|k| !members.contains_key(*k)) {
            self.found.push(format!(
                "Value at '{}' failed to satisfy constraint: Member is not known to this operation",
                path(at, key)
            ));
        }
        for (member, shape) in members {
            match body.get(member).filter(|v| !v.is_null()) {
                Some(value) => self.value(shape, value, &path(at, member))?,
                None if required.contains(member) => self.found.push(format!(
                    "Value null at '{}' failed to satisfy constraint: Member must not be null",
                    path(at, member)
                )),
                None => {}
            }
        }
        Ok(())
    }

    fn value(&mut self, name: &str, value: &Value, at: &str) -> Result<(), ApiError> {
        let Some(shape) = self.model.shape(name) else { return Ok(()) };
        match (&shape.kind, value) {
            (Kind::Structure { .. }, Value::Object(body)) => self.structure(name, body, at),
            (Kind::List(member), Value::Array(items)) => {
                self.size(shape, items.len(), "length", value, at);
                for (index, item) in items.iter().enumerate() {
                    self.value(member, item, &format!("{at}.{}.member", index + 1))?;
                }
                Ok(())
            }
            (Kind::Map { key, value: of }, Value::Object(entries)) => {
                self.size(shape, entries.len(), "length", value, at);
                for (k, v) in entries {
                    self.value(key, &Value::String(k.clone()), &format!("{at}.{k}.key"))?;
                    self.value(of, v, &format!("{at}.{k}.member"))?;
                }
                Ok(())
            }
            (Kind::Text, Value::String(text)) => {
                self.text(shape, text, at);
                Ok(())
            }
            (Kind::Integer, Value::Number(n)) if n.is_i64() => {
                self.range(shape, n.as_i64().unwrap_or_default(), at);
                Ok(())
            }
            (Kind::Boolean, Value::Bool(_)) | (Kind::Timestamp, Value::Number(_)) => Ok(()),
            (kind, other) => Err(ApiError::new(
                400,
                "SerializationException",
                format!("{} can not be converted to {} at '{at}'", json_type(other), model_type(kind)),
            )),
        }
    }

    fn text(&mut self, shape: &Shape, text: &str, at: &str) {
        let quoted = Value::String(text.to_owned());
        self.size(shape, text.encode_utf16().count(), "length", &quoted, at);
        if !shape.values.is_empty() && !shape.values.iter().any(|v| v == text) {
            let set = shape.values.join(", ");
            self.fail(text, at, &format!("Member must satisfy enum value set: [{set}]"));
        }
        if let Some((pattern, regex)) = &shape.pattern
            && !regex.is_match(text)
        {
            self.fail(text, at, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
    }

    fn size(&mut self, shape: &Shape, size: usize, what: &str, value: &Value, at: &str) {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let Some(max) = shape.max.filter(|max| size > *max) {
            self.fail(&shown, at, &format!("Member must have {what} less than or equal to {max}"));
        }
        if let Some(min) = shape.min.filter(|min| size < *min) {
            self.fail(&shown, at, &format!("Member must have {what} greater than or equal to {min}"));
        }
    }

    fn range(&mut self, shape: &Shape, number: i64, at: &str) {
        let shown = number.to_string();
        if let Some(max) = shape.max.filter(|max| number > *max) {
            self.fail(&shown, at, &format!("Member must have value less than or equal to {max}"));
        }
        if let Some(min) = shape.min.filter(|min| number < *min) {
            self.fail(&shown, at, &format!("Member must have value greater than or equal to {min}"));
        }
    }

    fn fail(&mut self, value: &str, at: &str, constraint: &str) {
        self.found.push(format!("Value '{value}' at '{at}' failed to satisfy constraint: {constraint}"));
    }
}

/// Checks that an answer has only members, types and enum values the model knows.
///
/// # Errors
/// A sentence that names the first difference.
pub(crate) fn output(model: &Model, operation: &str, answer: &Value) -> Result<(), String> {
    let shape = model.operations.get(operation).and_then(|o| o.output.as_deref());
    match shape {
        Some(shape) => answer_value(model, shape, answer, operation),
        None if answer.as_object().is_some_and(Map::is_empty) => Ok(()),
        None => Err(format!("{operation} has no output")),
    }
}

fn answer_value(model: &Model, name: &str, value: &Value, at: &str) -> Result<(), String> {
    let Some(shape) = model.shape(name) else { return Ok(()) };
    match (&shape.kind, value) {
        (Kind::Structure { members, .. }, Value::Object(body)) => {
            for (key, inner) in body {
                let of = members.get(key).ok_or_else(|| format!("{at} has no member {key}"))?;
                answer_value(model, of, inner, &format!("{at}.{key}"))?;
            }
            Ok(())
        }
        (Kind::List(of), Value::Array(items)) => {
            items.iter().try_for_each(|item| answer_value(model, of, item, &format!("{at}[]")))
        }
        (Kind::Map { value: of, .. }, Value::Object(entries)) => {
            entries.values().try_for_each(|v| answer_value(model, of, v, &format!("{at}{{}}")))
        }
        (Kind::Text, Value::String(text)) => {
            let known = shape.values.is_empty() || shape.values.iter().any(|v| v == text);
            if known || UNLISTED_VALUES.contains(&(name, text.as_str())) {
                Ok(())
            } else {
                Err(format!("{at} cannot be {text}"))
            }
        }
        (Kind::Integer, Value::Number(n)) if n.is_i64() || n.is_u64() => Ok(()),
        (Kind::Boolean, Value::Bool(_)) | (Kind::Timestamp, Value::Number(_)) => Ok(()),
        (kind, other) => Err(format!("{at} is {} and must be {}", json_type(other), model_type(kind))),
    }
}

/// A member's path in AWS's style: lower camel case, dots between the levels.
fn path(at: &str, member: &str) -> String {
    let mut chars = member.chars();
    let head = chars.next().map(|c| c.to_ascii_lowercase());
    let name: String = head.into_iter().chain(chars).collect();
    if at.is_empty() { name } else { format!("{at}.{name}") }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(n) if n.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "ARRAY_VALUE",
        Value::Object(_) => "OBJECT_VALUE",
    }
}

fn model_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Structure { .. } => "a structure",
        Kind::List(_) => "a list",
        Kind::Map { .. } => "a map",
        Kind::Text => "a String",
        Kind::Integer => "an Integer",
        Kind::Boolean => "a Boolean",
        Kind::Timestamp => "a timestamp",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(operation: &str, body: &Value) -> String {
        let model = Model::load().unwrap();
        input(&model, operation, body.as_object().unwrap()).unwrap_err().message
    }

    #[test]
    fn each_kind_of_violation_reads_as_aws_writes_it() {
        let base = json!({"ProviderName": "p", "IdempotencyToken": "t"});
        let with = |key: &str, value: Value| {
            let mut body = base.clone();
            body["DisplayName"] = json!("d");
            body[key] = value;
            body
        };
        let long = "x".repeat(101);
        let cases = [
            (base.clone(), "1 validation error detected: Value null at 'displayName' failed to satisfy constraint: Member must not be null".to_owned()),
            (with("DisplayName", json!(long)), format!("1 validation error detected: Value '{long}' at 'displayName' failed to satisfy constraint: Member must have length less than or equal to 100")),
            (with("DisplayName", json!("")), "1 validation error detected: Value '' at 'displayName' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned()),
            (with("IdempotencyToken", json!("-a")), "1 validation error detected: Value '-a' at 'idempotencyToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][a-zA-Z0-9_-]*".to_owned()),
            (with("Tags", json!([{"Key": "a", "Value": ""}])), "1 validation error detected: Value '' at 'tags.1.member.value' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned()),
            (with("Colour", json!("red")), "1 validation error detected: Value at 'colour' failed to satisfy constraint: Member is not known to this operation".to_owned()),
            (with("Tags", json!("x")), "STRING_VALUE can not be converted to a list at 'tags'".to_owned()),
        ];
        for (body, want) in cases {
            assert_eq!(message("CreatePortfolio", &body), want);
        }
    }

    #[test]
    fn several_violations_are_counted_in_one_answer() {
        let text = message("CreatePortfolio", &json!({}));
        assert!(text.starts_with("3 validation errors detected: Value null at 'displayName'"), "{text}");
    }

    #[test]
    fn enums_and_ranges_are_checked() {
        let text = message(
            "UpdateProvisioningArtifact",
            &json!({"ProductId": "p", "ProvisioningArtifactId": "a", "Guidance": "OLD"}),
        );
        assert!(text.ends_with("Member must satisfy enum value set: [DEFAULT, DEPRECATED]"), "{text}");
        let text = message("ListPortfolios", &json!({"PageSize": 101}));
        assert!(text.ends_with("Value '101' at 'pageSize' failed to satisfy constraint: Member must have value less than or equal to 100"), "{text}");
    }

    #[test]
    fn an_answer_with_a_member_the_model_lacks_is_noticed() {
        let model = Model::load().unwrap();
        assert!(output(&model, "DescribePortfolio", &json!({"Portfolio": {}})).is_err());
        assert!(output(&model, "DescribePortfolio", &json!({"Tags": [{"Key": "a", "Value": "b"}]})).is_ok());
        assert!(output(&model, "DescribeConstraint", &json!({"Status": "DONE"})).is_err());
        assert!(output(&model, "DeletePortfolio", &json!({})).is_ok());
    }
}
