//! Times: always whole seconds since the Unix epoch, in UTC, and always given by the caller.

use crate::error::{Error, ErrorCode};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// Seconds since the Unix epoch.
pub type EpochSeconds = u64;

/// The last second that CloudFront documents for a policy: 2038-01-19T03:14:07Z.
///
/// Source: *Creating a signed URL using a canned policy*, CloudFront Developer Guide.
pub const MAX_DOCUMENTED_EPOCH: EpochSeconds = 2_147_483_647;

/// From here on a number of "seconds" is certainly milliseconds (the year 5138).
const MILLISECONDS_FROM: EpochSeconds = 100_000_000_000;

/// Checks a time that is to be written into a policy.
///
/// # Errors
/// [`ErrorCode::TimeInMilliseconds`] when the number is far too large to be seconds, and
/// [`ErrorCode::InvalidTime`] when it is zero or later than [`MAX_DOCUMENTED_EPOCH`].
pub(crate) fn check(value: EpochSeconds, field: &'static str) -> Result<EpochSeconds, Error> {
    if looks_like_milliseconds(value) {
        return Err(Error::new(
            ErrorCode::TimeInMilliseconds,
            format!("{field} is {value}, which looks like milliseconds; CloudFront counts seconds"),
        )
        .with_field(field)
        .with_hint("divide by 1000, or pass a Date or a duration such as \"15m\""));
    }
    if value == 0 || value > MAX_DOCUMENTED_EPOCH {
        return Err(Error::new(
            ErrorCode::InvalidTime,
            format!("{field} is {value}; it must be from 1 to {MAX_DOCUMENTED_EPOCH} seconds since 1970"),
        )
        .with_field(field)
        .with_hint("CloudFront documents 2147483647 (19 January 2038) as the last expiry"));
    }
    Ok(value)
}

/// True when a number of seconds can only be milliseconds.
#[must_use]
pub const fn looks_like_milliseconds(value: EpochSeconds) -> bool {
    value >= MILLISECONDS_FROM
}

/// Reads a time: `15m`, `2h`, `7d`, `30s` from now; an RFC 3339 time with its offset; or a date (midnight UTC).
///
/// # Errors
/// [`ErrorCode::InvalidTime`] when the text is none of these.
///
/// ```
/// use edgeseal_core::time::parse;
/// assert_eq!(parse("15m", 1_000, "expires").unwrap(), 1_900);
/// assert_eq!(parse("2026-01-01T00:00:00Z", 0, "expires").unwrap(), 1_767_225_600);
/// assert_eq!(parse("2026-01-01", 0, "expires").unwrap(), 1_767_225_600);
/// assert!(parse("tomorrow", 0, "expires").is_err());
/// ```
pub fn parse(text: &str, now: EpochSeconds, field: &'static str) -> Result<EpochSeconds, Error> {
    let trimmed = text.trim();
    if let Some(duration) = parse_duration(trimmed) {
        return Ok(now.saturating_add(duration));
    }
    if let Ok(moment) = OffsetDateTime::parse(trimmed, &Rfc3339)
        && let Ok(seconds) = u64::try_from(moment.unix_timestamp())
    {
        return Ok(seconds);
    }
    if let Ok(date) = Date::parse(trimmed, format_description!("[year]-[month]-[day]"))
        && let Ok(seconds) = u64::try_from(date.midnight().assume_utc().unix_timestamp())
    {
        return Ok(seconds);
    }
    Err(Error::new(ErrorCode::InvalidTime, format!("{field} is not a time that can be read"))
        .with_field(field)
        .with_hint("use a duration (\"15m\", \"2h\", \"7d\"), a time with its zone (\"2026-01-01T12:00:00Z\"), or epoch seconds"))
}

/// Reads a duration such as `30s`, `15m`, `2h` or `7d`, in seconds.
///
/// ```
/// use edgeseal_core::time::parse_duration;
/// assert_eq!(parse_duration("2h"), Some(7_200));
/// assert_eq!(parse_duration("2 fortnights"), None);
/// ```
#[must_use]
pub fn parse_duration(text: &str) -> Option<u64> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(seconds)
}

/// A time as RFC 3339 text in UTC, or the bare number where the calendar ends.
///
/// ```
/// assert_eq!(edgeseal_core::time::format(1_767_225_600), "2026-01-01T00:00:00Z");
/// ```
#[must_use]
pub fn format(at: EpochSeconds) -> String {
    i64::try_from(at)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.to_string())
}

/// A span of seconds in words: the two largest units that say something.
///
/// ```
/// assert_eq!(edgeseal_core::time::in_words(3_661), "1 hour 1 minute");
/// ```
#[must_use]
pub fn in_words(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, name) in UNITS {
        let count = rest / size;
        rest %= size;
        if count > 0 && parts.len() < 2 {
            parts.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        }
    }
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}
