//! Causes that can be seen without any key: in the form of the URL, of the cookies and of their values.

use super::KnownCause;
use super::causes::Cause;
use super::checks::Walk;
use crate::cookies::COOKIE_NAMES;
use crate::crypto::VerifyingKey;
use crate::time::looks_like_milliseconds;

/// What the request as a whole looks like.
pub(super) fn of_request<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let query = walk.request.query;
    let has = |texts: &[&str]| texts.iter().any(|text| query.contains(text));
    if has(&["&amp;Signature=", "&amp;Key-Pair-Id=", "&amp;Policy=", "&amp;Expires="]) {
        return Some(KnownCause::HtmlEscaped.cause());
    }
    if has(&["X-Amz-Signature="]) || (has(&["AWSAccessKeyId="]) && !has(&["Key-Pair-Id="])) {
        return Some(KnownCause::S3PresignedUrl.cause());
    }
    if has(&["?Signature=", "?Key-Pair-Id=", "?Policy=", "?Expires="]) {
        return Some(KnownCause::SecondQuestionMark.cause());
    }
    if let Some(found) = misspelt_parameter(query).or_else(|| misspelt_cookie(walk)) {
        let sentence =
            format!("{found} is spelt with other letters than CloudFront's, whose names are case-sensitive.");
        return Some(KnownCause::ParameterCase.because(sentence));
    }
    let raw = walk.raw.as_ref()?;
    if raw.source.as_str() == "url"
        && raw.signature.is_none()
        && walk.request.cookies.iter().any(|header| header.contains("CloudFront-Signature"))
    {
        return Some(KnownCause::UrlHidesCookies.cause());
    }
    if raw.duplicate {
        return Some(KnownCause::SignedTwice.cause());
    }
    placeholder(walk)
}

/// A name that is one of CloudFront's but for its letter case or its dashes, fit for a log: it is made of these alone.
fn misspelt_parameter(query: &str) -> Option<&str> {
    let names = query.split('&').map(|component| component.split_once('=').map_or(component, |(name, _)| name));
    names.into_iter().find(|name| {
        let plain = name.to_ascii_lowercase().replace('_', "-");
        matches!(plain.as_str(), "signature" | "key-pair-id" | "keypairid" | "keypair-id")
            && !crate::url::is_reserved_parameter(name)
    })
}

/// A cookie that is one of CloudFront's but for its letter case, where that one itself did not come.
fn misspelt_cookie<'a, K: VerifyingKey>(walk: &Walk<'a, K>) -> Option<&'a str> {
    let names = || {
        let pairs = walk.request.cookies.iter().flat_map(|header| header.split(';'));
        pairs.filter_map(|pair| pair.split_once('=')).map(|(name, _)| name.trim())
    };
    let misspelt = |name: &&str| {
        COOKIE_NAMES
            .iter()
            .any(|known| known != name && known.eq_ignore_ascii_case(name) && !names().any(|other| other == *known))
    };
    names().find(misspelt)
}

/// What programs write where a value is missing.
const PLACEHOLDERS: [&str; 6] = ["undefined", "null", "none", "nil", "[object object]", "true"];

fn placeholder<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let raw = walk.raw.as_ref()?;
    let values = [&raw.expires, &raw.policy, &raw.signature, &raw.key_pair_id];
    let names = ["Expires", "Policy", "Signature", "Key-Pair-Id"];
    let (_, name) = values.into_iter().zip(names).find(|(value, _)| {
        value.as_deref().is_some_and(|value| PLACEHOLDERS.contains(&value.trim().to_ascii_lowercase().as_str()))
    })?;
    Some(
        KnownCause::PlaceholderValue
            .because(format!("{name} holds a placeholder, such as undefined, where its value belongs.")),
    )
}

/// Times that are no seconds.
pub(super) fn times_as_written<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    if walk.policy.as_ref().is_some_and(|policy| looks_like_milliseconds(policy.expires)) {
        return Some(KnownCause::ExpiresInMilliseconds.cause());
    }
    let raw = walk.raw.as_ref()?;
    let text = raw.expires.as_deref().filter(|_| raw.policy.is_none() && walk.policy.is_none())?.trim();
    epoch_form(text).map(KnownCause::cause)
}

/// What is wrong with a time that is no whole number.
pub(super) fn epoch_form(text: &str) -> Option<KnownCause> {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() || number(text) {
        return None;
    }
    if ["nan", "null", "infinity", "invalid date"].contains(&text.to_ascii_lowercase().as_str()) {
        return Some(KnownCause::EpochIsNull);
    }
    let (whole, fraction) = text.split_once(['.', 'e', 'E']).unwrap_or((text, ""));
    let exponent = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit() || "eE+-".contains(letter));
    Some(if number(whole) && !fraction.is_empty() && exponent.is_empty() {
        KnownCause::EpochIsFraction
    } else {
        KnownCause::EpochIsText
    })
}

/// What stands in the place of a key-pair id.
pub(super) fn key_id<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let id = walk.raw.as_ref()?.key_pair_id.as_deref()?;
    let upper = id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let known = if id.contains("BEGIN") || id.contains("KEY-----") {
        KnownCause::KeyPairIdIsPem
    } else if id.len() == 36 && id.bytes().filter(|byte| *byte == b'-').count() == 4 {
        KnownCause::KeyPairIdIsKeyGroup
    } else if id.trim() != id || id.starts_with("arn:") {
        KnownCause::KeyPairIdForm
    } else if walk.key().is_some_and(|entry| !entry.enabled) {
        KnownCause::KeyDisabled
    } else if walk.key().is_none() && id.len() == 20 && upper && (id.starts_with("AKIA") || id.starts_with("ASIA")) {
        KnownCause::KeyPairIdIsAccessKey
    } else if walk.key().is_none() && !walk.keys.is_empty() && upper && id.starts_with("APKA") {
        KnownCause::KeyPairIdIsRootAccount
    } else {
        return None;
    };
    Some(known.cause())
}

/// A hash algorithm that CloudFront does not have.
pub(super) fn hash_name<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let text = walk.raw.as_ref()?.hash.as_deref().filter(|_| walk.hash.is_none())?;
    let plain = text.to_ascii_uppercase().replace(['-', '_'], "");
    Some(if plain == "SHA256" || plain == "SHA1" {
        KnownCause::HashAlgorithmName.because("The hash algorithm is right but spelt wrongly.")
    } else {
        KnownCause::HashAlgorithmName.cause()
    })
}
