//! A strict reader of JSON (RFC 8259) that keeps places and refuses repeated keys.
//!
//! A signed policy must be read in the one way in which nobody can read it differently: a repeated key,
//! a time with a fraction or a `null` where a condition should be is an error, never a guess. The general
//! readers take the last of repeated keys, and they are four times as large, which an edge bundle feels.

mod de;
mod read;
mod write;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(feature = "yaml")]
pub(crate) use de::from_node;
pub(crate) use de::from_text;
pub(crate) use read::{JsonError, Kind, Member, Node, read};
pub(crate) use write::push_string;
#[cfg(feature = "yaml")]
pub(crate) use yaml::read_yaml;

/// The line and column, from 1, of a byte offset.
pub(crate) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).map_or(0, |line| line.chars().count());
    (before.bytes().filter(|byte| *byte == b'\n').count() + 1, column + 1)
}
