//! The rules of template constraints: assertions on the parameters of a launch.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Parameter values of a launch, by name.
pub(crate) type Values = BTreeMap<String, String>;

/// Checks the form of rules: each has assertions made of known functions.
pub(crate) fn check(rules: &Map<String, Value>) -> Result<(), String> {
    for (name, rule) in rules {
        let assertions = rule.get("Assertions").and_then(Value::as_array).filter(|a| !a.is_empty());
        let assertions = assertions.ok_or_else(|| format!("rule {name} has no Assertions"))?;
        for assertion in assertions {
            let assert = assertion.get("Assert").ok_or_else(|| format!("an assertion of rule {name} has no Assert"))?;
            shape(name, assert)?;
        }
        rule.get("RuleCondition").map_or(Ok(()), |c| shape(name, c))?;
    }
    Ok(())
}

fn shape(rule: &str, value: &Value) -> Result<(), String> {
    match value.as_object().and_then(|o| o.keys().next().filter(|_| o.len() == 1)) {
        Some(key) if BOOLEAN.contains(&key.as_str()) => Ok(()),
        _ => Err(format!("rule {rule} uses something other than {}", BOOLEAN.join(", "))),
    }
}

const BOOLEAN: &[&str] =
    &["Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn"];

/// Applies rules to the values of a launch.
///
/// Parameters in `kept` keep the value that the stack has. It is not known here and was held
/// to the rules when it was given, so what refers to one is passed over.
///
/// # Errors
/// The description of the first assertion that does not hold, or why a rule cannot be
/// evaluated: functions that read live resources (`Fn::RefAll`, `Fn::ValueOf`,
/// `Fn::ValueOfAll`) have nothing to read here.
pub(crate) fn apply(rules: &Map<String, Value>, values: &Values, kept: &BTreeSet<String>) -> Result<(), String> {
    for (name, rule) in rules {
        if refers_to(rule, kept) {
            continue;
        }
        if let Some(condition) = rule.get("RuleCondition")
            && !truth(condition, values)?
        {
            continue;
        }
        for assertion in rule.get("Assertions").and_then(Value::as_array).into_iter().flatten() {
            if !truth(assertion.get("Assert").unwrap_or(&Value::Null), values)? {
                let said = assertion.get("AssertDescription").and_then(Value::as_str);
                return Err(format!(
                    "Template error: Rule {name} failed: {}",
                    said.unwrap_or("the assertion does not hold")
                ));
            }
        }
    }
    Ok(())
}

/// Whether a rule refers to one of some parameters.
fn refers_to(value: &Value, names: &BTreeSet<String>) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|v| refers_to(v, names)),
        Value::Object(body) => {
            let named = body.get("Ref").and_then(Value::as_str).is_some_and(|n| names.contains(n));
            named || body.values().any(|v| refers_to(v, names))
        }
        _ => false,
    }
}

fn truth(value: &Value, values: &Values) -> Result<bool, String> {
    let call = value.as_object().and_then(|o| o.iter().next());
    let Some((name, inner)) = call else { return Err(format!("{value} is not a rule function")) };
    let arguments: Vec<&Value> = inner.as_array().into_iter().flatten().collect();
    match (name.as_str(), arguments.as_slice()) {
        ("Fn::And", all) => all.iter().try_fold(true, |so_far, v| Ok(truth(v, values)? && so_far)),
        ("Fn::Or", all) => all.iter().try_fold(false, |so_far, v| Ok(truth(v, values)? || so_far)),
        ("Fn::Not", [one]) => Ok(!truth(one, values)?),
        ("Fn::Equals", [a, b]) => Ok(texts(a, values)? == texts(b, values)?),
        ("Fn::Contains", [list, one]) | ("Fn::EachMemberIn", [one, list]) => {
            let list = texts(list, values)?;
            Ok(texts(one, values)?.iter().all(|v| list.contains(v)))
        }
        ("Fn::EachMemberEquals", [list, one]) => {
            let wanted = texts(one, values)?;
            Ok(texts(list, values)?.iter().all(|v| wanted.len() == 1 && wanted.first() == Some(v)))
        }
        _ => Err(format!("{name} cannot be evaluated by the rehearsal catalog")),
    }
}

fn texts(value: &Value, values: &Values) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) => {
            items.iter().map(|v| texts(v, values)).collect::<Result<Vec<_>, _>>().map(|v| v.concat())
        }
        Value::Object(body) => match body.get("Ref").and_then(Value::as_str) {
            Some(name) => {
                let value = values.get(name).ok_or_else(|| format!("parameter {name} of a rule has no value"))?;
                Ok(value.split(',').map(|v| v.trim().to_owned()).collect())
            }
            None => Err(format!("{value} cannot be evaluated by the rehearsal catalog")),
        },
        scalar => Ok(vec![crate::template::plain(scalar)]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_hold_or_fail_by_the_values_of_a_launch() {
        let rules = json!({"Small": {
            "RuleCondition": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
            "Assertions": [{"Assert": {"Fn::Contains": [["s", "m"], {"Ref": "Size"}]}, "AssertDescription": "dev is small"}]
        }});
        let rules = rules.as_object().unwrap();
        check(rules).unwrap();
        let none = BTreeSet::new();
        let values =
            |stage: &str, size: &str| Values::from([("Stage".into(), stage.into()), ("Size".into(), size.into())]);
        assert_eq!(apply(rules, &values("dev", "s"), &none), Ok(()));
        assert_eq!(apply(rules, &values("prod", "xl"), &none), Ok(()));
        assert_eq!(
            apply(rules, &values("dev", "xl"), &none),
            Err("Template error: Rule Small failed: dev is small".into())
        );
        assert_eq!(apply(rules, &Values::new(), &BTreeSet::from(["Size".to_owned()])), Ok(()));
        assert!(apply(rules, &Values::new(), &none).is_err());
    }

    #[test]
    fn each_function_has_its_meaning() {
        let values = Values::from([("L".into(), "a, b".into()), ("One".into(), "a".into())]);
        for (function, want) in [
            (json!({"Fn::EachMemberIn": [{"Ref": "L"}, ["a", "b", "c"]]}), true),
            (json!({"Fn::EachMemberIn": [{"Ref": "L"}, ["a"]]}), false),
            (json!({"Fn::EachMemberEquals": [{"Ref": "L"}, "a"]}), false),
            (json!({"Fn::EachMemberEquals": [{"Ref": "One"}, "a"]}), true),
            (json!({"Fn::And": [{"Fn::Equals": [1, "1"]}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]}), true),
            (json!({"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["a", "c"]}]}), false),
        ] {
            assert_eq!(truth(&function, &values), Ok(want), "{function}");
        }
        assert!(truth(&json!({"Fn::RefAll": "AWS::EC2::VPC::Id"}), &values).is_err());
    }
}
