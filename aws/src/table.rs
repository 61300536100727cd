//! The calls to DynamoDB behind the records, each with the one condition that keeps it honest.

use crate::access::Access;
use crate::call::{Answer, AwsCall, Facts, aws_error};
use crate::error::{Error, ErrorCode};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use edgeseal_core::time::EpochSeconds;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;

/// An item as it is stored.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The index that the product makes over owner and time.
const INDEX: &str = "by-owner";

/// The largest number that applications in JavaScript, which share the table, count to exactly.
pub(crate) const LARGEST_NUMBER: u64 = (1 << 53) - 1;

/// The metadata table.
#[derive(Debug)]
pub(crate) struct Table {
    access: Access,
    client: aws_sdk_dynamodb::Client,
    name: String,
    /// The name of the table's key attribute.
    primary_key: String,
}

impl Table {
    pub(crate) fn new(access: Access, name: String, primary_key: String) -> Self {
        let client = aws_sdk_dynamodb::Client::new(&access.config);
        Self { access, client, name, primary_key }
    }

    /// Stores a new item; one whose time is up does not stand in the way.
    pub(crate) async fn put(&self, item: Item, now: EpochSeconds) -> Result<(), Error> {
        self.access.assume_role().await?;
        let answer = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#key) OR (#state = :pending AND expiresAt <= :now)")
            .expression_attribute_names("#key", &self.primary_key)
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", text("pending"))
            .expression_attribute_values(":now", number(now))
            .send()
            .await;
        answer.map(drop).map_err(|error| {
            self.conditional(&error, "dynamodb:PutItem", ErrorCode::RecordExists, "there is a record with this key")
        })
    }

    /// Completes the owner's pending item, and answers what it has become.
    pub(crate) async fn complete(
        &self,
        key: &str,
        owner: &str,
        now: EpochSeconds,
        bytes: Option<u64>,
    ) -> Result<Item, Error> {
        self.access.assume_role().await?;
        let size = if bytes.is_some() { ", bytes = :bytes" } else { "" };
        let mut values = HashMap::from([
            (":complete".to_owned(), text("complete")),
            (":pending".to_owned(), text("pending")),
            (":owner".to_owned(), text(owner)),
            (":now".to_owned(), number(now)),
        ]);
        values.extend(bytes.map(|bytes| (":bytes".to_owned(), number(bytes))));
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .key(&self.primary_key, text(key))
            .update_expression(format!("SET #state = :complete, completedAt = :now{size} REMOVE expiresAt"))
            .condition_expression("#owner = :owner AND #state = :pending AND expiresAt > :now")
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", "owner")
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let message = "the owner has no pending record with this key";
        answer
            .map(|answer| answer.attributes.unwrap_or_default())
            .map_err(|error| self.conditional(&error, "dynamodb:UpdateItem", ErrorCode::RecordNotPending, message))
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Option<Item>, Error> {
        self.access.assume_role().await?;
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .key(&self.primary_key, text(key))
            .consistent_read(true)
            .send()
            .await;
        answer.map(|answer| answer.item).map_err(|error| self.failed(&error, "dynamodb:GetItem"))
    }

    /// One page of an owner's items, newest first, and where the next one starts.
    pub(crate) async fn list(
        &self,
        owner: &str,
        now: EpochSeconds,
        limit: u16,
        start: Option<Item>,
    ) -> Result<(Vec<Item>, Option<Item>), Error> {
        self.access.assume_role().await?;
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(INDEX)
            .key_condition_expression("#owner = :owner")
            .filter_expression("attribute_not_exists(expiresAt) OR expiresAt > :now")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":now", number(now))
            .scan_index_forward(false)
            .limit(i32::from(limit))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| self.failed(&error, "dynamodb:Query"))?;
        let last = answer.last_evaluated_key.filter(|key| !key.is_empty());
        Ok((answer.items.unwrap_or_default(), last))
    }

    /// The error of a conditional write: a condition that did not hold is told by the call it belongs to.
    fn conditional<E, R>(&self, error: &SdkError<E, R>, action: &'static str, code: ErrorCode, message: &str) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
        R: Answer + fmt::Debug + 'static,
    {
        if error.code() == Some("ConditionalCheckFailedException") {
            return Error::new(code, message).with_field("key");
        }
        self.failed(error, action)
    }

    fn failed<E, R>(&self, error: &SdkError<E, R>, action: &'static str) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
        R: Answer + fmt::Debug + 'static,
    {
        let facts = Facts::of(error);
        if facts.message.contains("specified index") {
            return Error::new(ErrorCode::TableWithoutIndex, format!("the table {} has no index {INDEX}", self.name))
                .with_field("table_name")
                .with_hint("give the table product its OwnerAttribute \"owner\"");
        }
        let call = AwsCall {
            action,
            resource: format!("the table {}", self.name),
            denied: ErrorCode::TableDenied,
            missing: ErrorCode::TableNotFound,
        };
        aws_error(&facts, &call)
    }
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn read_number(value: &AttributeValue) -> Option<u64> {
    value.as_n().ok()?.parse().ok()
}
