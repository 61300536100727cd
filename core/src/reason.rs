//! Why a request was refused: stable codes, sentences for people, and CloudFront's own error.

use core::fmt;

/// The error code and message that CloudFront itself would answer with.
///
/// Source: the CloudFront troubleshooting pages for signed URLs and signed cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloudFrontError {
    /// The `<Code>` of the XML body.
    pub code: &'static str,
    /// The `<Message>` of the XML body.
    pub message: &'static str,
}

const MISSING_KEY: CloudFrontError =
    CloudFrontError { code: "MissingKey", message: "Missing Key-Pair-Id query parameter or cookie value" };
const UNKNOWN_KEY: CloudFrontError = CloudFrontError { code: "InvalidKey", message: "Unknown Key" };
const MALFORMED_POLICY: CloudFrontError = CloudFrontError { code: "MalformedPolicy", message: "Malformed Policy" };
const ACCESS_DENIED: CloudFrontError = CloudFrontError { code: "AccessDenied", message: "Access denied" };

macro_rules! reasons {
    ($($variant:ident, $code:literal, $cloudfront:ident, $sentence:literal;)*) => {
        /// Why a signed URL or a signed cookie was refused.
        ///
        /// ```
        /// use edgeseal_core::Reason;
        /// assert_eq!(Reason::Expired.code(), "expired");
        /// assert_eq!(Reason::Expired.cloudfront_error().code, "AccessDenied");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $(#[doc = $sentence] $variant,)*
        }

        impl Reason {
            /// Every reason, in the order in which they are checked.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code, for logs and programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// One sentence for a person. It names no secret and no value of the request.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// What CloudFront answers for the same request.
            #[must_use]
            pub const fn cloudfront_error(self) -> CloudFrontError {
                match self { $(Self::$variant => $cloudfront,)* }
            }
        }
    };
}

reasons! {
    MalformedRequest, "malformed-request", ACCESS_DENIED,
        "The request has bytes that no signed URL can contain.";
    MissingCredentials, "missing-credentials", MISSING_KEY,
        "The request has neither a signed URL nor signed cookies.";
    DuplicateParameter, "duplicate-parameter", ACCESS_DENIED,
        "A signing parameter or cookie appears more than once.";
    MissingKeyPairId, "missing-key-pair-id", MISSING_KEY,
        "The key-pair id is missing.";
    MissingSignature, "missing-signature", ACCESS_DENIED,
        "The signature is missing.";
    MissingPolicy, "missing-policy", ACCESS_DENIED,
        "Neither a policy nor an expiry time is present.";
    AmbiguousPolicy, "ambiguous-policy", ACCESS_DENIED,
        "Both a policy and an expiry time are present.";
    UnknownHashAlgorithm, "unknown-hash-algorithm", ACCESS_DENIED,
        "The hash algorithm is neither SHA1 nor SHA256.";
    UnknownKey, "unknown-key", UNKNOWN_KEY,
        "No key with this key-pair id is trusted here.";
    KeyDisabled, "key-disabled", UNKNOWN_KEY,
        "The key with this key-pair id is disabled.";
    MalformedSignature, "malformed-signature", ACCESS_DENIED,
        "The signature is not in CloudFront's base64 form.";
    MalformedPolicy, "malformed-policy", MALFORMED_POLICY,
        "The policy is not a valid CloudFront policy.";
    BadSignature, "bad-signature", ACCESS_DENIED,
        "The signature does not fit the policy, the URL or the key.";
    NonStandardForm, "non-standard-form", ACCESS_DENIED,
        "The credential has a form that AWS does not document, and strict checking is on.";
    ResourceMismatch, "resource-mismatch", ACCESS_DENIED,
        "The policy is for another resource.";
    NotYetValid, "not-yet-valid", ACCESS_DENIED,
        "The policy is not valid yet.";
    Expired, "expired", ACCESS_DENIED,
        "The policy has expired.";
    IpUnknown, "ip-unknown", ACCESS_DENIED,
        "The policy names an IP range, and the viewer's address is not known.";
    IpMismatch, "ip-mismatch", ACCESS_DENIED,
        "The viewer's address is outside the policy's IP range.";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
