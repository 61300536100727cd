//! Finding the credential of a request: in its URL, or else in its cookies.

use crate::cookies::read_cookie_headers;
use crate::encoding::percent_decode;
use crate::reason::Reason;
use crate::url::SigningParameters;

/// Where a credential came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The query string: a signed URL.
    Url,
    /// `CloudFront-*` cookies.
    Cookie,
}

impl Source {
    /// `url` or `cookie`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Cookie => "cookie",
        }
    }
}

/// The parts of a credential as text, percent-decoded once, not yet understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawCredential {
    pub(crate) source: Source,
    pub(crate) expires: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) signature: Option<String>,
    pub(crate) key_pair_id: Option<String>,
    pub(crate) hash: Option<String>,
    pub(crate) duplicate: bool,
}

/// Finds the credential of a request whose query string has been split.
///
/// As soon as the URL has one signing parameter, cookies are not looked at. Source: *Decide to use signed
/// URLs or signed cookies*, CloudFront Developer Guide.
pub(crate) fn find(signing: &SigningParameters<'_>, cookies: &[&str]) -> Result<RawCredential, Reason> {
    if !signing.any() {
        return from_cookies(cookies).ok_or(Reason::MissingCredentials);
    }
    Ok(RawCredential {
        source: Source::Url,
        expires: decoded(signing.expires()),
        policy: decoded(signing.policy()),
        signature: decoded(signing.signature()),
        key_pair_id: decoded(signing.key_pair_id()),
        hash: decoded(signing.hash_algorithm()),
        duplicate: signing.duplicate,
    })
}

fn from_cookies(headers: &[&str]) -> Option<RawCredential> {
    let ([expires, policy, signature, key_pair_id, hash], duplicate) = read_cookie_headers(headers);
    [expires, policy, signature, key_pair_id, hash].iter().any(Option::is_some).then(|| RawCredential {
        source: Source::Cookie,
        expires: decoded(expires),
        policy: decoded(policy),
        signature: decoded(signature),
        key_pair_id: decoded(key_pair_id),
        hash: decoded(hash),
        duplicate,
    })
}

/// Decodes once. Bytes that are no UTF-8 become replacement characters, which no valid value contains.
fn decoded(value: Option<&str>) -> Option<String> {
    value.map(|value| {
        if value.contains('%') {
            String::from_utf8_lossy(&percent_decode(value)).into_owned()
        } else {
            value.to_owned()
        }
    })
}
