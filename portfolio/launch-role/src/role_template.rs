//! The roles of all products as one CloudFormation template.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::error::Error;
use crate::pattern::{BOUNDARY_PARAMETER, Part, Pattern};
use crate::role::{LaunchRole, Placement, Policy, TRUSTED_SERVICE};

const HEADER: &str = "\
# Generated from the templates of the products. Do not edit: run
#   cargo run -p edgeseal-launch-role -- generate products
# `cargo run -p edgeseal-launch-role -- explain <template>` says why each action is here.
";

/// The name of a product's launch role, the `LocalRoleName` of its launch constraint.
///
/// ```
/// assert_eq!(edgeseal_launch_role::role_name("s3-bucket"), "EdgesealLaunch-s3-bucket");
/// ```
#[must_use]
pub fn role_name(product: &str) -> String {
    format!("EdgesealLaunch-{product}")
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleTemplate {
    #[serde(rename = "AWSTemplateFormatVersion")]
    version: &'static str,
    description: &'static str,
    parameters: BTreeMap<String, Json>,
    resources: BTreeMap<String, Json>,
    outputs: BTreeMap<String, Json>,
}

/// Write a CloudFormation template with one role for each product.
///
/// # Errors
/// [`Error::TooLarge`] when a policy does not fit into a role.
///
/// ```
/// use edgeseal_launch_role::{Options, Template, compute, render};
///
/// let template = Template::parse("t.yaml", "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n")?;
/// let role = compute(&template, &Options::default())?;
/// let text = render(&[("metadata-table".to_owned(), role)])?;
/// assert!(text.contains("RoleName: EdgesealLaunch-metadata-table"));
/// # Ok::<(), edgeseal_launch_role::Error>(())
/// ```
pub fn render(roles: &[(String, LaunchRole)]) -> Result<String, Error> {
    let mut template = RoleTemplate {
        version: "2010-09-09",
        description: "Launch roles of the Edgeseal products, one for each, with no permission its templates do not need.",
        parameters: BTreeMap::new(),
        resources: BTreeMap::new(),
        outputs: BTreeMap::new(),
    };
    for (product, role) in roles {
        add(&mut template, product, role)?;
    }
    let body = serde_saphyr::to_string(&template)
        .map_err(|error| Error::Data { file: "launch-roles.yaml".into(), reason: error.to_string() })?;
    Ok(format!("{HEADER}{body}"))
}

fn add(template: &mut RoleTemplate, product: &str, role: &LaunchRole) -> Result<(), Error> {
    let prefix = pascal(product);
    for name in role.name_parameters() {
        template.parameters.insert(
            name_parameter(&prefix, name),
            json!({
                "Type": "String",
                "Description": format!(
                    "Names that people may give as {name} of {product}, as a pattern with * and ?. Narrow it to your naming rule."
                ),
                "Default": "*",
                "MinLength": 1,
                "MaxLength": 256,
                "AllowedPattern": "[A-Za-z0-9/_+=.@*?-]+",
                "ConstraintDescription": "Give a name in which * and ? stand for any characters.",
            }),
        );
    }
    if role.needs_boundary() {
        template.parameters.insert(
            BOUNDARY_PARAMETER.to_owned(),
            json!({
                "Type": "String",
                "Description": "Managed policy that must bound every IAM role a product creates. A product that is launched without this boundary fails.",
                "AllowedPattern": "arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+",
                "ConstraintDescription": "Give the ARN of a managed policy.",
            }),
        );
    }
    let logical_id = format!("{prefix}LaunchRole");
    let mut properties = BTreeMap::from([
        ("RoleName", json!(role_name(product))),
        ("Description", json!(format!("Launches the Service Catalog product {product}"))),
        ("AssumeRolePolicyDocument", trust()),
        ("Tags", json!([{ "Key": "edgeseal:product", "Value": product }])),
    ]);
    match role.place()? {
        Placement::Inline(policy) => {
            let document = document(&policy, &prefix);
            properties.insert("Policies", json!([{ "PolicyName": "launch", "PolicyDocument": document }]));
        }
        Placement::Managed(policies) => {
            let mut arns = Vec::new();
            for (index, policy) in policies.iter().enumerate() {
                let id = format!("{prefix}LaunchPolicy{}", index + 1);
                arns.push(json!({ "Ref": id }));
                let document = document(policy, &prefix);
                template.resources.insert(
                    id,
                    json!({ "Type": "AWS::IAM::ManagedPolicy", "Properties": { "PolicyDocument": document } }),
                );
            }
            properties.insert("ManagedPolicyArns", json!(arns));
        }
    }
    template.resources.insert(logical_id.clone(), json!({ "Type": "AWS::IAM::Role", "Properties": properties }));
    template.outputs.insert(
        format!("{logical_id}Arn"),
        json!({
            "Description": format!("Launch role of {product}."),
            "Value": { "Fn::GetAtt": [logical_id, "Arn"] },
        }),
    );
    Ok(())
}

fn trust() -> Json {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": TRUSTED_SERVICE },
            "Action": "sts:AssumeRole",
        }],
    })
}

/// The document with `Fn::Sub` around every text that has a placeholder.
fn document(policy: &Policy, prefix: &str) -> Json {
    let document = policy.written(&mut |pattern: &Pattern| {
        pattern.render(|part| match part {
            Part::Parameter(name) => format!("${{{}}}", name_parameter(prefix, name)),
            Part::Partition => "${AWS::Partition}".to_owned(),
            Part::Account => "${AWS::AccountId}".to_owned(),
            Part::Boundary => format!("${{{BOUNDARY_PARAMETER}}}"),
            Part::Text(_) | Part::Any => "*".to_owned(),
        })
    });
    let statements: Vec<Json> = document
        .statement
        .iter()
        .map(|statement| {
            let mut fields = BTreeMap::from([
                ("Sid", json!(statement.sid)),
                ("Effect", json!(statement.effect)),
                ("Action", json!(statement.action)),
                ("Resource", Json::Array(statement.resource.iter().map(|text| substituted(text)).collect())),
            ]);
            if !statement.condition.is_empty() {
                let condition: BTreeMap<_, BTreeMap<_, Vec<Json>>> = statement
                    .condition
                    .iter()
                    .map(|(operator, keys)| {
                        let keys = keys
                            .iter()
                            .map(|(key, values)| (key, values.iter().map(|text| substituted(text)).collect()));
                        (operator, keys.collect())
                    })
                    .collect();
                fields.insert("Condition", json!(condition));
            }
            json!(fields)
        })
        .collect();
    json!({ "Version": document.version, "Statement": statements })
}

fn substituted(text: &str) -> Json {
    match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(name) if !name.contains('$') => json!({ "Ref": name }),
        _ if text.contains("${") => json!({ "Fn::Sub": text }),
        _ => json!(text),
    }
}

fn name_parameter(prefix: &str, name: &str) -> String {
    format!("{prefix}{name}Pattern")
}

fn pascal(product: &str) -> String {
    product
        .split(|character: char| !character.is_ascii_alphanumeric())
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}
