//! The one error type of the crate. Its codes are those of the npm package.

use std::borrow::Cow;
use std::fmt;

/// What went wrong, as a code that never changes its meaning between releases.
///
/// The npm package `edgeseal` has the same codes, so that one table of causes and cures serves both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// An argument cannot be used as it is.
    InvalidArgument,
    /// The key of an object cannot be used.
    InvalidObjectKey,
    /// The integration role does not let this application in.
    RoleDenied,
    /// The permission to read the secret, or to decrypt it, is missing.
    SecretDenied,
    /// The secret does not exist, or not in this region.
    SecretNotFound,
    /// The secret holds no private key, or no key-pair id.
    SecretMalformed,
    /// A permission on the table is missing.
    TableDenied,
    /// The table does not exist, or not in this region.
    TableNotFound,
    /// The table has no index over owner and time.
    TableWithoutIndex,
    /// There is a record with this key.
    RecordExists,
    /// The owner has no pending record with this key.
    RecordNotPending,
    /// There is no such file for the one who asks.
    FileNotFound,
    /// There are no usable AWS credentials.
    AwsCredentials,
    /// The machine's clock is too far off for AWS.
    AwsClockSkew,
    /// AWS does not take the call; repeating it will not help.
    AwsRefused,
    /// AWS is down, slow, unreachable or throttles; the call can be repeated.
    AwsUnavailable,
    /// A cause that the core names, such as `invalid-key` or `invalid-url`.
    Core(edgeseal_core::ErrorCode),
}

impl ErrorCode {
    /// The code as text.
    ///
    /// ```
    /// assert_eq!(edgeseal_aws::ErrorCode::SecretDenied.as_str(), "secret-denied");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid-argument",
            Self::InvalidObjectKey => "invalid-object-key",
            Self::RoleDenied => "role-denied",
            Self::SecretDenied => "secret-denied",
            Self::SecretNotFound => "secret-not-found",
            Self::SecretMalformed => "secret-malformed",
            Self::TableDenied => "table-denied",
            Self::TableNotFound => "table-not-found",
            Self::TableWithoutIndex => "table-without-index",
            Self::RecordExists => "record-exists",
            Self::RecordNotPending => "record-not-pending",
            Self::FileNotFound => "file-not-found",
            Self::AwsCredentials => "aws-credentials",
            Self::AwsClockSkew => "aws-clock-skew",
            Self::AwsRefused => "aws-refused",
            Self::AwsUnavailable => "aws-unavailable",
            Self::Core(code) => code.as_str(),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call failed: a stable code, the field at fault, a sentence, and what to do next.
///
/// No message holds any of a key, a secret, or what AWS wrote into its own.
///
/// ```
/// use edgeseal_aws::{ErrorCode, check_object_key};
/// let error = check_object_key("../etc/passwd").unwrap_err();
/// assert_eq!(error.code(), ErrorCode::InvalidObjectKey);
/// assert_eq!(error.field(), Some("key"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    code: ErrorCode,
    message: String,
    field: Option<&'static str>,
    hint: Option<Cow<'static, str>>,
}

impl Error {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, hint: None }
    }

    pub(crate) fn argument(field: &'static str, why: impl fmt::Display) -> Self {
        Self::new(ErrorCode::InvalidArgument, format!("{field} {why}")).with_field(field)
    }

    pub(crate) const fn with_field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
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
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl From<edgeseal_core::Error> for Error {
    fn from(error: edgeseal_core::Error) -> Self {
        let code = match error.code() {
            edgeseal_core::ErrorCode::InvalidArgument => ErrorCode::InvalidArgument,
            code => ErrorCode::Core(code),
        };
        Self { code, message: error.message().to_owned(), field: error.field(), hint: error.hint().map(Cow::Borrowed) }
    }
}
