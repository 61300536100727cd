import { EdgesealError, guarded } from './errors.js';
import { wellFormed } from './options.js';
import { parseTime } from './wasm/core.js';

/**
 * A time: a `Date`, whole seconds since 1970, RFC 3339 text with its zone (`"2026-01-01T12:00:00Z"`),
 * a date (midnight UTC), or a duration from now (`"30s"`, `"15m"`, `"2h"`, `"7d"`).
 */
export type Instant = Date | number | string;

/** The current time in whole seconds. */
export function currentSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** From here on a number of "seconds" is certainly milliseconds (the year 5138); the core draws the same line. */
const millisecondsFrom = 100_000_000_000;

/** Seconds since 1970. What cannot be a time is refused, and so are milliseconds, with a hint. */
export function toSeconds(value: unknown, field: string, now: number): number {
  if (typeof value === 'string') return guarded(() => parseTime(wellFormed(value, field), now, field));
  const millis = dateMillis(value);
  if (millis !== undefined) return wholeSeconds(Math.round(millis / 1000), field);
  if (typeof value === 'number') return notMilliseconds(wholeSeconds(value, field), field);
  throw new EdgesealError(
    'invalid-time',
    `${field} must be a Date, a time as text, a duration or epoch seconds`,
    {
      field,
      hint: 'for example "15m"',
    },
  );
}

/** As {@link toSeconds}, and `undefined` stays `undefined`. */
export function toOptionalSeconds(value: unknown, field: string, now: number): number | undefined {
  return value === undefined || value === null ? undefined : toSeconds(value, field, now);
}

/** The time in a `Date`, whatever was made of its methods; undefined for anything else. */
export function dateMillis(value: unknown): number | undefined {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

/** The core says the same of a time that is signed; this is for those that are only judged by. */
function notMilliseconds(seconds: number, field: string): number {
  if (seconds < millisecondsFrom) return seconds;
  throw new EdgesealError(
    'time-in-milliseconds',
    `${field} is ${seconds}, which looks like milliseconds; CloudFront counts seconds`,
    { field, hint: 'divide by 1000, or pass a Date or a duration such as "15m"' },
  );
}

function wholeSeconds(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  const message = Number.isNaN(value)
    ? `${field} is not a valid date`
    : `${field} must be a whole number of seconds since 1970`;
  throw new EdgesealError('invalid-time', message, { field });
}
