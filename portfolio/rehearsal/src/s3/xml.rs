//! The few XML documents that the built-in store reads and writes.

use std::fmt::Write as _;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::error::ApiError;
use crate::s3::store::Entry;

const NS: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

/// Text made safe between tags.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An error document.
pub(crate) fn error(error: &ApiError, resource: &str, request_id: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message><Resource>{}</Resource><RequestId>{request_id}</RequestId></Error>",
        escape(&error.code),
        escape(&error.message),
        escape(resource)
    )
}

/// The answer of GetBucketLocation, empty for us-east-1.
pub(crate) fn location(region: &str) -> String {
    let region = if region == "us-east-1" { "" } else { region };
    format!("<LocationConstraint {NS}>{region}</LocationConstraint>")
}

/// The answer to a subresource that was never put.
pub(crate) fn unset(setting: &str) -> Result<String, ApiError> {
    let missing = |code: &str, what: &str| Err(ApiError::new(404, code, format!("The {what} does not exist")));
    match setting {
        "versioning" => Ok(format!("<VersioningConfiguration {NS}/>")),
        "logging" => Ok(format!("<BucketLoggingStatus {NS}/>")),
        "encryption" => {
            missing("ServerSideEncryptionConfigurationNotFoundError", "server side encryption configuration")
        }
        "publicAccessBlock" => missing("NoSuchPublicAccessBlockConfiguration", "public access block configuration"),
        "ownershipControls" => missing("OwnershipControlsNotFoundError", "bucket ownership controls"),
        "policy" => missing("NoSuchBucketPolicy", "bucket policy"),
        "lifecycle" => missing("NoSuchLifecycleConfiguration", "lifecycle configuration"),
        _ => missing("NoSuchTagSet", "TagSet"),
    }
}

/// The answer of ListObjectsV2.
pub(crate) fn listing(bucket: &str, prefix: &str, max: usize, entries: &[Entry], truncated: bool) -> String {
    let mut out = format!(
        "<ListBucketResult {NS}><Name>{}</Name><Prefix>{}</Prefix><KeyCount>{}</KeyCount><MaxKeys>{max}</MaxKeys><IsTruncated>{truncated}</IsTruncated>",
        escape(bucket),
        escape(prefix),
        entries.len()
    );
    if let (true, Some(last)) = (truncated, entries.last()) {
        let _ = write!(out, "<NextContinuationToken>{}</NextContinuationToken>", escape(&last.key));
    }
    for entry in entries {
        let _ = write!(
            out,
            "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
            escape(&entry.key),
            iso_date(entry.modified),
            escape(&entry.etag),
            entry.size
        );
    }
    out.push_str("</ListBucketResult>");
    out
}

/// A tag set as an XML document.
pub(crate) fn tagging(tags: &str) -> String {
    let mut out = format!("<Tagging {NS}><TagSet>");
    for (key, value) in form_urlencoded::parse(tags.as_bytes()) {
        let _ = write!(out, "<Tag><Key>{}</Key><Value>{}</Value></Tag>", escape(&key), escape(&value));
    }
    out.push_str("</TagSet></Tagging>");
    out
}

/// Reads a tag set document.
pub(crate) fn read_tagging(body: &[u8]) -> Result<String, ApiError> {
    let bad = || {
        ApiError::new(
            400,
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        )
    };
    let text = std::str::from_utf8(body).map_err(|_| bad())?;
    let document = roxmltree::Document::parse(text).map_err(|_| bad())?;
    let set = document.descendants().find(|n| n.tag_name().name() == "TagSet").ok_or_else(bad)?;
    let mut out = form_urlencoded::Serializer::new(String::new());
    for tag in set.children().filter(|n| n.tag_name().name() == "Tag") {
        let part = |name: &str| {
            let node = tag.children().find(|n| n.tag_name().name() == name)?;
            Some(node.text().unwrap_or_default())
        };
        out.append_pair(part("Key").ok_or_else(bad)?, part("Value").ok_or_else(bad)?);
    }
    Ok(out.finish())
}

/// A time of the clock as a date.
fn date(seconds: f64) -> OffsetDateTime {
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds of a present-day time fit")]
    OffsetDateTime::from_unix_timestamp(seconds as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A time as XML documents have it.
pub(crate) fn iso_date(seconds: f64) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
    date(seconds).format(form).unwrap_or_default()
}

/// A time as HTTP headers have it.
pub(crate) fn http_date(seconds: f64) -> String {
    let form =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    date(seconds).format(form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_http_and_xml_have_them() {
        for (seconds, iso, http) in [
            (0.0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400.0, "2000-02-29T00:00:00.000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_798_761_599.9, "2026-12-31T23:59:59.000Z", "Thu, 31 Dec 2026 23:59:59 GMT"),
        ] {
            assert_eq!((iso_date(seconds).as_str(), http_date(seconds).as_str()), (iso, http));
        }
    }

    #[test]
    fn a_tag_set_survives_being_written_and_read() {
        let tags = "a=1%262&servicecatalog%3Aprovisioning=true";
        assert_eq!(read_tagging(tagging(tags).as_bytes()).unwrap(), tags);
        assert!(read_tagging(b"<x/>").is_err());
    }
}
