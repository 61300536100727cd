//! The mistakes that lead to a refusal, and how to mend them: collected here, looked for in the modules below.

use super::checks::Walk;
use super::{Hints, KnownCause, limits, policy_text, probe, repairs, shape};
use crate::crypto::VerifyingKey;

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

/// Collects causes, likeliest first: what can be seen first, then what a signature check proves, then what a good
/// signature leaves.
pub(super) fn find<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>) -> Vec<Cause> {
    let mut causes = Vec::new();
    causes.extend(shape::of_request(walk));
    causes.extend(shape::times_as_written(walk));
    causes.extend(shape::key_id(walk));
    causes.extend(shape::hash_name(walk));
    if !causes.is_empty() && is_incomplete(walk) {
        return causes;
    }
    let before = causes.len();
    causes.extend(repairs::find(walk).or_else(|| policy_text::find(walk)).or_else(|| incomplete(walk)));
    if causes.len() == before && walk.signature_fits != Some(true) {
        causes.extend(probe::find(walk, hints).unwrap_or_default());
    }
    let explained = !causes.is_empty() || walk.signature_fits == Some(true);
    let unproven = !explained && !walk.keys.is_empty();
    let times = limits::times(walk);
    let malformed = walk.request.check_form().err();
    let first = unproven && times.is_none() && malformed.is_none();
    if first {
        // Anybody can write a policy: to mend what a forged one says would loosen the policies of others.
        causes.push(last_resort(walk).cause());
    }
    let limits = [limits::resource(walk), times, limits::address(walk), limits::undocumented_forms(walk)];
    causes.extend(limits.into_iter().flatten());
    if let Some(denial) = malformed {
        let sentence = format!("The request itself is malformed: {}.", denial.detail.unwrap_or_default());
        causes.push(KnownCause::MalformedRequest.because(sentence));
    }
    if causes.is_empty() || unproven && !first {
        // The time may have run out as well, but the signature does not pass even so.
        causes.push(last_resort(walk).cause());
    }
    causes
}

fn is_incomplete<K: VerifyingKey>(walk: &Walk<'_, K>) -> bool {
    walk.raw.as_ref().is_none_or(|raw| {
        let missing = |part: &Option<String>| part.as_deref().unwrap_or_default().is_empty();
        missing(&raw.key_pair_id) || missing(&raw.signature) || (raw.policy.is_none() && raw.expires.is_none())
    })
}

fn incomplete<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let raw = walk.raw.as_ref().filter(|_| is_incomplete(walk))?;
    Some(if raw.source.as_str() == "url" {
        KnownCause::Incomplete.cause()
    } else {
        KnownCause::Incomplete.because("Not all of the three cookies of a signed policy arrived.")
    })
}

/// Nothing stands out: name what is missing or what could not be tried.
fn last_resort<K: VerifyingKey>(walk: &Walk<'_, K>) -> KnownCause {
    if walk.raw.is_none() {
        KnownCause::NotSigned
    } else if walk.is_custom() && walk.policy.is_none() {
        KnownCause::PolicyUnreadable
    } else if walk.keys.is_empty() {
        KnownCause::NoPublicKey
    } else if walk.key().is_none() {
        KnownCause::UnknownKey
    } else {
        KnownCause::TamperedOrOtherKey
    }
}
