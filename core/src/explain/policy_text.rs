//! Policies that travelled along and that CloudFront cannot read.

use super::KnownCause;
use super::causes::Cause;
use super::checks::Walk;
use super::shape::epoch_form;
use crate::crypto::VerifyingKey;
use crate::json::{self, Kind, Member, Node};
use crate::policy::Ipv4Range;

/// Why the policy cannot be read, where its text shows it.
pub(super) fn find<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    if !walk.is_custom() || walk.policy.is_some() {
        return None;
    }
    let Some(text) = walk.policy_text.as_deref() else {
        let sent = walk.raw.as_ref()?.policy.as_deref()?.trim_start();
        return sent.starts_with('{').then(|| KnownCause::PolicyNotBase64.cause());
    };
    match json::read(text.trim_start_matches('\u{feff}')) {
        Ok(node) => of_document(&node),
        Err(_) if text.contains("'Statement'") => Some(KnownCause::PolicySingleQuotes.cause()),
        // Python's json.dumps writes these words for times that are no numbers, and so is no JSON.
        Err(_) if text.contains("NaN") => Some(KnownCause::EpochIsNull.cause()),
        Err(_) => None,
    }
}

fn of_document(document: &Node<'_>) -> Option<Cause> {
    if matches!(document.kind, Kind::Text(_)) {
        return Some(KnownCause::PolicyEncodedTwice.cause());
    }
    let statements = member(document, "Statement");
    let statement = match statements.map(|node| &node.kind) {
        Some(Kind::Array(items)) if items.len() > 1 && !is_iam(document, items.first()) => {
            return Some(KnownCause::SeveralStatements.cause());
        }
        Some(Kind::Array(items)) => items.first(),
        Some(Kind::Object(_)) => statements,
        _ => None,
    };
    if is_iam(document, statement) {
        return Some(KnownCause::IamPolicy.cause());
    }
    unknown_key(document, &["Statement"])
        .or_else(|| of_statement(statement?))
        .or_else(|| statement.is_none().then(|| KnownCause::PolicyUnreadable.because("The policy has no statement.")))
}

fn is_iam(document: &Node<'_>, statement: Option<&Node<'_>>) -> bool {
    ["Version", "Id"].iter().any(|name| member(document, name).is_some())
        || ["Effect", "Principal", "Action", "Sid"].iter().any(|name| member_of(statement, name).is_some())
}

fn of_statement(statement: &Node<'_>) -> Option<Cause> {
    let condition = member(statement, "Condition");
    unknown_key(statement, &["Resource", "Condition"])
        .or_else(|| unknown_key(condition?, &["DateLessThan", "DateGreaterThan", "IpAddress"]))
        .or_else(|| of_time(member_of(condition, "DateLessThan")?))
        .or_else(|| of_time(member_of(condition, "DateGreaterThan")?))
        .or_else(|| of_address(member_of(condition, "IpAddress")?))
        .or_else(|| member_of(condition, "DateLessThan").is_none().then(|| KnownCause::PolicyWithoutExpiry.cause()))
}

fn of_time(node: &Node<'_>) -> Option<Cause> {
    unknown_key(node, &["AWS:EpochTime"]).or_else(|| {
        let known = match &member(node, "AWS:EpochTime")?.kind {
            Kind::Number(digits) => epoch_form(digits)?,
            Kind::Null => KnownCause::EpochIsNull,
            _ => KnownCause::EpochIsText,
        };
        Some(known.cause())
    })
}

fn of_address(node: &Node<'_>) -> Option<Cause> {
    unknown_key(node, &["AWS:SourceIp"]).or_else(|| {
        let readable = match &member(node, "AWS:SourceIp")?.kind {
            Kind::Text(text) => Ipv4Range::parse(text).is_ok(),
            _ => false,
        };
        (!readable).then(|| KnownCause::PolicyIpForm.cause())
    })
}

fn unknown_key(node: &Node<'_>, known: &[&str]) -> Option<Cause> {
    let Kind::Object(members) = &node.kind else { return None };
    let Member { key, .. } = members.iter().find(|member| !known.contains(&&*member.key))?;
    // Anybody can write a policy, and the sentence goes to a log or a terminal.
    let shown: String = key.escape_debug().take(40).collect();
    Some(
        KnownCause::PolicyKeyName
            .because(format!("The policy has the key {shown}, which CloudFront does not know where it stands.")),
    )
}

fn member<'n, 't>(node: &'n Node<'t>, name: &str) -> Option<&'n Node<'t>> {
    let Kind::Object(members) = &node.kind else { return None };
    members.iter().find(|member| member.key == name).map(|member| &member.value)
}

fn member_of<'n, 't>(node: Option<&'n Node<'t>>, name: &str) -> Option<&'n Node<'t>> {
    member(node?, name)
}
