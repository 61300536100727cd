/** Signed URLs to try, made to fit the rules, and the curl lines for them. */
import { createHash } from 'node:crypto';
import type { UploadConstraints } from '../sign-options.js';
import { newId } from './answer.js';
import type { Word } from './decision.js';
import type { LocalEdge } from './local-edge.js';
import type { Viewer } from './viewer.js';

/** A URL to try. */
export interface Sample {
  url: string;
  /** The words of a command line. */
  curl: string[];
  /** What becomes of it. */
  word: Word;
}

/** The part of a rule that a sample must fit. */
interface Rule {
  path: string;
  methods: string[];
  maxLifetime?: number | string;
  requireIp?: boolean;
  upload?: {
    contentTypes?: string[];
    extensions?: string[];
    requireChecksum?: boolean;
    requireConstraints?: string[];
  };
}

const body = 'hello';
const usualSeconds = 3600;
const anything: readonly Rule[] = [
  { path: '/upload/*', methods: ['PUT'] },
  { path: '/download/*', methods: ['GET'] },
];

/** A sample upload and download. `policy` is the rules as JSON text with every default written out. */
export async function makeSamples(
  edge: LocalEdge,
  policy: string | undefined,
): Promise<{ upload: Sample | undefined; download: Sample | undefined }> {
  const rules = policy === undefined ? anything : (JSON.parse(policy) as { rules: Rule[] }).rules;
  const find = (method: string, start: string) =>
    rules.find(({ path, methods }) => methods.includes(method) && path.startsWith(start));
  const up = find('PUT', '/upload/');
  const down = find('GET', '/download/');
  const name = `hello.${up?.upload?.extensions?.[0]?.replace(/^\./, '') ?? 'txt'}`;
  return {
    upload: up && (await uploadSample(edge, up, name)),
    download: down && (await downloadSample(edge, down, name)),
  };
}

async function uploadSample(edge: LocalEdge, rule: Rule, name: string): Promise<Sample> {
  const { contentTypes = [], requireChecksum, requireConstraints = [] } = rule.upload ?? {};
  const contentType = example(contentTypes[0] ?? 'text/plain');
  const sha256 = createHash('sha256').update(body).digest();
  const has = (constraint: string) => requireConstraints.includes(constraint);
  const upload: UploadConstraints = {
    ...(has('method') ? { method: 'PUT' } : {}),
    ...(has('maxBytes') ? { maxBytes: body.length } : {}),
    ...(has('contentType') ? { contentType } : {}),
    ...(has('sha256') ? { sha256: sha256.toString('hex') } : {}),
  };
  const url = sign(edge, rule, name, Object.keys(upload).length > 0 ? upload : undefined);
  const headers: [string, string][] = [['content-type', contentType]];
  if (requireChecksum || has('sha256')) headers.push(['x-amz-checksum-sha256', sha256.toString('base64')]);
  const extra = headers.flatMap(([header, value]) => ['-H', `${header}: ${value}`]);
  return {
    url,
    curl: curl(edge, url, ['-X', 'PUT', ...extra, '--data-binary', body]),
    word: await rehearse(edge, 'PUT', url, [['content-length', String(body.length)], ...headers]),
  };
}

async function downloadSample(edge: LocalEdge, rule: Rule, name: string): Promise<Sample> {
  const url = sign(edge, rule, name, undefined);
  return { url, curl: curl(edge, url, []), word: await rehearse(edge, 'GET', url, []) };
}

function sign(edge: LocalEdge, rule: Rule, name: string, upload: UploadConstraints | undefined): string {
  const last = rule.path.lastIndexOf('*');
  const path = [...rule.path]
    .map((character, at) => (character === '*' ? (at === last ? name : 'a') : character.replace('?', 'a')))
    .join('');
  return edge.signer.signUrl({
    url: edge.origin + path.split('/').map(encodeURIComponent).join('/'),
    expires: `${Math.min(usualSeconds, seconds(rule.maxLifetime) ?? usualSeconds)}s`,
    ...(rule.requireIp ? { ipAddress: '127.0.0.1' } : {}),
    ...(upload === undefined ? {} : { upload }),
  });
}

/** A media type that fits one with stars. */
function example(type: string): string {
  const [kind = '*', subtype = '*'] = type.split('/');
  if (kind === '*') return 'text/plain';
  if (subtype !== '*') return type;
  return (
    { image: 'image/png', video: 'video/mp4', audio: 'audio/mpeg', text: 'text/plain' }[kind] ??
    `${kind}/example`
  );
}

function seconds(lifetime: number | string | undefined): number | undefined {
  if (lifetime === undefined || typeof lifetime === 'number') return lifetime;
  const [, digits = '', unit = 's'] = /^(\d+)([smhd])$/.exec(lifetime) ?? [];
  return Number(digits) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? 1);
}

/**
 * A command line that reaches the edge whatever the name in the URL leads to. The edge speaks plain HTTP, so the scheme
 * of an https origin is swapped; the edge knows which one was signed.
 */
function curl(edge: LocalEdge, url: string, options: string[]): string[] {
  const local = new URL(edge.url).host;
  const target = new URL(edge.origin);
  if (target.host === local) return ['curl', ...options, url];
  const port = target.port || '80';
  const there = ['--connect-to', `${target.hostname}:${port}:${local}`];
  return ['curl', ...there, ...options, url.replace(/^https:/, 'http:')];
}

/** What becomes of a sample, found out by the distribution itself. */
function rehearse(edge: LocalEdge, method: string, url: string, headers: [string, string][]): Promise<Word> {
  const [path = '', query = ''] = url.slice(edge.origin.length).split('?', 2);
  const { host } = new URL(edge.origin);
  const all = [['host', host] as [string, string], ...headers];
  const viewer: Viewer = {
    requestId: newId(42),
    method,
    path,
    query,
    host,
    headers: Object.fromEntries(all.map(([key, value]) => [key, [{ key, value }]])),
    clientIp: '127.0.0.1',
    headBytes: url.length,
  };
  return edge.rehearse(viewer);
}
