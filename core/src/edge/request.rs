//! The request as the edge sees it, and the few of its headers that matter.

use super::EdgeReason;
use core::net::IpAddr;

/// A viewer request. Everything is as it came: nothing decoded, nothing normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The `Host` header.
    pub host: &'a str,
    /// The raw path.
    pub uri: &'a str,
    /// The raw query string without `?`; empty when there is none.
    pub querystring: &'a str,
    /// The address of the TCP peer. Never from `X-Forwarded-For`, which anybody can write.
    pub client_ip: Option<IpAddr>,
    /// The headers, in order, repeated ones repeated. Those of [`HEADERS`] are enough.
    pub headers: &'a [(&'a str, &'a str)],
}

/// The names of the headers that [`decide`](super::decide()) reads.
pub const HEADERS: [&str; 16] = [
    "cookie",
    "content-length",
    "transfer-encoding",
    "content-type",
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "x-amz-checksum-sha256",
    "x-amz-content-sha256",
    "x-amz-checksum-sha1",
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "content-md5",
    "x-amz-copy-source",
    "x-amz-copy-source-range",
];

/// Those headers by name; of each there is at most one, but for cookies.
#[derive(Debug, Default)]
pub(super) struct Headers<'a> {
    pub(super) cookies: Vec<&'a str>,
    values: [Option<&'a str>; HEADERS.len()],
}

const LENGTH: usize = 1;
const ENCODING: usize = 2;

impl<'a> Headers<'a> {
    /// Sorts the headers in one pass.
    pub(super) fn read(headers: &[(&'a str, &'a str)]) -> Result<Self, EdgeReason> {
        let mut found = Self::default();
        for (name, value) in headers {
            let Some(index) = HEADERS.iter().position(|known| known.eq_ignore_ascii_case(name)) else { continue };
            if index == 0 {
                found.cookies.push(value);
                continue;
            }
            let Some(slot) = found.values.get_mut(index) else { continue };
            if slot.replace(value).is_some() {
                let about_length = index == LENGTH || index == ENCODING;
                return Err(if about_length { EdgeReason::AmbiguousLength } else { EdgeReason::DuplicateHeader });
            }
        }
        if found.values[LENGTH].is_some() && found.is_chunked() {
            return Err(EdgeReason::AmbiguousLength);
        }
        Ok(found)
    }

    /// The announced length of the body.
    pub(super) fn content_length(&self) -> Result<Option<u64>, EdgeReason> {
        let Some(text) = self.values[LENGTH] else { return Ok(None) };
        let text = text.trim_matches([' ', '\t']);
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| plain).map(Some).ok_or(EdgeReason::MalformedLength)
    }

    /// True when there is a `Transfer-Encoding`, whatever it says: the length is then unknown.
    pub(super) const fn is_chunked(&self) -> bool {
        self.values[ENCODING].is_some()
    }

    pub(super) const fn content_type(&self) -> Option<&'a str> {
        self.values[3]
    }

    pub(super) const fn origin(&self) -> Option<&'a str> {
        self.values[4]
    }

    pub(super) const fn requested_method(&self) -> Option<&'a str> {
        self.values[5]
    }

    pub(super) const fn requested_headers(&self) -> Option<&'a str> {
        self.values[6]
    }

    /// `x-amz-checksum-sha256`, in base64.
    pub(super) const fn checksum_sha256(&self) -> Option<&'a str> {
        self.values[7]
    }

    /// `x-amz-content-sha256`, in hexadecimal or a word that stands for no hash.
    pub(super) const fn content_sha256(&self) -> Option<&'a str> {
        self.values[8]
    }

    /// The other checksums that S3 verifies.
    pub(super) fn has_other_checksum(&self) -> bool {
        self.values.iter().skip(9).take(5).flatten().any(|value| !value.trim().is_empty())
    }

    pub(super) const fn has_copy_source(&self) -> bool {
        self.values[14].is_some() || self.values[15].is_some()
    }
}
