//! Other ways of writing the same policy, one of which may have been signed.

use super::KnownCause;
use super::variants::Candidate;
use crate::encoding::to_cloudfront_base64;
use crate::policy::canned_text;
use crate::time::EpochSeconds;

/// A time that was taken twice differs by a few seconds at most.
pub(super) const MAX_SECONDS_APART: u64 = 5;

/// Near any policy: what was made of its text before it was signed.
pub(super) fn of_any(text: &str) -> Vec<Candidate> {
    let encoded = to_cloudfront_base64(text.as_bytes());
    let plain = encoded.replace('-', "+").replace('_', "=").replace('~', "/");
    let mut candidates: Vec<Candidate> =
        [plain, encoded].into_iter().map(|text| Candidate::new(text, KnownCause::SignedBase64)).collect();
    candidates.extend(digests(text));
    candidates
}

#[cfg(feature = "rustcrypto")]
fn digests(text: &str) -> Vec<Candidate> {
    use sha1::{Digest, Sha1};
    use sha2::Sha256;
    let digests = [Sha1::digest(text).to_vec(), Sha256::digest(text).to_vec()];
    let hex = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let written: Vec<Vec<u8>> = digests.iter().map(|digest| hex(digest).into_bytes()).collect();
    digests.into_iter().chain(written).map(|text| Candidate::new(text, KnownCause::SignedDigest)).collect()
}

/// Without a hash function of its own, the core cannot tell.
#[cfg(not(feature = "rustcrypto"))]
const fn digests(_: &str) -> Vec<Candidate> {
    Vec::new()
}

/// Near a custom policy: the same JSON, written another way or a moment earlier or later.
pub(super) fn of_custom(text: &str) -> Vec<Candidate> {
    let compact = without_space_between(text);
    let spaced = compact.replace("\":", "\": ").replace(",\"", ", \"");
    let mut texts = vec![
        (compact.clone(), KnownCause::PolicyChanged),
        (spaced, KnownCause::PolicyChanged),
        (text.chars().filter(|letter| !letter.is_whitespace()).collect(), KnownCause::PolicyChanged),
        (text.trim().to_owned(), KnownCause::PolicyChanged),
        (format!("{text}\n"), KnownCause::PolicyChanged),
        (format!("{text}\r\n"), KnownCause::PolicyChanged),
    ];
    texts.extend([text, &compact].into_iter().flat_map(json_escapes).map(|text| (text, KnownCause::JsonEscaped)));
    texts.retain(|(other, _)| other != text);
    let mut candidates: Vec<Candidate> = texts.into_iter().map(|(text, known)| Candidate::new(text, known)).collect();
    candidates.extend(near_times(text));
    candidates
}

/// The policy with an expiry a few seconds earlier or later.
fn near_times(text: &str) -> Vec<Candidate> {
    let digits = text.split("\"AWS:EpochTime\"").nth(1).unwrap_or_default();
    let digits = digits.trim_start_matches([' ', ':']);
    let digits = digits.get(..digits.bytes().take_while(u8::is_ascii_digit).count()).unwrap_or_default();
    let Ok(time) = digits.parse::<EpochSeconds>() else { return Vec::new() };
    let sentence = "The policy was built again after it was signed, with another time.";
    seconds_around(time)
        .map(|other| Candidate {
            text: text.replace(digits, &other.to_string()).into_bytes(),
            cause: KnownCause::PolicyChanged.because(sentence),
        })
        .collect()
}

/// The seconds around a time, the nearest first.
pub(super) fn seconds_around(time: EpochSeconds) -> impl Iterator<Item = EpochSeconds> {
    (1..=MAX_SECONDS_APART).flat_map(move |apart| [time.saturating_sub(apart), time.saturating_add(apart)])
}

/// JSON without the white space between its tokens.
fn without_space_between(text: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    text.chars()
        .filter(|letter| {
            if in_string {
                in_string = escaped || *letter != '"';
                escaped = !escaped && *letter == '\\';
                true
            } else {
                in_string = *letter == '"';
                !letter.is_whitespace()
            }
        })
        .collect()
}

/// As JSON writers of PHP, Go and Rails write characters that need no escape, each and together.
pub(super) fn json_escapes(text: &str) -> Vec<String> {
    let slashes = text.replace('/', "\\/");
    let letters = text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
    let mut texts = vec![slashes, letters];
    texts.retain(|other| other != text);
    texts
}

/// As Python's json.dumps writes letters outside ASCII.
pub(super) fn ascii_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// The right canned policy in another layout: CloudFront rebuilds it without white space and in one order of keys.
pub(super) fn of_canned(url: &str, expires: EpochSeconds) -> Vec<Candidate> {
    let compact = canned_text(url, expires);
    let spaced = format!(
        "{{\"Statement\": [{{\"Resource\": \"{url}\", \"Condition\": {{\"DateLessThan\": {{\"AWS:EpochTime\": {expires}}}}}}}]}}"
    );
    let turned = format!(
        "{{\"Statement\":[{{\"Condition\":{{\"DateLessThan\":{{\"AWS:EpochTime\":{expires}}}}},\"Resource\":\"{url}\"}}]}}"
    );
    let turned_spaced = format!(
        "{{\"Statement\": [{{\"Condition\": {{\"DateLessThan\": {{\"AWS:EpochTime\": {expires}}}}}, \"Resource\": \"{url}\"}}]}}"
    );
    let quoted = compact.replace(&expires.to_string(), &format!("\"{expires}\""));
    let object = compact.replace(":[{", ":{").replace("}]}", "}}");
    let mut candidates: Vec<Candidate> =
        [format!("{compact}\n"), format!("{compact}\r\n"), spaced, turned, turned_spaced, quoted, object]
            .into_iter()
            .map(|text| Candidate::new(text, KnownCause::CannedPolicyLayout))
            .collect();
    candidates.extend(json_escapes(&compact).into_iter().map(|text| Candidate::new(text, KnownCause::JsonEscaped)));
    candidates.retain(|candidate| candidate.text != compact.as_bytes());
    candidates
}
