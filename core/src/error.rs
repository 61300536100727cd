//! The one error type of the crate, with a stable code for each cause.

use core::fmt;

/// What went wrong, as a code that never changes its meaning between releases.
///
/// Programs branch on the code; the message beside it is for people and may be reworded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The URL is not an absolute `http` or `https` URL that can be signed.
    InvalidUrl,
    /// The URL would exceed the 8,192 bytes that CloudFront accepts.
    UrlTooLong,
    /// The URL already has a query parameter that CloudFront or Edgeseal keeps for itself.
    ReservedParameter,
    /// The URL has a `#fragment`, which no client sends.
    FragmentInUrl,
    /// The path has a `.` or `..` segment, which clients rewrite before they send it.
    DotSegment,
    /// The key-pair id is empty or has characters that CloudFront never issues.
    InvalidKeyPairId,
    /// The key cannot be read.
    InvalidKey,
    /// The key can be read, but CloudFront does not accept its kind or size.
    UnsupportedKey,
    /// The private key is encrypted and no passphrase was given.
    PassphraseRequired,
    /// The passphrase does not open the private key.
    WrongPassphrase,
    /// The expiry or the start is not a usable time.
    InvalidTime,
    /// A time that looks like milliseconds was given where seconds are expected.
    TimeInMilliseconds,
    /// The start of validity is not before its end.
    InvalidWindow,
    /// The IP address is not an IPv4 address or one IPv4 range in CIDR form.
    InvalidIp,
    /// The policy resource is not one that CloudFront can match.
    InvalidResource,
    /// The policy resource does not cover the URL that is to carry it.
    ResourceMismatch,
    /// The policy text is not a CloudFront policy.
    InvalidPolicy,
    /// The hash algorithm is neither SHA1 nor SHA256.
    InvalidHash,
    /// A cookie attribute is not valid.
    InvalidCookieAttribute,
    /// An upload constraint is not valid, or cannot be bound to this URL.
    InvalidUploadConstraint,
    /// An edge rule file is not valid.
    InvalidRules,
    /// The private-key operation failed.
    SigningFailed,
    /// An argument has the wrong type or is missing.
    InvalidArgument,
}

impl ErrorCode {
    /// The code as text, for logs and for other languages.
    ///
    /// ```
    /// assert_eq!(edgeseal_core::ErrorCode::UrlTooLong.as_str(), "url-too-long");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidUrl => "invalid-url",
            Self::UrlTooLong => "url-too-long",
            Self::ReservedParameter => "reserved-parameter",
            Self::FragmentInUrl => "fragment-in-url",
            Self::DotSegment => "dot-segment",
            Self::InvalidKeyPairId => "invalid-key-pair-id",
            Self::InvalidKey => "invalid-key",
            Self::UnsupportedKey => "unsupported-key",
            Self::PassphraseRequired => "passphrase-required",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::InvalidTime => "invalid-time",
            Self::TimeInMilliseconds => "time-in-milliseconds",
            Self::InvalidWindow => "invalid-window",
            Self::InvalidIp => "invalid-ip",
            Self::InvalidResource => "invalid-resource",
            Self::ResourceMismatch => "resource-mismatch",
            Self::InvalidPolicy => "invalid-policy",
            Self::InvalidHash => "invalid-hash",
            Self::InvalidCookieAttribute => "invalid-cookie-attribute",
            Self::InvalidUploadConstraint => "invalid-upload-constraint",
            Self::InvalidRules => "invalid-rules",
            Self::SigningFailed => "signing-failed",
            Self::InvalidArgument => "invalid-argument",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call was refused: a stable code, the field at fault, a sentence, and what to do next.
///
/// No message ever holds key material, a passphrase or a signature.
///
/// ```
/// use edgeseal_core::{ErrorCode, url};
/// let error = url::canonicalise("https://d111111abcdef8.cloudfront.net/a#top").unwrap_err();
/// assert_eq!(error.code(), ErrorCode::FragmentInUrl);
/// assert_eq!(error.field(), Some("url"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    code: ErrorCode,
    message: String,
    field: Option<&'static str>,
    hint: Option<&'static str>,
}

impl Error {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, hint: None }
    }

    /// The error of a private-key operation that failed outside the core. It carries no cause, which could hold a secret.
    #[must_use]
    pub fn signing_failed() -> Self {
        Self::new(ErrorCode::SigningFailed, "the private-key operation failed")
    }

    pub(crate) fn with_field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence that says what was wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The argument or field at fault, where there is one.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// What to do next, where there is something to say.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        self.hint
    }
}
