//! Reading a policy that came with a request. The text itself is never changed: its bytes were signed.

use super::{Ipv4Range, ResourcePattern, Warning};
use crate::json::{self, JsonError, Kind, Member, Node};
use crate::time::{EpochSeconds, MAX_DOCUMENTED_EPOCH};

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
    let text = core::str::from_utf8(text).map_err(|error| PolicyError {
        message: "the policy is not UTF-8 text".to_owned(),
        line: 1,
        column: error.valid_up_to() + 1,
    })?;
    read(text).map_err(|JsonError { message, at }| {
        let (line, column) = json::place(text, at);
        PolicyError { message, line, column }
    })
}

fn read(text: &str) -> Result<Policy, JsonError> {
    let document = json::read(text)?;
    let [statements] = members(&document, ["Statement"])?;
    let statements = required(&document, statements, "Statement")?;
    let mut warnings = Vec::new();
    let [resource, condition] = members(one_statement(statements, &mut warnings)?, ["Resource", "Condition"])?;
    let condition = required(statements, condition, "Condition")?;
    let [less_than, greater_than, ip] = members(condition, ["DateLessThan", "DateGreaterThan", "IpAddress"])?;
    let expires = epoch(required(condition, less_than, "DateLessThan")?)?;
    if expires > MAX_DOCUMENTED_EPOCH {
        warnings.push(Warning::LateExpiry);
    }
    Ok(Policy {
        resource: read_resource(resource, &mut warnings)?,
        expires,
        not_before: greater_than.map(epoch).transpose()?,
        ip: ip.map(|ip| source_ip(ip, &mut warnings)).transpose()?,
        warnings,
    })
}

/// The statement: an array of one, or the object itself as AWS documented until 2023.
fn one_statement<'n, 't>(node: &'n Node<'t>, warnings: &mut Vec<Warning>) -> Result<&'n Node<'t>, JsonError> {
    match &node.kind {
        Kind::Array(items) => match items.as_slice() {
            [only] => Ok(only),
            [] => Err(error(node, "the policy has no statement")),
            [_, second, ..] => Err(error(second, "the policy has more than one statement")),
        },
        Kind::Object(_) => {
            warnings.push(Warning::StatementIsObject);
            Ok(node)
        }
        other => Err(error(node, format!("Statement must be an array with one statement, not {}", other.name()))),
    }
}

fn read_resource(node: Option<&Node<'_>>, warnings: &mut Vec<Warning>) -> Result<Option<ResourcePattern>, JsonError> {
    let Some(node) = node else {
        warnings.push(Warning::NoResource);
        return Ok(None);
    };
    let pattern = ResourcePattern::new(text(node, "Resource")?);
    if pattern.has_escaped_question_mark() {
        warnings.push(Warning::EscapedQuestionMark);
    }
    if pattern.has_legacy_scheme() {
        warnings.push(Warning::LegacySchemeWildcard);
    }
    Ok(Some(pattern))
}

/// Whole seconds, written as digits. A time that was written must never count for nothing, so `null` is refused as well.
fn epoch(node: &Node<'_>) -> Result<EpochSeconds, JsonError> {
    let [at] = members(node, ["AWS:EpochTime"])?;
    let at = required(node, at, "AWS:EpochTime")?;
    let wanted = "AWS:EpochTime must be a whole number of seconds";
    match &at.kind {
        Kind::Number(digits) => digits.parse().map_err(|_| error(at, wanted)),
        other => Err(error(at, format!("{wanted}, not {}", other.name()))),
    }
}

fn source_ip(node: &Node<'_>, warnings: &mut Vec<Warning>) -> Result<Ipv4Range, JsonError> {
    let [range] = members(node, ["AWS:SourceIp"])?;
    let range = required(node, range, "AWS:SourceIp")?;
    let range_text = text(range, "AWS:SourceIp")?;
    if !range_text.contains('/') {
        warnings.push(Warning::BareIp);
    }
    Ipv4Range::parse(range_text).map_err(|problem| error(range, problem.message()))
}

/// The members of an object by name; any other name is refused.
fn members<'n, 't, const N: usize>(
    node: &'n Node<'t>,
    names: [&str; N],
) -> Result<[Option<&'n Node<'t>>; N], JsonError> {
    let Kind::Object(members) = &node.kind else {
        return Err(error(node, format!("an object is expected here, not {}", node.kind.name())));
    };
    let mut found = [None; N];
    for Member { key: name, key_at, value } in members {
        match names.iter().position(|known| known == name).and_then(|index| found.get_mut(index)) {
            Some(slot) => *slot = Some(value),
            None => {
                // Anybody can write a policy, and the message goes to a log or a terminal.
                let shown = name.escape_debug();
                let message = format!("the key `{shown}` is not known here; CloudFront has {}", names.join(", "));
                return Err(JsonError { message, at: *key_at });
            }
        }
    }
    Ok(found)
}

fn required<'n, 't>(owner: &Node<'_>, node: Option<&'n Node<'t>>, name: &str) -> Result<&'n Node<'t>, JsonError> {
    node.ok_or_else(|| error(owner, format!("{name} is missing")))
}

fn text<'n>(node: &'n Node<'_>, name: &str) -> Result<&'n str, JsonError> {
    match &node.kind {
        Kind::Text(text) => Ok(text),
        other => Err(error(node, format!("{name} must be a string, not {}", other.name()))),
    }
}

fn error(node: &Node<'_>, message: impl Into<String>) -> JsonError {
    JsonError { message: message.into(), at: node.at }
}
