//! Finding out what was signed, by trying what would have made the signature fit.

use super::causes::Cause;
use super::checks::Walk;
use super::repairs::LONGEST_ECDSA;
use super::variants::Candidate;
use super::{Hints, KnownCause, layouts, variants};
use crate::crypto::VerifyingKey;
use crate::keys::HashAlgorithm;

/// The changes that make the signature fit, as causes: one, or two where the hash differs as well.
pub(super) fn find<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>) -> Option<Vec<Cause>> {
    walk.raw.as_ref()?.signature.as_deref().filter(|text| !text.is_empty())?;
    let text = walk.policy_text.as_deref()?;
    let mut found = Vec::new();
    if let Some(signature) = &walk.signature {
        found.extend(other_hash(walk, text, &signature.bytes));
        if found.is_empty() {
            found.extend(other_key(walk, text, &signature.bytes));
        }
        if found.is_empty() {
            found.extend(other_text(walk, hints, &signature.bytes));
        }
    }
    if found.is_empty() {
        found.extend(length(walk));
    }
    Some(found)
}

fn hashes<K: VerifyingKey>(walk: &Walk<'_, K>) -> [HashAlgorithm; 2] {
    match walk.hash {
        Some(HashAlgorithm::Sha256) => [HashAlgorithm::Sha256, HashAlgorithm::Sha1],
        _ => [HashAlgorithm::Sha1, HashAlgorithm::Sha256],
    }
}

fn other_hash<K: VerifyingKey>(walk: &Walk<'_, K>, text: &str, signature: &[u8]) -> Option<Cause> {
    let entry = walk.key()?;
    let [announced, other] = hashes(walk);
    if walk.hash.is_none() || !walk.fits(entry, other, text.as_bytes(), signature) {
        return None;
    }
    Some(named_by(announced))
}

/// The mistake in the hash that was announced, when the other one signed.
fn named_by(announced: HashAlgorithm) -> Cause {
    match announced {
        HashAlgorithm::Sha1 => KnownCause::MissingHashAlgorithm.cause(),
        HashAlgorithm::Sha256 => KnownCause::WrongHashAlgorithm.cause(),
    }
}

fn other_key<K: VerifyingKey>(walk: &Walk<'_, K>, text: &str, signature: &[u8]) -> Option<Cause> {
    let named = walk.raw.as_ref()?.key_pair_id.as_deref().unwrap_or_default();
    let others = walk.keys.iter().filter(|(id, _)| *id != named);
    // The announced hash alone: with it, the id is all that has to change.
    let hash = walk.hash?;
    let (id, _) = others.into_iter().find(|(_, entry)| walk.fits(entry, hash, text.as_bytes(), signature))?;
    Some(
        KnownCause::WrongKeyPairId
            .because(format!("The signature was made with the key {id}, but the request names another key-pair id.")),
    )
}

/// Texts that are commonly signed by mistake. The announced hash is tried with all of them before the other is.
fn other_text<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>, signature: &[u8]) -> Vec<Cause> {
    let Some(entry) = walk.key() else { return Vec::new() };
    let candidates = candidates(walk, hints).unwrap_or_default();
    let [announced, other] = hashes(walk);
    let fitting = |hash| candidates.iter().find(|candidate| walk.fits(entry, hash, &candidate.text, signature));
    if let Some(candidate) = fitting(announced) {
        return vec![candidate.cause.clone()];
    }
    fitting(other).map_or_else(Vec::new, |candidate| vec![candidate.cause.clone(), named_by(announced)])
}

fn candidates<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>) -> Option<Vec<Candidate>> {
    let text = walk.policy_text.as_deref()?;
    let mut candidates = layouts::of_any(text);
    if walk.is_custom() {
        candidates.extend(layouts::of_custom(text));
    } else {
        let expires = walk.policy.as_ref()?.expires;
        candidates.extend(variants::of_canned(walk.scheme(), walk.request, &walk.query, expires, hints));
    }
    Some(candidates)
}

/// A signature that is no base64, or whose length is of no key: 64 divides the bytes of every usual RSA key.
fn length<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let whole = walk.signature.as_ref().is_some_and(|decoded| {
        let bytes = decoded.bytes.len();
        bytes <= LONGEST_ECDSA || bytes.is_multiple_of(64)
    });
    (!whole).then(|| KnownCause::SignatureCutShort.cause())
}
