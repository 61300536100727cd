//! What the edge knows about the credential of a request, and how sure it is.
//!
//! Standalone, the edge verifies it. Behind a key group CloudFront has: a signing parameter that is visible
//! in the URL is then part of what CloudFront verified, since as soon as one is there CloudFront looks at
//! nothing else. Cookies prove nothing there. If CloudFront keeps the parameters of a signed URL from the
//! function, anybody can send invented `CloudFront-*` cookies beside a signed URL; so they count only
//! when the edge has the key to verify them itself.

use super::compile::{CompiledPolicy, CompiledRule};
use super::decision::Refusal;
use super::memo::{Memo, MemoKey};
use super::model::{Mode, Require, WhenUnseen};
use super::{EdgeReason, GrantSummary};
use crate::cookies::read_cookie_headers;
use crate::crypto::VerifyingKey;
use crate::encoding::percent_decode;
use crate::keys::KeyRing;
use crate::policy::Warning;
use crate::reason::Reason;
use crate::time::EpochSeconds;
use crate::url::{SigningParameters, split_signing_parameters};
use crate::verify::{Denial, OpenedCredential, Source, ViewerRequest};
use core::net::IpAddr;
use std::borrow::Cow;

/// Where a credential can be found. What is known about it outlives the list of cookies, but not their text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'c, 'a> {
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) cookies: &'c [&'a str],
    pub(super) client_ip: Option<IpAddr>,
}

/// What is known about the credential.
#[derive(Debug)]
pub(super) struct Credential<'a> {
    pub(super) facts: Option<Facts<'a>>,
    /// True when the query has a signing parameter.
    pub(super) in_url: bool,
    /// The query without the signing parameters.
    pub(super) rest: String,
}

/// A credential that the edge or CloudFront has verified.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) summary: GrantSummary<'a>,
    /// The policy names an address or a range smaller than the whole internet.
    bound_to_ip: bool,
    /// The signature covers the query, upload constraints included.
    pins_query: bool,
    /// Nobody knows which policy was verified.
    ambiguous: bool,
}

/// How far upload constraints in the query can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// The signature covers them.
    Signed,
    /// Anybody may have written or dropped them.
    Unsigned,
    /// CloudFront verified something that the edge cannot see.
    Unknown,
}

/// Finds and, where it can, verifies the credential, and holds it against the rule.
pub(super) fn examine<'a, K: VerifyingKey>(
    policy: &CompiledPolicy,
    rule: &CompiledRule,
    request: &Evidence<'_, 'a>,
    keys: &KeyRing<K>,
    now: EpochSeconds,
    memo: Option<&mut Memo>,
) -> Result<Credential<'a>, Refusal> {
    let (signing, rest) = split_signing_parameters(request.query);
    let mut credential = Credential { facts: None, in_url: signing.any(), rest };
    let viewer = ViewerRequest {
        scheme: policy.scheme,
        host: request.host,
        path: request.path,
        query: request.query,
        cookies: request.cookies,
        client_ip: request.client_ip,
    };
    let found = Found { viewer: &viewer, cookies: request.cookies, signing, rest: &credential.rest };
    credential.facts = match policy.mode {
        Mode::Standalone if rule.require == Require::None => None,
        Mode::Standalone => Some(found.verify(policy, keys, now, memo)?),
        Mode::BehindKeyGroup if credential.in_url => found.read(policy)?,
        // Cookies that do not verify say nothing about the credential that CloudFront looked at.
        Mode::BehindKeyGroup if !keys.is_empty() => found.verify(policy, keys, now, memo).ok(),
        Mode::BehindKeyGroup => None,
    };
    check_kind(policy, rule, &credential)?;
    check_limits(policy, rule, credential.facts.as_ref(), now)?;
    Ok(credential)
}

impl Credential<'_> {
    pub(super) fn trust(&self, policy: &CompiledPolicy) -> Trust {
        match (&self.facts, policy.mode) {
            (Some(facts), _) if facts.pins_query => Trust::Signed,
            (None, Mode::BehindKeyGroup) => Trust::Unknown,
            _ => Trust::Unsigned,
        }
    }
}

struct Found<'r, 'a> {
    viewer: &'r ViewerRequest<'r>,
    cookies: &'r [&'a str],
    signing: SigningParameters<'a>,
    rest: &'r str,
}

impl<'a> Found<'_, 'a> {
    /// Verifies the signature, or remembers that it was good, and judges the policy.
    fn verify<K: VerifyingKey>(
        &self,
        policy: &CompiledPolicy,
        keys: &KeyRing<K>,
        now: EpochSeconds,
        memo: Option<&mut Memo>,
    ) -> Result<Facts<'a>, Denial> {
        let parameters = &self.signing;
        let from_cookie = !parameters.any();
        let (raw, duplicate) = if from_cookie {
            read_cookie_headers(self.cookies)
        } else {
            let values = [
                parameters.expires(),
                parameters.policy(),
                parameters.signature(),
                parameters.key_pair_id(),
                parameters.hash_algorithm(),
            ];
            (values, parameters.duplicate)
        };
        if duplicate {
            return Err(Reason::DuplicateParameter.into());
        }
        let url = [self.viewer.host, self.viewer.path, self.rest];
        let key = MemoKey::new(raw, from_cookie, self.viewer.scheme, url);
        let id = raw[3].map(decoded);
        let Some(memo) = memo else {
            let opened = self.open_and_verify(policy, keys)?;
            return self.judge(&opened, id, policy, now);
        };
        if let Some(opened) = memo.get(&key) {
            // A custom policy is remembered for every host, and this one may be none.
            self.viewer.check_form()?;
            usable(keys, opened)?;
            return self.judge(opened, id, policy, now);
        }
        let opened = self.open_and_verify(policy, keys)?;
        let facts = self.judge(&opened, id, policy, now);
        memo.put(&key, opened);
        facts
    }

    fn open(&self, policy: &CompiledPolicy) -> Result<OpenedCredential, Denial> {
        OpenedCredential::open_split(self.viewer, &self.signing, self.rest.to_owned(), &policy.options)
    }

    fn open_and_verify<K: VerifyingKey>(
        &self,
        policy: &CompiledPolicy,
        keys: &KeyRing<K>,
    ) -> Result<OpenedCredential, Denial> {
        let opened = self.open(policy)?;
        let key = usable(keys, &opened)?;
        let good = opened.messages().any(|message| key.verify(opened.hash(), message, opened.signature()));
        if good { Ok(opened) } else { Err(Reason::BadSignature.into()) }
    }

    fn judge(
        &self,
        opened: &OpenedCredential,
        id: Option<Cow<'a, str>>,
        policy: &CompiledPolicy,
        now: EpochSeconds,
    ) -> Result<Facts<'a>, Denial> {
        opened.check(self.viewer, self.rest, now, &policy.options)?;
        Ok(facts(opened, id, true))
    }

    /// Reads a signed URL that CloudFront has verified. `None` when parts of it are not visible.
    fn read(&self, policy: &CompiledPolicy) -> Result<Option<Facts<'a>>, Refusal> {
        if self.signing.duplicate {
            return Err(EdgeReason::from(Reason::DuplicateParameter).into());
        }
        let complete = self.signing.key_pair_id().is_some()
            && self.signing.signature().is_some()
            && (self.signing.policy().is_some() || self.signing.expires().is_some());
        if !complete {
            return Ok(None);
        }
        let opened = self.open(policy)?;
        let mut facts = facts(&opened, self.signing.key_pair_id().map(decoded), false);
        // AWS does not say which of the two CloudFront believed.
        facts.ambiguous = opened.policy().warnings.contains(&Warning::PolicyAndExpires);
        facts.pins_query &= !facts.ambiguous;
        Ok(Some(facts))
    }
}

/// The key that must have signed, if it is trusted.
fn usable<'k, K>(keys: &'k KeyRing<K>, opened: &OpenedCredential) -> Result<&'k K, Reason> {
    let entry = keys.get(opened.key_pair_id()).ok_or(Reason::UnknownKey)?;
    if entry.enabled { Ok(&entry.key) } else { Err(Reason::KeyDisabled) }
}

fn facts<'a>(opened: &OpenedCredential, id: Option<Cow<'a, str>>, verified_here: bool) -> Facts<'a> {
    Facts {
        summary: GrantSummary {
            source: opened.source(),
            key_pair_id: id.unwrap_or_default(),
            kind: opened.kind(),
            expires: opened.policy().expires,
            verified_here,
        },
        bound_to_ip: opened.policy().ip.is_some_and(|range| !range.is_everywhere()),
        pins_query: opened.pins_query(),
        ambiguous: false,
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('%') {
        Cow::Owned(String::from_utf8_lossy(&percent_decode(text)).into_owned())
    } else {
        Cow::Borrowed(text)
    }
}

fn check_kind(policy: &CompiledPolicy, rule: &CompiledRule, credential: &Credential<'_>) -> Result<(), Refusal> {
    let wanted = match rule.require {
        Require::None | Require::Either => return Ok(()),
        Require::SignedUrl => Source::Url,
        Require::SignedCookie => Source::Cookie,
    };
    let found =
        if credential.in_url { Some(Source::Url) } else { credential.facts.as_ref().map(|facts| facts.summary.source) };
    match found {
        Some(found) if found == wanted => Ok(()),
        Some(_) => Err(EdgeReason::WrongCredential.into()),
        None => unseen(policy, "require"),
    }
}

fn check_limits(
    policy: &CompiledPolicy,
    rule: &CompiledRule,
    facts: Option<&Facts<'_>>,
    now: EpochSeconds,
) -> Result<(), Refusal> {
    let limited = !rule.key_pair_ids.is_empty() || rule.max_lifetime.is_some() || rule.require_ip;
    if !limited {
        return Ok(());
    }
    let Some(facts) = facts else { return unseen(policy, "keyPairIds, maxLifetime or requireIp") };
    if facts.ambiguous {
        return Err(EdgeReason::from(Reason::AmbiguousPolicy).into());
    }
    if !rule.key_pair_ids.is_empty() && !rule.key_pair_ids.iter().any(|id| *id == facts.summary.key_pair_id) {
        return Err(EdgeReason::KeyNotAllowed.into());
    }
    if rule.max_lifetime.is_some_and(|longest| facts.summary.expires.saturating_sub(now) > longest) {
        return Err(EdgeReason::LifetimeTooLong.into());
    }
    if rule.require_ip && !facts.bound_to_ip {
        return Err(EdgeReason::IpBindingMissing.into());
    }
    Ok(())
}

/// What a rule asks for cannot be seen.
pub(super) fn unseen(policy: &CompiledPolicy, field: &'static str) -> Result<(), Refusal> {
    match policy.when_unseen {
        WhenUnseen::Allow => Ok(()),
        WhenUnseen::Deny => Err(Refusal::because(EdgeReason::CredentialNotVisible, field)),
    }
}
