//! The decision: from a policy, a request, keys and a time to what happens.

use super::compile::{CompiledPolicy, CompiledRule, MethodSet};
use super::credential::{Credential, Evidence, examine};
use super::decision::{Allow, Decision, Deny, Refusal};
use super::memo::Memo;
use super::model::{Method, Mode};
use super::request::{EdgeRequest, Headers};
use super::{EdgeReason, cors, path, query, upload};
use crate::cookies::strip_cookie_header;
use crate::crypto::VerifyingKey;
use crate::keys::KeyRing;
use crate::time::EpochSeconds;
use crate::url::MAX_URL_BYTES;

/// Decides what happens with a request. Pure: the same arguments give the same decision, and no input makes it panic.
///
/// ```
/// use edgeseal_core::edge::{self, EdgeReason, EdgeRequest};
/// use edgeseal_core::keys::KeyRing;
/// # struct Nobody;
/// # impl edgeseal_core::crypto::VerifyingKey for Nobody { fn verify(&self, _: edgeseal_core::keys::HashAlgorithm, _: &[u8], _: &[u8]) -> bool { false } }
/// # let keys = KeyRing::<Nobody>::new();
/// let policy = edge::compile(
///     r#"{"version":1,"mode":"standalone","rules":[{"name":"download","path":"/download/*","stripPrefix":"/download"}]}"#,
/// ).unwrap();
/// let request = EdgeRequest {
///     method: "PUT", host: "files.example.com", uri: "/download/a.jpg", querystring: "", client_ip: None, headers: &[],
/// };
/// let edge::Decision::Deny(deny) = edge::decide(&policy, &request, &keys, 1_767_290_000) else { panic!() };
/// assert_eq!((deny.status, deny.reason), (405, EdgeReason::MethodNotAllowed));
/// ```
#[must_use]
pub fn decide<'a, K: VerifyingKey>(
    policy: &'a CompiledPolicy,
    request: &EdgeRequest<'a>,
    keys: &KeyRing<K>,
    now: EpochSeconds,
) -> Decision<'a> {
    Run { policy, request, keys, now }.decide(None)
}

/// Like [`decide`], with a memory of good signatures. The decision is the same.
#[must_use]
pub fn decide_with_memo<'a, K: VerifyingKey>(
    policy: &'a CompiledPolicy,
    request: &EdgeRequest<'a>,
    keys: &KeyRing<K>,
    now: EpochSeconds,
    memo: &mut Memo,
) -> Decision<'a> {
    Run { policy, request, keys, now }.decide(Some(memo))
}

struct Run<'p, 'a, K> {
    policy: &'a CompiledPolicy,
    request: &'p EdgeRequest<'a>,
    keys: &'p KeyRing<K>,
    now: EpochSeconds,
}

/// The rule that a request falls under.
enum Match<'a> {
    Rule(&'a CompiledRule, Method),
    Preflight(&'a CompiledRule),
}

impl<'a, K: VerifyingKey> Run<'_, 'a, K> {
    fn decide(&self, memo: Option<&mut Memo>) -> Decision<'a> {
        let headers = match Headers::read(self.request.headers) {
            Ok(headers) => headers,
            Err(reason) => return Decision::Deny(deny(reason.into(), None, None)),
        };
        let origin = headers.origin();
        let refuse = |refusal, rule| Decision::Deny(deny(refusal, rule, origin));
        let (decoded, found) = match self.find_rule(&headers) {
            Ok(found) => found,
            Err(refusal) => return refuse(refusal, None),
        };
        match found {
            Match::Preflight(rule) => match cors::preflight(rule, &headers) {
                Ok(answer) => Decision::Respond(answer),
                Err(refusal) => refuse(refusal, Some(rule)),
            },
            Match::Rule(rule, method) => match self.apply(rule, method, &headers, &decoded, memo) {
                Ok(allow) => Decision::Allow(allow),
                Err(refusal) => refuse(refusal, Some(rule)),
            },
        }
    }

    /// The first rule that fits host, path and method; for a preflight, the method that it asks for.
    fn find_rule(&self, headers: &Headers<'a>) -> Result<(std::borrow::Cow<'a, str>, Match<'a>), Refusal> {
        let request = self.request;
        if request.uri.len().saturating_add(request.querystring.len()) >= MAX_URL_BYTES {
            return Err(EdgeReason::UriTooLong.into());
        }
        let decoded = path::decode(request.uri).ok_or(EdgeReason::MalformedPath)?;
        query::check_form(request.querystring, self.policy.mode)?;
        let method = Method::parse(request.method);
        let asked = match (method, headers.origin(), headers.requested_method()) {
            (Some(Method::Options), Some(_), Some(asked)) => Some(Method::parse(asked)),
            _ => None,
        };
        let mut fitting = MethodSet::default();
        for rule in self.policy.rules.iter().filter(|rule| rule.fits(request.host, &decoded)) {
            if let Some(method) = method.filter(|method| rule.methods.contains(*method)) {
                // A rule that lists OPTIONS and has no CORS of its own leaves preflights to the origin.
                if asked.is_none() || rule.cors.is_none() {
                    return Ok((decoded, Match::Rule(rule, method)));
                }
            }
            if asked.flatten().is_some_and(|asked| rule.methods.contains(asked)) {
                return Ok((decoded, Match::Preflight(rule)));
            }
            fitting = fitting.union(rule.methods);
        }
        if fitting.is_empty() {
            return Err(EdgeReason::NoRule.into());
        }
        Err(Refusal { allow: Some(fitting.list()), ..EdgeReason::MethodNotAllowed.into() })
    }

    fn apply(
        &self,
        rule: &'a CompiledRule,
        method: Method,
        headers: &Headers<'a>,
        decoded: &str,
        memo: Option<&mut Memo>,
    ) -> Result<Allow<'a>, Refusal> {
        let evidence = Evidence {
            host: self.request.host,
            path: self.request.uri,
            query: self.request.querystring,
            cookies: &headers.cookies,
            client_ip: self.request.client_ip,
        };
        let credential = examine(self.policy, rule, &evidence, self.keys, self.now, memo)?;
        query::check_allowed(&credential.rest, &rule.query)?;
        let trust = credential.trust(self.policy);
        let constraints =
            upload::read_constraints(self.policy, &rule.upload, method.is_upload(), &credential.rest, trust)?;
        upload::check_method(&constraints, method)?;
        if method.is_upload() {
            upload::check_upload(&rule.upload, &constraints, headers, decoded)?;
        } else {
            upload::check_no_body(headers)?;
        }
        self.rewrite(rule, headers, credential)
    }

    fn rewrite(
        &self,
        rule: &'a CompiledRule,
        headers: &Headers<'a>,
        credential: Credential<'a>,
    ) -> Result<Allow<'a>, Refusal> {
        let uri = match &rule.strip_prefix {
            None => None,
            Some(prefix) => {
                let rest = path::strip_prefix(self.request.uri, prefix).ok_or(EdgeReason::MalformedPath)?;
                if rest == "/" {
                    return Err(EdgeReason::EmptyKey.into());
                }
                Some(rest)
            }
        };
        let standalone = self.policy.mode == Mode::Standalone;
        Ok(Allow {
            rule: &rule.name,
            uri,
            querystring: (standalone && credential.in_url).then_some(credential.rest),
            cookies: if standalone { strip_cookies(&headers.cookies) } else { None },
            grant: credential.facts.map(|facts| facts.summary),
        })
    }
}

/// The `Cookie` headers without CloudFront's cookies, if there are any in them.
fn strip_cookies(headers: &[&str]) -> Option<Vec<String>> {
    let mut changed = false;
    let mut kept = Vec::with_capacity(headers.len());
    for header in headers {
        let stripped = strip_cookie_header(header);
        changed |= stripped.is_some();
        kept.push(stripped.unwrap_or_else(|| (*header).to_owned()));
    }
    kept.retain(|header| !header.is_empty());
    changed.then_some(kept)
}

fn deny<'a>(refusal: Refusal, rule: Option<&'a CompiledRule>, origin: Option<&'a str>) -> Deny<'a> {
    let mut headers = Vec::new();
    if let Some(allow) = refusal.allow {
        headers.push(("allow".into(), allow.into()));
    }
    if let Some(rule) = rule {
        cors::push_for_refusal(rule, origin, &mut headers);
        headers.extend(rule.response_headers.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into())));
    }
    Deny {
        status: refusal.reason.status(),
        reason: refusal.reason,
        detail: refusal.detail,
        rule: rule.map(|rule| rule.name.as_str()),
        headers,
    }
}
