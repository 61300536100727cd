// What the signed cases are written with. Nothing here is taken from Edgeseal: CloudFront's encodings are spelled
// out once more, and every signature is OpenSSL's, so that a mistake in the product cannot be copied into its vectors.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const keys = path.join(here, '..', '..', 'keys');
const storeFile = path.join(here, 'ecdsa-signatures.json');

export const ID = 'K2JCJMDEHXQW5F';
export const HOST = 'd111111abcdef8.cloudfront.net';
export const BASE = `https://${HOST}`;
export const NOW = 1767290000;
export const EXPIRES = 1767290400;
export const START = 1767200000;

export const RSA = { private: 'rsa-pkcs8.pem', public: 'rsa-public.pem' };
export const EC = { private: 'ec-pkcs8.pem', public: 'ec-public.pem' };
export const OTHER = { private: 'other-rsa.pem', public: 'other-rsa-public.pem' };

// ECDSA signatures are random, so they are kept: running the generator again changes nothing that still verifies.
const store = JSON.parse(readFileSync(storeFile, 'utf8'));
const used = {};

const scratch = mkdtempSync(path.join(tmpdir(), 'vectors-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const digestOption = (hash) => ({ SHA1: '-sha1', SHA256: '-sha256' })[hash];

function verifies(key, hash, text, signature) {
  const file = path.join(scratch, 'signature');
  writeFileSync(file, signature);
  try {
    execFileSync(
      'openssl',
      ['dgst', digestOption(hash), '-verify', path.join(keys, key.public), '-signature', file],
      { input: text, stdio: ['pipe', 'ignore', 'ignore'] },
    );
    return true;
  } catch {
    return false;
  }
}

/** OpenSSL's signature over a text: PKCS#1 v1.5 for RSA, DER for ECDSA. */
export function sign(key, hash, text) {
  const make = () =>
    execFileSync('openssl', ['dgst', digestOption(hash), '-sign', path.join(keys, key.private)], { input: text });
  if (key !== EC) return make();
  const name = `${hash} ${createHash('sha256').update(text).digest('hex')}`;
  const kept = Buffer.from(used[name] ?? store[name] ?? '', 'base64');
  const signature = verifies(key, hash, text, kept) ? kept : make();
  used[name] = signature.toString('base64');
  return signature;
}

/** RSA's private-key operation on a block of 256 bytes as it stands: what a forger of paddings would wish for. */
export function signBlock(block) {
  return execFileSync(
    'openssl',
    ['pkeyutl', '-decrypt', '-inkey', path.join(keys, RSA.private), '-pkeyopt', 'rsa_padding_mode:none'],
    { input: block },
  );
}

/** Keeps the ECDSA signatures of this run, and only these. */
export function keptSignatures() {
  const sorted = Object.fromEntries(Object.entries(used).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { file: storeFile, text: `${JSON.stringify(sorted, null, 2)}\n` };
}

/** CloudFront's base64: standard, then + = / become - _ ~. */
export function encode(bytes) {
  return Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
}

/** The exact text of a canned policy. */
export function canned(url, expires = EXPIRES) {
  return `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
}

/** A custom policy with these conditions, or without a resource when that is null. */
export function custom(resource, { expires = EXPIRES, start, ip } = {}) {
  const conditions = [`"DateLessThan":{"AWS:EpochTime":${expires}}`];
  if (start !== undefined) conditions.push(`"DateGreaterThan":{"AWS:EpochTime":${start}}`);
  if (ip !== undefined) conditions.push(`"IpAddress":{"AWS:SourceIp":"${ip}"}`);
  const named = resource === null ? '' : `"Resource":${JSON.stringify(resource)},`;
  return `{"Statement":[{${named}"Condition":{${conditions.join(',')}}}]}`;
}

/** The parts of a signed credential, by the names of the query parameters. */
export function credential(text, { kind = 'custom', key = RSA, hash = 'SHA1', id = ID, expires = EXPIRES } = {}) {
  const first = kind === 'canned' ? { Expires: String(expires) } : { Policy: encode(text) };
  const parts = { ...first, Signature: encode(sign(key, hash, text)), 'Key-Pair-Id': id };
  return hash === 'SHA1' ? parts : { ...parts, 'Hash-Algorithm': hash };
}

/** The credential of a canned policy for a URL. */
export const cannedCredential = (url, options = {}) =>
  credential(canned(url, options.expires), { ...options, kind: 'canned' });

const joined = (parts, prefix, separator) =>
  Object.entries(parts)
    .map(([name, value]) => `${prefix}${name}=${value}`)
    .join(separator);

/** A query string: own parameters first, as AWS documents it. */
export const query = (parts, own = '') => [own, joined(parts, '', '&')].filter((part) => part !== '').join('&');

/** A Cookie header. */
export const cookies = (parts) => joined(parts, 'CloudFront-', '; ');

/** One case, with its fields in a fixed order. */
export function entry(id, what, why, source, { case: number, ...rest }) {
  return { id, ...(number === undefined ? {} : { case: number }), what, why, source, ...rest };
}
