//! Every cause that `explain` can name.

use super::causes::Cause;

macro_rules! causes {
    ($($variant:ident, $code:literal, $sentence:literal, $fix:literal;)*) => {
        /// A cause of refusals, known by its code.
        ///
        /// ```
        /// use edgeseal_core::explain::KnownCause;
        /// assert_eq!(KnownCause::Expired.code(), "expired");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum KnownCause {
            $(#[doc = $sentence] $variant,)*
        }

        impl KnownCause {
            /// Every cause, in the order of `docs/causes.md`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code, for logs and programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What happened, in general. A [`Cause`] may say it in other words, that fit its request.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// What to do about it.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }
        }
    };
}

causes! {
    NotSigned, "not-signed",
        "The request is not signed at all.",
        "Sign the URL, or set signed cookies for this host and path. Each segment of a stream needs the one or the other.";
    Incomplete, "incomplete",
        "The credential is incomplete: the URL was probably cut short.",
        "Send the URL whole, in quotes where a shell or a mail program would cut it; of cookies, all three.";
    PlaceholderValue, "placeholder-value",
        "A signing parameter holds a placeholder, such as undefined, where its value belongs.",
        "Look for the option or variable that was not set when the URL or the cookies were made.";
    MalformedRequest, "malformed-request",
        "The request itself is malformed: no client sends such a host, path or query.",
        "Percent-encode spaces and control characters, and pass host, path and query as they came.";
    ParameterCase, "parameter-case",
        "A parameter or a cookie is spelt with other letters; CloudFront's names are case-sensitive.",
        "Write Expires, Policy, Signature, Key-Pair-Id and Hash-Algorithm exactly so; of cookies likewise, after CloudFront-.";
    HtmlEscaped, "html-escaped",
        "The URL went through HTML escaping: its & signs became &amp;.",
        "Escape the URL once when writing HTML, and copy links from the address bar, not from the page source.";
    SecondQuestionMark, "second-question-mark",
        "The signing parameters follow a second ?, so they belong to the value of the parameter before them.",
        "Append the signing parameters with & where the URL has a query already.";
    TrailingPunctuation, "trailing-punctuation",
        "The URL ends in a punctuation mark of the text that it stood in.",
        "Put < and > or a line of its own around a URL in a text, and take the mark off.";
    LineBreakInValue, "line-break-in-value",
        "A signing parameter has white space inside: a line break of base64 output, or of a mail program.",
        "Encode base64 without line breaks (openssl base64 -A), and send the URL as one line.";
    DoubleEncoded, "double-encoded",
        "The signing parameters are percent-encoded twice.",
        "Do not encode a signed URL, or the value of a signed cookie, again.";
    UrlHidesCookies, "url-hides-cookies",
        "The URL has a parameter that CloudFront keeps for signed URLs, so the signed cookies are not looked at.",
        "Rename the parameter (Expires, Policy, Signature, Key-Pair-Id, Hash-Algorithm are taken).";
    SignedTwice, "signed-twice",
        "A signing parameter appears more than once: a signed URL was probably signed again.",
        "Sign the URL without its old signature.";
    S3PresignedUrl, "s3-presigned-url",
        "This is a presigned URL of S3; CloudFront does not read it.",
        "Sign the URL on the distribution's domain with a CloudFront key.";

    ExpiresInMilliseconds, "expires-in-milliseconds",
        "The expiry is in milliseconds, which makes it a date thousands of years away that CloudFront refuses.",
        "Divide by 1000 before signing: CloudFront counts seconds since 1970.";
    ExpiresIsDuration, "expires-is-duration",
        "The expiry lies before CloudFront existed: a lifetime in seconds was probably given for the moment of expiry.",
        "Add the lifetime to the current time in seconds since 1970.";
    EpochIsText, "epoch-is-text",
        "A time is written as text and not as a number of seconds.",
        "Write AWS:EpochTime as a bare number, and Expires as digits: seconds since 1970.";
    EpochIsFraction, "epoch-is-fraction",
        "A time is written with a fraction of a second.",
        "Round times to whole seconds before signing.";
    EpochIsNull, "epoch-is-null",
        "A time is null or NaN: the date could not be read when the URL was signed.",
        "Check the form of the date that the signer was given; RFC 3339, as in 2026-01-31T12:00:00Z, is read everywhere.";
    ExpiresDiffers, "expires-differs",
        "The policy was signed for another expiry than the URL says.",
        "Take the time once, and use the same number in the policy and in Expires.";
    Expired, "expired",
        "The policy has expired.",
        "Sign a new URL; for long downloads remember that a restarted transfer is checked again. If it is new, compare the signer's clock and time zone: CloudFront counts in UTC.";
    NotYetValid, "not-yet-valid",
        "The policy starts later.",
        "Wait, or sign with an earlier start. If it should have started, look at the time zone: CloudFront counts in UTC.";
    ClockSkew, "clock-skew",
        "The policy starts in a moment: the signer's clock is probably ahead.",
        "Leave the start time out, or set it a few minutes back.";

    KeyPairIdIsPem, "key-pair-id-is-pem",
        "The key-pair id is a PEM key.",
        "Use the id that CloudFront shows for the public key.";
    KeyPairIdIsKeyGroup, "key-pair-id-is-key-group",
        "The key-pair id has the form of a key group's id.",
        "Use the id of the public key inside the group, such as K2JCJMDEHXQW5F.";
    KeyPairIdIsAccessKey, "key-pair-id-is-access-key",
        "The key-pair id has the form of an IAM access key's id.",
        "Use the id of the CloudFront public key, such as K2JCJMDEHXQW5F; access keys have no part in it.";
    KeyPairIdIsRootAccount, "key-pair-id-is-root-account",
        "The key-pair id is that of a CloudFront key pair of an AWS account's root user, and is not trusted here.",
        "Create a public key and put it into a key group that the cache behaviour trusts, or trust the account itself.";
    KeyPairIdForm, "key-pair-id-form",
        "The key-pair id has white space or is an ARN.",
        "Use the bare id of the public key.";
    KeyDisabled, "key-disabled",
        "The key that the request names is disabled here.",
        "Sign with the current key. Enable this one again only if it was switched off too early, and never if it may be known to others.";
    WrongKeyPairId, "wrong-key-pair-id",
        "The signature was made with another key than the one that the request names.",
        "Use the key-pair id that belongs to the private key; keep the two together in one secret.";
    UnknownKey, "unknown-key",
        "No key with this key-pair id is trusted here.",
        "If the key is yours, add its public key to a key group that the cache behaviour trusts.";
    NoPublicKey, "no-public-key",
        "Without the public key the signature cannot be checked.",
        "Pass the public key that belongs to the key-pair id.";

    MissingHashAlgorithm, "missing-hash-algorithm",
        "The signature is over SHA-256, but Hash-Algorithm=SHA256 is missing, so CloudFront assumes SHA-1.",
        "Append Hash-Algorithm=SHA256 (or the cookie CloudFront-Hash-Algorithm), or sign with SHA-1.";
    WrongHashAlgorithm, "wrong-hash-algorithm",
        "Hash-Algorithm says SHA256, but the signature is over SHA-1.",
        "Sign with SHA-256, or leave Hash-Algorithm out.";
    HashAlgorithmName, "hash-algorithm-name",
        "The hash algorithm is none that CloudFront knows.",
        "Write Hash-Algorithm=SHA256 or Hash-Algorithm=SHA1.";
    RawEcdsaSignature, "raw-ecdsa-signature",
        "The ECDSA signature is r and s in a row, as WebCrypto gives it; CloudFront reads ASN.1 DER.",
        "Encode r and s as a DER sequence of two integers.";
    HexSignature, "hex-signature",
        "The signature is written in hexadecimal.",
        "Encode the signature as base64, and replace + by -, = by _ and / by ~.";
    HmacSignature, "hmac-signature",
        "The signature is as short as a hash or an HMAC: no private key made it.",
        "Sign the policy with the RSA or ECDSA private key; CloudFront knows no shared secrets.";
    SignedBase64, "signed-base64",
        "The base64 text of the policy was signed, not the policy.",
        "Sign the JSON text; encode the policy and the signature afterwards.";
    SignedDigest, "signed-digest",
        "A hash of the policy was signed as if it were the policy: it was hashed twice.",
        "Pass the JSON text itself to a function that hashes and signs.";
    PlusBecameSpace, "plus-became-space",
        "The signature is in plain base64, and its + signs became spaces on the way.",
        "Replace + by -, = by _ and / by ~ in the base64, as CloudFront documents.";
    Base64Url, "base64url",
        "The signature is in base64url, which is not CloudFront's alphabet.",
        "Use standard base64 and replace + by -, = by _ and / by ~.";
    StandardBase64, "standard-base64",
        "A value is in plain base64, with + / or =, which AWS documents otherwise.",
        "Replace + by -, = by _ and / by ~.";
    PaddingDropped, "padding-dropped",
        "A value lacks the padding of base64, which AWS documents as _.",
        "Keep the padding, with _ for =.";
    SignatureCutShort, "signature-cut-short",
        "The signature is not whole: the URL was cut, or characters in it were changed.",
        "Send the URL whole, in quotes where a shell or a mail program would cut it.";

    PolicyNotBase64, "policy-not-base64",
        "The policy was sent as JSON text, without base64.",
        "Encode the policy as base64, and replace + by -, = by _ and / by ~.";
    PolicySingleQuotes, "policy-single-quotes",
        "The policy is in single quotes, and so is no JSON: probably the text of a Python dict.",
        "Write the policy with a JSON writer, such as json.dumps.";
    PolicyEncodedTwice, "policy-encoded-twice",
        "The policy is a JSON string that holds JSON: it was written twice.",
        "Write the policy as JSON once.";
    IamPolicy, "iam-policy",
        "This is an IAM or a bucket policy; CloudFront's has nothing but Resource and Condition.",
        "Sign a policy with Statement, Resource and Condition only; a bucket policy belongs on the bucket.";
    SeveralStatements, "several-statements",
        "The policy has more than one statement, and CloudFront takes one.",
        "Cover both with one wildcard, or hand out one URL or set of cookies for each.";
    PolicyWithoutExpiry, "policy-without-expiry",
        "The policy has no DateLessThan, the one condition that CloudFront asks for.",
        "Add a condition DateLessThan with an AWS:EpochTime.";
    PolicyKeyName, "policy-key-name",
        "The policy has a key that CloudFront does not know.",
        "Write Statement, Resource, Condition, DateLessThan, DateGreaterThan, IpAddress, AWS:EpochTime and AWS:SourceIp exactly so.";
    PolicyIpForm, "policy-ip-form",
        "The policy's IpAddress is not one IPv4 address or range.",
        "Write one IPv4 range, such as 192.0.2.0/24.";
    PolicyUnreadable, "policy-unreadable",
        "The policy cannot be read.",
        "Build the policy with the signer, or check it against AWS's format: one statement, exact key names, whole seconds.";
    PolicyAndExpires, "policy-and-expires",
        "Both Policy and Expires are sent; AWS documents one or the other.",
        "Send Policy for a custom policy, Expires for a canned one.";
    PolicyChanged, "policy-changed",
        "The policy was written anew after it was signed: its white space or line breaks differ.",
        "Send the very text that was signed.";
    JsonEscaped, "json-escaped",
        "The JSON writer escaped characters of the URL, such as / as \\/ or & as \\u0026, before it was signed.",
        "Switch these escapes off (JSON_UNESCAPED_SLASHES, SetEscapeHTML(false), JSON.dump), or build a canned policy as text.";
    CannedPolicyLayout, "canned-policy-layout",
        "The canned policy was signed with other white space or another order of keys than CloudFront's.",
        "Sign the exact text without any white space: {\"Statement\":[{\"Resource\":\"...\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":...}}}]}";
    WildcardInCannedPolicy, "wildcard-in-canned-policy",
        "A canned policy was signed for a resource with a wildcard; CloudFront rebuilds it from the real URL and never finds the wildcard.",
        "Use a custom policy (send Policy instead of Expires) for wildcards.";
    UndocumentedForm, "undocumented-form",
        "The policy has a form that AWS does not document.",
        "Write the policy as AWS documents it, or switch strict checking off.";

    WrongScheme, "wrong-scheme",
        "The policy is for the other of http and https.",
        "Sign with the scheme that clients use, or a custom policy with *:// for both.";
    LegacyScheme, "legacy-scheme",
        "The resource starts with http*, an older spelling.",
        "Write *:// for either scheme.";
    WrongHost, "wrong-host",
        "The policy is for another host name than the request's.",
        "Sign with the host name that clients use: the alternate domain name, not the distribution's own or S3's.";
    ResourceWithoutHost, "resource-without-host",
        "The resource is a bare path; CloudFront compares whole URLs.",
        "Write the scheme and host as well: https://d111111abcdef8.cloudfront.net/private/*";
    WrongPath, "wrong-path",
        "The policy is for another path.",
        "Check the path, and that a * stands where the wildcard is meant.";
    PathCase, "path-case",
        "The path differs only in its letter case.",
        "Paths are case-sensitive: sign the path as it is stored.";
    Slashes, "slashes",
        "The path that was signed has other slashes.",
        "Sign the path exactly as clients send it, with the same leading and trailing slashes.";
    ReEncodedPath, "re-encoded-path",
        "The URL that was signed is percent-encoded differently from the one that arrived.",
        "Sign the URL exactly as clients send it; Edgeseal's signer emits the text it signed.";
    ReEncodedQuery, "re-encoded-query",
        "The query that was signed is percent-encoded differently from the one that arrived.",
        "Sign the URL exactly as clients send it; Edgeseal's signer emits the text it signed.";
    QuestionMarkInPath, "question-mark-in-path",
        "A ? in the resource's path was meant as the wildcard for one character, and reads as the start of the query.",
        "Write * for it; AWS does not say how a ? in a path is told from the start of the query.";
    EscapedQuestionMark, "escaped-question-mark",
        "The resource writes its query as \\?.",
        "Write ? without a backslash.";
    TrailingQuestionMark, "trailing-question-mark",
        "The URL was signed with a lone ? at its end.",
        "Sign the URL without the ?.";
    AppendedParameter, "appended-parameter",
        "A query parameter was added after signing.",
        "Add parameters before signing, or sign a custom policy whose resource ends with *.";
    DroppedParameter, "dropped-parameter",
        "A query parameter that the policy is for is missing from the request.",
        "Send the query as it was signed, or end the resource's path with * to allow any query.";
    WrongQuery, "wrong-query",
        "The policy is for another query string.",
        "Sign the query that clients send, or end the resource's path with * to allow any query.";
    ReorderedQuery, "reordered-query",
        "The query parameters were put into another order after signing.",
        "Keep the order in which they were signed.";

    WrongIp, "wrong-ip",
        "The viewer's address is outside the policy's range; mobile networks, VPNs and proxies change addresses.",
        "Sign for the address that reaches CloudFront, or leave the IP condition out.";
    PrivateIpRange, "private-ip-range",
        "The policy's range is of a private network or of one machine alone; CloudFront sees public addresses.",
        "Sign for the public address of the viewer, or leave the IP condition out.";
    Ipv6Viewer, "ipv6-viewer",
        "The viewer came over IPv6, and an IP condition can only name IPv4 addresses.",
        "Switch IPv6 off on the distribution, or leave the IP condition out.";

    TamperedOrOtherKey, "tampered-or-other-key",
        "The signature fits none of the usual mistakes: the URL was changed after signing, or another private key signed it.",
        "Compare the URL with the one that was signed, and check that the private key belongs to this key-pair id.";
}

impl KnownCause {
    /// This cause, in its own words.
    pub(super) fn cause(self) -> Cause {
        self.because(self.sentence())
    }

    /// This cause, in words that fit the request.
    pub(super) fn because(self, sentence: impl Into<String>) -> Cause {
        Cause { code: self.code(), sentence: sentence.into(), fix: self.fix() }
    }
}
