//! What guards an upload's bytes: `aws-chunked` framing, MD5 and checksums.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::error::ApiError;

/// An upload's bytes and the checksums that were verified, as response headers.
pub(crate) struct Upload {
    pub(crate) bytes: Vec<u8>,
    pub(crate) checksums: BTreeMap<String, String>,
}

/// Takes the framing off an upload and verifies every checksum it carries.
///
/// # Errors
/// `BadDigest` for bytes that differ from a checksum, `InvalidRequest` for a malformed
/// frame, `NotImplemented` for an algorithm other than SHA-256, CRC32 and MD5.
pub(crate) fn open(headers: &HeaderMap, body: &[u8]) -> Result<Upload, ApiError> {
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        if let (Some(_), Ok(value)) = (name.as_str().strip_prefix("x-amz-checksum-"), value.to_str()) {
            given.insert(name.as_str().to_owned(), value.to_owned());
        }
    }
    let chunked =
        headers.get("x-amz-content-sha256").and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("STREAMING-"));
    let bytes = if chunked { unframe(body, &mut given)? } else { body.to_vec() };
    if let Some(md5) = headers.get("content-md5").and_then(|v| v.to_str().ok())
        && md5 != STANDARD.encode(Md5::digest(&bytes))
    {
        return Err(ApiError::new(400, "BadDigest", "The Content-MD5 you specified did not match what we received."));
    }
    let plain = headers.get("x-amz-content-sha256").and_then(|v| v.to_str().ok());
    if let Some(hash) = plain.filter(|h| h.len() == 64)
        && hash != hex(&Sha256::digest(&bytes))
    {
        return Err(ApiError::new(
            400,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ));
    }
    given.remove("x-amz-checksum-algorithm");
    given.remove("x-amz-checksum-type");
    for (name, value) in &given {
        let computed = match name.as_str() {
            "x-amz-checksum-sha256" => STANDARD.encode(Sha256::digest(&bytes)),
            "x-amz-checksum-crc32" => STANDARD.encode(crc32fast::hash(&bytes).to_be_bytes()),
            other => {
                return Err(ApiError::new(
                    501,
                    "NotImplemented",
                    format!("The built-in store verifies x-amz-checksum-sha256 and x-amz-checksum-crc32, not {other}."),
                ));
            }
        };
        if *value != computed {
            let algorithm = name.rsplit('-').next().unwrap_or_default().to_uppercase();
            return Err(ApiError::new(
                400,
                "BadDigest",
                format!("The {algorithm} you specified did not match the calculated checksum."),
            ));
        }
    }
    Ok(Upload { bytes, checksums: given })
}

/// Reads `aws-chunked` frames: `SIZE[;ext]\r\n DATA \r\n ... 0\r\n trailers`.
fn unframe(mut rest: &[u8], checksums: &mut BTreeMap<String, String>) -> Result<Vec<u8>, ApiError> {
    let bad = || ApiError::new(400, "InvalidRequest", "The aws-chunked body is malformed.");
    let mut bytes = Vec::new();
    loop {
        let head = line(&mut rest).ok_or_else(bad)?;
        let size = head.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).map_err(|_| bad())?;
        if size == 0 {
            break;
        }
        bytes.extend_from_slice(rest.get(..size).ok_or_else(bad)?);
        rest = rest.get(size..).and_then(|r| r.strip_prefix(b"\r\n")).ok_or_else(bad)?;
    }
    while let Some(trailer) = line(&mut rest).filter(|t| !t.is_empty()) {
        let (name, value) = trailer.split_once(':').ok_or_else(bad)?;
        let name = name.trim().to_lowercase();
        if name.starts_with("x-amz-checksum-") {
            checksums.insert(name, value.trim().to_owned());
        }
    }
    Ok(bytes)
}

fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = rest.windows(2).position(|w| w == b"\r\n")?;
    let (head, tail) = (rest.get(..end)?, rest.get(end + 2..)?);
    *rest = tail;
    std::str::from_utf8(head).ok()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The entity tag of a single-part object.
pub(crate) fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex(&Md5::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (axum::http::HeaderName::from_static(k), v.parse().unwrap())).collect()
    }

    #[test]
    fn right_checksums_are_kept_and_wrong_ones_refused() {
        let sha = STANDARD.encode(Sha256::digest(b"hello"));
        let good =
            open(&headers(&[("x-amz-checksum-sha256", &sha), ("x-amz-checksum-crc32", "NhCmhg==")]), b"hello").unwrap();
        assert_eq!(good.checksums.len(), 2);
        for (name, value, code) in [
            ("x-amz-checksum-sha256", "AAAA", "BadDigest"),
            ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"),
            ("x-amz-checksum-crc64nvme", "AAAA", "NotImplemented"),
            ("content-md5", "AAAA", "BadDigest"),
        ] {
            assert_eq!(open(&headers(&[(name, value)]), b"hello").err().unwrap().code, code, "{name}");
        }
    }

    #[test]
    fn a_chunked_body_is_unframed_and_its_trailer_verified() {
        let streaming = headers(&[("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")]);
        let body = b"3\r\nhel\r\n2;chunk-signature=00\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
        assert_eq!(open(&streaming, body).unwrap().bytes, b"hello");
        let wrong = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        assert_eq!(open(&streaming, wrong).err().unwrap().code, "BadDigest");
        assert_eq!(open(&streaming, b"zz\r\n").err().unwrap().code, "InvalidRequest");
    }
}
