//! IAM: roles and their inline policies.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::auth;
use crate::error::ApiError;
use crate::query::{Request, element, policies};
use crate::s3::iso_date;
use crate::store::{self, Entity, Place};

/// A role with its inline policies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    path: String,
    created: f64,
    trust: String,
    description: Option<String>,
    boundary: Option<String>,
    policies: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
}

impl Entity for Role {
    const KIND: &'static str = "iam-role";
    fn id(&self) -> String {
        self.name.clone()
    }
}

/// IAM has no regions.
fn global(account: &str) -> Place {
    Place { account: account.to_owned(), region: String::new() }
}

/// A role of an account by its name.
pub(crate) fn role(tx: &Transaction<'_>, account: &str, name: &str) -> Result<Option<Role>, ApiError> {
    store::get(tx, &global(account), name)
}

impl Role {
    fn document(&self) -> String {
        let mut out = element("Path", &self.path)
            + &element("RoleName", &self.name)
            + &element("RoleId", &self.id)
            + &element("Arn", &self.arn)
            + &element("CreateDate", &iso_date(self.created))
            + &element("AssumeRolePolicyDocument", &encoded(&self.trust))
            + &element("MaxSessionDuration", "3600");
        if let Some(description) = &self.description {
            out += &element("Description", description);
        }
        if let Some(boundary) = &self.boundary {
            let inner = element("PermissionsBoundaryType", "Policy") + &element("PermissionsBoundaryArn", boundary);
            out += &format!("<PermissionsBoundary>{inner}</PermissionsBoundary>");
        }
        let tags: String = self
            .tags
            .iter()
            .map(|(k, v)| format!("<member>{}{}</member>", element("Key", k), element("Value", v)))
            .collect();
        format!("<Role>{out}<Tags>{tags}</Tags></Role>")
    }
}

pub(super) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, NON_ALPHANUMERIC).to_string()
}

pub(super) fn serve(request: &Request<'_>, tx: &Transaction<'_>) -> Result<String, ApiError> {
    let place = global(&request.caller.place.account);
    if request.action() == "CreateRole" {
        return create(request, tx, &place);
    }
    if policies::ACTIONS.contains(&request.action()) {
        return policies::serve(request, tx, &place);
    }
    if !ACTIONS.contains(&request.action()) {
        return Err(request.unknown());
    }
    let name = request.need("RoleName")?;
    let mut role = store::get::<Role>(tx, &place, name)?
        .ok_or_else(|| ApiError::new(404, "NoSuchEntity", format!("The role with name {name} cannot be found.")))?;
    let answer = act(request, &mut role)?;
    if request.action() == "DeleteRole" {
        store::remove::<Role>(tx, &place, name)?;
    } else {
        store::put(tx, &place, &role)?;
    }
    Ok(answer)
}

/// The actions on a role that exists.
const ACTIONS: &[&str] = &[
    "GetRole",
    "DeleteRole",
    "PutRolePolicy",
    "GetRolePolicy",
    "DeleteRolePolicy",
    "ListRolePolicies",
    "ListAttachedRolePolicies",
    "PutRolePermissionsBoundary",
    "TagRole",
    "UpdateAssumeRolePolicy",
];

fn act(request: &Request<'_>, role: &mut Role) -> Result<String, ApiError> {
    match request.action() {
        "GetRole" => Ok(role.document()),
        "DeleteRole" if role.policies.is_empty() => Ok(String::new()),
        "DeleteRole" => Err(ApiError::new(409, "DeleteConflict", "Cannot delete entity, must delete policies first.")),
        "PutRolePolicy" => {
            let document = request.need("PolicyDocument")?;
            check_policy(document)?;
            role.policies.insert(request.need("PolicyName")?.to_owned(), document.to_owned());
            Ok(String::new())
        }
        "GetRolePolicy" => {
            let name = request.need("PolicyName")?;
            let document = role.policies.get(name).ok_or_else(|| no_policy(name))?;
            Ok(element("RoleName", &role.name)
                + &element("PolicyName", name)
                + &element("PolicyDocument", &encoded(document)))
        }
        "DeleteRolePolicy" => {
            let name = request.need("PolicyName")?;
            role.policies.remove(name).map(|_| String::new()).ok_or_else(|| no_policy(name))
        }
        "ListRolePolicies" => {
            let names: String = role.policies.keys().map(|n| element("member", n)).collect();
            Ok(format!("<PolicyNames>{names}</PolicyNames><IsTruncated>false</IsTruncated>"))
        }
        // Managed policies cannot be attached here, so a role never has any.
        "ListAttachedRolePolicies" => {
            Ok("<AttachedPolicies></AttachedPolicies><IsTruncated>false</IsTruncated>".to_owned())
        }
        "PutRolePermissionsBoundary" => {
            role.boundary = Some(request.need("PermissionsBoundary")?.to_owned());
            Ok(String::new())
        }
        "UpdateAssumeRolePolicy" => {
            let document = request.need("PolicyDocument")?;
            check_policy(document)?;
            document.clone_into(&mut role.trust);
            Ok(String::new())
        }
        _ => {
            role.tags.extend(tags(request));
            Ok(String::new())
        }
    }
}

fn no_policy(name: &str) -> ApiError {
    ApiError::new(404, "NoSuchEntity", format!("The role policy with name {name} cannot be found."))
}

fn create(request: &Request<'_>, tx: &Transaction<'_>, place: &Place) -> Result<String, ApiError> {
    let (name, trust) = (request.need("RoleName")?, request.need("AssumeRolePolicyDocument")?);
    if store::get::<Role>(tx, place, name)?.is_some() {
        return Err(ApiError::new(409, "EntityAlreadyExists", format!("Role with name {name} already exists.")));
    }
    check_policy(trust)?;
    let field = |name: &str| request.fields.get(name).cloned();
    let path = field("Path").unwrap_or_else(|| "/".to_owned());
    let random = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
    let partition = auth::partition(&request.caller.place.region);
    let role = Role {
        name: name.to_owned(),
        id: format!("AROA{random}").chars().take(21).collect(),
        arn: format!("arn:{partition}:iam::{}:role{path}{name}", place.account),
        path,
        created: request.now,
        trust: trust.to_owned(),
        description: field("Description"),
        boundary: field("PermissionsBoundary"),
        policies: BTreeMap::new(),
        tags: tags(request),
    };
    store::put(tx, place, &role)?;
    Ok(role.document())
}

fn tags(request: &Request<'_>) -> BTreeMap<String, String> {
    let numbered = |n: usize, part: &str| request.fields.get(&format!("Tags.member.{n}.{part}")).cloned();
    (1..=50).map_while(|n| Some((numbered(n, "Key")?, numbered(n, "Value").unwrap_or_default()))).collect()
}

/// A policy must be a JSON object with statements.
pub(super) fn check_policy(document: &str) -> Result<(), ApiError> {
    let value: Option<Value> = serde_json::from_str(document).ok();
    if value.is_some_and(|v| v.get("Statement").is_some_and(|s| s.is_array() || s.is_object())) {
        return Ok(());
    }
    Err(ApiError::new(400, "MalformedPolicyDocument", "Syntax errors in policy."))
}
