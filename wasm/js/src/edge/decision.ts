/** Talking to the core: one text in, one text out, parts separated by NUL. */
import type { EdgeCore } from '../wasm/edge.js';
import type { CloudFrontRequest } from './event.js';

/** Pass the request on, changed as said. */
export interface AllowDecision {
  kind: 'allow';
  rule: string;
  /** The path to go on with, where it changes. */
  uri?: string;
  /** The query string to go on with, where it changes. */
  querystring?: string;
  /** The `Cookie` headers to go on with, where they change. */
  cookies?: string[];
  keyPairId?: string;
  source?: string;
}

/** Refuse the request. */
export interface DenyDecision {
  kind: 'deny';
  status: number;
  /** Stable code, such as `too-large`. */
  reason: string;
  /** One sentence for a person. */
  message: string;
  detail?: string;
  rule?: string;
  /** What the public may read. */
  body: string;
  headers: [string, string][];
}

/** Answer the request here. */
export interface RespondDecision {
  kind: 'respond';
  status: number;
  rule: string;
  body: string;
  headers: [string, string][];
}

/** What the edge does with a request. */
export type Decision = AllowDecision | DenyDecision | RespondDecision;

/** The headers that a decision looks at; the others never cross. */
const headersThatMatter = [
  'cookie',
  'content-length',
  'transfer-encoding',
  'content-type',
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
  'x-amz-checksum-sha256',
  'x-amz-content-sha256',
  'x-amz-checksum-sha1',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'content-md5',
  'x-amz-copy-source',
  'x-amz-copy-source-range',
] as const;

const malformed: DenyDecision = {
  kind: 'deny',
  status: 400,
  reason: 'malformed-request',
  message: 'The request has bytes that no signed URL can contain.',
  body: 'Bad Request',
  headers: [],
};

/**
 * Asks the core about a request at a time, in seconds since 1970.
 *
 * @throws when the request has not the documented shape, or the time is none
 */
export function decide(core: EdgeCore, request: CloudFrontRequest, now: number): Decision {
  // WebAssembly would take what is no number for 1970, when nothing has expired.
  if (!(Number.isFinite(now) && now >= 0)) throw new TypeError('the time is no number of seconds');
  const parts = [request.method, hostOf(request), request.uri, request.querystring, request.clientIp];
  for (const name of headersThatMatter) {
    const values = request.headers[name];
    if (values === undefined) continue;
    for (const { value } of values) parts.push(name, value);
  }
  // What is no text would be made one here, and go on to the origin as something else.
  for (const part of parts) if (typeof part !== 'string') throw new TypeError('a part is no text');
  const text = parts.join('\0');
  if (!isWellFormed(text) || separators(text) !== parts.length - 1) return malformed;
  return read(core.decide(encode(text), now));
}

const encoder = new TextEncoder();
/** Room for the longest URL and the headers that matter. It is overwritten by each request. */
const room = new Uint8Array(32_768);

function encode(text: string): Uint8Array {
  const { read: taken, written } = encoder.encodeInto(text, room);
  return taken === text.length ? room.subarray(0, written) : encoder.encode(text);
}

/** False when there is half of a surrogate pair, which would reach the core as another character. */
function isWellFormed(text: string): boolean {
  // Node 20 has it; the library of ES2023 does not declare it.
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** More separators than parts means that a part has one inside. */
function separators(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\0'); at !== -1; at = text.indexOf('\0', at + 1)) count += 1;
  return count;
}

function hostOf(request: CloudFrontRequest): string {
  const hosts = request.headers['host'];
  return hosts?.length === 1 ? (hosts[0]?.value ?? '') : '';
}

/** Parts are taken by their index: to destructure an array costs more than the rest of the reading. */
function read(answer: string): Decision {
  const parts = answer.split('\0');
  if (parts[0] === 'a') return readAllow(parts);
  const status = Number(parts[1]);
  if (parts[0] === 'r') {
    return {
      kind: 'respond',
      status,
      rule: parts[2] ?? '',
      body: parts[3] ?? '',
      headers: pairs(parts.slice(4)),
    };
  }
  return {
    kind: 'deny',
    status,
    reason: parts[2] ?? 'internal',
    message: parts[3] ?? '',
    ...optional('detail', parts[4]),
    ...optional('rule', parts[5]),
    body: parts[6] ?? '',
    headers: pairs(parts.slice(7)),
  };
}

function readAllow(parts: string[]): AllowDecision {
  const decision: AllowDecision = { kind: 'allow', rule: parts[1] ?? '' };
  const uri = parts[2];
  const querystring = parts[3];
  const keyPairId = parts[4];
  const source = parts[5];
  if (uri) decision.uri = uri.slice(1);
  if (querystring) decision.querystring = querystring.slice(1);
  if (keyPairId) decision.keyPairId = keyPairId.slice(1);
  if (source) decision.source = source.slice(1);
  if (parts[6]) decision.cookies = parts.slice(7);
  return decision;
}

/** An optional part is empty, or `=` and its text. */
function optional<K extends string>(name: K, part: string | undefined): { [name in K]?: string } {
  return part ? ({ [name]: part.slice(1) } as { [name in K]: string }) : {};
}

function pairs(flat: string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2)
    found.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return found;
}
