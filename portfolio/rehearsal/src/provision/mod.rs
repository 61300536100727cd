//! Provisioned products and the records of what was done with them.

pub(crate) mod engine;
pub(crate) mod read;
mod search;
pub(crate) mod start;
mod terms;

pub(crate) use search::search;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ctx::{Ctx, set_if};
use crate::store::{Entity, Place};
use crate::tags::Tag;

/// What a team made from a version of a product: a stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ProvisionedProduct {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) status: String,
    pub(crate) message: Option<String>,
    pub(crate) created: f64,
    pub(crate) token: String,
    pub(crate) product_id: String,
    pub(crate) product_name: String,
    pub(crate) artifact_id: String,
    pub(crate) path_id: String,
    pub(crate) portfolio_arn: String,
    pub(crate) product_arn: String,
    pub(crate) role_arn: Option<String>,
    /// The principal that launched it.
    pub(crate) user_arn: String,
    pub(crate) session_arn: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) last_record: String,
    pub(crate) last_provisioning_record: String,
    pub(crate) last_success: Option<String>,
    /// The account the stack is in: the launch role's when that is a fixed one.
    pub(crate) stack_account: String,
    pub(crate) stack_name: String,
    pub(crate) stack_arn: Option<String>,
}

impl Entity for ProvisionedProduct {
    const KIND: &'static str = "provisioned-product";
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl ProvisionedProduct {
    /// The `ProvisionedProductDetail` of answers.
    pub(crate) fn detail(&self) -> Value {
        let mut detail = json!({
            "Id": self.id,
            "Name": self.name,
            "Arn": self.arn,
            "Type": "CFN_STACK",
            "Status": self.status,
            "CreatedTime": self.created,
            "IdempotencyToken": self.token,
            "LastRecordId": self.last_record,
            "LastProvisioningRecordId": self.last_provisioning_record,
            "ProductId": self.product_id,
            "ProvisioningArtifactId": self.artifact_id,
        });
        set_if(&mut detail, "StatusMessage", self.message.clone());
        set_if(&mut detail, "LastSuccessfulProvisioningRecordId", self.last_success.clone());
        set_if(&mut detail, "LaunchRoleArn", self.role_arn.clone());
        detail
    }
}

/// A key, a value and a description that a stack gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Output {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
}

impl Output {
    pub(crate) fn show(&self) -> Value {
        let mut shown = json!({ "OutputKey": self.key, "OutputValue": self.value });
        set_if(&mut shown, "Description", self.description.clone());
        shown
    }
}

/// One thing done with a provisioned product.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: String,
    /// `PROVISION_PRODUCT`, `UPDATE_PROVISIONED_PRODUCT` or `TERMINATE_PROVISIONED_PRODUCT`.
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) created: f64,
    pub(crate) updated: f64,
    pub(crate) provisioned_id: String,
    pub(crate) provisioned_name: String,
    pub(crate) product_id: String,
    pub(crate) artifact_id: String,
    pub(crate) path_id: String,
    pub(crate) role_arn: Option<String>,
    pub(crate) user_arn: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) errors: Vec<(String, String)>,
    pub(crate) outputs: Vec<Output>,
    /// Whether CloudFormation has taken the call that this record is about.
    #[serde(default)]
    pub(crate) started: bool,
    /// Whether a termination lets go of the product although its stack stays.
    pub(crate) ignore_errors: bool,
}

impl Entity for Record {
    const KIND: &'static str = "record";
    fn id(&self) -> String {
        self.id.clone()
    }
    fn parent(&self) -> String {
        self.provisioned_id.clone()
    }
}

impl Record {
    /// A record of something that starts now with a provisioned product.
    fn new(ctx: &Ctx<'_>, kind: &str, id: String, product: &ProvisionedProduct) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            status: "CREATED".to_owned(),
            created: ctx.now,
            updated: ctx.now,
            provisioned_id: product.id.clone(),
            provisioned_name: product.name.clone(),
            product_id: product.product_id.clone(),
            artifact_id: product.artifact_id.clone(),
            path_id: product.path_id.clone(),
            role_arn: product.role_arn.clone(),
            user_arn: ctx.caller.principal.clone(),
            tags: product.tags.clone(),
            errors: Vec::new(),
            outputs: Vec::new(),
            started: false,
            ignore_errors: false,
        }
    }

    /// Whether the record's work is over.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self.status.as_str(), "SUCCEEDED" | "FAILED")
    }

    /// The `RecordDetail` of answers.
    pub(crate) fn detail(&self) -> Value {
        let errors: Vec<Value> =
            self.errors.iter().map(|(code, text)| json!({ "Code": code, "Description": text })).collect();
        let tags: Vec<Value> = self.tags.iter().map(|t| json!({ "Key": t.key, "Value": t.value })).collect();
        let mut detail = json!({
            "RecordId": self.id,
            "RecordType": self.kind,
            "Status": self.status,
            "CreatedTime": self.created,
            "UpdatedTime": self.updated,
            "ProvisionedProductName": self.provisioned_name,
            "ProvisionedProductId": self.provisioned_id,
            "ProvisionedProductType": "CFN_STACK",
            "ProductId": self.product_id,
            "ProvisioningArtifactId": self.artifact_id,
            "PathId": self.path_id,
            "RecordErrors": errors,
            "RecordTags": tags,
        });
        set_if(&mut detail, "LaunchRoleArn", self.role_arn.clone());
        detail
    }
}

/// A parameter of a stack operation. Its value may be a secret: it is never stored, and it
/// has no `Debug`.
#[derive(Clone)]
pub(crate) struct StackParameter {
    pub(crate) key: String,
    /// None keeps the value that the stack has.
    pub(crate) value: Option<String>,
}

/// What a stack operation needs beyond the stored provisioned product and record.
pub(crate) enum Work {
    /// Make the stack.
    Create(StackInput),
    /// Change the stack.
    Update(StackInput),
    /// Remove the stack.
    Delete,
    /// Follow an operation that was started before this endpoint was.
    Resume,
}

/// The inputs of `CreateStack` and `UpdateStack`.
pub(crate) struct StackInput {
    pub(crate) template: String,
    pub(crate) template_url: String,
    pub(crate) parameters: Vec<StackParameter>,
    pub(crate) topics: Vec<String>,
}

/// Work on a stack that goes on after its request was answered.
pub(crate) struct Job {
    pub(crate) place: Place,
    pub(crate) record_id: String,
    pub(crate) work: Work,
}
