//! Cross-origin requests: answering preflights, and letting pages read refusals.

use super::EdgeReason;
use super::compile::{CompiledRule, CorsRule};
use super::decision::{Header, Refusal, Respond};
use super::request::Headers;
use std::borrow::Cow;

/// Request headers that a page may always send.
///
/// Source: the Fetch standard, *CORS-safelisted request-header*. `content-type` is not among them here, since a
/// preflight names it only for values that are not safelisted.
const SAFELISTED: [&str; 3] = ["accept", "accept-language", "content-language"];

/// Answers a preflight for a rule that allows the requested method.
///
/// A preflight carries no cookies and its method is never part of a signature, so no credential is asked for; the
/// answer tells nothing but the rule's CORS section.
pub(super) fn preflight<'a>(rule: &'a CompiledRule, headers: &Headers<'a>) -> Result<Respond<'a>, Refusal> {
    let cors = rule.cors.as_ref().ok_or(EdgeReason::CorsNotAllowed)?;
    let origin = headers.origin().and_then(|origin| cors.allowed_origin(origin));
    let origin = origin.ok_or(EdgeReason::CorsOriginNotAllowed)?;
    let requested = headers.requested_headers().unwrap_or_default().split(',');
    for name in requested.map(|name| name.trim_matches([' ', '\t'])).filter(|name| !name.is_empty()) {
        let known = |list: &str| list.eq_ignore_ascii_case(name);
        if !SAFELISTED.iter().any(|list| known(list)) && !cors.headers.iter().any(|list| known(list)) {
            return Err(EdgeReason::CorsHeaderNotAllowed.into());
        }
    }
    let mut answer: Vec<Header<'a>> = vec![
        header("access-control-allow-origin", origin),
        (Cow::Borrowed("access-control-allow-methods"), Cow::Owned(rule.methods.list())),
        header("access-control-max-age", &cors.max_age),
        header("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ];
    if !cors.header_list.is_empty() {
        answer.push(header("access-control-allow-headers", &cors.header_list));
    }
    push_credentials(cors, &mut answer);
    answer.extend(rule.response_headers.iter().map(|(name, value)| header(name, value)));
    Ok(Respond { status: 204, rule: &rule.name, headers: answer, body: "" })
}

/// Lets a page on an allowed origin read a refusal.
pub(super) fn push_for_refusal<'a>(rule: &'a CompiledRule, origin: Option<&'a str>, out: &mut Vec<Header<'a>>) {
    let Some(cors) = &rule.cors else { return };
    out.push(header("vary", "Origin"));
    let Some(origin) = origin.and_then(|origin| cors.allowed_origin(origin)) else { return };
    out.push(header("access-control-allow-origin", origin));
    if !cors.expose_list.is_empty() {
        out.push(header("access-control-expose-headers", &cors.expose_list));
    }
    push_credentials(cors, out);
}

fn push_credentials(cors: &CorsRule, out: &mut Vec<Header<'_>>) {
    if cors.credentials {
        out.push(header("access-control-allow-credentials", "true"));
    }
}

const fn header<'a>(name: &'a str, value: &'a str) -> Header<'a> {
    (Cow::Borrowed(name), Cow::Borrowed(value))
}
