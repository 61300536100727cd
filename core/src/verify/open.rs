//! Understanding a credential, up to the point where only a public key can say more.

use super::credential::{RawCredential, Source, find};
use super::{Denial, Grant, PolicyKind, VerifyOptions, ViewerRequest};
use crate::encoding::from_cloudfront_base64;
use crate::keys::HashAlgorithm;
use crate::policy::{self, Policy, Target, Warning, canned_text};
use crate::reason::Reason;
use crate::time::{EpochSeconds, looks_like_milliseconds};
use crate::url::{Scheme, SigningParameters, split_signing_parameters};

/// A credential that reads well, but whose signature nobody has checked yet.
///
/// This is the seam for hosts whose public-key operation is asynchronous: check the signature over one of
/// [`messages`](Self::messages), then ask [`judge`](Self::judge).
#[derive(Debug, Clone)]
pub struct OpenedCredential {
    source: Source,
    key_pair_id: String,
    hash: HashAlgorithm,
    signature: Vec<u8>,
    /// The texts that may have been signed, each with the scheme it assumes.
    candidates: Vec<(Option<Scheme>, String)>,
    kind: PolicyKind,
    policy: Policy,
    /// The query string without the signing parameters.
    query: String,
}

impl OpenedCredential {
    /// Finds and reads the credential of a request.
    ///
    /// # Errors
    /// A [`Denial`] with the first reason that holds.
    pub fn open(request: &ViewerRequest<'_>, options: &VerifyOptions) -> Result<Self, Denial> {
        let (signing, query) = split_signing_parameters(request.query);
        Self::open_split(request, &signing, query, options)
    }

    /// As [`open`](Self::open), with the query string of the request already split.
    pub(crate) fn open_split(
        request: &ViewerRequest<'_>,
        signing: &SigningParameters<'_>,
        query: String,
        options: &VerifyOptions,
    ) -> Result<Self, Denial> {
        request.check_form()?;
        let raw = find(signing, request.cookies)?;
        let (key_pair_id, signature_text) = required_parts(&raw)?;
        let hash = read_hash(raw.hash.as_deref())?;
        let decoded = from_cloudfront_base64(signature_text).ok_or(Reason::MalformedSignature)?;
        let (kind, mut policy, candidates) = match (&raw.policy, &raw.expires) {
            (Some(text), _) => read_custom(text, raw.source, request)?,
            (None, Some(expires)) => read_canned(expires, request, &query)?,
            (None, None) => return Err(Reason::MissingPolicy.into()),
        };
        if raw.policy.is_some() && raw.expires.is_some() {
            policy.warnings.push(Warning::PolicyAndExpires);
        }
        if !decoded.standard {
            policy.warnings.push(Warning::NonStandardBase64);
        }
        policy.warnings.sort_unstable();
        policy.warnings.dedup();
        refuse_milliseconds(&policy)?;
        refuse_warnings(&policy.warnings, options)?;
        Ok(Self {
            source: raw.source,
            key_pair_id: key_pair_id.to_owned(),
            hash,
            signature: decoded.bytes,
            candidates,
            kind,
            policy,
            query,
        })
    }

    /// The id of the key that must have signed.
    #[must_use]
    pub fn key_pair_id(&self) -> &str {
        &self.key_pair_id
    }

    /// The hash under the signature.
    #[must_use]
    pub const fn hash(&self) -> HashAlgorithm {
        self.hash
    }

    /// The signature, decoded.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The texts that may have been signed. There are two when a canned policy meets an unknown scheme.
    pub fn messages(&self) -> impl Iterator<Item = &[u8]> {
        self.candidates.iter().map(|(_, text)| text.as_bytes())
    }

    /// The policy, not to be believed before the signature is checked.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Judges resource, time and address, once the signature over the message at `index` is known to be good.
    ///
    /// # Errors
    /// A [`Denial`] with the first reason that holds.
    pub fn judge(
        self,
        index: usize,
        request: &ViewerRequest<'_>,
        now: EpochSeconds,
        options: &VerifyOptions,
    ) -> Result<Grant, Denial> {
        self.check(request, &self.query, now, options)?;
        let remaining = self.policy.expires.saturating_sub(now);
        let policy_text = self.candidates.into_iter().nth(index).map(|(_, text)| text).unwrap_or_default();
        Ok(Grant {
            source: self.source,
            key_pair_id: self.key_pair_id,
            hash: self.hash,
            kind: self.kind,
            policy: self.policy,
            policy_text,
            query: self.query,
            remaining,
        })
    }
}

impl OpenedCredential {
    /// What [`judge`](Self::judge) judges. `query` is the request's, without its signing parameters.
    pub(crate) fn check(
        &self,
        request: &ViewerRequest<'_>,
        query: &str,
        now: EpochSeconds,
        options: &VerifyOptions,
    ) -> Result<(), Denial> {
        if self.kind == PolicyKind::Custom
            && let Some(pattern) = &self.policy.resource
        {
            let target = Target { scheme: request.scheme, host: request.host, path: request.path, query };
            if let Some(section) = pattern.mismatch(&target, options.legacy_scheme_wildcard) {
                return Err(Denial {
                    reason: Reason::ResourceMismatch,
                    detail: Some(format!("the {} differs", section.name())),
                });
            }
        }
        time_reason(&self.policy, now)
            .or_else(|| ip_reason(&self.policy, request))
            .map_or(Ok(()), |reason| Err(reason.into()))
    }

    /// Signed URL or signed cookies.
    pub(crate) const fn source(&self) -> Source {
        self.source
    }

    /// Canned or custom.
    pub(crate) const fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// True when the signature covers the query string of the request, so that no parameter can be added or dropped.
    pub(crate) fn pins_query(&self) -> bool {
        match self.kind {
            PolicyKind::Canned => true,
            PolicyKind::Custom => self.policy.resource.as_ref().is_some_and(policy::ResourcePattern::pins_query),
        }
    }
}

/// Valid after `DateGreaterThan` and before `DateLessThan`; both seconds themselves are outside.
pub(crate) fn time_reason(policy: &Policy, now: EpochSeconds) -> Option<Reason> {
    if policy.not_before.is_some_and(|start| now <= start) {
        return Some(Reason::NotYetValid);
    }
    (now >= policy.expires).then_some(Reason::Expired)
}

pub(crate) fn ip_reason(policy: &Policy, request: &ViewerRequest<'_>) -> Option<Reason> {
    let range = policy.ip?;
    match request.client_ip {
        None => Some(Reason::IpUnknown),
        Some(viewer) => (!range.contains(viewer)).then_some(Reason::IpMismatch),
    }
}

fn required_parts(raw: &RawCredential) -> Result<(&str, &str), Reason> {
    if raw.duplicate {
        return Err(Reason::DuplicateParameter);
    }
    let key_pair_id = present(&raw.key_pair_id).ok_or(Reason::MissingKeyPairId)?;
    let signature = present(&raw.signature).ok_or(Reason::MissingSignature)?;
    if raw.policy.is_none() && raw.expires.is_none() {
        return Err(Reason::MissingPolicy);
    }
    Ok((key_pair_id, signature))
}

fn present(value: &Option<String>) -> Option<&str> {
    value.as_deref().filter(|text| !text.is_empty())
}

fn read_hash(text: Option<&str>) -> Result<HashAlgorithm, Reason> {
    text.map_or(Ok(HashAlgorithm::Sha1), |text| HashAlgorithm::parse(text).map_err(|_| Reason::UnknownHashAlgorithm))
}

type Read = (PolicyKind, Policy, Vec<(Option<Scheme>, String)>);

fn read_custom(text: &str, source: Source, request: &ViewerRequest<'_>) -> Result<Read, Denial> {
    let decoded = from_cloudfront_base64(text).ok_or_else(|| Denial {
        reason: Reason::MalformedPolicy,
        detail: Some("the policy is not in CloudFront's base64".to_owned()),
    })?;
    let mut policy = policy::parse(&decoded.bytes)
        .map_err(|error| Denial { reason: Reason::MalformedPolicy, detail: Some(error.message) })?;
    if !decoded.standard {
        policy.warnings.push(Warning::NonStandardBase64);
    }
    let wildcard_protocol = policy.resource.as_ref().is_some_and(policy::ResourcePattern::has_wildcard_protocol);
    if source == Source::Cookie && wildcard_protocol {
        return Err(Denial {
            reason: Reason::MalformedPolicy,
            detail: Some("the resource of a signed cookie must start with http:// or https://".to_owned()),
        });
    }
    let text = String::from_utf8(decoded.bytes).map_err(|_| Reason::MalformedPolicy)?;
    Ok((PolicyKind::Custom, policy, vec![(request.scheme, text)]))
}

/// Rebuilds the canned policy from the request, as CloudFront does.
fn read_canned(expires: &str, request: &ViewerRequest<'_>, query: &str) -> Result<Read, Denial> {
    let at = read_epoch(expires).ok_or_else(|| Denial {
        reason: Reason::MalformedPolicy,
        detail: Some("Expires is not a whole number of seconds".to_owned()),
    })?;
    let safe = |byte: u8| matches!(byte, 0x21..=0x7e) && byte != b'"' && byte != b'\\';
    let parts = [request.host, request.path, query];
    if !parts.iter().all(|part| part.bytes().all(safe)) {
        return Err(Reason::MalformedRequest.into());
    }
    let schemes = match request.scheme {
        Some(scheme) => vec![scheme],
        None => vec![Scheme::Https, Scheme::Http],
    };
    let candidates = schemes
        .into_iter()
        .map(|scheme| (Some(scheme), canned_text(&rebuild_url(scheme, request, query), at)))
        .collect();
    let warnings = if at > crate::time::MAX_DOCUMENTED_EPOCH { vec![Warning::LateExpiry] } else { Vec::new() };
    Ok((PolicyKind::Canned, Policy { resource: None, expires: at, not_before: None, ip: None, warnings }, candidates))
}

/// The URL that was signed, if nothing was changed on the way: host in lower case, no default port, no signing parameters.
pub(crate) fn rebuild_url(scheme: Scheme, request: &ViewerRequest<'_>, query: &str) -> String {
    let host = request.host.to_ascii_lowercase();
    let host = scheme.strip_default_port(&host);
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{}://{host}{}{separator}{query}", scheme.as_str(), request.path)
}

/// A number written in the one way in which a canned policy writes it.
pub(crate) fn read_epoch(text: &str) -> Option<EpochSeconds> {
    let number: EpochSeconds = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// CloudFront answers `MalformedPolicy` to an expiry in milliseconds, which is otherwise a date thousands of years away.
///
/// Source: aws/aws-sdk-js issue 2236; the developer guide says no more than that the last expiry is in 2038.
fn refuse_milliseconds(policy: &Policy) -> Result<(), Denial> {
    if looks_like_milliseconds(policy.expires) {
        let detail = "the expiry is in milliseconds, where CloudFront counts seconds".to_owned();
        return Err(Denial { reason: Reason::MalformedPolicy, detail: Some(detail) });
    }
    Ok(())
}

fn refuse_warnings(warnings: &[Warning], options: &VerifyOptions) -> Result<(), Denial> {
    let refused = warnings
        .iter()
        .find(|warning| options.strict || (options.require_resource && **warning == Warning::NoResource));
    refused.map_or(Ok(()), |warning| {
        let reason =
            if *warning == Warning::PolicyAndExpires { Reason::AmbiguousPolicy } else { Reason::NonStandardForm };
        Err(Denial { reason, detail: Some(warning.code().to_owned()) })
    })
}
