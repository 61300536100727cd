//! IAM: managed policies of the account, each in one version.

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use crate::auth;
use crate::error::ApiError;
use crate::query::iam::{check_policy, encoded};
use crate::query::{Request, element};
use crate::s3::iso_date;
use crate::store::{self, Entity, Place};

/// A managed policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Policy {
    name: String,
    id: String,
    arn: String,
    path: String,
    created: f64,
    document: String,
    description: Option<String>,
}

impl Entity for Policy {
    const KIND: &'static str = "iam-policy";
    fn id(&self) -> String {
        self.arn.clone()
    }
}

impl Policy {
    fn show(&self) -> String {
        let mut out = element("PolicyName", &self.name)
            + &element("PolicyId", &self.id)
            + &element("Arn", &self.arn)
            + &element("Path", &self.path)
            + &element("DefaultVersionId", "v1")
            + &element("AttachmentCount", "0")
            + &element("IsAttachable", "true")
            + &element("CreateDate", &iso_date(self.created))
            + &element("UpdateDate", &iso_date(self.created));
        if let Some(description) = &self.description {
            out += &element("Description", description);
        }
        format!("<Policy>{out}</Policy>")
    }

    fn version(&self) -> String {
        let version = element("Document", &encoded(&self.document))
            + &element("VersionId", "v1")
            + &element("IsDefaultVersion", "true")
            + &element("CreateDate", &iso_date(self.created));
        format!("<PolicyVersion>{version}</PolicyVersion>")
    }
}

/// The actions on managed policies.
pub(super) const ACTIONS: &[&str] = &["CreatePolicy", "GetPolicy", "GetPolicyVersion", "DeletePolicy"];

/// Serves one of [`ACTIONS`].
pub(super) fn serve(request: &Request<'_>, tx: &Transaction<'_>, place: &Place) -> Result<String, ApiError> {
    if request.action() == "CreatePolicy" {
        return create(request, tx, place);
    }
    let arn = request.need("PolicyArn")?;
    let missing =
        |what: &str| ApiError::new(404, "NoSuchEntity", format!("Policy {what} does not exist or is not attachable."));
    let policy = store::get::<Policy>(tx, place, arn)?.ok_or_else(|| missing(arn))?;
    match request.action() {
        "GetPolicy" => Ok(policy.show()),
        "GetPolicyVersion" => match request.need("VersionId")? {
            "v1" => Ok(policy.version()),
            other => Err(missing(&format!("{arn} version {other}"))),
        },
        _ => {
            store::remove::<Policy>(tx, place, arn)?;
            Ok(String::new())
        }
    }
}

fn create(request: &Request<'_>, tx: &Transaction<'_>, place: &Place) -> Result<String, ApiError> {
    let (name, document) = (request.need("PolicyName")?, request.need("PolicyDocument")?);
    check_policy(document)?;
    let path = request.fields.get("Path").cloned().unwrap_or_else(|| "/".to_owned());
    let partition = auth::partition(&request.caller.place.region);
    let arn = format!("arn:{partition}:iam::{}:policy{path}{name}", place.account);
    if store::get::<Policy>(tx, place, &arn)?.is_some() {
        return Err(ApiError::new(409, "EntityAlreadyExists", format!("A policy called {name} already exists.")));
    }
    let random = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
    let policy = Policy {
        name: name.to_owned(),
        id: format!("ANPA{random}").chars().take(21).collect(),
        arn,
        path,
        created: request.now,
        document: document.to_owned(),
        description: request.fields.get("Description").cloned(),
    };
    store::put(tx, place, &policy)?;
    Ok(policy.show())
}
