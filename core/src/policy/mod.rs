//! Policies: what a signed URL or cookie permits, until when, from when and from where.
//!
//! A *canned* policy names one exact URL and an expiry; it is never transmitted, CloudFront rebuilds
//! it from the request. A *custom* policy travels with the URL or cookie and may hold wildcards, a
//! start time and an IP range. Source: *Use signed URLs*, CloudFront Developer Guide.

mod build;
mod cidr;
mod glob;
mod parse;
mod resource;

pub use build::{Terms, canned_text};
pub use cidr::Ipv4Range;
pub(crate) use glob::matches as wildcard_matches;
pub use parse::{Policy, PolicyError, parse};
pub use resource::{ResourcePattern, Section, Target};

/// A form that works but that AWS does not document, or documents against.
///
/// The code is stable; [`crate::verify::VerifyOptions::strict`] turns each of them into a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Warning {
    /// `Statement` is an object; today's documentation shows an array of one.
    StatementIsObject,
    /// The policy has no `Resource`: it opens every file of every distribution that trusts the key.
    NoResource,
    /// The resource writes the start of its query as `\?`, as AWS documented until 2023.
    EscapedQuestionMark,
    /// The resource's scheme is `http*`, an older spelling of `*`.
    LegacySchemeWildcard,
    /// `AWS:SourceIp` has no `/` and bits; it is taken as one address.
    BareIp,
    /// The expiry is later than 2038-01-19T03:14:07Z, the last that AWS documents.
    LateExpiry,
    /// The base64 has `+`, `/`, `=` or lacks padding.
    NonStandardBase64,
    /// Both `Policy` and `Expires` are present; the policy counts.
    PolicyAndExpires,
}

impl Warning {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::StatementIsObject => "statement-is-object",
            Self::NoResource => "no-resource",
            Self::EscapedQuestionMark => "escaped-question-mark",
            Self::LegacySchemeWildcard => "legacy-scheme-wildcard",
            Self::BareIp => "bare-ip",
            Self::LateExpiry => "late-expiry",
            Self::NonStandardBase64 => "non-standard-base64",
            Self::PolicyAndExpires => "policy-and-expires",
        }
    }

    /// One sentence for a person.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::StatementIsObject => "Statement is an object; AWS now documents an array of one.",
            Self::NoResource => {
                "The policy names no resource, so it opens every file of every distribution that trusts the key."
            }
            Self::EscapedQuestionMark => "The resource writes its query as \\?, which AWS now says not to do.",
            Self::LegacySchemeWildcard => {
                "The resource starts with http*, which AWS no longer documents; write *:// instead."
            }
            Self::BareIp => "The IP address has no /32; CloudFront documents CIDR form.",
            Self::LateExpiry => "The expiry is after 2038-01-19, the last that AWS documents.",
            Self::NonStandardBase64 => "The base64 is not in CloudFront's alphabet or lacks its padding.",
            Self::PolicyAndExpires => "Both Policy and Expires are present; AWS does not say which one counts.",
        }
    }
}
