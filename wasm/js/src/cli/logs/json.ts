/**
 * Lines with JSON in them: standard logs (v2) in JSON, and what Lambda@Edge functions leave in CloudWatch Logs, as
 * exported, as tailed, or as delivered by a subscription.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
import { recordOf, secondsOf, statusOf, timeOf, valueIn } from './fields.js';
import { type EdgeRecord, type Reading, refusal } from './record.js';

/** What stands at the start of the lines that Lambda itself writes. */
const runtimeLine =
  /(?:^|\s)(?:START|END|REPORT) RequestId: |(?:^|\s)(?:INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT) |Task timed out after/;
const timestamped = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\d{13}\s)/;

/** The readings of a line that is no line of delimited values; one line of a subscription holds several events. */
export function readLoose(line: string, everything: boolean): Reading[] {
  const property = readLaidOut(line);
  if (property !== undefined) return property;
  const brace = line.indexOf('{');
  if (brace >= 0) {
    const passed = brace === 0 && !everything ? passedAtAGlance(line) : undefined;
    if (passed !== undefined) return [passed];
    const value = parse(line.slice(brace));
    if (value !== undefined) return readObject(value, timeOfPrefix(line.slice(0, brace)), 0);
  }
  if (runtimeLine.test(line)) return [{ kind: 'runtime' }];
  if (brace === 0) return [{ kind: 'unreadable', why: 'the JSON is broken' }];
  if (timestamped.test(line)) return [{ kind: 'foreign' }];
  return [{ kind: 'unreadable', why: 'it is no line of an access log or of Lambda@Edge' }];
}

/** Lines of JSON that is laid out over many, as the AWS CLI writes it: one property, or nothing but brackets. */
const laidOut = /^\s*(?:"[A-Za-z]+": (?:"[^"]*"|-?\d+|null|true|false|[[{][\]}]?)|[[{]|[\]}]),?\s*$/;
const longestProperty = 1024;
const laidOutMessage = /^\s*"message": "/;

/** Only messages matter of JSON that is laid out; they have their time in them. Undefined for any other line. */
function readLaidOut(line: string): Reading[] | undefined {
  if (laidOutMessage.test(line)) {
    const text = line.trim().replace(/,$/, '');
    const message = parse(`{${text}}`)?.message;
    if (typeof message === 'string') return readMessage(message, undefined, 1);
  }
  return line.length <= longestProperty && laidOut.test(line) ? [{ kind: 'foreign' }] : undefined;
}

/** The status of a JSON line that was no refusal. Inside a value the quotes of the name would be escaped. */
function passedAtAGlance(line: string): Reading | undefined {
  const name = '"sc-status"';
  const start = line.indexOf(name);
  if (start < 0) return undefined;
  let at = start + name.length;
  while (line[at] === ' ' || line[at] === ':' || line[at] === '"') at += 1;
  const status = statusOf(line.slice(at, at + 3));
  return status === undefined || status === refusal || !line.endsWith('}')
    ? undefined
    : { kind: 'passed', status };
}

/** An object of a log, by the names that mean something. */
interface Json {
  readonly [name: string]: unknown;
  readonly source?: unknown;
  readonly decision?: unknown;
  readonly status?: unknown;
  readonly logEvents?: unknown;
  readonly events?: unknown;
  readonly message?: unknown;
  readonly timestamp?: unknown;
  readonly time?: unknown;
  readonly type?: unknown;
}

/** JSON of a line whose characters are bytes. */
function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How deep one message may be wrapped in others. */
const deepest = 3;

function readObject(value: Json, outer: number | undefined, depth: number): Reading[] {
  const status = statusOf(valueIn(value, 'status'));
  if (status !== undefined) {
    // Values of JSON are text; those of the other formats are bytes.
    const bytes = (text: string | undefined) =>
      text === undefined ? undefined : Buffer.from(text, 'utf8').toString('latin1');
    return [recordOf((field) => bytes(valueIn(value, field)), status)];
  }
  if (value.source === 'edgeseal') return [edgeRecord(value, outer)];
  if (depth >= deepest) return [{ kind: 'foreign' }];
  const events = value.logEvents ?? value.events;
  if (Array.isArray(events)) {
    return events.flatMap((event) => (isObject(event) ? readObject(event, outer, depth + 1) : []));
  }
  const time = timeOfEvent(value) ?? outer;
  const message = value.message ?? value['@message'];
  if (isObject(message)) return readObject(message, time, depth + 1);
  if (typeof message === 'string') return readMessage(message, time, depth + 1);
  const type = value.type;
  return [{ kind: typeof type === 'string' && type.startsWith('platform.') ? 'runtime' : 'foreign' }];
}

function readMessage(message: string, time: number | undefined, depth: number): Reading[] {
  const brace = message.indexOf('{');
  const value = brace < 0 ? undefined : parse(Buffer.from(message.slice(brace), 'utf8').toString('latin1'));
  if (value !== undefined)
    return readObject(value, time ?? timeOfPrefix(message.slice(0, Math.max(0, brace))), depth);
  return [{ kind: runtimeLine.test(message) ? 'runtime' : 'foreign' }];
}

function timeOfEvent(value: Json): number | undefined {
  const given = value.timestamp ?? value['@timestamp'] ?? value.time;
  if (typeof given === 'number') return secondsOf(given);
  return typeof given === 'string' ? secondsOf(Date.parse(given)) : timeOf((field) => valueIn(value, field));
}

/** The time at the start of a line of CloudWatch Logs: a date and time, or milliseconds since 1970. */
function timeOfPrefix(prefix: string): number | undefined {
  const [first = ''] = prefix.trimStart().split(/\s/, 1);
  return secondsOf(/^\d{13}$/.test(first) ? Number(first) : Date.parse(first));
}

function edgeRecord(value: Json, time: number | undefined): EdgeRecord {
  const text = (name: string) => {
    const given = value[name];
    return typeof given === 'string' && given !== '' ? given : undefined;
  };
  return {
    kind: 'edge',
    time,
    allowed: value.decision !== 'deny',
    reason: text('reason') ?? 'unknown',
    message: text('message') ?? '',
    status: typeof value.status === 'number' ? value.status : refusal,
    method: text('method'),
    path: text('path'),
    clientIp: text('clientIp'),
  };
}
