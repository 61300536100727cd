//! CloudFront's own base64, and percent-encoding of single bytes.

use base64ct::{Base64, Base64Unpadded, Encoding};

/// Encodes bytes as CloudFront wants them: standard base64 with padding, then `+`, `=` and `/`
/// replaced by `-`, `_` and `~`.
///
/// This is not base64url, where `_` stands for `/`. Source: *Creating a signature for a signed URL
/// that uses a custom policy*, CloudFront Developer Guide.
///
/// ```
/// assert_eq!(edgeseal_core::encoding::to_cloudfront_base64(&[0xfb, 0xff]), "-~8_");
/// ```
#[must_use]
pub fn to_cloudfront_base64(bytes: &[u8]) -> String {
    let mut text = Base64::encode_string(bytes).into_bytes();
    for byte in &mut text {
        *byte = match *byte {
            b'+' => b'-',
            b'=' => b'_',
            b'/' => b'~',
            other => other,
        };
    }
    ascii(text)
}

/// Bytes decoded from CloudFront's base64, and whether they were written just as AWS documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// True when the text used CloudFront's alphabet and full padding.
    pub standard: bool,
}

/// Decodes CloudFront's base64; accepts plain base64 characters and missing padding, and says so.
///
/// Returns `None` when the text is no base64 at all.
///
/// ```
/// use edgeseal_core::encoding::from_cloudfront_base64;
/// assert_eq!(from_cloudfront_base64("-~8_").unwrap().bytes, [0xfb, 0xff]);
/// assert!(!from_cloudfront_base64("-~8").unwrap().standard);
/// assert!(from_cloudfront_base64("!").is_none());
/// ```
#[must_use]
pub fn from_cloudfront_base64(text: &str) -> Option<Decoded> {
    let mut plain = String::with_capacity(text.len());
    let mut standard = true;
    for byte in text.bytes() {
        let translated = match byte {
            b'-' => b'+',
            b'_' => b'=',
            b'~' => b'/',
            b'+' | b'=' | b'/' => {
                standard = false;
                byte
            }
            other => other,
        };
        plain.push(char::from(translated));
    }
    if let Ok(bytes) = Base64::decode_vec(&plain) {
        return Some(Decoded { bytes, standard });
    }
    let bytes = Base64Unpadded::decode_vec(plain.trim_end_matches('=')).ok()?;
    (!plain.ends_with('=')).then_some(Decoded { bytes, standard: false })
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends `%XX` for one byte, with upper-case digits.
pub(crate) fn push_percent(out: &mut String, byte: u8) {
    out.push('%');
    for nibble in [byte >> 4, byte & 0x0f] {
        out.push(char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0')));
    }
}

/// The value of `%XX` at the start of `bytes`, if there is one.
pub(crate) fn percent_byte(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [b'%', high, low, ..] => Some(hex_digit(*high)? << 4 | hex_digit(*low)?),
        _ => None,
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Percent-decodes once; malformed escapes stay as they are.
pub(crate) fn percent_decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut out = Vec::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        if let Some(byte) = percent_byte(rest) {
            out.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

/// Text from bytes that are ASCII by construction.
pub(crate) fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}
