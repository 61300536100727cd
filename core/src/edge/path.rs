//! Paths: refusing every form that two readers could read differently, and decoding the rest once.

use crate::encoding::{percent_byte, percent_decode};
use std::borrow::Cow;

/// Escapes within escapes, as in `%252e`, are followed this deep; beyond is refused.
const MAX_LAYERS: usize = 4;

/// The path as rules see it: percent-decoded once, which is the key that S3 will use.
///
/// `None` when the path is unsafe. Unsafe is, in the path itself and in whatever a reader would get by
/// decoding it again and again: a `.` or `..` segment, a backslash, a control character, and a slash that
/// was encoded. So is an empty segment, a broken escape, and bytes that are no UTF-8.
pub(super) fn decode(uri: &str) -> Option<Cow<'_, str>> {
    let form = scan(uri, true)?;
    if !form.has_percent {
        return Some(Cow::Borrowed(uri));
    }
    if has_broken_escape(uri) {
        return None;
    }
    let decoded = String::from_utf8(percent_decode(uri)).ok()?;
    let mut layer = decoded.clone();
    for _ in 0..MAX_LAYERS {
        let inner = scan(&layer, false)?;
        if inner.slashes != form.slashes {
            return None;
        }
        if !inner.has_percent || !has_escape(&layer) {
            return Some(Cow::Owned(decoded));
        }
        layer = String::from_utf8_lossy(&percent_decode(&layer)).into_owned();
    }
    None
}

/// What a path looks like.
struct Form {
    slashes: usize,
    has_percent: bool,
}

/// Reads a path once. `None` when it is unsafe as it stands; a path as it came (`raw`) has no space, `#` or `?` either.
fn scan(path: &str, raw: bool) -> Option<Form> {
    let mut form = Form { slashes: 0, has_percent: false };
    let mut length = 0;
    let mut only_dots = true;
    for (index, byte) in path.bytes().chain([b'/']).enumerate() {
        match byte {
            b'/' => {
                let dots = only_dots && (length == 1 || length == 2);
                let empty = length == 0 && index > 0 && index < path.len();
                if dots || empty {
                    return None;
                }
                form.slashes += 1;
                (length, only_dots) = (0, true);
                continue;
            }
            _ if index == 0 => return None,
            0..=0x1f | 0x7f | b'\\' => return None,
            b' ' | b'#' | b'?' if raw => return None,
            b'%' => form.has_percent = true,
            _ => {}
        }
        length += 1;
        only_dots &= byte == b'.';
    }
    (!path.is_empty()).then_some(form)
}

/// True when a `%` is not followed by two hexadecimal digits.
pub(super) fn has_broken_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .any(|(index, byte)| *byte == b'%' && bytes.get(index..).is_none_or(|rest| percent_byte(rest).is_none()))
}

fn has_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|index| bytes.get(index..).is_some_and(|rest| percent_byte(rest).is_some()))
}

/// Takes a prefix off a raw path, whichever of its characters are escaped. The rest starts with a slash.
pub(super) fn strip_prefix<'a>(uri: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = uri.as_bytes();
    let mut taken = 0;
    for wanted in prefix.bytes() {
        let (found, length) = match percent_byte(rest) {
            Some(byte) => (byte, 3),
            None => (*rest.first()?, 1),
        };
        if found != wanted {
            return None;
        }
        taken += length;
        rest = rest.get(length..)?;
    }
    uri.get(taken..).filter(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{decode, strip_prefix};

    #[test]
    fn safe_paths_are_decoded_once() {
        for (uri, decoded) in [
            ("/a/b.jpg", "/a/b.jpg"),
            ("/", "/"),
            ("/a/", "/a/"),
            ("/%75pload/x", "/upload/x"),
            ("/a%20b", "/a b"),
            ("/100%25.pdf", "/100%.pdf"),
            ("/a%2520b.pdf", "/a%20b.pdf"),
            ("/%C3%A9", "/é"),
            ("/é", "/é"),
            ("/...", "/..."),
            ("/a..b", "/a..b"),
        ] {
            assert_eq!(decode(uri).as_deref(), Some(decoded), "{uri}");
        }
    }

    #[test]
    fn ambiguous_paths_are_refused() {
        for uri in [
            "",
            "a",
            "/a//b",
            "//a",
            "/../a",
            "/a/..",
            "/./a",
            "/%2e%2e/a",
            "/%2E./a",
            "/.%2e/a",
            "/%252e%252e/a",
            "/%25252e%25252e/a",
            "/%252e./a",
            "/a%2fb",
            "/a%252fb",
            "/a%5cb",
            "/a\\b",
            "/a%255cb",
            "/a%00b",
            "/a%2500b",
            "/a%0ab",
            "/a\u{7f}b",
            "/a%",
            "/a%2",
            "/a%zz",
            "/a b",
            "/a#b",
            "/a?b",
            "/%ff",
            "/%c0%ae%c0%ae/a",
            "/%2f/a",
            "/a%25252525252525252e",
        ] {
            assert_eq!(decode(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_prefix_is_taken_off_however_it_is_escaped() {
        assert_eq!(strip_prefix("/upload/a%20b", "/upload"), Some("/a%20b"));
        assert_eq!(strip_prefix("/%75p%6coad/x", "/upload"), Some("/x"));
        assert_eq!(strip_prefix("/uploads/x", "/upload"), None);
        assert_eq!(strip_prefix("/up", "/upload"), None);
    }
}
