//! URLs: the one canonical form that is both signed and emitted, and the signing parameters.
//!
//! CloudFront compares the signed resource with the request as text, so a signer must emit exactly
//! the text it signed, and that text must be what a browser will send. [`canonicalise`] writes it:
//!
//! | Part | Rule |
//! |---|---|
//! | scheme, host | lower case; `http` or `https` only; no user name; default port dropped |
//! | path | at least `/`; `.` and `..` segments refused, since clients rewrite them |
//! | existing `%XX` | kept as it is, letter case included |
//! | a stray `%` | `%25` |
//! | space, non-ASCII, `"<>\^`{|}[]` | percent-encoded as UTF-8, upper-case digits |
//! | `'` | `%27` in the query, as browsers write it; kept in the path |
//! | a second `?` | `%3F`, since a policy would read it as a wildcard |
//! | `+` and `%20` | kept apart |
//! | a lone trailing `?` | dropped |
//! | `#fragment`, controls | refused |
//!
//! The form is idempotent: canonicalising a canonical URL changes nothing.

mod aws_sdk_js;
mod query;

pub use aws_sdk_js::encode_like_aws_sdk_js;
pub use query::{RESERVED_PARAMETERS, SigningParameters, is_reserved_parameter, split_signing_parameters};

use crate::encoding::{percent_byte, push_percent};
use crate::error::{Error, ErrorCode};

/// The longest URL that CloudFront accepts, in bytes.
///
/// Source: *Quotas*, CloudFront Developer Guide.
pub const MAX_URL_BYTES: usize = 8_192;

/// A URL scheme that CloudFront serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

impl Scheme {
    /// The scheme as it stands before `://`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> &'static str {
        match self {
            Self::Http => "80",
            Self::Https => "443",
        }
    }

    /// A host without this scheme's default port, which clients leave out.
    pub(crate) fn strip_default_port(self, host: &str) -> &str {
        host.strip_suffix(self.default_port()).and_then(|host| host.strip_suffix(':')).unwrap_or(host)
    }
}

/// Writes a URL in its canonical form (see the [module](self)).
///
/// # Errors
/// [`ErrorCode::InvalidUrl`], [`ErrorCode::FragmentInUrl`], [`ErrorCode::DotSegment`],
/// [`ErrorCode::ReservedParameter`] or [`ErrorCode::UrlTooLong`].
///
/// ```
/// use edgeseal_core::url::canonicalise;
/// let url = canonicalise("https://D111.cloudfront.net/My file.pdf?name=it's").unwrap();
/// assert_eq!(url, "https://d111.cloudfront.net/My%20file.pdf?name=it%27s");
/// assert_eq!(canonicalise(&url).unwrap(), url);
/// ```
pub fn canonicalise(url: &str) -> Result<String, Error> {
    let (scheme, rest) = split_scheme(url)?;
    refuse_controls(url)?;
    if rest.contains('#') {
        return Err(Error::new(ErrorCode::FragmentInUrl, "the URL has a #fragment, which clients never send")
            .with_field("url")
            .with_hint("remove it, or write # as %23 if it is part of the name; append a fragment after signing"));
    }
    let authority_end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    let host = canonical_host(scheme, authority)?;
    let (path, query) = tail.split_once('?').map_or((tail, None), |(path, query)| (path, Some(query)));
    if path.starts_with('\\') {
        return Err(invalid("the URL has a backslash behind the host").with_hint("write / instead"));
    }
    refuse_dot_segments(path)?;

    let mut out = String::with_capacity(url.len() + 16);
    out.push_str(scheme.as_str());
    out.push_str("://");
    out.push_str(&host);
    if path.is_empty() {
        out.push('/');
    }
    push_encoded(&mut out, path, Part::Path);
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        query::refuse_reserved(query)?;
        out.push('?');
        push_encoded(&mut out, query, Part::Query);
    }
    check_length(&out)?;
    Ok(out)
}

/// Refuses a URL longer than [`MAX_URL_BYTES`].
pub(crate) fn check_length(url: &str) -> Result<(), Error> {
    if url.len() > MAX_URL_BYTES {
        return Err(Error::new(
            ErrorCode::UrlTooLong,
            format!("the URL is {} bytes long; CloudFront accepts {MAX_URL_BYTES}", url.len()),
        )
        .with_field("url")
        .with_hint("shorten the query string, or use signed cookies, which keep the policy out of the URL"));
    }
    Ok(())
}

fn split_scheme(url: &str) -> Result<(Scheme, &str), Error> {
    for scheme in [Scheme::Https, Scheme::Http] {
        let prefix_length = scheme.as_str().len();
        let (Some(prefix), Some(rest)) = (url.get(..prefix_length), url.get(prefix_length..)) else { continue };
        if prefix.eq_ignore_ascii_case(scheme.as_str())
            && let Some(rest) = rest.strip_prefix("://")
        {
            return Ok((scheme, rest));
        }
    }
    Err(invalid("the URL must start with https:// or http://")
        .with_hint("sign the whole URL on the distribution's own domain, not a path, an S3 URI or an RTMP stream"))
}

fn refuse_controls(url: &str) -> Result<(), Error> {
    if url.trim() != url {
        return Err(invalid("the URL begins or ends with white space").with_hint("trim it"));
    }
    if url.chars().any(char::is_control) {
        return Err(invalid("the URL has a control character, such as a tab or a line break")
            .with_hint("remove it, or percent-encode it if it is part of the name"));
    }
    Ok(())
}

fn canonical_host(scheme: Scheme, authority: &str) -> Result<String, Error> {
    if authority.contains('@') {
        return Err(invalid("the URL has a user name or password before the host").with_hint("remove it"));
    }
    let lower = authority.to_ascii_lowercase();
    let (name, port) = lower.split_once(':').map_or((lower.as_str(), None), |(name, port)| (name, Some(port)));
    let valid_name = !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| !label.is_empty() && label.bytes().all(is_host_byte));
    // Written as browsers write it, so no sign and no leading zero.
    let valid_port =
        port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port));
    if valid_name && valid_port {
        let is_default = port.is_some_and(|port| port == scheme.default_port());
        return Ok(if is_default { name.to_owned() } else { lower });
    }
    if !name.is_ascii() {
        return Err(
            invalid("the host has letters outside ASCII").with_hint("write the host in its xn-- form, as DNS has it")
        );
    }
    Err(invalid("the URL has no valid host name"))
}

const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn refuse_dot_segments(path: &str) -> Result<(), Error> {
    let is_dot = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    if path.split(['/', '\\']).any(is_dot) {
        return Err(Error::new(
            ErrorCode::DotSegment,
            "the path has a . or .. segment, which browsers and curl rewrite before they send it",
        )
        .with_field("url")
        .with_hint("resolve the segment before signing"));
    }
    Ok(())
}

/// True when a path has a `..` segment for an origin that decodes the path before it resolves it.
pub(crate) fn climbs(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    plain.split(['/', '\\']).any(|segment| segment == "..")
}

/// Where text stands, which decides what is encoded in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Path,
    Query,
    /// The query of a policy resource, where `?` is a wildcard.
    ResourceQuery,
}

/// Appends text with everything encoded that browsers would encode on the way out.
pub(crate) fn push_encoded(out: &mut String, text: &str, part: Part) {
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        match *byte {
            b'%' if percent_byte(rest).is_none() => push_percent(out, b'%'),
            b'\'' if part != Part::Path => push_percent(out, b'\''),
            b'?' if part == Part::Query => push_percent(out, b'?'),
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' => push_percent(out, *byte),
            0x21..=0x7e => out.push(char::from(*byte)),
            other => push_percent(out, other),
        }
        rest = tail;
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::InvalidUrl, message).with_field("url")
}
