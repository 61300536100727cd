//! The URL form of `@aws-sdk/cloudfront-signer`, for programs that move over and must keep their bytes.

use crate::encoding::{percent_byte, percent_decode, push_percent};

/// Encodes a URL as `@aws-sdk/cloudfront-signer` 3.1166 does before it signs.
///
/// Path segments are decoded and encoded anew with JavaScript's `encodeURIComponent`; query components
/// keep `+` and existing escapes (in upper case), a parameter without `=` gains one, and empty components go.
/// Scheme and host stay as they are.
///
/// ```
/// use edgeseal_core::url::encode_like_aws_sdk_js;
/// assert_eq!(encode_like_aws_sdk_js("https://h/a+b c?x&&y=%2f"), "https://h/a%2Bb%20c?x=&y=%2F");
/// ```
#[must_use]
pub fn encode_like_aws_sdk_js(url: &str) -> String {
    let Some(path_start) = path_start(url) else { return url.to_owned() };
    let (origin, rest) = url.split_at(path_start);
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let mut out = String::with_capacity(url.len() + 16);
    out.push_str(origin);
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        match decode_uri_component(segment) {
            Some(decoded) => push_uri_component(&mut out, &decoded),
            None => push_uri_component(&mut out, segment),
        }
    }
    let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    for (index, pair) in pairs.enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        out.push(if index == 0 { '?' } else { '&' });
        push_query_component(&mut out, name);
        out.push('=');
        push_query_component(&mut out, value);
    }
    out
}

fn path_start(url: &str) -> Option<usize> {
    let authority = url.find("//")? + 2;
    url.get(authority..)?.find('/').map(|offset| authority + offset)
}

/// JavaScript's `decodeURIComponent`: `None` where it would throw.
fn decode_uri_component(text: &str) -> Option<String> {
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        if *byte == b'%' && percent_byte(rest).is_none() {
            return None;
        }
        rest = tail;
    }
    String::from_utf8(percent_decode(text)).ok()
}

/// JavaScript's `encodeURIComponent`.
fn push_uri_component(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if is_unescaped(byte) {
            out.push(char::from(byte));
        } else {
            push_percent(out, byte);
        }
    }
}

fn push_query_component(out: &mut String, text: &str) {
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        if let Some(value) = percent_byte(rest) {
            push_percent(out, value);
            rest = rest.get(3..).unwrap_or_default();
            continue;
        }
        match *byte {
            b'+' => out.push('+'),
            b'\'' => push_percent(out, b'\''),
            other if is_unescaped(other) => out.push(char::from(other)),
            other => push_percent(out, other),
        }
        rest = tail;
    }
}

const fn is_unescaped(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')')
}
