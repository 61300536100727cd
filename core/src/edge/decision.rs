//! What the edge does with a request.

use super::EdgeReason;
use crate::time::EpochSeconds;
use crate::verify::{PolicyKind, Source};
use std::borrow::Cow;

/// A header: name and value.
pub type Header<'a> = (Cow<'a, str>, Cow<'a, str>);

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Pass it on, changed as said.
    Allow(Allow<'a>),
    /// Refuse it.
    Deny(Deny<'a>),
    /// Answer it here.
    Respond(Respond<'a>),
}

/// A request that passes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allow<'a> {
    /// The rule that allowed it.
    pub rule: &'a str,
    /// The path to go on with; `None` leaves it alone.
    pub uri: Option<&'a str>,
    /// The query string to go on with, byte for byte without the signing parameters; `None` leaves it alone.
    pub querystring: Option<String>,
    /// The `Cookie` header values to go on with, without CloudFront's cookies; `None` leaves them alone.
    pub cookies: Option<Vec<String>>,
    /// The credential, where one was seen.
    pub grant: Option<GrantSummary<'a>>,
}

/// The credential that a request passed with. Holds no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantSummary<'a> {
    /// Signed URL or signed cookies.
    pub source: Source,
    /// The key that signed.
    pub key_pair_id: Cow<'a, str>,
    /// Canned or custom policy.
    pub kind: PolicyKind,
    /// The policy holds before this time.
    pub expires: EpochSeconds,
    /// True when the edge checked the signature itself, false when CloudFront did.
    pub verified_here: bool,
}

/// A request that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deny<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The stable reason, for the log.
    pub reason: EdgeReason,
    /// More for the log; holds no secret.
    pub detail: Option<Cow<'static, str>>,
    /// The rule that refused it, when one fitted.
    pub rule: Option<&'a str>,
    /// Headers of the response, such as `allow`.
    pub headers: Vec<Header<'a>>,
}

/// A request that is answered at the edge: a CORS preflight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respond<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The rule that answered it.
    pub rule: &'a str,
    /// Headers of the response.
    pub headers: Vec<Header<'a>>,
    /// The body; empty for a preflight.
    pub body: &'static str,
}

impl<'a> Decision<'a> {
    /// The rule that decided, when one fitted.
    #[must_use]
    pub const fn rule(&self) -> Option<&'a str> {
        match self {
            Self::Allow(allow) => Some(allow.rule),
            Self::Deny(deny) => deny.rule,
            Self::Respond(respond) => Some(respond.rule),
        }
    }

    /// True when the request passes.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

impl Deny<'_> {
    /// What the public may read: the name of the status, which tells an attacker nothing more.
    #[must_use]
    pub const fn public_body(&self) -> &'static str {
        match self.status {
            400 => "Bad Request",
            405 => "Method Not Allowed",
            411 => "Length Required",
            413 => "Content Too Large",
            414 => "URI Too Long",
            415 => "Unsupported Media Type",
            _ => "Forbidden",
        }
    }
}

/// A refusal on its way to becoming a [`Deny`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: EdgeReason,
    pub(super) detail: Option<Cow<'static, str>>,
    /// The methods to name in `Allow`.
    pub(super) allow: Option<String>,
}

impl From<EdgeReason> for Refusal {
    fn from(reason: EdgeReason) -> Self {
        Self { reason, detail: None, allow: None }
    }
}

impl From<crate::verify::Denial> for Refusal {
    fn from(denial: crate::verify::Denial) -> Self {
        Self { reason: denial.reason.into(), detail: denial.detail.map(Cow::Owned), allow: None }
    }
}

impl Refusal {
    pub(super) fn because(reason: EdgeReason, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, detail: Some(detail.into()), allow: None }
    }
}
