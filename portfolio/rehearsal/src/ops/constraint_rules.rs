//! The parameters of each type of constraint.
//!
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>

use serde_json::{Map, Value};

use crate::auth;
use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::query::iam;

/// The parameters of a constraint, read from their JSON text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Parameters {
    /// A fixed role.
    LaunchRole(String),
    /// A role of this name in the launching account.
    LocalLaunchRole(String),
    /// Topics that hear of stack events.
    Notification(Vec<String>),
    /// Whether a team may change tags.
    ResourceUpdate { allowed: bool },
    /// Where a stack set goes.
    StackSet(Map<String, Value>),
    /// Rules on template parameters.
    Template(Map<String, Value>),
}

impl Parameters {
    /// Reads the JSON text of one type of constraint.
    pub(crate) fn read(kind: &str, text: &str) -> Result<Self, ApiError> {
        let value: Value = serde_json::from_str(text).map_err(|e| invalid(kind, &format!("they are not JSON: {e}")))?;
        let Value::Object(body) = value else {
            return Err(invalid(kind, "they must be a JSON object"));
        };
        match kind {
            "LAUNCH" => launch(&body),
            "NOTIFICATION" => notification(&body),
            "RESOURCE_UPDATE" => resource_update(&body),
            "STACKSET" => stack_set(&body),
            "TEMPLATE" => template(&body),
            other => Err(ApiError::invalid(format!(
                "Invalid constraint type {other}; the types are LAUNCH, NOTIFICATION, RESOURCE_UPDATE, STACKSET and TEMPLATE."
            ))),
        }
    }
}

fn invalid(kind: &str, why: &str) -> ApiError {
    ApiError::invalid(format!("Invalid parameters for a constraint of type {kind}: {why}."))
}

fn only(kind: &str, body: &Map<String, Value>, known: &[&str]) -> Result<(), ApiError> {
    match body.keys().find(|k| !known.contains(&k.as_str())) {
        Some(key) => Err(invalid(kind, &format!("{key} is not one of {}", known.join(", ")))),
        None => Ok(()),
    }
}

fn launch(body: &Map<String, Value>) -> Result<Parameters, ApiError> {
    only("LAUNCH", body, &["RoleArn", "LocalRoleName"])?;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    match (text("RoleArn"), text("LocalRoleName")) {
        (Some(arn), None) if role_parts(arn).is_some() => Ok(Parameters::LaunchRole(arn.to_owned())),
        (Some(arn), None) => Err(invalid("LAUNCH", &format!("{arn} is not the ARN of an IAM role"))),
        (None, Some(name)) if is_role_name(name) => Ok(Parameters::LocalLaunchRole(name.to_owned())),
        (None, Some(name)) => Err(invalid("LAUNCH", &format!("{name} is not the name of an IAM role"))),
        _ => Err(invalid("LAUNCH", "exactly one of RoleArn and LocalRoleName must be given as text")),
    }
}

fn notification(body: &Map<String, Value>) -> Result<Parameters, ApiError> {
    only("NOTIFICATION", body, &["NotificationArns"])?;
    let arns: Vec<String> = texts(body.get("NotificationArns"));
    if arns.is_empty() || arns.len() > 5 || !arns.iter().all(|a| is_arn(a, "sns")) {
        return Err(invalid("NOTIFICATION", "NotificationArns must list 1 to 5 ARNs of SNS topics"));
    }
    Ok(Parameters::Notification(arns))
}

fn resource_update(body: &Map<String, Value>) -> Result<Parameters, ApiError> {
    only("RESOURCE_UPDATE", body, &["Version", "Properties"])?;
    if body.get("Version").and_then(Value::as_str) != Some("2.0") {
        return Err(invalid("RESOURCE_UPDATE", "Version must be \"2.0\""));
    }
    let setting = body.get("Properties").and_then(|p| p.get("TagUpdateOnProvisionedProduct")).and_then(Value::as_str);
    match setting {
        Some("ALLOWED") => Ok(Parameters::ResourceUpdate { allowed: true }),
        Some("NOT_ALLOWED") => Ok(Parameters::ResourceUpdate { allowed: false }),
        _ => Err(invalid("RESOURCE_UPDATE", "Properties.TagUpdateOnProvisionedProduct must be ALLOWED or NOT_ALLOWED")),
    }
}

fn stack_set(body: &Map<String, Value>) -> Result<Parameters, ApiError> {
    only("STACKSET", body, &["Version", "Properties"])?;
    if body.get("Version").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(invalid("STACKSET", "Version must be given as text"));
    }
    let Some(properties) = body.get("Properties").and_then(Value::as_object) else {
        return Err(invalid("STACKSET", "Properties must be an object"));
    };
    let accounts = texts(properties.get("AccountList"));
    let is_account = |a: &String| a.len() == 12 && a.bytes().all(|b| b.is_ascii_digit());
    if accounts.is_empty() || !accounts.iter().all(is_account) {
        return Err(invalid("STACKSET", "Properties.AccountList must list 12-digit account numbers"));
    }
    if texts(properties.get("RegionList")).is_empty() {
        return Err(invalid("STACKSET", "Properties.RegionList must list regions"));
    }
    let role = |key: &str| properties.get(key).and_then(Value::as_str);
    if role("AdminRole").and_then(role_parts).is_none() {
        return Err(invalid("STACKSET", "Properties.AdminRole must be the ARN of an IAM role"));
    }
    if !role("ExecutionRole").is_some_and(is_role_name) {
        return Err(invalid("STACKSET", "Properties.ExecutionRole must be the name of an IAM role"));
    }
    Ok(Parameters::StackSet(properties.clone()))
}

fn template(body: &Map<String, Value>) -> Result<Parameters, ApiError> {
    only("TEMPLATE", body, &["Rules"])?;
    let Some(rules) = body.get("Rules").and_then(Value::as_object).filter(|r| !r.is_empty()) else {
        return Err(invalid("TEMPLATE", "Rules must be an object with at least one rule"));
    };
    crate::rules::check(rules).map_err(|why| invalid("TEMPLATE", &why))?;
    Ok(Parameters::Template(rules.clone()))
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn is_arn(text: &str, service: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    parts.next() == Some("arn")
        && parts.next().is_some_and(|p| p.starts_with("aws"))
        && parts.next() == Some(service)
        && parts.nth(2).is_some_and(|resource| !resource.is_empty())
}

fn is_role_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    !name.is_empty() && name.len() <= 64 && name.chars().all(plain)
}

/// The account and the name of a role's ARN.
pub(crate) fn role_parts(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let (head, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let path = resource.strip_prefix("role/")?;
    let name = path.rsplit('/').next()?;
    let account_ok = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    (head == "arn" && service == "iam" && region.is_empty() && account_ok && is_role_name(name))
        .then_some((account, name))
}

/// Checks that the role of a launch constraint exists, as AWS does.
///
/// # Errors
/// `InvalidParametersException` with AWS's words "profile does not exist", which a client
/// meets while a new role is still spreading.
pub(crate) fn check_role(ctx: &Ctx<'_>, parameters: &Parameters) -> Result<(), ApiError> {
    let account = &ctx.place().account;
    let arn = match parameters {
        Parameters::LaunchRole(arn) => arn.clone(),
        Parameters::LocalLaunchRole(name) => {
            format!("arn:{}:iam::{account}:role/{name}", auth::partition(&ctx.place().region))
        }
        _ => return Ok(()),
    };
    if !ctx.config.check_launch_roles {
        return Ok(());
    }
    let exists = match &ctx.role_found {
        Some(answer) => answer.clone()?,
        None => {
            let (owner, name) = role_parts(&arn).unwrap_or((account, ""));
            let role = iam::role(ctx.tx, owner, name)?;
            role.is_some_and(|r| matches!(parameters, Parameters::LocalLaunchRole(_)) || r.arn == arn)
        }
    };
    if exists {
        Ok(())
    } else {
        Err(ApiError::invalid(format!("Access denied while assuming the role {arn}: profile does not exist.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_accepts_its_own_parameters_and_refuses_others() {
        let good = [
            ("LAUNCH", r#"{"RoleArn": "arn:aws:iam::111122223333:role/path/Launch"}"#),
            ("LAUNCH", r#"{"LocalRoleName": "Launch"}"#),
            ("NOTIFICATION", r#"{"NotificationArns": ["arn:aws:sns:eu-west-1:111122223333:topic"]}"#),
            ("RESOURCE_UPDATE", r#"{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"ALLOWED"}}"#),
            (
                "STACKSET",
                r#"{"Version":"1","Properties":{"AccountList":["111122223333"],"RegionList":["eu-west-1"],"AdminRole":"arn:aws:iam::111122223333:role/Admin","ExecutionRole":"Exec"}}"#,
            ),
            ("TEMPLATE", r#"{"Rules":{"Size":{"Assertions":[{"Assert":{"Fn::Contains":[["a"],{"Ref":"Size"}]}}]}}}"#),
        ];
        for (kind, text) in good {
            assert!(Parameters::read(kind, text).is_ok(), "{kind} {text}");
        }
        let bad = [
            ("LAUNCH", "not json"),
            ("LAUNCH", "[]"),
            ("LAUNCH", r#"{"RoleArn": "arn:aws:iam::111122223333:role/L", "LocalRoleName": "L"}"#),
            ("LAUNCH", r#"{"RoleArn": "arn:aws:iam::111122223333:user/L"}"#),
            ("LAUNCH", r#"{"LocalRoleName": "path/L"}"#),
            ("NOTIFICATION", r#"{"NotificationArns": []}"#),
            ("NOTIFICATION", r#"{"NotificationArns": ["arn:aws:sqs:eu-west-1:111122223333:queue"]}"#),
            ("RESOURCE_UPDATE", r#"{"Version":"1.0","Properties":{"TagUpdateOnProvisionedProduct":"ALLOWED"}}"#),
            ("STACKSET", r#"{"Version":"1","Properties":{"AccountList":[]}}"#),
            ("TEMPLATE", r#"{"Rules":{}}"#),
            ("TEMPLATE", r#"{"Rules":{"A":{"Assertions":[]}}}"#),
            ("BUDGET", "{}"),
        ];
        for (kind, text) in bad {
            assert_eq!(Parameters::read(kind, text).unwrap_err().code, "InvalidParametersException", "{kind} {text}");
        }
    }
}
