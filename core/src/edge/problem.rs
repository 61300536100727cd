//! What is wrong, or doubtful, about a rule file: where, why, and what to do.

use crate::error::{Error, ErrorCode};
use core::fmt;

/// A place in the text of a rule file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, and something is likely open or broken.
    Warning,
    /// Worth a look.
    Notice,
}

impl Severity {
    /// `error`, `warning` or `notice`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

macro_rules! findings {
    ($($variant:ident, $code:literal, $severity:ident, $fix:literal;)*) => {
        /// The kind of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FindingCode {
            $(#[doc = concat!("`", $code, "`; [`fix`](Self::fix) says what to do.")] $variant,)*
        }

        impl FindingCode {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What to do about it.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }
        }
    };
}

findings! {
    InvalidFile, "invalid-file", Error,
        "Correct the text at this place; the schema lists every field.";
    UnsupportedVersion, "unsupported-version", Error,
        "Write version: 1.";
    InvalidName, "invalid-name", Error,
        "Use 1 to 64 letters, digits, dots, underscores or hyphens.";
    DuplicateName, "duplicate-name", Error,
        "Give each rule a name of its own.";
    InvalidPath, "invalid-path", Error,
        "Start with /, write characters as themselves instead of as %XX, and leave out //, \\, . and .. segments.";
    InvalidHost, "invalid-host", Error,
        "Write a host name, or *. and a host name, without scheme, port or path.";
    InvalidMethods, "invalid-methods", Error,
        "List each method once, and at least one.";
    InvalidKeyPairId, "invalid-key-pair-id", Error,
        "Use the id that CloudFront shows for the public key.";
    InvalidLifetime, "invalid-lifetime", Error,
        "Write a duration of at least one second.";
    InvalidSize, "invalid-size", Error,
        "Write a size from 1 byte to 5 GiB, the most that one S3 PUT takes.";
    InvalidContentType, "invalid-content-type", Error,
        "Write a media type such as image/png, image/* or */*, without parameters.";
    InvalidExtension, "invalid-extension", Error,
        "Write letters, digits, hyphens and inner dots, such as png or tar.gz.";
    InvalidQueryName, "invalid-query-name", Error,
        "Write the decoded name of the parameter, once; signing parameters and es- names are not listed.";
    InvalidStripPrefix, "invalid-strip-prefix", Error,
        "Start with /, do not end with /, and begin the rule's path with the same prefix and a slash.";
    InvalidOrigin, "invalid-origin", Error,
        "Write an origin such as https://app.example.com, without a path, or https://*.example.com.";
    InvalidHeader, "invalid-header", Error,
        "Use a header name that Lambda@Edge lets a function set, and a value in printable ASCII.";
    AnyOriginWithCredentials, "any-origin-with-credentials", Error,
        "List the origins, or leave credentials out: browsers refuse the two together.";
    LimitWithoutCredential, "limit-without-credential", Error,
        "Set require to signed-url, signed-cookie or either, or take the limit out.";
    UploadWithoutMethod, "upload-without-method", Error,
        "Add PUT, POST or PATCH to the methods, or take the upload section out.";
    WhenUnseenInStandalone, "when-unseen-in-standalone", Error,
        "Take whenUnseen out: a standalone edge sees every credential.";
    NoKeys, "no-keys", Error,
        "Give the public keys to trust; without one every signed request is refused.";
    UnknownKeyPairId, "unknown-key-pair-id", Error,
        "Add the public key with this id, or correct the id.";
    UnreachableRule, "unreachable-rule", Warning,
        "Move the rule up, narrow the rule before it, or delete it.";
    NoRules, "no-rules", Warning,
        "Add a rule: everything is refused.";
    OpensEverything, "opens-everything", Warning,
        "Require a credential, or narrow the path.";
    UnsignedUpload, "unsigned-upload", Warning,
        "Require a signed URL for uploads; now everybody can write here.";
    UploadWithoutCap, "upload-without-cap", Warning,
        "Set upload.maxBytes, or have the signed URL carry one with requireConstraints: [maxBytes].";
    UnlimitedLifetime, "unlimited-lifetime", Warning,
        "Set maxLifetime to the longest time that your application signs for.";
    ReadsAndWrites, "reads-and-writes", Warning,
        "Split reading and writing into two paths, or set upload.requireConstraints: [method].";
    MethodWithoutRule, "method-without-rule", Notice,
        "Add the method to the rule, or another rule for it.";
    DeleteAllowed, "delete-allowed", Warning,
        "Leave DELETE out: a signed URL cannot say which method it is for, so every URL of this path would delete.";
    InsecureScheme, "insecure-scheme", Warning,
        "Serve HTTPS only and leave scheme out: over HTTP anybody on the way can read and reuse a signed URL.";
    WhenUnseenAllows, "when-unseen-allows", Notice,
        "Find out whether your distribution shows signing parameters to viewer-request functions; if it does, take this out.";
    AnyQueryAllowed, "any-query-allowed", Notice,
        "List the parameters: S3 reads some, such as acl and versionId, as another operation.";
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One thing that is wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind, with its severity and its fix.
    pub code: FindingCode,
    /// The field, such as `rules[2].upload.maxBytes`; empty for the whole file.
    pub field: String,
    /// Where the field stands, when the text is known.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
}

impl Finding {
    pub(super) fn new(code: FindingCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, field: field.into(), place: None, message: message.into() }
    }

    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// What to do about it.
    #[must_use]
    pub const fn fix(&self) -> &'static str {
        self.code.fix()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{} {}", self.severity().as_str(), self.code)?;
        if !self.field.is_empty() {
            write!(f, " at {}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Why a rule file cannot be used: at least one finding, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    findings: Vec<Finding>,
}

impl RuleError {
    pub(super) fn one(finding: Finding) -> Self {
        Self { findings: vec![finding] }
    }

    /// `Ok` when there is nothing to complain about.
    pub(super) fn unless_empty(findings: Vec<Finding>) -> Result<(), Self> {
        if findings.is_empty() { Ok(()) } else { Err(Self { findings }) }
    }

    /// Every finding.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleError {}

impl From<RuleError> for Error {
    fn from(error: RuleError) -> Self {
        let hint = error.findings.first().map_or("", Finding::fix);
        Self::new(ErrorCode::InvalidRules, error.to_string()).with_field("policy").with_hint(hint)
    }
}
