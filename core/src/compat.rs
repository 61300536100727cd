//! The exact bytes of `@aws-sdk/cloudfront-signer`, for programs that move over without changing a link.
//!
//! Differences are deliberate and only where that package makes links that cannot work: reserved query
//! parameters, impossible IP addresses and RTMP are refused here with a typed error.

use crate::encoding::to_cloudfront_base64;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::policy::Ipv4Range;
use crate::time::EpochSeconds;
use crate::url::{encode_like_aws_sdk_js, is_reserved_parameter};

/// What `getSignedUrl` and `getSignedCookies` take besides the key.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompatInput<'a> {
    /// The URL; may be left out when a policy names it.
    pub url: Option<&'a str>,
    /// A policy text, signed as it stands and not checked.
    pub policy: Option<&'a str>,
    /// The expiry, when there is no policy text.
    pub expires: Option<EpochSeconds>,
    /// The start of validity.
    pub not_before: Option<EpochSeconds>,
    /// One IPv4 address or range.
    pub ip: Option<&'a str>,
}

/// A policy text that waits for its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompatPrepared {
    message: String,
    expires: Option<EpochSeconds>,
}

impl CompatPrepared {
    /// The bytes to sign.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    /// The expiry, when the policy is canned.
    #[must_use]
    pub const fn expires(&self) -> Option<EpochSeconds> {
        self.expires
    }

    /// The policy in CloudFront's base64, when it is custom.
    #[must_use]
    pub fn policy(&self) -> Option<String> {
        self.expires.is_none().then(|| to_cloudfront_base64(self.message.as_bytes()))
    }

    fn new(input: &CompatInput<'_>, resource: Option<&str>) -> Result<Self, Error> {
        if let Some(policy) = input.policy {
            return Ok(Self { message: policy.to_owned(), expires: None });
        }
        let (Some(resource), Some(expires)) = (resource, input.expires) else {
            return Err(argument("give a url and dateLessThan, or a policy", "dateLessThan"));
        };
        let mut message = format!(
            "{{\"Statement\":[{{\"Resource\":{},\"Condition\":{{\"DateLessThan\":{{\"AWS:EpochTime\":{expires}}}",
            json_string(resource)
        );
        let not_before = input.not_before.filter(|start| *start != 0);
        if let Some(start) = not_before {
            message.push_str(&format!(",\"DateGreaterThan\":{{\"AWS:EpochTime\":{start}}}"));
        }
        let ip = input.ip.filter(|ip| !ip.is_empty()).map(cidr).transpose()?;
        if let Some(ip) = &ip {
            message.push_str(&format!(",\"IpAddress\":{{\"AWS:SourceIp\":\"{ip}\"}}"));
        }
        message.push_str("}}]}");
        let canned = not_before.is_none() && ip.is_none();
        Ok(Self { message, expires: canned.then_some(expires) })
    }
}

/// Prepares what `getSignedCookies` signs. The URL is signed as it stands, as that function does.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`], [`ErrorCode::InvalidUrl`] or [`ErrorCode::InvalidIp`].
pub fn prepare_cookies(input: &CompatInput<'_>) -> Result<CompatPrepared, Error> {
    if let (Some(url), None) = (input.url, input.policy) {
        check_scheme(url)?;
    }
    CompatPrepared::new(input, input.url)
}

/// Prepares what `getSignedUrl` signs, and the URL that will carry it.
///
/// # Errors
/// As [`prepare_cookies`], and [`ErrorCode::ReservedParameter`].
///
/// ```
/// use edgeseal_core::compat::{CompatInput, prepare_url};
/// let input = CompatInput { url: Some("https://h.example/a b"), expires: Some(1_767_290_400), ..CompatInput::default() };
/// let (url, prepared) = prepare_url(&input).unwrap();
/// assert_eq!(url, "https://h.example/a%20b");
/// assert_eq!(prepared.expires(), Some(1_767_290_400));
/// ```
pub fn prepare_url(input: &CompatInput<'_>) -> Result<(String, CompatPrepared), Error> {
    let url = match (input.url.filter(|url| !url.is_empty()), input.policy) {
        (Some(url), _) => encode_like_aws_sdk_js(url),
        (None, Some(policy)) => first_resource(policy)?.replacen("*://", "https://", 1),
        (None, None) => return Err(argument("give a url or a policy", "url")),
    };
    check_scheme(&url)?;
    refuse_reserved(&url)?;
    let prepared = CompatPrepared::new(input, Some(&url))?;
    Ok((url, prepared))
}

/// Writes the signing parameters in that package's order and encoding.
#[must_use]
pub fn finish_url(url: &str, prepared: &CompatPrepared, signature: &[u8], key_pair_id: &str, sha256: bool) -> String {
    let mut out = String::with_capacity(url.len() + prepared.message.len() * 4 / 3 + 512);
    out.push_str(url);
    out.push(if url.contains('?') { '&' } else { '?' });
    match (prepared.expires, prepared.policy()) {
        (Some(expires), _) => out.push_str(&format!("Expires={expires}")),
        (None, policy) => {
            out.push_str("Policy=");
            out.push_str(&policy.unwrap_or_default());
        }
    }
    out.push_str("&Key-Pair-Id=");
    push_extended_uri_component(&mut out, key_pair_id);
    out.push_str("&Signature=");
    out.push_str(&to_cloudfront_base64(signature));
    if sha256 {
        out.push_str("&Hash-Algorithm=SHA256");
    }
    out
}

/// `encodeURIComponent`, and `!'()*` as well.
fn push_extended_uri_component(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            crate::encoding::push_percent(out, byte);
        }
    }
}

fn check_scheme(url: &str) -> Result<(), Error> {
    let scheme = url.find("//").and_then(|end| url.get(..end)).unwrap_or_default();
    match scheme {
        "http:" | "https:" | "ws:" | "wss:" => Ok(()),
        "rtmp:" => Err(Error::new(ErrorCode::InvalidUrl, "RTMP distributions ended on 31 December 2020")
            .with_field("url")
            .with_hint("serve the file over https")),
        _ => Err(Error::new(ErrorCode::InvalidUrl, "the URL must start with https:// or http://").with_field("url")),
    }
}

fn refuse_reserved(url: &str) -> Result<(), Error> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut names = query.split('&').map(|component| component.split_once('=').map_or(component, |(name, _)| name));
    if names.any(is_reserved_parameter) {
        return Err(Error::new(
            ErrorCode::ReservedParameter,
            "the URL already has a query parameter that CloudFront keeps for itself",
        )
        .with_field("url")
        .with_hint("sign the URL without its old signature"));
    }
    Ok(())
}

fn first_resource(policy: &str) -> Result<String, Error> {
    let error = || argument("no url was given and the policy names no resource", "policy");
    let document: serde_json::Value = serde_json::from_str(policy).map_err(|_| error())?;
    let statements = document.get("Statement").and_then(serde_json::Value::as_array).ok_or_else(error)?;
    if statements.iter().any(serde_json::Value::is_null) {
        return Err(error());
    }
    let resource = statements.first().and_then(|first| first.get("Resource")).and_then(serde_json::Value::as_str);
    resource.filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(error)
}

fn cidr(text: &str) -> Result<String, Error> {
    Ipv4Range::parse(text)?;
    Ok(if text.contains('/') { text.to_owned() } else { format!("{text}/32") })
}

fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    json::push_string(&mut out, text);
    out
}

fn argument(message: &str, field: &'static str) -> Error {
    Error::new(ErrorCode::InvalidArgument, message).with_field(field)
}
