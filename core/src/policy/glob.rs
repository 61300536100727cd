//! Wildcard matching of one section: `*` is any run of characters, `?` is exactly one.
//!
//! The pattern is cut at its stars. The first and last pieces are anchored; each piece between is
//! taken at its leftmost place, which is never worse than a later one, so nothing is ever retried.
//! A piece without `?` is found by the standard library's linear search; one with `?` by a bit-parallel
//! scan that reads each text byte once.

/// True when the whole of `text` fits `pattern`. Both are compared as bytes.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern.len() == text.len() && fits(pattern.as_bytes(), text.as_bytes());
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut remaining) = strip_ends(text, head, tail) else { return false };
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        let Some(after) = find(remaining, piece).and_then(|end| remaining.get(end..)) else { return false };
        remaining = after;
    }
    true
}

/// What stands between the anchored pieces. A `?` against part of a character outside ASCII fits nothing.
fn strip_ends<'t>(text: &'t str, head: &str, tail: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(head.len())?;
    let (body, end) = rest.split_at_checked(rest.len().checked_sub(tail.len())?)?;
    (fits(head.as_bytes(), start.as_bytes()) && fits(tail.as_bytes(), end.as_bytes())).then_some(body)
}

/// Compares pieces of equal length, where `?` in the pattern stands for any byte.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    pattern.iter().zip(text).all(|(wanted, found)| *wanted == b'?' || wanted == found)
}

/// The end of the leftmost place where `piece` fits.
fn find(text: &str, piece: &str) -> Option<usize> {
    if piece.contains('?') {
        return find_with_any(text.as_bytes(), piece.as_bytes());
    }
    text.find(piece).map(|start| start + piece.len())
}

/// Shift-And: bit `i` of `state` says that the piece's first `i + 1` bytes fit the text read so far.
fn find_with_any(text: &[u8], piece: &[u8]) -> Option<usize> {
    let words = piece.len().div_ceil(64);
    let mut masks = vec![0_u64; words * 256];
    for (position, wanted) in piece.iter().enumerate() {
        for byte in 0..=255_u8 {
            if (*wanted == b'?' || *wanted == byte)
                && let Some(mask) = masks.get_mut(usize::from(byte) * words + position / 64)
            {
                *mask |= 1 << (position % 64);
            }
        }
    }
    let goal = 1_u64 << ((piece.len() - 1) % 64);
    let mut state = vec![0_u64; words];
    for (index, byte) in text.iter().enumerate() {
        let row = masks.get(usize::from(*byte) * words..)?;
        let mut carry = 1;
        for (word, mask) in state.iter_mut().zip(row) {
            let next = (*word << 1 | carry) & mask;
            carry = *word >> 63;
            *word = next;
        }
        if state.last().is_some_and(|word| word & goal != 0) {
            return Some(index + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_match_as_documented() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a*", "a", true),
            ("a*b", "ab", true),
            ("a*b", "a", false),
            ("*a*b*c", "xaybzc", true),
            ("*a*b*c", "xbyazc", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a?c*", "xxabcxx", true),
            ("*a?c*", "xxabdxx", false),
            ("*?", "", false),
            ("*?", "x", true),
            ("ab*ba", "aba", false),
            ("**", "anything", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} against {text}");
        }
    }

    #[test]
    fn a_long_piece_with_question_marks_is_found_across_word_boundaries() {
        let piece = "a?".repeat(70);
        let text = format!("zz{}{}", "ab".repeat(70), "tail");
        assert!(matches(&format!("*{piece}*tail"), &text));
        assert!(!matches(&format!("*{piece}*tail"), &"ab".repeat(69)));
    }

    #[test]
    fn agrees_with_a_plain_dynamic_programme() {
        fn slow(pattern: &[u8], text: &[u8]) -> bool {
            let mut row = vec![false; text.len() + 1];
            row[0] = true;
            for wanted in pattern {
                let mut next = vec![false; text.len() + 1];
                next[0] = *wanted == b'*' && row[0];
                for (index, found) in text.iter().enumerate() {
                    next[index + 1] = match wanted {
                        b'*' => row[index + 1] || next[index],
                        b'?' => row[index],
                        byte => byte == found && row[index],
                    };
                }
                row = next;
            }
            row[text.len()]
        }
        let alphabet = ['a', 'b', '*', '?'];
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut draw = |limit: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed % limit
        };
        for _ in 0..20_000 {
            let pattern: String = (0..draw(9)).map(|_| alphabet[draw(4) as usize]).collect();
            let text: String = (0..draw(12)).map(|_| alphabet[draw(2) as usize]).collect();
            assert_eq!(matches(&pattern, &text), slow(pattern.as_bytes(), text.as_bytes()), "{pattern} against {text}");
        }
    }
}
