//! The signing parameters of a query string: refusing, finding and stripping them.

use crate::encoding::percent_decode;
use crate::error::{Error, ErrorCode};

/// The query parameters that CloudFront keeps for itself. The names are case-sensitive.
///
/// Source: *Use signed URLs* and *Creating a signed URL using a custom policy*, CloudFront Developer Guide.
pub const RESERVED_PARAMETERS: [&str; 5] = ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"];

/// True when a raw query-parameter name is one that CloudFront keeps for itself, also when it is percent-encoded.
///
/// ```
/// use edgeseal_core::url::is_reserved_parameter;
/// assert!(is_reserved_parameter("Expires"));
/// assert!(is_reserved_parameter("%45xpires"));
/// assert!(!is_reserved_parameter("expires"));
/// ```
#[must_use]
pub fn is_reserved_parameter(name: &str) -> bool {
    reserved_index(name).is_some()
}

fn reserved_index(name: &str) -> Option<usize> {
    if name.len() < 6 || name.len() > 3 * "Hash-Algorithm".len() {
        return None;
    }
    let find = |plain: &[u8]| RESERVED_PARAMETERS.iter().position(|reserved| reserved.as_bytes() == plain);
    if name.contains('%') { find(&percent_decode(name)) } else { find(name.as_bytes()) }
}

pub(super) fn refuse_reserved(query: &str) -> Result<(), Error> {
    for component in query.split('&') {
        let name = component.split_once('=').map_or(component, |(name, _)| name);
        if let Some(reserved) = reserved_index(name).and_then(|index| RESERVED_PARAMETERS.get(index)) {
            return Err(Error::new(
                ErrorCode::ReservedParameter,
                format!("the URL already has the query parameter {reserved}, which CloudFront keeps for itself"),
            )
            .with_field("url")
            .with_hint("rename the parameter, or sign the URL without its old signature"));
        }
    }
    Ok(())
}

/// The signing parameters of one query string, raw (still percent-encoded).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SigningParameters<'a> {
    values: [Option<&'a str>; 5],
    /// A reserved name stood in the query more than once.
    pub duplicate: bool,
}

impl<'a> SigningParameters<'a> {
    /// `Expires`
    #[must_use]
    pub const fn expires(&self) -> Option<&'a str> {
        self.values[0]
    }

    /// `Policy`
    #[must_use]
    pub const fn policy(&self) -> Option<&'a str> {
        self.values[1]
    }

    /// `Signature`
    #[must_use]
    pub const fn signature(&self) -> Option<&'a str> {
        self.values[2]
    }

    /// `Key-Pair-Id`
    #[must_use]
    pub const fn key_pair_id(&self) -> Option<&'a str> {
        self.values[3]
    }

    /// `Hash-Algorithm`
    #[must_use]
    pub const fn hash_algorithm(&self) -> Option<&'a str> {
        self.values[4]
    }

    /// True when the query has any of the reserved names: CloudFront then looks at the URL and never at cookies.
    ///
    /// Source: *Decide to use signed URLs or signed cookies*, CloudFront Developer Guide.
    #[must_use]
    pub fn any(&self) -> bool {
        self.values.iter().any(Option::is_some)
    }
}

/// Splits a raw query string (without its `?`) into the signing parameters and what remains.
///
/// What remains is byte for byte what stood there, empty components included.
///
/// ```
/// use edgeseal_core::url::split_signing_parameters;
/// let (signing, rest) = split_signing_parameters("color=blue&&Signature=sig&");
/// assert_eq!(signing.signature(), Some("sig"));
/// assert_eq!(rest, "color=blue&&");
/// ```
#[must_use]
pub fn split_signing_parameters(query: &str) -> (SigningParameters<'_>, String) {
    let mut found = SigningParameters::default();
    let mut rest = String::with_capacity(query.len());
    let mut first = true;
    for component in query.split('&') {
        let (name, value) = component.split_once('=').unwrap_or((component, ""));
        if let Some(slot) = reserved_index(name).and_then(|index| found.values.get_mut(index)) {
            found.duplicate |= slot.is_some();
            *slot = Some(value);
            continue;
        }
        if !first {
            rest.push('&');
        }
        rest.push_str(component);
        first = false;
    }
    (found, rest)
}
