/** The file of cases for `edge test`: requests, and the decisions that are expected. */
import { toSeconds } from '../time.js';
import { CaseReader, type Part } from './case-reader.js';

/** How a request is signed: the options of the signer. Times are counted from the time of the case. */
export interface Signing {
  keyPairId?: string;
  hash?: 'SHA1' | 'SHA256';
  /** For `Signer.signUrl` or `Signer.signCookies`. */
  options: Record<string, unknown>;
}

/** One case. */
export interface Case {
  name: string;
  /** `cases.yaml:12:5` */
  place: string;
  /** When it is signed, and when the request comes, in seconds since 1970. */
  signedAt: number;
  now: number;
  method: string;
  host: string;
  path: string;
  querystring: string;
  headers: [name: string, value: string][];
  clientIp: string;
  signed?: Signing;
  cookies?: Signing;
  /** Goes behind the query string after signing. */
  append?: string;
  expect: Expectation;
}

/** The decisions there are. */
const decisions = ['allow', 'deny', 'respond'] as const;

/** What is compared; what is absent is not. */
export interface Expectation {
  decision: (typeof decisions)[number];
  reason?: string;
  status?: string;
  rule?: string;
  uri?: string;
  querystring?: string;
  body?: string;
  /** Of the request that goes on, or of the answer; `null` for a header that must not be there. */
  headers?: Record<string, string | null>;
}

/** Noon of a day long enough before anything that AWS documents about times. */
const defaultNow = 1_767_268_800;

/** Reads a case file. @throws {EdgesealError} `invalid-file` or `invalid-cases`, with the place in its message */
export function readCases(text: string, name: string): Case[] {
  const reader = new CaseReader(text, name);
  const file = reader.fields(reader.root, 'a case file', ['cases', 'host', 'now']);
  if (file.cases === undefined)
    return reader.fail(reader.root, 'there are no cases', 'write a list under "cases:"');
  const common = {
    host: file.host === undefined ? 'files.example.com' : reader.text(file.host, 'host'),
    now: file.now === undefined ? defaultNow : time(reader, file.now, 'now', defaultNow),
  };
  const cases = reader.items(file.cases, 'cases').map((part) => readCase(reader, part, common));
  if (cases.length === 0) reader.fail(file.cases, 'there are no cases');
  return cases;
}

function readCase(reader: CaseReader, part: Part, common: { host: string; now: number }): Case {
  const { name, request, expect } = reader.fields(part, 'a case', ['name', 'request', 'expect']);
  if (request === undefined) return reader.fail(part, 'the case has no request');
  if (expect === undefined) return reader.fail(part, 'the case has no expectation', 'write "expect: allow"');
  const read = readRequest(reader, request, common);
  return {
    name: name === undefined ? `${read.method} ${read.path}` : reader.text(name, 'name'),
    place: reader.place(name ?? part),
    ...read,
    expect: readExpectation(reader, expect),
  };
}

const requestFields = [
  'method',
  'path',
  'host',
  'headers',
  'clientIp',
  'signed',
  'cookies',
  'append',
  'after',
] as const;

function readRequest(
  reader: CaseReader,
  part: Part,
  common: { host: string; now: number },
): Omit<Case, 'name' | 'place' | 'expect'> {
  const short = typeof part.value === 'string' ? /^([A-Z]+) (\/\S*)$/.exec(part.value) : undefined;
  if (short === null) return reader.fail(part, 'the request is not written as "GET /path"');
  const fields = short ? {} : reader.fields(part, 'a request', requestFields);
  const text = (field: Part | undefined, what: string, otherwise: string) =>
    field === undefined ? otherwise : reader.text(field, what);
  const target = short?.[2] ?? text(fields.path, 'path', '');
  if (!target.startsWith('/')) reader.fail(fields.path ?? part, 'path must be there, and begin with /');
  const [path = '', ...query] = target.split('?');
  const { signed, cookies, append, after } = fields;
  if (signed !== undefined && cookies !== undefined) {
    reader.fail(cookies, 'a request has signed or cookies, not both: CloudFront looks at the URL alone then');
  }
  const at = common.now;
  const host = text(fields.host, 'host', common.host);
  return {
    signedAt: at,
    now: after === undefined ? at : time(reader, after, 'after', at),
    method: short?.[1] ?? text(fields.method, 'method', 'GET'),
    host,
    path,
    querystring: query.join('?'),
    headers: fields.headers === undefined ? [] : readHeaders(reader, fields.headers),
    clientIp: text(fields.clientIp, 'clientIp', '192.0.2.7'),
    ...(signed === undefined || signed.value === false
      ? {}
      : { signed: readSigning(reader, signed, urlFields, at) }),
    ...(cookies === undefined || cookies.value === false
      ? {}
      : { cookies: readSigning(reader, cookies, cookieFields, at) }),
    ...(append === undefined ? {} : { append: reader.text(append, 'append') }),
  };
}

function readHeaders(reader: CaseReader, part: Part): [string, string][] {
  return reader.entries(part, 'headers').flatMap(([name, value]) => {
    const values = Array.isArray(value.value) ? reader.items(value, name) : [value];
    return values.map((item): [string, string] => [
      name.toLowerCase(),
      reader.text(item, `the header ${name}`),
    ]);
  });
}

const termFields = ['expires', 'notBefore', 'ipAddress', 'keyPairId', 'hash', 'resource'] as const;
const urlFields = [...termFields, 'url', 'upload'] as const;
const cookieFields = termFields;

function readSigning(reader: CaseReader, part: Part, known: readonly string[], at: number): Signing {
  if (part.value === true) return { options: { expires: at + 600 } };
  const { keyPairId, hash, ...fields } = reader.fields(part, 'a signature', known);
  const options: Record<string, unknown> = { expires: at + 600 };
  for (const [name, field] of Object.entries(fields)) {
    if (field === undefined) continue;
    const isTime = name === 'expires' || name === 'notBefore';
    options[name] = isTime ? time(reader, field, name, at) : field.value;
  }
  return {
    options,
    ...(keyPairId === undefined ? {} : { keyPairId: reader.text(keyPairId, 'keyPairId') }),
    ...(hash === undefined ? {} : { hash: reader.text(hash, 'hash') as 'SHA1' | 'SHA256' }),
  };
}

/** A time, or a duration from another one. */
function time(reader: CaseReader, part: Part, name: string, from: number): number {
  try {
    return toSeconds(part.value, name, from);
  } catch (thrown) {
    return reader.fail(
      part,
      thrown instanceof Error ? thrown.message : name,
      'for example 15m, or 2026-01-01T12:00:00Z',
    );
  }
}

const texts = ['reason', 'status', 'rule', 'uri', 'querystring', 'body'] as const;

function readExpectation(reader: CaseReader, part: Part): Expectation {
  if (typeof part.value === 'string') return { decision: decision(reader, part) };
  const {
    decision: decided,
    headers,
    ...fields
  } = reader.fields(part, 'an expectation', ['decision', 'headers', ...texts]);
  if (decided === undefined) return reader.fail(part, 'the expectation has no decision');
  const expected: Expectation = { decision: decision(reader, decided) };
  for (const name of texts) {
    const field = fields[name];
    if (field !== undefined) expected[name] = reader.text(field, name);
  }
  if (headers !== undefined) {
    const pairs = reader.entries(headers, 'headers').map(([name, value]) => {
      const text = value.value === null ? null : reader.text(value, `the header ${name}`);
      return [name.toLowerCase(), text] as const;
    });
    expected.headers = Object.fromEntries(pairs);
  }
  return expected;
}

function decision(reader: CaseReader, part: Part): Expectation['decision'] {
  const found = decisions.find((word) => word === part.value);
  return found ?? reader.fail(part, 'the decision must be allow, deny or respond');
}
