//! Where a version's template comes from: an S3 URL, or a stack's ARN.

use serde_json::Value;

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::s3;

/// The largest template that CloudFormation reads from S3, in bytes.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub(crate) const MAX_BYTES: usize = 1_048_576;

/// A template's place in S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) bucket: String,
    pub(crate) key: String,
}

/// The URL of the template that a request names, if it names one.
pub(crate) fn url_of<'a>(operation: &str, input: Input<'a>) -> Option<&'a str> {
    let member = match operation {
        "CreateProduct" => "ProvisioningArtifactParameters",
        "CreateProvisioningArtifact" => "Parameters",
        _ => return None,
    };
    input.object(member)?.object("Info")?.text("LoadTemplateFromURL")
}

/// Reads the template that `Info` names: its URL and its text.
///
/// # Errors
/// `InvalidParametersException` when `Info` is not exactly one known key, or the object is
/// missing, too large or not text.
pub(crate) fn read(ctx: &Ctx<'_>, input: Input<'_>) -> Result<(String, String), ApiError> {
    let info = input.object("Info").ok_or_else(|| ApiError::invalid("Info must be given."))?;
    let mut entries = info.0.iter();
    let (key, url) = match (entries.next(), entries.next()) {
        (Some((key, Value::String(url))), None) => (key.as_str(), url.as_str()),
        _ => {
            return Err(ApiError::invalid(
                "Info must have exactly one of LoadTemplateFromURL and ImportFromPhysicalId.",
            ));
        }
    };
    match key {
        "LoadTemplateFromURL" => {}
        "ImportFromPhysicalId" => {
            return Err(ApiError::unsupported(
                "The rehearsal catalog does not import from stacks: give LoadTemplateFromURL instead of ImportFromPhysicalId.",
            ));
        }
        other => return Err(ApiError::invalid(format!("Info has an unknown key {other}; use LoadTemplateFromURL."))),
    }
    let location = locate(url)?;
    let text = match &ctx.fetched {
        Some(fetched) => fetched.clone()?,
        None => {
            let object = s3::store::get(ctx.tx, &location.bucket, &location.key)?;
            as_text(url, object.map(|o| o.bytes))?
        }
    };
    Ok((url.to_owned(), text))
}

/// The text of a fetched object.
pub(crate) fn as_text(url: &str, bytes: Option<Vec<u8>>) -> Result<String, ApiError> {
    let bytes = bytes.ok_or_else(|| {
        ApiError::invalid(format!("Invalid URL {url}: S3 error: the object does not exist or access to it is denied."))
    })?;
    if bytes.len() > MAX_BYTES {
        return Err(ApiError::invalid(format!(
            "Invalid templateBody. The template has {} bytes and may have {MAX_BYTES}.",
            bytes.len()
        )));
    }
    String::from_utf8(bytes).map_err(|_| ApiError::invalid("Invalid templateBody. The template is not UTF-8 text."))
}

/// The bucket and key of an S3 URL: virtual-hosted or path style at AWS, or at an endpoint
/// on this machine.
pub(crate) fn locate(url: &str) -> Result<Location, ApiError> {
    let invalid = || ApiError::invalid(format!("Invalid URL {url}: it must be the URL of an object in Amazon S3."));
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).ok_or_else(invalid)?;
    let (authority, path) = rest.split_once('/').ok_or_else(invalid)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8().map_err(|_| invalid())?;
    let host = s3::host_name(authority);
    let (bucket, key) = match s3::bucket_of_host(&host) {
        s3::Host::Virtual(bucket) => (bucket, path.into_owned()),
        s3::Host::Path => {
            let (bucket, key) = path.split_once('/').ok_or_else(invalid)?;
            (bucket.to_owned(), key.to_owned())
        }
        s3::Host::Other => return Err(invalid()),
    };
    if bucket.is_empty() || key.is_empty() {
        return Err(invalid());
    }
    Ok(Location { bucket, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_of_s3_url_names_its_bucket_and_key() {
        for url in [
            "https://my-bucket.s3.eu-west-1.amazonaws.com/a/b.yaml",
            "https://my-bucket.s3.amazonaws.com/a/b.yaml",
            "https://my-bucket.s3-eu-west-1.amazonaws.com/a/b.yaml",
            "https://s3.eu-west-1.amazonaws.com/my-bucket/a/b.yaml",
            "https://s3-us-west-1.amazonaws.com/my-bucket/a/b.yaml",
            "https://s3.amazonaws.com/my-bucket/a/b.yaml?versionId=1",
            "https://s3.cn-north-1.amazonaws.com.cn/my-bucket/a/b.yaml",
            "http://127.0.0.1:4566/my-bucket/a/b.yaml",
            "http://localhost:4566/my-bucket/a/b.yaml",
            "http://my-bucket.localhost:4566/a/b.yaml",
            "http://my-bucket.s3.localhost:4566/a%2Fb.yaml",
        ] {
            let got = locate(url).unwrap();
            assert_eq!((got.bucket.as_str(), got.key.as_str()), ("my-bucket", "a/b.yaml"), "{url}");
        }
    }

    #[test]
    fn other_urls_are_refused() {
        for url in [
            "ftp://s3.amazonaws.com/b/k",
            "https://example.com/b/k",
            "https://s3.amazonaws.com/b",
            "https://evil-amazonaws.com/b/k",
            "template.yaml",
        ] {
            assert_eq!(locate(url).unwrap_err().code, "InvalidParametersException", "{url}");
        }
    }
}
