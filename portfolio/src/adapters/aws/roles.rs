//! IAM, as far as launch roles need it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_iam::Client;
use aws_sdk_iam::types::{Role, Tag};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::connect::Identity;
use super::errors::{call, found, present};
use crate::adapters::Roles;
use crate::error::{Code, Error, Result};
use crate::state::{RoleFields, TAG_MANAGED, TAG_MANAGED_VALUE};

/// IAM's code for a role or policy that is not there.
const NO_SUCH: &str = "NoSuchEntity";
/// IAM's code for a role or policy that is there already.
const EXISTS: &str = "EntityAlreadyExists";
/// The one inline policy of a launch role.
const POLICY_NAME: &str = "launch";
/// Roles read at the same time.
const AT_ONCE: usize = 8;

/// IAM.
#[derive(Clone, Debug)]
pub struct AwsRoles {
    client: Client,
    identity: Identity,
}

impl AwsRoles {
    pub(super) fn new(client: Client, identity: Identity) -> Self {
        Self { client, identity }
    }

    async fn get(&self, name: &str) -> Result<Option<Role>> {
        let result = call("iam:GetRole", self.client.get_role().role_name(name).send()).await;
        present_role(result.map(|answer| answer.role))
    }

    /// A launch role of ours; one of that name that is somebody else's is an error.
    async fn read_one(&self, name: &str) -> Result<Option<RoleFields>> {
        let Some(role) = self.get(name).await? else { return Ok(None) };
        refuse_foreign(name, &role)?;
        let trust = document("iam:GetRole", role.assume_role_policy_document)?;
        let request = self.client.get_role_policy().role_name(name).policy_name(POLICY_NAME).send();
        let policy = match call("iam:GetRolePolicy", request).await {
            Ok(answer) => document("iam:GetRolePolicy", Some(answer.policy_document))?,
            Err(error) if error.aws_code() == Some(NO_SUCH) => Value::Null,
            Err(error) => return Err(error),
        };
        Ok(Some(RoleFields { trust, policy }))
    }

    async fn put_policy(&self, name: &str, policy: &Value) -> Result<()> {
        let request =
            self.client.put_role_policy().role_name(name).policy_name(POLICY_NAME).policy_document(policy.to_string());
        call("iam:PutRolePolicy", request.send()).await.map(drop)
    }
}

#[async_trait]
impl Roles for AwsRoles {
    async fn read(&self, names: &[String]) -> Result<BTreeMap<String, RoleFields>> {
        let reads = stream::iter(names.iter().cloned())
            .map(|name| async move { Ok::<_, Error>(self.read_one(&name).await?.map(|fields| (name, fields))) });
        let found: Vec<_> = reads.buffered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn create(&self, name: &str, fields: &RoleFields) -> Result<()> {
        let tag = Tag::builder().key(TAG_MANAGED).value(TAG_MANAGED_VALUE).build();
        let tag = tag.map_err(|error| Error::new(Code::AwsRefused, format!("iam:CreateRole: {error}")))?;
        let request = self
            .client
            .create_role()
            .role_name(name)
            .description("Launches a product of AWS Service Catalog; managed by portfolio")
            .assume_role_policy_document(fields.trust.to_string())
            .tags(tag);
        match call("iam:CreateRole", request.send()).await {
            Ok(_) => {}
            Err(error) if error.aws_code() == Some(EXISTS) => {
                if let Some(role) = self.get(name).await? {
                    refuse_foreign(name, &role)?;
                }
            }
            Err(error) => return Err(error),
        }
        self.put_policy(name, &fields.policy).await
    }

    async fn update(&self, name: &str, fields: &RoleFields) -> Result<()> {
        let request = self.client.update_assume_role_policy().role_name(name).policy_document(fields.trust.to_string());
        call("iam:UpdateAssumeRolePolicy", request.send()).await?;
        self.put_policy(name, &fields.policy).await
    }

    async fn delete(&self, name: &str) -> Result<()> {
        let request = self.client.delete_role_policy().role_name(name).policy_name(POLICY_NAME).send();
        super::errors::done(call("iam:DeleteRolePolicy", request).await, &[NO_SUCH])?;
        let request = self.client.delete_role().role_name(name).send();
        super::errors::done(call("iam:DeleteRole", request).await, &[NO_SUCH])
    }

    async fn ensure_boundary(&self, name: &str, policy: &Value) -> Result<bool> {
        let arn = format!("arn:{}:iam::{}:policy/{name}", self.identity.partition, self.identity.account);
        match call("iam:GetPolicy", self.client.get_policy().policy_arn(arn).send()).await {
            Ok(_) => return Ok(false),
            Err(error) if error.aws_code() == Some(NO_SUCH) => {}
            Err(error) => return Err(error),
        }
        let request = self.client.create_policy().policy_name(name).policy_document(policy.to_string()).send();
        match call("iam:CreatePolicy", request).await {
            Ok(_) => Ok(true),
            Err(error) if error.aws_code() == Some(EXISTS) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn present_role(result: Result<Option<Role>>) -> Result<Option<Role>> {
    match result {
        Ok(role) => present("iam:GetRole", "Role", role).map(Some),
        Err(error) if error.aws_code() == Some(NO_SUCH) => Ok(None),
        Err(error) => found(Err(error)),
    }
}

fn refuse_foreign(name: &str, role: &Role) -> Result<()> {
    let ours = role.tags().iter().any(|tag| tag.key() == TAG_MANAGED && tag.value() == TAG_MANAGED_VALUE);
    if ours {
        return Ok(());
    }
    let message = format!("the role `{name}` exists, but was not made by this tool");
    Err(Error::new(Code::Foreign, message).with_help(format!(
        "Delete it, tag it with {TAG_MANAGED}={TAG_MANAGED_VALUE} to hand it over, or set `launch` to a role you keep yourself."
    )))
}

/// IAM answers policy documents URL-encoded.
fn document(operation: &str, text: Option<String>) -> Result<Value> {
    let text = present(operation, "policy document", text)?;
    let decoded = percent_decode(&text);
    serde_json::from_str(&decoded).map_err(|error| {
        Error::new(Code::AnswerIncomplete, format!("the policy in the answer to {operation}: {error}"))
    })
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%').then(|| tail.get(..2)).flatten();
        let value = hex.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match value {
            Some(value) => {
                bytes.push(value);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
