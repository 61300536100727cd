/**
 * The fields of access logs, by the names of standard logs and of real-time logs.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
 */
import type { AccessRecord } from './record.js';

/** What is needed of a line, and the names under which logs have it. The first name that a log has is taken. */
const names = {
  date: ['date'],
  clock: ['time'],
  seconds: ['timestamp'],
  millis: ['timestamp(ms)'],
  status: ['sc-status'],
  method: ['cs-method'],
  scheme: ['cs-protocol'],
  host: ['x-host-header', 'cs-host'],
  distribution: ['cs(Host)'],
  path: ['cs-uri-stem'],
  query: ['cs-uri-query'],
  cookie: ['cs(Cookie)', 'cs-cookie'],
  clientIp: ['c-ip'],
  resultType: ['x-edge-result-type'],
  detailedResultType: ['x-edge-detailed-result-type'],
} as const;

/** A field that is needed. */
export type Field = keyof typeof names;

/** The value of each field, undefined where the log does not have it. */
export type Values = (field: Field) => string | undefined;

/** The order of the standard log, which older logs share as far as they go. */
export const standardOrder =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end'.split(
    ' ',
  );

const needed = Object.entries(names) as [Field, readonly string[]][];
const known = new Set<string>([...standardOrder, ...needed.flatMap(([, list]) => list)]);

/** Whether words look like a list of fields rather than like a line of values. */
export function isFieldList(words: readonly string[]): boolean {
  return words.length > 2 && words.includes('sc-status') && words.every((word) => isFieldName(word));
}

function isFieldName(word: string): boolean {
  return known.has(word) || /^[a-z][a-z0-9()-]*$/.test(word);
}

/** Where each needed field stands in a list of fields. */
export function columnsOf(order: readonly string[]): ReadonlyMap<Field, number> {
  const columns = new Map<Field, number>();
  for (const [field, candidates] of needed) {
    const name = candidates.find((candidate) => order.includes(candidate));
    if (name !== undefined) columns.set(field, order.indexOf(name));
  }
  return columns;
}

/** The value of a needed field in an object whose keys are field names. */
export function valueIn(object: Readonly<Record<string, unknown>>, field: Field): string | undefined {
  for (const name of names[field]) {
    const value = object[name];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** A status as a number; undefined for anything but three digits. */
export function statusOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{3}$/.test(text) ? Number(text) : undefined;
}

/** The record of one line. */
export function recordOf(values: Values, status: number): AccessRecord {
  const stem = sent(values('path'));
  // The stem of a real-time log goes on with the query, if there is one.
  const mark = stem?.indexOf('?') ?? -1;
  const realTime = values('seconds') !== undefined;
  const query = values('query') ?? (mark >= 0 ? stem?.slice(mark + 1) : realTime ? '' : undefined);
  return {
    kind: 'access',
    time: timeOf(values),
    status,
    method: sent(values('method')),
    scheme: sent(values('scheme')),
    host: sent(values('host')),
    distribution: sent(values('distribution')),
    path: mark < 0 ? stem : stem?.slice(0, mark),
    query: query === '-' ? '' : query,
    cookie: values('cookie') === '-' ? '' : values('cookie'),
    clientIp: sent(values('clientIp')),
    resultType: sent(values('resultType')),
    detailedResultType: sent(values('detailedResultType')),
  };
}

function sent(value: string | undefined): string | undefined {
  return value === '-' || value === '' ? undefined : value;
}

/** The time of a line in seconds since 1970, by whichever fields it has. */
export function timeOf(values: Values): number | undefined {
  const date = values('date');
  const clock = values('clock');
  if (date !== undefined && clock !== undefined) {
    return secondsOf(Date.parse(`${date.slice(0, 10)}T${clock.slice(0, 12)}Z`));
  }
  const millis = values('millis');
  if (millis !== undefined && millis !== '') return secondsOf(Number(millis));
  const seconds = values('seconds');
  return seconds === undefined || seconds === '' ? undefined : secondsOf(Number(seconds) * 1000);
}

/** Whole seconds of a time in milliseconds; undefined for what is no time of this age. */
export function secondsOf(millis: number): number | undefined {
  return millis > 0 && millis < 4_102_444_800_000 ? Math.floor(millis / 1000) : undefined;
}
