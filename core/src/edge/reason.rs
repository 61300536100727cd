//! Why the edge refuses: the verifier's reasons and its own, each with an HTTP status.

use crate::reason::Reason;
use core::fmt;

macro_rules! reasons {
    ($($variant:ident, $code:literal, $status:literal, $sentence:literal;)*) => {
        /// Why a request was refused at the edge.
        ///
        /// ```
        /// use edgeseal_core::{Reason, edge::EdgeReason};
        /// assert_eq!((EdgeReason::TooLarge.code(), EdgeReason::TooLarge.status()), ("too-large", 413));
        /// assert_eq!(EdgeReason::Verify(Reason::Expired).code(), "expired");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EdgeReason {
            /// The credential was refused.
            Verify(Reason),
            $(#[doc = $sentence] $variant,)*
        }

        impl EdgeReason {
            /// Every reason of the edge's own; those of [`Reason::ALL`] come on top.
            pub const OWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code, for logs and programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    Self::Verify(reason) => reason.code(),
                    $(Self::$variant => $code,)*
                }
            }

            /// The HTTP status of the refusal.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self {
                    Self::Verify(_) => 403,
                    $(Self::$variant => $status,)*
                }
            }

            /// One sentence for the log. It names no secret and no value of the request.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    Self::Verify(reason) => reason.sentence(),
                    $(Self::$variant => $sentence,)*
                }
            }
        }
    };
}

reasons! {
    UriTooLong, "uri-too-long", 414,
        "Path and query are longer than CloudFront accepts.";
    DuplicateHeader, "duplicate-header", 400,
        "A header that may appear once appears several times.";
    AmbiguousLength, "ambiguous-length", 400,
        "The request announces the length of its body in two ways.";
    MalformedLength, "malformed-length", 400,
        "Content-Length is not a number.";
    MalformedPath, "malformed-path", 400,
        "The path has a dot segment, an empty segment, an encoded slash, a backslash, a control character or a broken escape.";
    MalformedQuery, "malformed-query", 400,
        "The query has a control character, a broken escape or the encoded name of a signing parameter.";
    NoRule, "no-rule", 403,
        "No rule fits this host and path.";
    MethodNotAllowed, "method-not-allowed", 405,
        "Rules fit this path, but none of them allows the method.";
    CorsNotAllowed, "cors-not-allowed", 403,
        "The rule does not allow requests from other origins.";
    CorsOriginNotAllowed, "cors-origin-not-allowed", 403,
        "The rule does not allow requests from this origin.";
    CorsHeaderNotAllowed, "cors-header-not-allowed", 403,
        "The page wants to send a header that the rule does not allow.";
    WrongCredential, "wrong-credential", 403,
        "The rule wants the other kind of credential: a signed URL or signed cookies.";
    CredentialNotVisible, "credential-not-visible", 403,
        "The rule needs to see the credential, and CloudFront does not show it.";
    KeyNotAllowed, "key-not-allowed", 403,
        "The rule does not accept this key-pair id.";
    LifetimeTooLong, "lifetime-too-long", 403,
        "The credential is valid for longer than the rule accepts.";
    IpBindingMissing, "ip-binding-missing", 403,
        "The rule wants a policy that names the viewer's address.";
    DuplicateQueryParameter, "duplicate-query-parameter", 400,
        "A query parameter appears more than once.";
    QueryNotAllowed, "query-not-allowed", 403,
        "The rule does not allow this query parameter.";
    MalformedConstraint, "malformed-constraint", 400,
        "An upload constraint is unknown, repeated or malformed.";
    ConstraintNotSigned, "constraint-not-signed", 403,
        "The upload constraints are not covered by the signature.";
    ConstraintMissing, "constraint-missing", 403,
        "The rule wants the signed URL to carry an upload constraint that it lacks.";
    MethodMismatch, "method-mismatch", 405,
        "The URL was signed for another method.";
    BodyNotAllowed, "body-not-allowed", 400,
        "The request has a body, which this method has no use for.";
    CopyNotAllowed, "copy-not-allowed", 403,
        "The upload would copy another object, past every limit on size and type.";
    LengthRequired, "length-required", 411,
        "The length of the body must be announced with Content-Length.";
    TooLarge, "too-large", 413,
        "The body is larger than allowed.";
    TypeNotAllowed, "type-not-allowed", 415,
        "The rule does not allow this Content-Type.";
    TypeMismatch, "type-mismatch", 415,
        "The URL was signed for another Content-Type.";
    ExtensionNotAllowed, "extension-not-allowed", 415,
        "The rule does not allow this file name extension.";
    ChecksumMissing, "checksum-missing", 400,
        "A checksum header that S3 verifies is missing.";
    ChecksumMismatch, "checksum-mismatch", 400,
        "The checksum header differs from the one that was signed.";
    EmptyKey, "empty-key", 403,
        "Nothing is left of the path once the prefix is taken off.";
}

impl From<Reason> for EdgeReason {
    fn from(reason: Reason) -> Self {
        Self::Verify(reason)
    }
}

impl fmt::Display for EdgeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
