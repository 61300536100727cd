//! The request to be judged.

use super::Denial;
use crate::encoding::{QUESTION_MARK, UNSAFE, forms};
use crate::error::{Error, ErrorCode};
use crate::reason::Reason;
use crate::url::Scheme;
use core::net::IpAddr;

/// A viewer request, as a server or an edge function sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewerRequest<'a> {
    /// The scheme. Lambda@Edge does not tell it; where it is unknown, canned policies are tried with both.
    pub scheme: Option<Scheme>,
    /// The `Host` header.
    pub host: &'a str,
    /// The raw path, percent-encoded as it came.
    pub path: &'a str,
    /// The raw query string, without `?`; empty when there is none.
    pub query: &'a str,
    /// The values of all `Cookie` headers.
    pub cookies: &'a [&'a str],
    /// The address of the TCP peer. Never take it from `X-Forwarded-For`, which anybody can write.
    pub client_ip: Option<IpAddr>,
}

impl<'a> ViewerRequest<'a> {
    /// The request that a client makes for a URL, without cookies and from an unknown address.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidUrl`].
    ///
    /// ```
    /// use edgeseal_core::verify::ViewerRequest;
    /// let request = ViewerRequest::for_url("https://d111.cloudfront.net/a.jpg?Expires=1").unwrap();
    /// assert_eq!((request.host, request.path, request.query), ("d111.cloudfront.net", "/a.jpg", "Expires=1"));
    /// ```
    pub fn for_url(url: &'a str) -> Result<Self, Error> {
        let parts = UrlParts::split(url)?;
        Ok(Self {
            scheme: Some(parts.scheme),
            host: parts.host,
            path: parts.path,
            query: parts.query,
            cookies: &[],
            client_ip: None,
        })
    }

    /// Refuses what is no request for a signed URL, whatever its credential says.
    ///
    /// A canned policy is rebuilt from host, path and query in a row, so a `Host: h/a?x=` with the path `/b` would
    /// otherwise pass for the URL `https://h/a?x=/b`, which somebody may have signed.
    pub(crate) fn check_form(&self) -> Result<(), Denial> {
        self.fault()
            .map_or(Ok(()), |fault| Err(Denial { reason: Reason::MalformedRequest, detail: Some(fault.to_owned()) }))
    }

    fn fault(&self) -> Option<&'static str> {
        let host_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:[]".contains(&byte);
        if self.host.is_empty() || !self.host.bytes().all(host_byte) {
            return Some("the host is not a host name");
        }
        if !self.path.starts_with('/') || forms(self.path) & (UNSAFE | QUESTION_MARK) != 0 {
            return Some("the path does not start with / or has a space, a control character, # or ?");
        }
        (forms(self.query) & UNSAFE != 0).then_some("the query string has a space, a control character or #")
    }
}

/// A URL taken apart as text, with nothing decoded.
pub(crate) struct UrlParts<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
}

impl<'a> UrlParts<'a> {
    pub(crate) fn split(url: &'a str) -> Result<Self, Error> {
        let invalid = || {
            Error::new(ErrorCode::InvalidUrl, "the URL must start with https:// or http:// and a host")
                .with_field("url")
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(invalid)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return Err(invalid()),
        };
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (host, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if host.is_empty() {
            return Err(invalid());
        }
        let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
        Ok(Self { scheme, host, path: if path.is_empty() { "/" } else { path }, query })
    }
}
