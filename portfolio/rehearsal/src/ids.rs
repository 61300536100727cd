//! Identifiers in AWS's formats: a prefix and 13 characters of `[a-z2-7]`.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Derives an identifier from the store's seed and a number that never repeats in it.
///
/// The same seed and the same calls give the same identifiers, so a scripted run can be
/// compared with a stored one.
pub(crate) fn derive(seed: &str, number: i64, prefix: &str) -> String {
    let digest = Sha256::digest(format!("{seed}\n{number}\n{prefix}"));
    let tail: String =
        digest.iter().take(13).filter_map(|b| ALPHABET.get(usize::from(b & 31))).map(|c| char::from(*c)).collect();
    format!("{prefix}-{tail}")
}

/// The portfolio, product or launch path a thing derives its own identifier from.
pub(crate) fn suffix(id: &str) -> &str {
    id.split_once('-').map_or(id, |(_, tail)| tail)
}
