//! Finding out what was signed, by trying what would have made the signature fit.

use super::Hints;
use super::causes::{Cause, cause};
use super::checks::Walk;
use super::variants;
use crate::crypto::VerifyingKey;
use crate::encoding::{from_cloudfront_base64, percent_decode};
use crate::keys::{HashAlgorithm, RSA_BITS};

/// The first change that makes the signature fit, as a cause.
pub(super) fn find<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>) -> Option<Cause> {
    let raw = walk.raw.as_ref()?;
    let text = walk.policy_text.as_deref()?;
    let signature_text = raw.signature.as_deref().filter(|text| !text.is_empty())?;
    if let Some(signature) = &walk.signature {
        let found = other_hash(walk, text, &signature.bytes)
            .or_else(|| other_key(walk, text, &signature.bytes))
            .or_else(|| other_text(walk, hints, &signature.bytes));
        if found.is_some() {
            return found;
        }
    }
    other_encoding(walk, text, signature_text).or_else(|| length(walk, signature_text))
}

fn hashes<K: VerifyingKey>(walk: &Walk<'_, K>) -> [HashAlgorithm; 2] {
    match walk.hash {
        Some(HashAlgorithm::Sha256) => [HashAlgorithm::Sha256, HashAlgorithm::Sha1],
        _ => [HashAlgorithm::Sha1, HashAlgorithm::Sha256],
    }
}

fn other_hash<K: VerifyingKey>(walk: &Walk<'_, K>, text: &str, signature: &[u8]) -> Option<Cause> {
    let key = &walk.key()?.key;
    let [announced, other] = hashes(walk);
    if walk.hash.is_none() || !key.verify(other, text.as_bytes(), signature) {
        return None;
    }
    Some(match announced {
        HashAlgorithm::Sha1 => cause(
            "missing-hash-algorithm",
            "The signature is over SHA-256, but Hash-Algorithm=SHA256 is missing, so CloudFront assumes SHA-1.",
            "Append Hash-Algorithm=SHA256 (or the cookie CloudFront-Hash-Algorithm), or sign with SHA-1.",
        ),
        HashAlgorithm::Sha256 => cause(
            "wrong-hash-algorithm",
            "Hash-Algorithm says SHA256, but the signature is over SHA-1.",
            "Sign with SHA-256, or leave Hash-Algorithm out.",
        ),
    })
}

fn other_key<K: VerifyingKey>(walk: &Walk<'_, K>, text: &str, signature: &[u8]) -> Option<Cause> {
    let named = walk.raw.as_ref()?.key_pair_id.as_deref().unwrap_or_default();
    let others = walk.keys.iter().filter(|(id, _)| *id != named);
    let fits = |key: &K| hashes(walk).iter().any(|hash| key.verify(*hash, text.as_bytes(), signature));
    let (id, _) = others.into_iter().find(|(_, entry)| fits(&entry.key))?;
    Some(cause(
        "wrong-key-pair-id",
        format!("The signature was made with the key {id}, but the request names another key-pair id."),
        "Use the key-pair id that belongs to the private key; keep the two together in one secret.",
    ))
}

/// Texts that are commonly signed by mistake.
fn other_text<K: VerifyingKey>(walk: &Walk<'_, K>, hints: &Hints<'_>, signature: &[u8]) -> Option<Cause> {
    let key = &walk.key()?.key;
    let candidates = if walk.is_custom() {
        variants::of_custom(walk.policy_text.as_deref()?)
    } else {
        variants::of_canned(walk.scheme(), walk.request, &walk.query, walk.policy.as_ref()?.expires, hints)
    };
    let hashes = hashes(walk);
    candidates
        .into_iter()
        .find(|candidate| hashes.iter().any(|hash| key.verify(*hash, candidate.text.as_bytes(), signature)))
        .map(|candidate| candidate.cause)
}

/// Encodings of a good signature that CloudFront does not read.
fn other_encoding<K: VerifyingKey>(walk: &Walk<'_, K>, text: &str, signature: &str) -> Option<Cause> {
    let key = &walk.key()?.key;
    let fits = |candidate: &str| {
        let decoded = from_cloudfront_base64(candidate).map(|decoded| decoded.bytes).unwrap_or_default();
        hashes(walk).iter().any(|hash| key.verify(*hash, text.as_bytes(), &decoded))
    };
    if signature.contains(' ') && fits(&signature.replace(' ', "+")) {
        return Some(cause(
            "plus-became-space",
            "The signature is in plain base64, and its + signs became spaces on the way.",
            "Replace + by -, = by _ and / by ~ in the base64, as CloudFront documents.",
        ));
    }
    if signature.contains('%') && fits(&String::from_utf8_lossy(&percent_decode(signature))) {
        return Some(cause(
            "double-encoded",
            "The signing parameters are percent-encoded twice.",
            "Do not encode a signed URL again.",
        ));
    }
    let from_base64url = signature.replace('_', "/").replace('-', "+");
    if signature.contains(['_', '-']) && fits(&from_base64url) {
        return Some(cause(
            "base64url",
            "The signature is in base64url, which is not CloudFront's alphabet.",
            "Use standard base64 and replace + by -, = by _ and / by ~.",
        ));
    }
    None
}

/// The longest ECDSA signature on P-256 in DER, in bytes.
const LONGEST_ECDSA: usize = 72;

/// A signature whose length alone shows that it was cut.
fn length<K: VerifyingKey>(walk: &Walk<'_, K>, signature: &str) -> Option<Cause> {
    let rsa_letters = (RSA_BITS / 8).div_ceil(3) * 4;
    let cut_short = match &walk.signature {
        None => signature.len() % 4 == 1 || signature.len() < rsa_letters,
        Some(decoded) => (LONGEST_ECDSA + 1..RSA_BITS / 8).contains(&decoded.bytes.len()),
    };
    cut_short.then(|| {
        cause(
            "signature-cut-short",
            "The signature is not whole: the URL was cut, or characters in it were changed.",
            "Send the URL whole, in quotes where a shell or a mail program would cut it.",
        )
    })
}
