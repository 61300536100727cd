//! How two path patterns relate: what the linter asks.

/// True when every path that fits `inner` surely fits `outer`. False when it is not sure.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    relate(outer, inner, |outer, inner, later| match (outer, inner) {
        (None, None) => true,
        (Some(b'*'), None) => later(1, 0),
        (Some(b'*'), Some(_)) => later(1, 0) || later(0, 1),
        (None, Some(_)) | (Some(_), None | Some(b'*')) => false,
        (Some(b'?'), Some(_)) => later(1, 1),
        (Some(outer), Some(inner)) => outer == inner && later(1, 1),
    })
}

/// True when some path fits both patterns.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    relate(one, other, |one, other, later| match (one, other) {
        (None, None) => true,
        (Some(b'*'), None) => later(1, 0),
        (None, Some(b'*')) => later(0, 1),
        (Some(b'*'), Some(_)) | (Some(_), Some(b'*')) => later(1, 0) || later(0, 1),
        (None, Some(_)) | (Some(_), None) => false,
        (Some(one), Some(other)) => (one == b'?' || other == b'?' || one == other) && later(1, 1),
    })
}

/// Fills a table from the ends of both patterns; `step` answers for one pair of positions from the answers behind it.
fn relate(
    one: &str,
    other: &str,
    step: impl Fn(Option<u8>, Option<u8>, &dyn Fn(usize, usize) -> bool) -> bool,
) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let width = other.len() + 1;
    let mut table = vec![false; (one.len() + 1) * width];
    for row in (0..=one.len()).rev() {
        for column in (0..width).rev() {
            let later = |down: usize, right: usize| {
                let inside = row + down <= one.len() && column + right < width;
                inside && table.get((row + down) * width + column + right).copied().unwrap_or(false)
            };
            let answer = step(one.get(row).copied(), other.get(column).copied(), &later);
            if let Some(cell) = table.get_mut(row * width + column) {
                *cell = answer;
            }
        }
    }
    table.first().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::{covers, overlap};
    use crate::policy::wildcard_matches;

    #[test]
    fn covering_and_overlapping_are_told_apart() {
        for (one, other, covered, overlapping) in [
            ("/*", "/upload/*", true, true),
            ("/upload/*", "/*", false, true),
            ("/upload/*", "/upload/*", true, true),
            ("/upload/*", "/download/*", false, false),
            ("/a?c", "/abc", true, true),
            ("/a?c", "/a*c", false, true),
            ("/*.png", "/upload/*", false, true),
            ("/*/x", "/a/*/x", true, true),
            ("/a", "/a*", false, true),
            ("/a?", "/a", false, false),
        ] {
            assert_eq!(covers(one, other), covered, "{one} covers {other}");
            assert_eq!(overlap(one, other), overlapping, "{one} overlaps {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_covered_path_fits_the_outer_pattern(outer in "[ab*?]{0,6}", inner in "[ab*?]{0,6}", path in "[ab]{0,8}") {
            if wildcard_matches(&inner, &path) {
                proptest::prop_assert!(!covers(&outer, &inner) || wildcard_matches(&outer, &path));
                proptest::prop_assert!(!wildcard_matches(&outer, &path) || overlap(&outer, &inner));
            }
        }
    }
}
