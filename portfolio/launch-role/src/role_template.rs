//! The roles of all products as one CloudFormation template.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_saphyr::Tagged;

use crate::error::Error;
use crate::pattern::{BOUNDARY_PARAMETER, Part, Pattern};
use crate::policy::{DocumentStatement, Policy};
use crate::role::{LaunchRole, Placement, TRUSTED_SERVICE};

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

/// A value of the template that keeps the order of its keys.
enum Doc {
    Text(String),
    /// A function in its short form, such as `!Sub`.
    Function(&'static str, String),
    List(Vec<Doc>),
    Map(Vec<(String, Doc)>),
}

impl Serialize for Doc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Function(name, argument) => Tagged(argument.as_str(), Some((*name).to_owned())).serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

fn text(text: impl Into<String>) -> Doc {
    Doc::Text(text.into())
}

fn map<const N: usize>(entries: [(&str, Doc); N]) -> Doc {
    Doc::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// One value stands for itself, several make a list: IAM reads both alike.
fn one_or_list(mut items: Vec<Doc>) -> Doc {
    match (items.pop(), items.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            items.push(last);
            Doc::List(items)
        }
        (None, _) => Doc::List(items),
    }
}

/// The sections of the template, filled product by product.
#[derive(Default)]
struct Sections {
    parameters: Vec<(String, Doc)>,
    resources: Vec<(String, Doc)>,
    outputs: Vec<(String, Doc)>,
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
    let mut sections = Sections::default();
    if roles.iter().any(|(_, role)| role.needs_boundary()) {
        sections.parameters.push((BOUNDARY_PARAMETER.to_owned(), boundary_parameter()));
    }
    for (product, role) in roles {
        sections.add(product, role)?;
    }
    let mut template = vec![
        ("AWSTemplateFormatVersion".to_owned(), text("2010-09-09")),
        (
            "Description".to_owned(),
            text("Launch roles of the products: one for each, allowed what its templates need and nothing else."),
        ),
    ];
    if !sections.parameters.is_empty() {
        template.push(("Parameters".to_owned(), Doc::Map(sections.parameters)));
    }
    template.push(("Resources".to_owned(), Doc::Map(sections.resources)));
    template.push(("Outputs".to_owned(), Doc::Map(sections.outputs)));
    let body = serde_saphyr::to_string(&Doc::Map(template))
        .map_err(|error| Error::Data { file: "launch-roles.yaml".into(), reason: error.to_string() })?;
    Ok(format!("{HEADER}{body}"))
}

impl Sections {
    fn add(&mut self, product: &str, role: &LaunchRole) -> Result<(), Error> {
        let prefix = pascal(product);
        for name in role.name_parameters() {
            self.parameters.push((name_parameter(&prefix, name), name_parameter_of(product, name)));
        }
        let logical_id = format!("{prefix}LaunchRole");
        let policies = match role.place()? {
            Placement::Inline(policy) => {
                let policy = map([("PolicyName", text("launch")), ("PolicyDocument", document(&policy, &prefix))]);
                ("Policies", Doc::List(vec![policy]))
            }
            Placement::Managed(policies) => {
                let mut arns = Vec::new();
                for (index, policy) in policies.iter().enumerate() {
                    let id = format!("{prefix}LaunchPolicy{}", index + 1);
                    arns.push(Doc::Function("!Ref", id.clone()));
                    let properties = map([("PolicyDocument", document(policy, &prefix))]);
                    let resource = map([("Type", text("AWS::IAM::ManagedPolicy")), ("Properties", properties)]);
                    self.resources.push((id, resource));
                }
                ("ManagedPolicyArns", Doc::List(arns))
            }
        };
        let properties = map([
            ("RoleName", text(role_name(product))),
            ("Description", text(format!("Launches the Service Catalog product {product}"))),
            ("AssumeRolePolicyDocument", trust()),
            policies,
            ("Tags", Doc::List(vec![map([("Key", text("edgeseal:product")), ("Value", text(product))])])),
        ]);
        let resource = map([("Type", text("AWS::IAM::Role")), ("Properties", properties)]);
        self.resources.push((logical_id.clone(), resource));
        let value = Doc::Function("!GetAtt", format!("{logical_id}.Arn"));
        let output = map([("Description", text(format!("ARN of the launch role of {product}."))), ("Value", value)]);
        self.outputs.push((format!("{logical_id}Arn"), output));
        Ok(())
    }
}

fn boundary_parameter() -> Doc {
    map([
        ("Type", text("String")),
        (
            "Description",
            text("Managed policy that bounds every IAM role a product makes. Launching without this boundary fails."),
        ),
        ("AllowedPattern", text("arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+")),
        ("ConstraintDescription", text("Give the ARN of a managed policy.")),
    ])
}

fn name_parameter_of(product: &str, name: &str) -> Doc {
    map([
        ("Type", text("String")),
        (
            "Description",
            text(format!("What people may give as {name} of {product}; * and ? stand for any characters.")),
        ),
        ("Default", text("*")),
        ("AllowedPattern", text("[A-Za-z0-9/_+=.@*?-]{1,256}")),
        ("ConstraintDescription", text("Give a name; * and ? stand for any characters.")),
    ])
}

fn trust() -> Doc {
    let statement = map([
        ("Effect", text("Allow")),
        ("Principal", map([("Service", text(TRUSTED_SERVICE))])),
        ("Action", text("sts:AssumeRole")),
    ]);
    map([("Version", text("2012-10-17")), ("Statement", Doc::List(vec![statement]))])
}

/// The document with `!Sub` before every text that has a placeholder.
fn document(policy: &Policy, prefix: &str) -> Doc {
    let document = policy.written(&mut |pattern: &Pattern| {
        pattern.render(|part| match part {
            Part::Parameter(name) => format!("${{{}}}", name_parameter(prefix, name)),
            other => Pattern::from_part(other.clone()).to_string(),
        })
    });
    let statements = document.statement.iter().map(statement).collect();
    map([("Version", text(document.version)), ("Statement", Doc::List(statements))])
}

fn statement(statement: &DocumentStatement) -> Doc {
    let mut fields = vec![
        ("Sid".to_owned(), text(&statement.sid)),
        ("Effect".to_owned(), text(statement.effect)),
        ("Action".to_owned(), one_or_list(statement.action.iter().map(text).collect())),
        ("Resource".to_owned(), one_or_list(statement.resource.iter().map(|arn| substituted(arn)).collect())),
    ];
    if !statement.condition.is_empty() {
        let operators = statement.condition.iter().map(|(operator, keys)| {
            let keys = keys.iter().map(|(key, values)| {
                (key.clone(), one_or_list(values.iter().map(|value| substituted(value)).collect()))
            });
            (operator.clone(), Doc::Map(keys.collect()))
        });
        fields.push(("Condition".to_owned(), Doc::Map(operators.collect())));
    }
    Doc::Map(fields)
}

/// The text as a CloudFormation value: a `Ref`, an `Fn::Sub` or itself.
fn substituted(value: &str) -> Doc {
    match value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(name) if !name.contains('$') => Doc::Function("!Ref", name.to_owned()),
        _ if value.contains("${") => Doc::Function("!Sub", value.to_owned()),
        _ => text(value),
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
