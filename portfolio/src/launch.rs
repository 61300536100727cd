//! Launch roles of products: their names, and their policies computed from the templates.

use edgeseal_launch_role::{self as computed, Bindings, LaunchRole, Options, Placement, TRUSTED_SERVICE};
use serde_json::{Value, json};

use crate::error::{Code, Error, Place, Result};
use crate::manifest::SourceFile;
use crate::project::{LoadedProduct, LoadedVersion, Project};
use crate::state::{RoleFields, Target};

pub use edgeseal_launch_role::role_name;

/// The role that launches every version of a product and updates from any to any.
///
/// # Errors
/// `role-uncovered`, pointing into the template.
pub fn launch_role(loaded: &LoadedProduct) -> Result<LaunchRole> {
    let mut role = LaunchRole::default();
    for version in &loaded.versions {
        role = role.merge(version_role(version)?);
    }
    Ok(role)
}

/// The role that launches one version.
///
/// # Errors
/// `role-uncovered` or `template-invalid`, pointing into the template.
pub fn version_role(version: &LoadedVersion) -> Result<LaunchRole> {
    let template = parse(version)?;
    computed::compute(&template, &Options::default()).map_err(|error| translate(Code::RoleUncovered, version, &error))
}

/// A version's template, parsed.
///
/// # Errors
/// `template-invalid`, pointing into the template.
pub fn parse(version: &LoadedVersion) -> Result<computed::Template> {
    computed::Template::parse(&version.template.path, &version.template.text)
        .map_err(|error| translate(Code::TemplateInvalid, version, &error))
}

/// The fields of a product's computed role in one account.
///
/// # Errors
/// `role-uncovered` when the policy is too long for an inline policy.
pub fn role_fields(project: &Project, loaded: &LoadedProduct, target: &Target) -> Result<RoleFields> {
    let role = launch_role(loaded)?;
    let boundary = project.file.manifest.launch_roles.boundary.as_str();
    let bindings = Bindings {
        partition: target.partition.clone(),
        account: Some(target.account.clone()),
        boundary: Some(format!("arn:{}:iam::{}:policy/{boundary}", target.partition, target.account)),
        ..Bindings::default()
    };
    let key = &loaded.product.key;
    let failed =
        |error: computed::Error| Error::new(Code::RoleUncovered, format!("{key}: {error}")).with_help(error.hint());
    let Placement::Inline(policy) = role.place().map_err(failed)? else {
        let message = format!("the launch role of `{key}` is too long for one inline policy");
        let help = "Deploy the roles with `portfolio launch-role --template`, and set `launch` to `localRoleName` for this product.";
        return Err(Error::new(Code::RoleUncovered, message).with_help(help));
    };
    let document = policy.document(&bindings).map_err(failed)?;
    let policy = serde_json::to_value(document)
        .map_err(|error| Error::new(Code::RoleUncovered, format!("{key}: the policy cannot be written: {error}")))?;
    Ok(RoleFields { trust: trust(), policy })
}

/// Lets AWS Service Catalog assume the role.
///
/// [Launch constraints](https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html)
fn trust() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": TRUSTED_SERVICE },
            "Action": "sts:AssumeRole"
        }]
    })
}

/// What bounds the roles that products make, when nobody has made such a policy: anything but what would let a role
/// widen its own or others' rights.
#[must_use]
pub fn default_boundary() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "NoRightsOverRights",
            "Effect": "Allow",
            "NotAction": ["iam:*", "organizations:*", "account:*", "servicecatalog:*", "sts:AssumeRole"],
            "Resource": "*"
        }]
    })
}

fn translate(code: Code, version: &LoadedVersion, error: &computed::Error) -> Error {
    let path = &version.template.path;
    let text = error.to_string();
    let line = line_in(&text, &path.display().to_string());
    let message = match line {
        // The error already shows the place.
        Some((_, rest)) => rest.to_owned(),
        None => text.clone(),
    };
    let mut translated = Error::new(code, message).with_help(capitalised(&error.hint()));
    if let Some((line, _)) = line {
        translated = translated.at(line_place(version, line));
    }
    translated
}

fn line_place(version: &LoadedVersion, line: usize) -> Place {
    let source = SourceFile::from_text(&version.template.path, version.template.text.clone());
    let text = source.text();
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let content = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let indent = content.len() - content.trim_start().len();
    source.place(start + indent, content.trim().len().max(1), "here")
}

/// Splits `path:line: rest`.
fn line_in<'a>(text: &'a str, path: &str) -> Option<(usize, &'a str)> {
    let (line, rest) = text.strip_prefix(path)?.strip_prefix(':')?.split_once(": ")?;
    Some((line.parse().ok()?, rest))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => String::new(),
    }
}
