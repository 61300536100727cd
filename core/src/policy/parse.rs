//! Reading a policy that came with a request. The text itself is never changed: its bytes were signed.

use super::{Ipv4Range, ResourcePattern, Warning};
use crate::time::{EpochSeconds, MAX_DOCUMENTED_EPOCH};
use core::fmt;
use core::marker::PhantomData;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

/// A policy as CloudFront understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What it opens; `None` opens everything that the key can open.
    pub resource: Option<ResourcePattern>,
    /// It is valid while the time is before this one.
    pub expires: EpochSeconds,
    /// It is valid once the time is after this one.
    pub not_before: Option<EpochSeconds>,
    /// The viewers it is for.
    pub ip: Option<Ipv4Range>,
    /// Forms that work but that AWS does not document.
    pub warnings: Vec<Warning>,
}

/// Why a text is no CloudFront policy: a sentence, and the place in the text where the reader stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PolicyError {
    /// What was wrong.
    pub message: String,
    /// The line, from 1; 0 when there is no place.
    pub line: usize,
    /// The column, from 1; 0 when there is no place.
    pub column: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "Statement")]
    statement: OneStatement,
}

struct OneStatement {
    statement: Statement,
    is_object: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    #[serde(rename = "Resource", default, deserialize_with = "present")]
    resource: Option<String>,
    #[serde(rename = "Condition", deserialize_with = "object")]
    condition: Condition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    #[serde(rename = "DateLessThan", deserialize_with = "object")]
    less_than: Epoch,
    #[serde(rename = "DateGreaterThan", default, deserialize_with = "present_object")]
    greater_than: Option<Epoch>,
    #[serde(rename = "IpAddress", default, deserialize_with = "present_object")]
    ip: Option<SourceIp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Epoch {
    #[serde(rename = "AWS:EpochTime")]
    at: EpochSeconds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceIp {
    #[serde(rename = "AWS:SourceIp")]
    range: String,
}

/// Reads a key that may be absent but not `null`: a condition that was written must never count for nothing.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn present_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    object(deserializer).map(Some)
}

/// Reads a JSON object. A derived reader would also take an array with the fields in their order.
fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// An element of an array that must be an object.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for OneStatement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StatementVisitor)
    }
}

struct StatementVisitor;

impl<'de> Visitor<'de> for StatementVisitor {
    type Value = OneStatement;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array with one statement")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Object(statement) = seq.next_element()?.ok_or_else(|| A::Error::custom("the policy has no statement"))?;
        if seq.next_element::<serde::de::IgnoredAny>()?.is_some() {
            return Err(A::Error::custom("the policy has more than one statement"));
        }
        Ok(OneStatement { statement, is_object: false })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let statement = Statement::deserialize(MapAccessDeserializer::new(map))?;
        Ok(OneStatement { statement, is_object: true })
    }
}

/// Reads a policy text: any white space, any order of keys, one statement.
///
/// Unknown keys, repeated keys and times that are not whole numbers are refused, since nobody knows
/// what CloudFront would make of them.
///
/// # Errors
/// [`PolicyError`], with the place in the text.
///
/// ```
/// let policy = edgeseal_core::policy::parse(
///     br#"{"Statement":[{"Resource":"https://h.example/*","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}"#,
/// ).unwrap();
/// assert_eq!(policy.expires, 1_767_290_400);
/// ```
pub fn parse(text: &[u8]) -> Result<Policy, PolicyError> {
    let Object(document) = serde_json::from_slice::<Object<Document>>(text).map_err(|error| PolicyError {
        message: without_place(&error.to_string()),
        line: error.line(),
        column: error.column(),
    })?;
    let OneStatement { statement, is_object } = document.statement;
    let mut warnings = Vec::new();
    if is_object {
        warnings.push(Warning::StatementIsObject);
    }
    let resource = statement.resource.map(|text| ResourcePattern::new(&text));
    match &resource {
        None => warnings.push(Warning::NoResource),
        Some(pattern) => {
            if pattern.has_escaped_question_mark() {
                warnings.push(Warning::EscapedQuestionMark);
            }
            if pattern.has_legacy_scheme() {
                warnings.push(Warning::LegacySchemeWildcard);
            }
        }
    }
    let ip = statement.condition.ip.map(|source| read_ip(&source.range, &mut warnings)).transpose()?;
    let expires = statement.condition.less_than.at;
    if expires > MAX_DOCUMENTED_EPOCH {
        warnings.push(Warning::LateExpiry);
    }
    let not_before = statement.condition.greater_than.map(|epoch| epoch.at);
    Ok(Policy { resource, expires, not_before, ip, warnings })
}

fn read_ip(text: &str, warnings: &mut Vec<Warning>) -> Result<Ipv4Range, PolicyError> {
    if !text.contains('/') {
        warnings.push(Warning::BareIp);
    }
    Ipv4Range::parse(text).map_err(|error| PolicyError { message: error.message().to_owned(), line: 0, column: 0 })
}

/// The place is carried in fields of its own.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
