/** From the texts of the form to everything there is to say about them. */
import { EdgesealError } from '../errors.js';
import { currentSeconds, toSeconds } from '../time.js';
import type { Explanation } from '../verifier.js';
import { askEdge, type EdgeQuestion, type EdgeReport } from './edge-report.js';
import { explain, type Keys } from './engine.js';
import { type FieldName, type Fields, fieldNames, type Problem, tooLong } from './fields.js';
import { type Pasted, readCookies, readHeaders, readPasted } from './paste.js';
import { isRedacted } from './redact.js';

/** What came of the form. */
export interface Inspection {
  request: Pasted;
  /** What keeps the request from being judged. */
  problems: Problem[];
  explanation?: Explanation;
  /** The time it was judged at, as RFC 3339 text. */
  judgedAt: string;
  withKey: boolean;
  /** The signature was taken out when the link to this page was made. */
  redacted: boolean;
  /** What the sender of a link saw, as codes. */
  seen: string[];
  edge?: EdgeReport;
}

/** Whether there is anything to look at. */
export const isEmpty = (fields: Fields) => fields.request.trim() === '' && fields.cookies.trim() === '';

/**
 * Looks at everything. Never throws for what is in the form.
 *
 * @param seen what the sender of a link saw
 */
export function inspect(fields: Fields, seen: string[]): Inspection {
  const problems = fieldNames.flatMap((name) => tooLong(name, fields[name].length) ?? []);
  if (problems.length > 0) return nothing({ cookies: [], headers: [], ignored: 0 }, problems);
  const request = understand(fields);
  const { url } = request;
  if (url === undefined) {
    const message = 'There is no URL here.';
    const hint = 'Cookies open one URL or another: paste the URL that they are sent to, too.';
    return nothing(request, [{ field: 'request', message, hint }]);
  }
  const wrongIp = checkIp(fields.ip.trim());
  if (wrongIp !== undefined) return nothing(request, [wrongIp]);
  const redacted = isRedacted([url, ...request.cookies].join('\n'));
  const keys = redacted ? {} : keysOf(fields, request);
  try {
    const now = judgingTime(fields.time.trim());
    const explanation = withRedaction(explain(keys, { ...questionOf(fields, request), url, now }), redacted);
    const judgedAt = new Date(now * 1000).toISOString().replace('.000', '');
    const withKey = Object.keys(keys).length > 0;
    const edge =
      fields.rules.trim() === ''
        ? {}
        : { edge: askEdge(fields.rules, edgeQuestion(fields, request, url, now, keys), explanation.verdict) };
    return { request, problems, explanation, judgedAt, withKey, redacted, seen, ...edge };
  } catch (thrown) {
    return nothing(request, [problemOf(thrown)]);
  }
}

const nothing = (request: Pasted, problems: Problem[]): Inspection => ({
  request,
  problems,
  judgedAt: '',
  withKey: false,
  redacted: false,
  seen: [],
});

/** The pasted request, with what the other fields add or change. */
function understand(fields: Fields): Pasted {
  const pasted = readPasted(fields.request);
  const { url = '', method = 'GET' } = pasted;
  const given: [string, string][] = readHeaders(fields.headers);
  if (fields.size.trim() !== '') given.push(['content-length', fields.size.trim()]);
  if (fields.type.trim() !== '') given.push(['content-type', fields.type.trim()]);
  const names = new Set(given.map(([name]) => name));
  return {
    ...pasted,
    ...(url === '' ? {} : { url }),
    method: (fields.method.trim() || method).toUpperCase(),
    cookies: [...pasted.cookies, ...readCookies(fields.cookies)],
    headers: [...pasted.headers.filter(([name]) => !names.has(name)), ...given],
  };
}

/** A key-pair id for a key that was given without one, beside a credential that names none. */
const someId = 'GIVEN';

/** The public key under its id: the one that was given, or the one that the credential names. */
function keysOf(fields: Fields, { url = '', cookies }: Pasted): Keys {
  const key = fields.key.trim();
  if (key === '') return {};
  return { [fields.keyPairId.trim() || namedKeyPairId(url, cookies) || someId]: key };
}

/** The key-pair id that a credential names, for a key that was given without one. */
function namedKeyPairId(url: string, cookies: readonly string[]): string | undefined {
  const inUrl = /[?&](?:amp;)?Key-Pair-Id=([A-Z0-9]+)/.exec(url);
  const inCookies = /(?:^|[;\s])CloudFront-Key-Pair-Id=([A-Z0-9]+)/.exec(cookies.join('\n'));
  return (inUrl ?? inCookies)?.[1];
}

/** The last time that a `Date` can hold, in seconds since 1970. */
const latest = 8_640_000_000_000;

/** Now, or a time as the command line takes it; digits are seconds since 1970. */
function judgingTime(text: string): number {
  const now = currentSeconds();
  if (text === '' || text.toLowerCase() === 'now') return now;
  const time = toSeconds(/^\d{1,15}$/.test(text) ? Number(text) : text, 'now', now);
  if (time <= latest) return time;
  throw new EdgesealError('invalid-time', 'now is later than any calendar goes', { field: 'now' });
}

function questionOf(fields: Fields, { cookies }: Pasted) {
  const ip = fields.ip.trim();
  return {
    cookies,
    ...(ip === '' ? {} : { clientIp: ip }),
    hosts: fields.hosts.split(/[\s,]+/).filter((host) => host !== ''),
  };
}

function edgeQuestion(fields: Fields, request: Pasted, url: string, now: number, keys: Keys): EdgeQuestion {
  const { method = 'GET', cookies, headers } = request;
  return { url, method, cookies, headers, clientIp: fields.ip.trim(), now, keys };
}

/** The core takes an address that it cannot read for an unknown one; here it is a slip of the finger. */
function checkIp(ip: string): Problem | undefined {
  if (ip === '' || /^(?:\d{1,3}\.){3}\d{1,3}$/.test(ip) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(ip))
    return undefined;
  return { field: 'ip', message: 'This is no IP address.', hint: 'For example 203.0.113.7 or 2001:db8::7.' };
}

/** What was taken out of a link cannot be checked. That is not a fault of the credential. */
function withRedaction(explanation: Explanation, redacted: boolean): Explanation {
  if (!redacted) return explanation;
  const checks = explanation.checks.map((check) =>
    check.id === 'signature-form' || check.id === 'signature'
      ? { ...check, outcome: 'unknown' as const, detail: 'it was left out when this link was made' }
      : check,
  );
  return { ...explanation, checks };
}

/** The field that an error of the package is about. */
const fieldOf: Record<string, FieldName> = {
  url: 'request',
  cookies: 'cookies',
  clientIp: 'ip',
  now: 'time',
  hosts: 'hosts',
  publicKey: 'key',
  keyPairId: 'keyPairId',
  policy: 'rules',
};

function problemOf(thrown: unknown): Problem {
  if (!(thrown instanceof EdgesealError)) throw thrown;
  const { field = 'url', message, hint } = thrown;
  const name = field.startsWith('keys.') ? 'key' : (fieldOf[field] ?? 'request');
  // Beside its field, a problem needs no name.
  const nameless = message.replace(/^now\b/, 'this');
  return { field: name, message: nameless, ...(hint === undefined ? {} : { hint }) };
}
