//! Causes in what a policy permits: its resource, its times and its addresses.

use super::KnownCause;
use super::causes::Cause;
use super::checks::Walk;
use super::variants::{decoded_plainly, same_after_decoding};
use crate::crypto::VerifyingKey;
use crate::encoding::from_cloudfront_base64;
use crate::policy::{ResourcePattern, Section, Target, wildcard_matches};
use crate::reason::Reason;
use crate::time::{EpochSeconds, in_words};
use crate::verify::{ip_reason, time_reason};
use core::net::{IpAddr, Ipv4Addr};

/// How far two clocks may be apart before an early request is no longer put down to them, in seconds.
const CLOCK_SKEW: u64 = 300;

/// 2008-01-10. No URL was ever signed to expire before: CloudFront opened in November 2008.
const BEFORE_CLOUDFRONT: EpochSeconds = 1_200_000_000;

/// A custom policy that is for another URL.
pub(super) fn resource<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    if !walk.is_custom() {
        return None;
    }
    let pattern = walk.policy.as_ref()?.resource.as_ref()?;
    let target = walk.target();
    Some(match pattern.mismatch(&target, walk.options.legacy_scheme_wildcard)? {
        Section::Protocol if pattern.has_legacy_scheme() => KnownCause::LegacyScheme.cause(),
        Section::Protocol if !pattern.text().contains("://") => KnownCause::ResourceWithoutHost.cause(),
        Section::Protocol => KnownCause::WrongScheme.cause(),
        Section::Domain => KnownCause::WrongHost.cause(),
        Section::Path => path(pattern, &target).cause(),
        Section::Query => query(pattern, walk),
    })
}

fn path(pattern: &ResourcePattern, target: &Target<'_>) -> KnownCause {
    let text = pattern.text();
    let lower_path = target.path.to_ascii_lowercase();
    let lower = Target { path: &lower_path, ..*target };
    if same_after_decoding(text, target.path) {
        KnownCause::ReEncodedPath
    } else if path_and_query(text).contains('?') && wildcard_matches(path_and_query(text), target.path) {
        KnownCause::QuestionMarkInPath
    } else if ResourcePattern::new(&text.to_ascii_lowercase())
        .mismatch(&lower, true)
        .is_none_or(|section| section == Section::Query)
    {
        KnownCause::PathCase
    } else {
        KnownCause::WrongPath
    }
}

/// From the first `/` after the host.
fn path_and_query(resource: &str) -> &str {
    let rest = resource.split_once("://").map_or(resource, |(_, rest)| rest);
    rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
}

fn query<K: VerifyingKey>(pattern: &ResourcePattern, walk: &Walk<'_, K>) -> Cause {
    if pattern.has_escaped_question_mark() {
        return KnownCause::EscapedQuestionMark.cause();
    }
    let wanted = path_and_query(pattern.text()).split_once('?').map_or("", |(_, query)| query);
    let components = |query: &str| {
        let mut list: Vec<String> = query.split('&').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        list.sort_unstable();
        list
    };
    let (wanted_parts, found_parts) = (components(wanted), components(&walk.query));
    let all_in = |some: &[String], others: &[String]| some.iter().all(|part| others.contains(part));
    if decoded_plainly(wanted) == decoded_plainly(&walk.query) {
        KnownCause::ReEncodedQuery.cause()
    } else if wanted_parts == found_parts {
        KnownCause::ReorderedQuery.cause()
    } else if all_in(&wanted_parts, &found_parts) {
        KnownCause::AppendedParameter.cause()
    } else if all_in(&found_parts, &wanted_parts) {
        KnownCause::DroppedParameter.cause()
    } else {
        KnownCause::WrongQuery.cause()
    }
}

/// A policy that is not valid now.
pub(super) fn times<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let policy = walk.policy.as_ref()?;
    match time_reason(policy, walk.now)? {
        Reason::NotYetValid => {
            let wait = policy.not_before.unwrap_or_default().saturating_sub(walk.now);
            Some(if wait <= CLOCK_SKEW {
                KnownCause::ClockSkew
                    .because(format!("The policy starts in {}: the signer's clock is probably ahead.", in_words(wait)))
            } else {
                KnownCause::NotYetValid.because(format!("The policy starts in {}.", in_words(wait)))
            })
        }
        _ if policy.expires < BEFORE_CLOUDFRONT => Some(KnownCause::ExpiresIsDuration.cause()),
        _ => Some(
            KnownCause::Expired
                .because(format!("The policy expired {} ago.", in_words(walk.now.saturating_sub(policy.expires)))),
        ),
    }
}

/// A policy that is for another viewer.
pub(super) fn address<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let policy = walk.policy.as_ref()?;
    let range = policy.ip?.to_string();
    let (Reason::IpMismatch, Some(viewer)) = (ip_reason(policy, walk.request)?, walk.request.client_ip) else {
        return None;
    };
    let local = range.split_once('/').and_then(|(first, _)| first.parse().ok()).is_some_and(is_local);
    Some(match viewer {
        _ if local && !matches!(viewer, IpAddr::V4(viewer) if is_local(viewer)) => KnownCause::PrivateIpRange.cause(),
        IpAddr::V6(_) => KnownCause::Ipv6Viewer.cause(),
        IpAddr::V4(_) => KnownCause::WrongIp.cause(),
    })
}

/// Private, loopback, link-local and shared (RFC 6598) addresses.
fn is_local(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || (first == 100 && (64..128).contains(&second))
}

/// A form that AWS does not document, refused by choice.
pub(super) fn undocumented_forms<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let refused = walk.options.strict || walk.options.require_resource;
    if !refused || walk.signature_fits != Some(true) {
        return None;
    }
    let policy = walk.policy.as_ref()?;
    if let Some(warning) = policy.warnings.first() {
        return Some(KnownCause::UndocumentedForm.because(warning.sentence()));
    }
    let raw = walk.raw.as_ref()?;
    if raw.policy.is_some() && raw.expires.is_some() {
        return Some(KnownCause::PolicyAndExpires.cause());
    }
    let values = [&raw.policy, &raw.signature];
    let odd = values
        .into_iter()
        .flatten()
        .find(|value| from_cloudfront_base64(value).is_some_and(|decoded| !decoded.standard))?;
    Some(if odd.contains(['+', '/', '=']) { KnownCause::StandardBase64 } else { KnownCause::PaddingDropped }.cause())
}
