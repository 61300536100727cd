/**
 * A drop-in for `@aws-sdk/cloudfront-signer`: same options, same defaults, same bytes.
 *
 * Inputs that make links which cannot work are refused with an `EdgesealError`:
 *
 * - query parameters that CloudFront keeps for itself, in the URL to sign;
 * - impossible IP addresses, such as `10.0.0` and `10.0.0.1/1e1`;
 * - RTMP, and URLs without `//`;
 * - dates before 1970;
 * - keys that CloudFront does not accept: anything but RSA-2048 and ECDSA P-256;
 * - half surrogate pairs, texts of more than 1,048,576 characters, and values of another type than the options have.
 *
 * A parsed key is kept for the next call, known by the digest of its text.
 *
 * @packageDocumentation
 */
import { chosenCrypto, sha256, signingKey } from './arithmetic.js';
import { EdgesealError, guarded } from './errors.js';
import { keyBytes, oneOf, reading, wellFormed } from './options.js';
import { requireReady } from './platform/node/loading.js';
import { readPrivateKey } from './private-key.js';
import { dateMillis } from './time.js';
import { CompatKey } from './wasm/core.js';

export { ready } from './ready.js';

/** The hash algorithm used for signing. */
export type CloudfrontSignerAlgorithm = 'SHA1' | 'SHA256';

/** The key to sign with. */
export interface CloudfrontSignerCredentials {
  /** The ID of the Cloudfront key pair. */
  keyPairId: string;
  /** The content of the Cloudfront private key. */
  privateKey: string | Uint8Array;
  /** The passphrase of the key. */
  passphrase?: string;
  /** `SHA1` unless you say otherwise, as in the AWS SDK. */
  algorithm?: CloudfrontSignerAlgorithm;
}

/** Sign from parameters. */
export type CloudfrontSignInputWithParameters = CloudfrontSignerCredentials & {
  /** The URL to sign. */
  url: string;
  /** The end of validity: anything that `new Date()` takes. */
  dateLessThan: string | number | Date;
  /** The start of validity: anything that `new Date()` takes. */
  dateGreaterThan?: string | number | Date;
  /** One IPv4 address or range. */
  ipAddress?: string;
  policy?: never;
};

/** Sign a policy text. */
export type CloudfrontSignInputWithPolicy = CloudfrontSignerCredentials & {
  /** The URL to carry the signature; the policy's first resource when left out. */
  url?: string;
  /** The JSON policy, signed as it stands. */
  policy: string;
  dateLessThan?: never;
  dateGreaterThan?: never;
  ipAddress?: never;
};

/** What {@link getSignedUrl} and {@link getSignedCookies} take. */
export type CloudfrontSignInput = CloudfrontSignInputWithParameters | CloudfrontSignInputWithPolicy;

/** What {@link getSignedCookies} answers with. */
export interface CloudfrontSignedCookiesOutput {
  'CloudFront-Key-Pair-Id': string;
  'CloudFront-Signature': string;
  'CloudFront-Expires'?: number;
  'CloudFront-Policy'?: string;
  'CloudFront-Hash-Algorithm'?: string;
}

/** Signs a URL, byte for byte as `@aws-sdk/cloudfront-signer` does. */
export function getSignedUrl(input: CloudfrontSignInput): string {
  const { key, keyPairId, hash, url, policy, expires, notBefore, ipAddress } = read(input, 'getSignedUrl');
  return guarded(() => key.signUrl(keyPairId, hash, url, policy, expires, notBefore, ipAddress));
}

/** Signs cookies, byte for byte as `@aws-sdk/cloudfront-signer` does. */
export function getSignedCookies(input: CloudfrontSignInput): CloudfrontSignedCookiesOutput {
  const { key, keyPairId, hash, ...given } = read(input, 'getSignedCookies');
  const answer = guarded(() =>
    key.signCookies(hash, given.url, given.policy, given.expires, given.notBefore, given.ipAddress),
  );
  const { signature, expires, policy } = JSON.parse(answer) as {
    signature: string;
    expires: number | null;
    policy: string | null;
  };
  return {
    'CloudFront-Key-Pair-Id': keyPairId,
    'CloudFront-Signature': signature,
    ...(expires === null ? {} : { 'CloudFront-Expires': expires }),
    ...(policy === null ? {} : { 'CloudFront-Policy': policy }),
    ...(hash === 'SHA256' ? { 'CloudFront-Hash-Algorithm': 'SHA256' } : {}),
  };
}

interface Reading {
  key: CompatKey;
  keyPairId: string;
  hash: CloudfrontSignerAlgorithm;
  url: string | undefined;
  policy: string | undefined;
  expires: number | undefined;
  notBefore: number | undefined;
  ipAddress: string | undefined;
}

const names = [
  'keyPairId',
  'privateKey',
  'passphrase',
  'algorithm',
  'url',
  'policy',
  'dateLessThan',
  'dateGreaterThan',
  'ipAddress',
] as const;

/** Takes the options that the AWS SDK knows and passes over others, as it does. */
function read(input: unknown, call: string): Reading {
  const given = reading(call, () => {
    if (typeof input !== 'object' || input === null) {
      throw new EdgesealError('invalid-argument', `${call} takes one object with options`);
    }
    const options = input as Record<string, unknown>;
    return Object.fromEntries(names.map((name) => [name, options[name]])) as Record<
      (typeof names)[number],
      unknown
    >;
  });
  if (typeof given.keyPairId !== 'string') {
    throw new EdgesealError('invalid-argument', 'keyPairId must be a string', { field: 'keyPairId' });
  }
  // The AWS SDK takes an empty text for one that was left out.
  const policy = text(given.policy, 'policy') || undefined;
  const expires = policy === undefined ? epoch(given.dateLessThan, 'dateLessThan') : undefined;
  if (policy === undefined && !expires) {
    throw new EdgesealError('invalid-time', 'dateLessThan is not a date that the Date constructor takes', {
      field: 'dateLessThan',
    });
  }
  return {
    keyPairId: wellFormed(given.keyPairId, 'keyPairId'),
    hash: oneOf(given.algorithm ?? undefined, ['SHA1', 'SHA256'], 'SHA1', 'algorithm'),
    url: text(given.url, 'url'),
    policy,
    expires,
    notBefore: policy === undefined ? epoch(given.dateGreaterThan, 'dateGreaterThan') : undefined,
    ipAddress: text(given.ipAddress, 'ipAddress'),
    key: parsedKey(given.privateKey, given.passphrase),
  };
}

/** The AWS SDK's reading of a date: whatever `new Date()` makes of it, rounded to seconds. */
function epoch(date: unknown, field: string): number | undefined {
  const moment = typeof date === 'string' || typeof date === 'number' ? date : dateMillis(date);
  if (moment === undefined && date !== undefined && date !== null) {
    throw new EdgesealError('invalid-time', `${field} must be a Date, a string or a number`, { field });
  }
  // Zero as a number and an empty text count as left out; a Date at zero does not.
  if (!date || moment === undefined) return undefined;
  const seconds = Math.round(new Date(moment).getTime() / 1000);
  if (seconds < 0) {
    throw new EdgesealError('invalid-time', `${field} is before 1970`, {
      field,
      hint: 'a number is taken for milliseconds, as by the Date constructor',
    });
  }
  return Number.isNaN(seconds) ? undefined : seconds;
}

function text(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    throw new EdgesealError('invalid-argument', `${field} must be a string`, { field });
  }
  return wellFormed(value, field);
}

const parsedKeys = new Map<string, CompatKey>();
const keptKeys = 16;

/** The most recent keys stay parsed; an older one is forgotten and would be read anew. */
function parsedKey(privateKey: unknown, passphrase: unknown): CompatKey {
  const opener = passphrase === null || passphrase === '' ? undefined : passphrase;
  if (opener !== undefined && typeof opener !== 'string') {
    throw new EdgesealError('invalid-argument', 'passphrase must be a string', { field: 'passphrase' });
  }
  requireReady();
  const material = keyBytes(privateKey, 'privateKey');
  try {
    const digest = digestOf(material, opener ?? '');
    const known = parsedKeys.get(digest);
    if (known !== undefined) return known;
    const key = readPrivateKey(material, opener);
    try {
      const host = signingKey(chosenCrypto('auto'), key.pkcs8(), key.algorithm);
      const parsed = guarded(() => new CompatKey(key, host));
      keep(digest, parsed);
      return parsed;
    } finally {
      key.free();
    }
  } finally {
    material.fill(0);
  }
}

/** What a key and its passphrase are known by, without keeping either. */
function digestOf(material: Uint8Array, passphrase: string): string {
  const opener = new TextEncoder().encode(passphrase);
  const both = new Uint8Array(material.length + 1 + opener.length);
  both.set(material);
  both.set(opener, material.length + 1);
  opener.fill(0);
  return String.fromCharCode(...sha256(both));
}

function keep(digest: string, parsed: CompatKey): void {
  const oldest = parsedKeys.keys().next();
  if (parsedKeys.size >= keptKeys && !oldest.done) {
    parsedKeys.get(oldest.value)?.free();
    parsedKeys.delete(oldest.value);
  }
  parsedKeys.set(digest, parsed);
}
