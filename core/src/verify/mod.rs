//! Verifying signed URLs and signed cookies: from a request, keys and a time to a typed verdict.
//!
//! A credential in the URL wins over cookies, even when it is incomplete or wrong. Nothing in a policy
//! is believed before its signature is checked. The order of checks is the order of [`Reason::ALL`].
//!
//! Two boundaries that AWS does not state are taken on the safe side: at the very second of
//! `DateLessThan` a policy has expired, and at the very second of `DateGreaterThan` it is not valid yet.

mod credential;
mod open;
mod request;

pub use credential::Source;
pub(crate) use credential::{RawCredential, find};
pub use open::OpenedCredential;
pub(crate) use open::{ip_reason, read_epoch, rebuild_url, time_reason};
pub(crate) use request::UrlParts;
pub use request::ViewerRequest;

use crate::crypto::VerifyingKey;
use crate::keys::{HashAlgorithm, KeyRing};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::time::EpochSeconds;

/// What a verifier accepts beyond AWS's documentation. The default accepts undocumented forms and names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VerifyOptions {
    /// Refuse every form that has a [`Warning`](crate::policy::Warning).
    pub strict: bool,
    /// Refuse a policy without a `Resource`, which opens everything.
    pub require_resource: bool,
    /// Let the old spelling `http*://` in a resource match both schemes.
    pub legacy_scheme_wildcard: bool,
}

/// Whether a policy travelled with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Rebuilt from the request.
    Canned,
    /// Sent along.
    Custom,
}

impl PolicyKind {
    /// `canned` or `custom`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canned => "canned",
            Self::Custom => "custom",
        }
    }
}

/// What an allowed request was allowed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Signed URL or signed cookies.
    pub source: Source,
    /// The key that signed.
    pub key_pair_id: String,
    /// The hash under the signature.
    pub hash: HashAlgorithm,
    /// Canned or custom.
    pub kind: PolicyKind,
    /// The policy.
    pub policy: Policy,
    /// The text that was signed.
    pub policy_text: String,
    /// The query string without the signing parameters, byte for byte.
    pub query: String,
    /// How long it stays valid, in seconds; at least 1.
    pub remaining: u64,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The stable reason.
    pub reason: Reason,
    /// More for the log; holds no secret.
    pub detail: Option<String>,
}

impl From<Reason> for Denial {
    fn from(reason: Reason) -> Self {
        Self { reason, detail: None }
    }
}

/// Judges a request at a time.
///
/// # Errors
/// A [`Denial`] with the first reason that holds.
///
/// ```
/// use edgeseal_core::{Reason, keys::KeyRing, verify::{VerifyOptions, ViewerRequest, verify}};
/// # use edgeseal_core::crypto::VerifyingKey;
/// # struct Nobody;
/// # impl VerifyingKey for Nobody { fn verify(&self, _: edgeseal_core::keys::HashAlgorithm, _: &[u8], _: &[u8]) -> bool { false } }
/// let mut keys = KeyRing::new();
/// keys.insert("K2JCJMDEHXQW5F", Nobody).unwrap();
/// let request = ViewerRequest::for_url("https://d111.cloudfront.net/a.jpg").unwrap();
/// let denial = verify(&request, &keys, 1_767_290_000, &VerifyOptions::default()).unwrap_err();
/// assert_eq!(denial.reason, Reason::MissingCredentials);
/// ```
pub fn verify<K: VerifyingKey>(
    request: &ViewerRequest<'_>,
    keys: &KeyRing<K>,
    now: EpochSeconds,
    options: &VerifyOptions,
) -> Result<Grant, Denial> {
    let opened = OpenedCredential::open(request, options)?;
    let entry = keys.get(opened.key_pair_id()).ok_or(Reason::UnknownKey)?;
    if !entry.enabled {
        return Err(Reason::KeyDisabled.into());
    }
    let good = opened.messages().position(|message| entry.key.verify(opened.hash(), message, opened.signature()));
    let index = good.ok_or(Reason::BadSignature)?;
    opened.judge(index, request, now, options)
}
