//! The mistakes that lead to a refusal, and how to mend them.

use super::Hints;
use super::checks::Walk;
use super::probe;
use crate::crypto::VerifyingKey;
use crate::policy::Section;
use crate::reason::Reason;
use crate::time::{in_words, looks_like_milliseconds};
use crate::verify::{ip_reason, time_reason};
use core::net::IpAddr;

/// A likely cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Stable code, such as `expires-in-milliseconds`.
    pub code: &'static str,
    /// What happened.
    pub sentence: String,
    /// What to do about it.
    pub fix: &'static str,
}

pub(super) fn cause(code: &'static str, sentence: impl Into<String>, fix: &'static str) -> Cause {
    Cause { code, sentence: sentence.into(), fix }
}

/// How far two clocks may be apart before an early request is no longer put down to them, in seconds.
const CLOCK_SKEW: u64 = 300;

/// Collects causes, likeliest first.
pub(super) fn find<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>) -> Vec<Cause> {
    let mut causes = Vec::new();
    causes.extend(times_as_written(walk));
    causes.extend(shape_of_url(walk));
    causes.extend(key_id(walk));
    causes.extend(hash_name(walk));
    if walk.signature_fits != Some(true) {
        causes.extend(probe::find(walk, hints));
    }
    causes.extend(resource(walk));
    causes.extend(times(walk));
    causes.extend(address(walk));
    causes.extend(undocumented_forms(walk));
    if causes.is_empty() {
        causes.push(last_resort(walk));
    }
    causes
}

fn times_as_written<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let in_milliseconds = || {
        cause(
            "expires-in-milliseconds",
            "The expiry is in milliseconds, which makes it a date thousands of years away that CloudFront refuses.",
            "Divide by 1000 before signing: CloudFront counts seconds since 1970.",
        )
    };
    if walk.policy.as_ref().is_some_and(|policy| looks_like_milliseconds(policy.expires)) {
        return Some(in_milliseconds());
    }
    let text = walk.policy_text.as_deref().filter(|_| walk.is_custom() && walk.policy.is_none())?;
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let epoch = compact.split("\"AWS:EpochTime\":").nth(1)?;
    match epoch.chars().next()? {
        '"' => Some(cause(
            "epoch-is-text",
            "The policy writes a time as text, in quotes.",
            "Write AWS:EpochTime as a bare number.",
        )),
        first
            if first.is_ascii_digit()
                && epoch.trim_start_matches(|letter: char| letter.is_ascii_digit()).starts_with('.') =>
        {
            Some(cause(
                "epoch-is-fraction",
                "The policy writes a time with a fraction of a second.",
                "Round AWS:EpochTime to whole seconds.",
            ))
        }
        _ => None,
    }
}

fn shape_of_url<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let query = walk.request.query;
    if ["&amp;Signature=", "&amp;Key-Pair-Id=", "&amp;Policy=", "&amp;Expires="]
        .iter()
        .any(|escaped| query.contains(escaped))
    {
        return Some(cause(
            "html-escaped",
            "The URL went through HTML escaping: its & signs became &amp;.",
            "Escape the URL once when writing HTML, and copy links from the address bar, not from the page source.",
        ));
    }
    if query.contains("X-Amz-Signature=") {
        return Some(cause(
            "s3-presigned-url",
            "This is a presigned URL of S3, with X-Amz-Signature; CloudFront does not read it.",
            "Sign the URL on the distribution's domain with a CloudFront key.",
        ));
    }
    if let Some(found) = misspelt_parameter(query) {
        return Some(cause(
            "parameter-case",
            format!("The parameter {found} is spelt with other letters; CloudFront's names are case-sensitive."),
            "Write Expires, Policy, Signature, Key-Pair-Id and Hash-Algorithm exactly so.",
        ));
    }
    let raw = walk.raw.as_ref()?;
    if raw.source.as_str() == "url"
        && raw.signature.is_none()
        && walk.request.cookies.iter().any(|header| header.contains("CloudFront-Signature"))
    {
        return Some(cause(
            "url-hides-cookies",
            "The URL has a parameter that CloudFront keeps for signed URLs, so the signed cookies are not looked at.",
            "Rename the parameter (Expires, Policy, Signature, Key-Pair-Id, Hash-Algorithm are taken).",
        ));
    }
    raw.duplicate.then(|| {
        cause(
            "signed-twice",
            "A signing parameter appears more than once: a signed URL was probably signed again.",
            "Sign the URL without its old signature.",
        )
    })
}

fn misspelt_parameter(query: &str) -> Option<&str> {
    let names = query.split('&').map(|component| component.split_once('=').map_or(component, |(name, _)| name));
    names.into_iter().find(|name| {
        let plain = name.to_ascii_lowercase().replace('_', "-");
        matches!(plain.as_str(), "signature" | "key-pair-id" | "keypairid" | "keypair-id")
            && !crate::url::is_reserved_parameter(name)
    })
}

fn key_id<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let id = walk.raw.as_ref()?.key_pair_id.as_deref()?;
    if id.contains("BEGIN") || id.contains("KEY-----") {
        return Some(cause(
            "key-pair-id-is-pem",
            "The key-pair id is a PEM key.",
            "Use the id that CloudFront shows for the public key.",
        ));
    }
    let dashes = id.bytes().filter(|byte| *byte == b'-').count();
    if id.len() == 36 && dashes == 4 {
        return Some(cause(
            "key-pair-id-is-key-group",
            "The key-pair id has the form of a key group's id.",
            "Use the id of the public key inside the group, such as K2JCJMDEHXQW5F.",
        ));
    }
    if id.trim() != id || id.starts_with("arn:") {
        return Some(cause(
            "key-pair-id-form",
            "The key-pair id has white space or is an ARN.",
            "Use the bare id of the public key.",
        ));
    }
    walk.key().filter(|entry| !entry.enabled).map(|_| {
        cause(
            "key-disabled",
            "The key that signed is disabled here.",
            "Sign with the current key, or enable this one until its URLs have expired.",
        )
    })
}

fn hash_name<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let text = walk.raw.as_ref()?.hash.as_deref()?;
    (walk.hash.is_none()).then(|| {
        let sentence = if text.to_ascii_uppercase().replace('-', "") == "SHA256"
            || text.to_ascii_uppercase().replace('-', "") == "SHA1"
        {
            "The hash algorithm is right but spelt wrongly."
        } else {
            "The hash algorithm is none that CloudFront knows."
        };
        cause("hash-algorithm-name", sentence, "Write Hash-Algorithm=SHA256 or Hash-Algorithm=SHA1.")
    })
}

fn resource<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    if !walk.is_custom() {
        return None;
    }
    let pattern = walk.policy.as_ref()?.resource.as_ref()?;
    let section = pattern.mismatch(&walk.target(), walk.options.legacy_scheme_wildcard)?;
    Some(match section {
        Section::Protocol if pattern.has_legacy_scheme() => cause(
            "legacy-scheme",
            "The resource starts with http*, an older spelling.",
            "Write *:// for either scheme.",
        ),
        Section::Protocol if !pattern.text().contains("://") => cause(
            "resource-without-host",
            "The resource is a bare path; CloudFront compares whole URLs.",
            "Write the scheme and host as well: https://d111111abcdef8.cloudfront.net/private/*",
        ),
        Section::Protocol => cause(
            "wrong-scheme",
            "The policy is for the other of http and https.",
            "Sign with the scheme that clients use, or *:// for both.",
        ),
        Section::Domain => cause(
            "wrong-host",
            "The policy is for another host name than the request's.",
            "Sign with the host name that clients use: the alternate domain name, not the distribution's own or S3's.",
        ),
        Section::Path if super::variants::same_after_decoding(pattern.text(), walk.request.path) => cause(
            "re-encoded-path",
            "The path is the same but percent-encoded differently.",
            "Sign the URL exactly as clients send it; Edgeseal's signer emits the text it signed.",
        ),
        Section::Path if pattern.text().to_ascii_lowercase().contains(&walk.request.path.to_ascii_lowercase()) => {
            cause(
                "path-case",
                "The path differs only in its letter case.",
                "Paths are case-sensitive: sign the path as it is stored.",
            )
        }
        Section::Path => cause(
            "wrong-path",
            "The policy is for another path.",
            "Check the path, and that a * stands where the wildcard is meant.",
        ),
        Section::Query if pattern.has_escaped_question_mark() => {
            cause("escaped-question-mark", "The resource writes its query as \\?.", "Write ? without a backslash.")
        }
        Section::Query => cause(
            "appended-parameter",
            "The query string is not the one the policy is for: a parameter was added, dropped or moved.",
            "Add parameters before signing, or end the resource with * to allow any query.",
        ),
    })
}

fn times<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let policy = walk.policy.as_ref()?;
    match time_reason(policy, walk.now)? {
        Reason::NotYetValid => {
            let wait = policy.not_before.unwrap_or_default().saturating_sub(walk.now);
            Some(if wait <= CLOCK_SKEW {
                cause(
                    "clock-skew",
                    format!("The policy starts in {}: the signer's clock is probably ahead.", in_words(wait)),
                    "Leave the start time out, or set it a few minutes back.",
                )
            } else {
                cause(
                    "not-yet-valid",
                    format!("The policy starts in {}.", in_words(wait)),
                    "Wait, or sign with an earlier start.",
                )
            })
        }
        _ => Some(cause(
            "expired",
            format!("The policy expired {} ago.", in_words(walk.now.saturating_sub(policy.expires))),
            "Sign a new URL; for long downloads remember that a restarted transfer is checked again.",
        )),
    }
}

fn address<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let policy = walk.policy.as_ref()?;
    match (ip_reason(policy, walk.request)?, walk.request.client_ip) {
        (Reason::IpMismatch, Some(IpAddr::V6(_))) => Some(cause(
            "ipv6-viewer",
            "The viewer came over IPv6, and an IP condition can only name IPv4 addresses.",
            "Switch IPv6 off on the distribution, or leave the IP condition out.",
        )),
        (Reason::IpMismatch, _) => Some(cause(
            "wrong-ip",
            "The viewer's address is outside the policy's range; mobile networks, VPNs and proxies change addresses.",
            "Sign for the address that reaches CloudFront, or leave the IP condition out.",
        )),
        _ => None,
    }
}

fn undocumented_forms<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let policy = walk.policy.as_ref()?;
    let refused = walk.options.strict || walk.options.require_resource;
    let warning = policy.warnings.first().filter(|_| refused && walk.signature_fits == Some(true))?;
    Some(cause(
        "undocumented-form",
        warning.sentence(),
        "Write the policy as AWS documents it, or switch strict checking off.",
    ))
}

/// Nothing stands out: name what is missing or what could not be tried.
fn last_resort<K: VerifyingKey>(walk: &Walk<'_, K>) -> Cause {
    let Some(raw) = &walk.raw else {
        return cause(
            "not-signed",
            "The request is not signed at all.",
            "Sign the URL, or set signed cookies for this host and path.",
        );
    };
    if raw.key_pair_id.as_deref().unwrap_or_default().is_empty()
        || raw.signature.as_deref().unwrap_or_default().is_empty()
    {
        return cause(
            "incomplete",
            "The credential is incomplete: the URL was probably cut short.",
            "Send the URL whole, in quotes where a shell or a mail program would cut it.",
        );
    }
    if raw.policy.is_none() && raw.expires.is_none() {
        return cause(
            "incomplete",
            "The credential has neither Policy nor Expires.",
            "Send the URL or the cookies whole.",
        );
    }
    if walk.is_custom() && walk.policy.is_none() {
        return cause(
            "policy-unreadable",
            "The policy cannot be read.",
            "Build the policy with the signer, or check it against AWS's format: one statement, exact key names, whole seconds.",
        );
    }
    if walk.keys.is_empty() {
        return cause(
            "no-public-key",
            "Without the public key the signature cannot be checked.",
            "Pass the public key that belongs to the key-pair id.",
        );
    }
    if walk.key().is_none() {
        return cause(
            "unknown-key",
            "No key with this key-pair id is trusted here.",
            "Add the public key to a key group that the cache behaviour trusts.",
        );
    }
    cause(
        "tampered-or-other-key",
        "The signature fits none of the usual mistakes: the URL was changed after signing, or another private key signed it.",
        "Compare the URL with the one that was signed, and check that the private key belongs to this key-pair id.",
    )
}
