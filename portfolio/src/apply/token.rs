//! Idempotency tokens that a rerun computes again.

use crate::state::{Target, sha256_hex};

/// A token from what is made and where, so that a repeated request is the same request, in this run and in the next.
///
/// `generation` is the number of deletions so far: what is made again after a deletion is another request.
///
/// ```
/// use edgeseal_portfolio::{apply::token, state::Target};
///
/// let target = Target { account: "123456789012".into(), region: "eu-west-1".into(), partition: "aws".into() };
/// let first = token(&target, 0, &["portfolio", "edgeseal"]);
/// assert_eq!(first, token(&target, 0, &["portfolio", "edgeseal"]));
/// assert_ne!(first, token(&target, 1, &["portfolio", "edgeseal"]));
/// assert_eq!(first.len(), 64);
/// ```
#[must_use]
pub fn token(target: &Target, generation: u64, parts: &[&str]) -> String {
    let mut text = format!("{}\0{}\0{generation}", target.account, target.region);
    for part in parts {
        text.push('\0');
        text.push_str(part);
    }
    sha256_hex(text.as_bytes())
}
