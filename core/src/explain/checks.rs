//! The checks of a request, each for itself.

use super::Budget;
use crate::crypto::VerifyingKey;
use crate::encoding::{Decoded, from_cloudfront_base64};
use crate::keys::{HashAlgorithm, KeyEntry, KeyRing};
use crate::policy::{self, Policy, Target, canned_text};
use crate::reason::Reason;
use crate::time::{self, EpochSeconds};
use crate::url::{Scheme, split_signing_parameters};
use crate::verify::{Denial, RawCredential, VerifyOptions, ViewerRequest, find, ip_reason, read_epoch, rebuild_url};

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It cannot be told, because something it needs is missing.
    Unknown,
}

impl Outcome {
    /// `pass`, `fail` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// One check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Stable id, such as `signature`.
    pub id: &'static str,
    /// What is checked, in a few words.
    pub title: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// More about it; never a signature or a key.
    pub detail: String,
}

/// A request, read as far as it can be read.
pub(super) struct Walk<'a, K> {
    pub(super) request: &'a ViewerRequest<'a>,
    pub(super) keys: &'a KeyRing<K>,
    pub(super) now: EpochSeconds,
    pub(super) options: &'a VerifyOptions,
    budget: &'a Budget,
    /// The credential, where there is any part of one.
    pub(super) raw: Option<RawCredential>,
    /// The query without the signing parameters.
    pub(super) query: String,
    pub(super) hash: Option<HashAlgorithm>,
    pub(super) signature: Option<Decoded>,
    pub(super) policy: Option<Policy>,
    pub(super) policy_text: Option<String>,
    policy_problem: Option<String>,
    pub(super) signature_fits: Option<bool>,
}

impl<'a, K: VerifyingKey> Walk<'a, K> {
    pub(super) fn new(
        request: &'a ViewerRequest<'a>,
        keys: &'a KeyRing<K>,
        now: EpochSeconds,
        options: &'a VerifyOptions,
        budget: &'a Budget,
    ) -> Self {
        let (signing, query) = split_signing_parameters(request.query);
        let raw = find(&signing, request.cookies);
        let mut walk = Self {
            request,
            keys,
            now,
            options,
            budget,
            raw: raw.ok(),
            query,
            hash: None,
            signature: None,
            policy: None,
            policy_text: None,
            policy_problem: None,
            signature_fits: None,
        };
        walk.read();
        walk
    }

    /// The same request with another credential.
    pub(super) fn with(&self, raw: RawCredential) -> Self {
        let mut walk = Self {
            raw: Some(raw),
            query: self.query.clone(),
            hash: None,
            signature: None,
            policy: None,
            policy_text: None,
            policy_problem: None,
            signature_fits: None,
            ..*self
        };
        walk.read();
        walk
    }

    fn read(&mut self) {
        let Some(raw) = self.raw.clone() else { return };
        self.hash = raw.hash.as_deref().map_or(Some(HashAlgorithm::Sha1), |text| HashAlgorithm::parse(text).ok());
        self.signature = raw.signature.as_deref().and_then(from_cloudfront_base64);
        self.read_policy(&raw);
        self.signature_fits = self.check_signature();
    }

    /// True when the signature fits the text, and a check is left to find out.
    pub(super) fn fits(&self, entry: &KeyEntry<K>, hash: HashAlgorithm, text: &[u8], signature: &[u8]) -> bool {
        self.budget.take() && entry.key.verify(hash, text, signature)
    }

    /// The scheme to assume where it is unknown.
    pub(super) fn scheme(&self) -> Scheme {
        self.request.scheme.unwrap_or(Scheme::Https)
    }

    /// The entry of the key that the request names.
    pub(super) fn key(&self) -> Option<&KeyEntry<K>> {
        self.keys.get(self.raw.as_ref()?.key_pair_id.as_deref()?)
    }

    fn read_policy(&mut self, raw: &RawCredential) {
        if let Some(text) = &raw.policy {
            let Some(decoded) = from_cloudfront_base64(text) else {
                self.policy_problem = Some("it is not in CloudFront's base64".to_owned());
                return;
            };
            match policy::parse(&decoded.bytes) {
                Ok(policy) => self.policy = Some(policy),
                Err(error) => self.policy_problem = Some(error.message),
            }
            self.policy_text = Some(String::from_utf8_lossy(&decoded.bytes).into_owned());
        } else if let Some(expires) = &raw.expires {
            let Some(expires) = read_epoch(expires) else {
                self.policy_problem = Some("Expires is not a whole number of seconds".to_owned());
                return;
            };
            let url = rebuild_url(self.scheme(), self.request, &self.query);
            self.policy_text = Some(canned_text(&url, expires));
            self.policy = Some(Policy { resource: None, expires, not_before: None, ip: None, warnings: Vec::new() });
        }
    }

    fn check_signature(&self) -> Option<bool> {
        let (entry, hash, signature) = (self.key()?, self.hash?, self.signature.as_ref()?);
        let text = self.policy_text.as_ref()?;
        if self.fits(entry, hash, text.as_bytes(), &signature.bytes) {
            return Some(true);
        }
        let other_scheme = self.request.scheme.is_none() && !self.is_custom();
        let expires = self.policy.as_ref()?.expires;
        let http = || canned_text(&rebuild_url(Scheme::Http, self.request, &self.query), expires);
        Some(other_scheme && self.fits(entry, hash, http().as_bytes(), &signature.bytes))
    }

    /// True when the policy travelled along.
    pub(super) fn is_custom(&self) -> bool {
        self.raw.as_ref().is_some_and(|raw| raw.policy.is_some())
    }

    /// Every check, in order.
    /// Every check, in order. `undocumented` is a refusal of a form that AWS does not document.
    pub(super) fn checks(&self, undocumented: Option<&Denial>) -> Vec<Check> {
        vec![
            self.credentials(),
            self.parameters(),
            self.hash_algorithm(),
            self.trusted_key(),
            self.signature_form(),
            self.policy_form(undocumented),
            self.signature(),
            self.resource(),
            self.start(),
            self.end(),
            self.address(),
        ]
    }

    fn credentials(&self) -> Check {
        let title = "A signed URL or signed cookies";
        match &self.raw {
            Some(raw) => check(
                "credentials",
                title,
                Outcome::Pass,
                format!("found in the {}", if raw.source.as_str() == "url" { "URL" } else { "cookies" }),
            ),
            None => check("credentials", title, Outcome::Fail, "neither is there"),
        }
    }

    fn parameters(&self) -> Check {
        let title = "All signing parameters, once each";
        let Some(raw) = &self.raw else {
            return check("parameters", title, Outcome::Unknown, "there is no credential");
        };
        if raw.duplicate {
            return check("parameters", title, Outcome::Fail, "one of them appears more than once");
        }
        let mut missing = Vec::new();
        if raw.key_pair_id.as_deref().unwrap_or_default().is_empty() {
            missing.push("Key-Pair-Id");
        }
        if raw.signature.as_deref().unwrap_or_default().is_empty() {
            missing.push("Signature");
        }
        if raw.policy.is_none() && raw.expires.is_none() {
            missing.push("Policy or Expires");
        }
        if missing.is_empty() {
            check("parameters", title, Outcome::Pass, "")
        } else {
            check("parameters", title, Outcome::Fail, format!("missing: {}", missing.join(", ")))
        }
    }

    fn hash_algorithm(&self) -> Check {
        let title = "Hash algorithm";
        match (&self.raw, self.hash) {
            (None, _) => check("hash-algorithm", title, Outcome::Unknown, "there is no credential"),
            (Some(raw), Some(hash)) => {
                let how = if raw.hash.is_some() { "as announced" } else { "assumed, since Hash-Algorithm is absent" };
                check("hash-algorithm", title, Outcome::Pass, format!("{}, {how}", hash.as_str()))
            }
            (Some(_), None) => check("hash-algorithm", title, Outcome::Fail, "it is neither SHA1 nor SHA256"),
        }
    }

    fn trusted_key(&self) -> Check {
        let title = "Trusted key";
        let id = self.raw.as_ref().and_then(|raw| raw.key_pair_id.as_deref()).filter(|id| !id.is_empty());
        let Some(id) = id else { return check("key", title, Outcome::Unknown, "there is no key-pair id") };
        match self.key() {
            _ if self.keys.is_empty() => {
                check("key", title, Outcome::Unknown, format!("{}; no public key was given", shown(id)))
            }
            None => check("key", title, Outcome::Fail, format!("{} is not trusted here", shown(id))),
            Some(entry) if !entry.enabled => check("key", title, Outcome::Fail, format!("{} is disabled", shown(id))),
            Some(_) => check("key", title, Outcome::Pass, shown(id)),
        }
    }

    fn signature_form(&self) -> Check {
        let title = "Signature in CloudFront's base64";
        let text = self.raw.as_ref().and_then(|raw| raw.signature.as_deref()).filter(|text| !text.is_empty());
        match (text, &self.signature) {
            (None, _) => check("signature-form", title, Outcome::Unknown, "there is no signature"),
            (Some(_), None) => check("signature-form", title, Outcome::Fail, "it cannot be decoded"),
            (Some(_), Some(decoded)) => {
                check("signature-form", title, Outcome::Pass, format!("{} bytes", decoded.bytes.len()))
            }
        }
    }

    fn policy_form(&self, undocumented: Option<&Denial>) -> Check {
        let title = "Policy that can be read";
        if let Some(denial) = undocumented {
            let form = denial.detail.as_deref().unwrap_or(denial.reason.code());
            return check("policy", title, Outcome::Fail, format!("{form}: AWS does not document this form"));
        }
        match (&self.policy, &self.policy_problem) {
            (_, Some(problem)) => check("policy", title, Outcome::Fail, problem.clone()),
            (Some(_), None) => check(
                "policy",
                title,
                Outcome::Pass,
                if self.is_custom() { "custom" } else { "canned, rebuilt from the request" },
            ),
            (None, None) => check("policy", title, Outcome::Unknown, "there is none"),
        }
    }

    fn signature(&self) -> Check {
        let title = "Signature fits policy and key";
        match self.signature_fits {
            Some(true) => check("signature", title, Outcome::Pass, ""),
            Some(false) => {
                check("signature", title, Outcome::Fail, "it was made over another text or with another key")
            }
            None => check("signature", title, Outcome::Unknown, "a key, a policy and a signature are needed to tell"),
        }
    }

    fn resource(&self) -> Check {
        let title = "Policy covers this URL";
        let Some(policy) = &self.policy else {
            return check("resource", title, Outcome::Unknown, "there is no policy");
        };
        if !self.is_custom() {
            let (outcome, detail) = match self.signature_fits {
                Some(true) => (Outcome::Pass, "a canned policy is for this very URL"),
                _ => (Outcome::Unknown, "a canned policy does not say for which URL it was made"),
            };
            return check("resource", title, outcome, detail);
        }
        let Some(pattern) = &policy.resource else {
            return check("resource", title, Outcome::Pass, "it names no resource, so it covers everything");
        };
        match pattern.mismatch(&self.target(), self.options.legacy_scheme_wildcard) {
            None => check("resource", title, Outcome::Pass, pattern.text()),
            Some(section) => check(
                "resource",
                title,
                Outcome::Fail,
                format!("the {} differs from {}", section.name(), pattern.text()),
            ),
        }
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target { scheme: self.request.scheme, host: self.request.host, path: self.request.path, query: &self.query }
    }

    fn start(&self) -> Check {
        let title = "Start of validity";
        match self.policy.as_ref().map(|policy| policy.not_before) {
            None => check("not-before", title, Outcome::Unknown, "there is no policy"),
            Some(None) => check("not-before", title, Outcome::Pass, "none is set"),
            Some(Some(start)) if self.now > start => check(
                "not-before",
                title,
                Outcome::Pass,
                format!("{}, {} ago", time::format(start), time::in_words(self.now - start)),
            ),
            Some(Some(start)) => check(
                "not-before",
                title,
                Outcome::Fail,
                format!("{}, in {}", time::format(start), time::in_words(start - self.now)),
            ),
        }
    }

    fn end(&self) -> Check {
        let title = "End of validity";
        match self.policy.as_ref().map(|policy| policy.expires) {
            None => check("expires", title, Outcome::Unknown, "there is no policy"),
            Some(end) if time::looks_like_milliseconds(end) => check(
                "expires",
                title,
                Outcome::Fail,
                format!("{end} is in milliseconds, where CloudFront counts seconds"),
            ),
            Some(end) if self.now < end => check(
                "expires",
                title,
                Outcome::Pass,
                format!("{}, in {}", time::format(end), time::in_words(end - self.now)),
            ),
            Some(end) => check(
                "expires",
                title,
                Outcome::Fail,
                format!("{}, {} ago", time::format(end), time::in_words(self.now - end)),
            ),
        }
    }

    fn address(&self) -> Check {
        let title = "Viewer's address";
        let Some(policy) = &self.policy else { return check("ip", title, Outcome::Unknown, "there is no policy") };
        let Some(range) = policy.ip else { return check("ip", title, Outcome::Pass, "any address may use it") };
        match (ip_reason(policy, self.request), self.request.client_ip) {
            (None, _) => check("ip", title, Outcome::Pass, format!("inside {range}")),
            (Some(Reason::IpUnknown), _) | (_, None) => {
                check("ip", title, Outcome::Unknown, format!("it must be inside {range}; the address is not known"))
            }
            (Some(_), Some(viewer)) => check("ip", title, Outcome::Fail, format!("{viewer} is outside {range}")),
        }
    }
}

fn check(id: &'static str, title: &'static str, outcome: Outcome, detail: impl Into<String>) -> Check {
    Check { id, title, outcome, detail: detail.into() }
}

/// A key-pair id fit for a log, whatever was put in its place.
fn shown(id: &str) -> String {
    if crate::keys::check_key_pair_id(id).is_ok() {
        id.to_owned()
    } else {
        "the id, which has an impossible form,".to_owned()
    }
}
