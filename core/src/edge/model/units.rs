//! Sizes and durations: a plain number, or a number with its unit.

use crate::time::parse_duration;
use core::fmt;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A size in bytes, written as a number of bytes or with a unit: `25MB` is 25,000,000, `25MiB` is 26,214,400.
///
/// ```
/// use edgeseal_core::edge::ByteSize;
/// assert_eq!(ByteSize::parse("25MB"), Some(ByteSize(25_000_000)));
/// assert_eq!(ByteSize::parse("25MiB"), Some(ByteSize(26_214_400)));
/// assert_eq!(ByteSize::parse("25 parsecs"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// Reads a size: digits, and `B`, `kB`, `KB`, `MB`, `GB` (powers of 1000) or `KiB`, `MiB`, `GiB` (powers of 1024).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits_end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(digits_end);
        let scale = match unit.trim_start_matches(' ') {
            "" | "B" => 1,
            "kB" | "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(scale).map(Self)
    }
}

/// A duration in seconds, written as a number of seconds or with a unit: `30s`, `15m`, `2h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Lifetime(pub u64);

struct NumberOrText {
    expecting: &'static str,
    read: fn(&str) -> Option<u64>,
}

impl Visitor<'_> for NumberOrText {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        u64::try_from(number).map_err(|_| E::custom(format_args!("{number} is not {}", self.expecting)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        (self.read)(text).ok_or_else(|| E::custom(format_args!("\"{text}\" is not {}", self.expecting)))
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = NumberOrText {
            expecting: "a size such as 1048576, \"25MB\" or \"25MiB\"",
            read: |text| ByteSize::parse(text).map(|size| size.0),
        };
        deserializer.deserialize_any(visitor).map(Self)
    }
}

impl<'de> Deserialize<'de> for Lifetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor =
            NumberOrText { expecting: "a duration such as 900, \"15m\", \"2h\" or \"7d\"", read: parse_duration };
        deserializer.deserialize_any(visitor).map(Self)
    }
}
