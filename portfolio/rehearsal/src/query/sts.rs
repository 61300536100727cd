//! STS: who the caller is, and sessions of roles.

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ops::constraint_rules::role_parts;
use crate::query::{Request, element, iam};
use crate::s3::iso_date;
use crate::store::{self, Entity, Place};

/// A session that `AssumeRole` gave out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) key: String,
    pub(crate) account: String,
    pub(crate) role_arn: String,
    pub(crate) role_id: String,
    pub(crate) name: String,
}

impl Entity for Session {
    const KIND: &'static str = "session";
    fn id(&self) -> String {
        self.key.clone()
    }
}

/// Sessions belong to no account until their key says which.
fn everywhere() -> Place {
    Place { account: String::new(), region: String::new() }
}

/// The session that an access key id stands for.
pub(crate) fn session(tx: &Transaction<'_>, key: &str) -> Result<Option<Session>, ApiError> {
    store::get(tx, &everywhere(), key)
}

pub(super) fn serve(request: &Request<'_>, tx: &Transaction<'_>) -> Result<String, ApiError> {
    match request.action() {
        "GetCallerIdentity" => {
            let caller = request.caller;
            Ok(element("Arn", &caller.arn)
                + &element("UserId", &caller.user_id)
                + &element("Account", &caller.place.account))
        }
        "AssumeRole" => assume_role(request, tx),
        _ => Err(request.unknown()),
    }
}

/// Gives a session of a role that exists. The trust policy is not evaluated.
fn assume_role(request: &Request<'_>, tx: &Transaction<'_>) -> Result<String, ApiError> {
    let (arn, name) = (request.need("RoleArn")?, request.need("RoleSessionName")?);
    let denied = || {
        ApiError::new(
            403,
            "AccessDenied",
            format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}", request.caller.arn),
        )
    };
    let (account, role_name) =
        role_parts(arn).ok_or_else(|| ApiError::new(400, "ValidationError", format!("{arn} is invalid")))?;
    let role = iam::role(tx, account, role_name)?.filter(|r| r.arn == arn).ok_or_else(denied)?;
    let random = || uuid::Uuid::new_v4().simple().to_string().to_uppercase();
    let key: String = format!("ASIA{}", random()).chars().take(20).collect();
    let session = Session {
        key: key.clone(),
        account: account.to_owned(),
        role_arn: role.arn,
        role_id: role.id,
        name: name.to_owned(),
    };
    store::put(tx, &everywhere(), &session)?;
    let credentials = element("AccessKeyId", &key)
        + &element("SecretAccessKey", &random())
        + &element("SessionToken", &random())
        + &element("Expiration", &iso_date(request.now + 3600.0));
    let user = element("AssumedRoleId", &format!("{}:{name}", session.role_id)) + &element("Arn", &session.arn());
    Ok(format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"))
}

impl Session {
    /// The ARN that STS reports for the session.
    pub(crate) fn arn(&self) -> String {
        let partition = self.role_arn.split(':').nth(1).unwrap_or("aws");
        let role = self.role_arn.rsplit('/').next().unwrap_or_default();
        format!("arn:{partition}:sts::{}:assumed-role/{role}/{}", self.account, self.name)
    }
}
