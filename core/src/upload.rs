//! Upload constraints: what a CloudFront signature cannot say, carried in the signed query string.
//!
//! A CloudFront policy covers the URL, the time and the viewer's address, never the method, size or type
//! of a request. The signer writes these as query parameters of the exact signed resource, so that
//! changing or removing one breaks the signature; the edge handler enforces them.

use crate::encoding::{percent_decode, push_percent};
use crate::error::{Error, ErrorCode};

/// Every parameter that carries a constraint starts like this.
pub const PREFIX: &str = "es-";

/// The largest object that one S3 PUT can write, 5 GiB, in bytes.
///
/// Source: *Uploading objects*, Amazon S3 User Guide.
pub const MAX_PUT_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// What an upload through a signed URL must look like. An empty field says nothing.
///
/// ```
/// use edgeseal_core::upload::UploadConstraints;
/// let constraints = UploadConstraints { max_bytes: Some(1_000_000), content_type: Some("image/*".into()), ..UploadConstraints::put() };
/// assert_eq!(constraints.to_query().unwrap(), "es-method=PUT&es-max-bytes=1000000&es-content-type=image/%2A");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadConstraints {
    /// The only method allowed: `PUT` or `POST`.
    pub method: Option<String>,
    /// The largest body, in bytes.
    pub max_bytes: Option<u64>,
    /// The media type, such as `image/png`, `image/*` or `*/*`.
    pub content_type: Option<String>,
    /// The SHA-256 of the body, as 64 lower-case hexadecimal digits.
    pub sha256: Option<String>,
    /// The file name the application recorded; for logs and metadata, not enforced against the path.
    pub filename: Option<String>,
}

impl UploadConstraints {
    /// Constraints that say `PUT` and nothing else.
    #[must_use]
    pub fn put() -> Self {
        Self { method: Some("PUT".to_owned()), ..Self::default() }
    }

    /// The constraints as query components, in a fixed order.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidUploadConstraint`].
    pub fn to_query(&self) -> Result<String, Error> {
        self.check()?;
        let number = self.max_bytes.map(|bytes| bytes.to_string());
        let fields = [
            ("es-method", &self.method),
            ("es-max-bytes", &number),
            ("es-content-type", &self.content_type),
            ("es-sha256", &self.sha256),
            ("es-filename", &self.filename),
        ];
        let mut query = String::new();
        for (name, value) in fields {
            let Some(value) = value else { continue };
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            push_value(&mut query, value);
        }
        Ok(query)
    }

    /// Reads the constraints of a raw query string; other parameters are passed over.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidUploadConstraint`] when a constraint is unknown, repeated or malformed: what
    /// cannot be understood cannot be enforced.
    ///
    /// ```
    /// use edgeseal_core::upload::UploadConstraints;
    /// let found = UploadConstraints::from_query("a=1&es-max-bytes=10").unwrap();
    /// assert_eq!(found.max_bytes, Some(10));
    /// assert!(UploadConstraints::from_query("es-max-bytes=10&es-max-bytes=99").is_err());
    /// ```
    pub fn from_query(query: &str) -> Result<Self, Error> {
        let mut found = Self::default();
        for component in query.split('&') {
            let (name, value) = component.split_once('=').unwrap_or((component, ""));
            if !is_constraint_name(name) {
                continue;
            }
            let value = String::from_utf8(percent_decode(value)).map_err(|_| invalid("a constraint is not UTF-8"))?;
            let slot = match name {
                "es-method" => &mut found.method,
                "es-content-type" => &mut found.content_type,
                "es-sha256" => &mut found.sha256,
                "es-filename" => &mut found.filename,
                "es-max-bytes" => {
                    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                    let number =
                        value.parse().ok().filter(|_| plain).ok_or_else(|| invalid("es-max-bytes is not a number"))?;
                    if found.max_bytes.replace(number).is_some() {
                        return Err(invalid("es-max-bytes appears twice"));
                    }
                    continue;
                }
                _ => return Err(invalid("there is an es- parameter that is not known")),
            };
            if slot.replace(value).is_some() {
                return Err(invalid("a constraint appears twice"));
            }
        }
        found.check()?;
        Ok(found)
    }

    /// True when nothing is constrained.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn check(&self) -> Result<(), Error> {
        if self.method.as_deref().is_some_and(|method| !matches!(method, "PUT" | "POST")) {
            return Err(invalid("the method must be PUT or POST"));
        }
        if self.max_bytes.is_some_and(|bytes| bytes == 0 || bytes > MAX_PUT_BYTES) {
            return Err(invalid("maxBytes must be from 1 to 5368709120 (5 GiB, the most that one S3 PUT takes)"));
        }
        if self.content_type.as_deref().is_some_and(|media_type| !is_media_type(media_type)) {
            return Err(invalid(
                "contentType must be a media type such as image/png, or image/* or */*, without parameters",
            ));
        }
        if self.sha256.as_deref().is_some_and(|hash| !is_sha256(hash)) {
            return Err(invalid("sha256 must be 64 lower-case hexadecimal digits"));
        }
        if self
            .filename
            .as_deref()
            .is_some_and(|name| name.is_empty() || name.len() > 255 || name.chars().any(char::is_control))
        {
            return Err(invalid("filename must have 1 to 255 bytes and no control characters"));
        }
        Ok(())
    }
}

/// True when a raw query-parameter name is, or decodes to, one of ours.
#[must_use]
pub fn is_constraint_name(name: &str) -> bool {
    if name.contains('%') { percent_decode(name).starts_with(PREFIX.as_bytes()) } else { name.starts_with(PREFIX) }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| match (kind, subtype) {
        ("*", "*") => true,
        (kind, "*") => token(kind),
        (kind, subtype) => token(kind) && token(subtype),
    })
}

/// Encodes all that a query component cannot hold; `/` may stand. `*` may not: a policy would read it as a wildcard.
fn push_value(out: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            push_percent(out, byte);
        }
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::InvalidUploadConstraint, message).with_field("upload")
}
