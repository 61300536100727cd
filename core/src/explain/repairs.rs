//! Values that were spoilt on their way: each repair is tried, and believed when the signature fits afterwards.

use super::KnownCause;
use super::causes::Cause;
use super::checks::Walk;
use crate::crypto::VerifyingKey;
use crate::encoding::{from_cloudfront_base64, percent_decode, to_cloudfront_base64};
use crate::keys::RSA_BITS;
use crate::verify::RawCredential;

/// Makes a credential what it was, where it shows this damage.
type Repair = fn(&RawCredential) -> Option<RawCredential>;

const REPAIRS: [(KnownCause, Repair); 8] = [
    (KnownCause::DoubleEncoded, decoded_again),
    (KnownCause::PlusBecameSpace, with_plus_for_spaces),
    (KnownCause::LineBreakInValue, without_white_space),
    (KnownCause::TrailingPunctuation, without_punctuation),
    (KnownCause::HexSignature, from_hex),
    (KnownCause::RawEcdsaSignature, as_der),
    (KnownCause::Base64Url, signature_from_base64url),
    (KnownCause::Base64Url, all_from_base64url),
];

/// The first repair that helps.
pub(super) fn find<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let raw = walk.raw.as_ref().filter(|_| walk.signature_fits != Some(true))?;
    let mended = REPAIRS
        .into_iter()
        .find(|(_, repair)| repair(raw).is_some_and(|repaired| &repaired != raw && is_mended(walk, repaired)));
    mended.map(|(known, _)| known.cause()).or_else(|| too_short(walk))
}

/// A repair is believed when the signature fits after it. Without any key, it is believed when it makes a signature of
/// what was none.
fn is_mended<K: VerifyingKey>(walk: &Walk<'_, K>, repaired: RawCredential) -> bool {
    let before = walk.signature.as_ref().is_some_and(|decoded| is_plausible(&decoded.bytes)) && walk.policy.is_some();
    let after = walk.with(repaired);
    after.signature_fits.unwrap_or_else(|| {
        let plausible = after.signature.as_ref().is_some_and(|decoded| is_plausible(&decoded.bytes));
        walk.keys.is_empty() && !before && plausible && after.policy.is_some()
    })
}

/// The longest ECDSA signature on P-256 in DER, in bytes.
pub(super) const LONGEST_ECDSA: usize = 72;

/// Bytes that can be a signature: of RSA by their number, of ECDSA by their beginning.
fn is_plausible(bytes: &[u8]) -> bool {
    bytes.len() == RSA_BITS / 8 || (bytes.first() == Some(&0x30) && bytes.len() <= LONGEST_ECDSA)
}

fn each(raw: &RawCredential, change: impl Fn(&str) -> String) -> RawCredential {
    let changed = |part: &Option<String>| part.as_deref().map(&change);
    RawCredential {
        expires: changed(&raw.expires),
        policy: changed(&raw.policy),
        signature: changed(&raw.signature),
        key_pair_id: changed(&raw.key_pair_id),
        hash: changed(&raw.hash),
        ..raw.clone()
    }
}

fn with_signature(raw: &RawCredential, signature: String) -> RawCredential {
    RawCredential { signature: Some(signature), ..raw.clone() }
}

#[expect(clippy::unnecessary_wraps, reason = "one of the repairs")]
fn decoded_again(raw: &RawCredential) -> Option<RawCredential> {
    Some(each(raw, |part| String::from_utf8_lossy(&percent_decode(part)).into_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "one of the repairs")]
fn with_plus_for_spaces(raw: &RawCredential) -> Option<RawCredential> {
    Some(each(raw, |part| part.replace(' ', "+")))
}

#[expect(clippy::unnecessary_wraps, reason = "one of the repairs")]
fn without_white_space(raw: &RawCredential) -> Option<RawCredential> {
    Some(each(raw, |part| part.chars().filter(|letter| !letter.is_whitespace()).collect()))
}

/// Marks that end a sentence or enclose a URL, and that end no value of CloudFront's.
const PUNCTUATION: [char; 14] = ['.', ',', ';', ':', '!', '?', ')', '>', ']', '}', '"', '\'', '*', '|'];

#[expect(clippy::unnecessary_wraps, reason = "one of the repairs")]
fn without_punctuation(raw: &RawCredential) -> Option<RawCredential> {
    Some(each(raw, |part| part.trim_end_matches(PUNCTUATION).to_owned()))
}

fn from_hex(raw: &RawCredential) -> Option<RawCredential> {
    let digits = raw.signature.as_deref()?.as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    let bytes = bytes.filter(|bytes| rest.is_empty() && is_plausible(bytes))?;
    Some(with_signature(raw, to_cloudfront_base64(&bytes)))
}

/// The DER of a signature that is r and s in a row.
fn as_der(raw: &RawCredential) -> Option<RawCredential> {
    let decoded = from_cloudfront_base64(raw.signature.as_deref()?)?;
    let (halves, []) = decoded.bytes.as_chunks::<32>() else { return None };
    let [r, s] = halves else { return None };
    let mut body = integer(r);
    body.extend(integer(s));
    let mut der = vec![0x30, u8::try_from(body.len()).ok()?];
    der.extend(body);
    Some(with_signature(raw, to_cloudfront_base64(&der)))
}

/// A positive ASN.1 INTEGER of at most 33 bytes.
fn integer(digits: &[u8]) -> Vec<u8> {
    let start = digits.iter().position(|byte| *byte != 0).unwrap_or(digits.len() - 1);
    let digits = digits.get(start..).unwrap_or_default();
    let negative = digits.first().is_some_and(|byte| *byte >= 0x80);
    let mut der = vec![2, u8::try_from(digits.len()).unwrap_or_default() + u8::from(negative)];
    der.extend(negative.then_some(0));
    der.extend_from_slice(digits);
    der
}

fn from_base64url(part: &str) -> String {
    part.replace('_', "/").replace('-', "+")
}

fn signature_from_base64url(raw: &RawCredential) -> Option<RawCredential> {
    Some(with_signature(raw, from_base64url(raw.signature.as_deref()?)))
}

fn all_from_base64url(raw: &RawCredential) -> Option<RawCredential> {
    let policy = raw.policy.as_deref().map(from_base64url);
    Some(RawCredential { policy, ..signature_from_base64url(raw)? })
}

/// MD5, SHA-1 or SHA-256: no key pair that CloudFront takes makes signatures this short.
fn too_short<K: VerifyingKey>(walk: &Walk<'_, K>) -> Option<Cause> {
    let length = walk.signature.as_ref()?.bytes.len();
    [16, 20, 32].contains(&length).then(|| KnownCause::HmacSignature.cause())
}
