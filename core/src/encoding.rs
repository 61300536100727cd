//! CloudFront's own base64, and percent-encoding of single bytes.

use base64ct::{Base64, Encoding};

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
    let padding = text.bytes().rev().take_while(|byte| matches!(byte, b'_' | b'=')).count();
    let (body, tail) = text.as_bytes().split_at_checked(text.len() - padding)?;
    let wanted = match body.len() % 4 {
        0 => 0,
        2 => 2,
        3 => 1,
        _ => return None,
    };
    if padding != wanted && padding != 0 {
        return None;
    }
    let mut bytes = vec![0; body.len() / 4 * 3];
    // What the letters of the whole text are, looked at once at the end: a signature is read for every request.
    let mut seen = 0;
    let (groups, end) = body.as_chunks::<4>();
    for (group, decoded) in groups.iter().zip(bytes.as_chunks_mut::<3>().0) {
        let [_, whole @ ..] = bits_of(group, &mut seen).to_be_bytes();
        *decoded = whole;
    }
    if !end.is_empty() {
        let missing = 4 - end.len();
        let [_, decoded @ ..] = (bits_of(end, &mut seen) << (6 * missing)).to_be_bytes();
        let (whole, rest) = decoded.split_at_checked(3 - missing)?;
        // Bits that stand for nothing must be zero, or several texts would decode to the same bytes.
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(whole);
    }
    if seen & NO_LETTER != 0 {
        return None;
    }
    let standard = padding == wanted && !tail.contains(&b'=') && seen & PLAIN_BASE64 == 0;
    Some(Decoded { bytes, standard })
}

/// The bits of up to four letters; adds to `seen` what they are.
fn bits_of(group: &[u8], seen: &mut u8) -> u32 {
    group.iter().fold(0, |bits, letter| {
        let sextet = SEXTETS.get(usize::from(*letter)).copied().unwrap_or(NO_LETTER);
        *seen |= sextet;
        bits << 6 | u32::from(sextet & 0x3f)
    })
}

/// A byte that is no letter of base64.
const NO_LETTER: u8 = 0x80;
/// A letter of plain base64, for which CloudFront has another.
const PLAIN_BASE64: u8 = 0x40;

/// The six bits of each letter, and its marks. What is decoded here is public, so it need not take constant time.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of range")]
static SEXTETS: [u8; 256] = {
    let mut table = [NO_LETTER; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            letter @ b'A'..=b'Z' => letter - b'A',
            letter @ b'a'..=b'z' => letter - b'a' + 26,
            letter @ b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'+' => 62 | PLAIN_BASE64,
            b'~' => 63,
            b'/' => 63 | PLAIN_BASE64,
            _ => NO_LETTER,
        };
        byte += 1;
    }
    table
};

/// A byte that no client sends in a path or a query: a space, a control character or `#`.
pub(crate) const UNSAFE: u8 = 1;
/// A percent sign.
pub(crate) const PERCENT: u8 = 2;
/// A question mark.
pub(crate) const QUESTION_MARK: u8 = 4;

/// Which of these bytes a text has, together. The query is the longest part of a request, so this is read by table.
pub(crate) fn forms(text: &str) -> u8 {
    text.bytes().fold(0, |seen, byte| seen | FORMS.get(usize::from(byte)).copied().unwrap_or(UNSAFE))
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of range")]
static FORMS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            0..=b' ' | 0x7f | b'#' => UNSAFE,
            b'%' => PERCENT,
            b'?' => QUESTION_MARK,
            _ => 0,
        };
        byte += 1;
    }
    table
};

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

#[cfg(test)]
mod tests {
    use super::{Decoded, from_cloudfront_base64};
    use base64ct::{Base64, Base64Unpadded, Encoding};

    /// The same by a general decoder, which knows neither the alphabet nor what is standard.
    fn slow(text: &str) -> Option<Decoded> {
        let plain: String = text
            .chars()
            .map(|letter| match letter {
                '-' => '+',
                '_' => '=',
                '~' => '/',
                other => other,
            })
            .collect();
        let standard = !text.contains(['+', '=', '/']);
        if let Ok(bytes) = Base64::decode_vec(&plain) {
            return Some(Decoded { bytes, standard });
        }
        Base64Unpadded::decode_vec(&plain).ok().map(|bytes| Decoded { bytes, standard: false })
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config {
            cases: 4096,
            failure_persistence: None,
            rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_101),
            ..Default::default()
        })]

        #[test]
        fn decodes_what_a_general_decoder_decodes(text in "[AQgw+/~a-]{0,9}[_=]{0,3}|\\PC{0,12}") {
            proptest::prop_assert_eq!(from_cloudfront_base64(&text), slow(&text));
        }
    }
}
