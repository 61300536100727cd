/**
 * A drop-in for `@aws-sdk/cloudfront-signer`: same options, same defaults, same bytes.
 *
 * Three inputs that make links which cannot work are refused with an `EdgesealError`: query parameters that
 * CloudFront keeps for itself, impossible IP addresses, and RTMP. A parsed key is kept for the next call, known by
 * the digest of its text.
 *
 * @packageDocumentation
 */
import { createHash } from 'node:crypto';
import { EdgesealError, guarded } from './errors.js';
import { hostKey, readPrivateKey } from './signer.js';
import { CompatKey } from './wasm/full.js';

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
  const { hash, expires, notBefore } = read(input);
  const key = parsedKey(input.privateKey, input.passphrase);
  return guarded(() =>
    key.signUrl(
      input.keyPairId,
      hash,
      text(input.url, 'url'),
      text(input.policy, 'policy'),
      expires,
      notBefore,
      text(input.ipAddress, 'ipAddress'),
    ),
  );
}

/** Signs cookies, byte for byte as `@aws-sdk/cloudfront-signer` does. */
export function getSignedCookies(input: CloudfrontSignInput): CloudfrontSignedCookiesOutput {
  const { hash, expires, notBefore } = read(input);
  const key = parsedKey(input.privateKey, input.passphrase);
  const answer = guarded(() =>
    key.signCookies(
      hash,
      text(input.url, 'url'),
      text(input.policy, 'policy'),
      expires,
      notBefore,
      text(input.ipAddress, 'ipAddress'),
    ),
  );
  const {
    signature,
    expires: at,
    policy,
  } = JSON.parse(answer) as { signature: string; expires: number | null; policy: string | null };
  return {
    'CloudFront-Key-Pair-Id': input.keyPairId,
    'CloudFront-Signature': signature,
    ...(at === null ? {} : { 'CloudFront-Expires': at }),
    ...(policy === null ? {} : { 'CloudFront-Policy': policy }),
    ...(hash === 'SHA256' ? { 'CloudFront-Hash-Algorithm': 'SHA256' } : {}),
  };
}

interface Reading {
  hash: CloudfrontSignerAlgorithm;
  expires: number | undefined;
  notBefore: number | undefined;
}

function read(input: CloudfrontSignInput): Reading {
  if (typeof input !== 'object' || input === null) {
    throw new EdgesealError('invalid-argument', 'the input must be an object');
  }
  if (typeof input.keyPairId !== 'string') {
    throw new EdgesealError('invalid-argument', 'keyPairId must be a string', { field: 'keyPairId' });
  }
  const expires = input.policy ? undefined : epoch(input.dateLessThan);
  if (!input.policy && !expires) {
    throw new EdgesealError('invalid-time', 'dateLessThan is not a date that the Date constructor takes', {
      field: 'dateLessThan',
    });
  }
  return {
    hash: input.algorithm ?? 'SHA1',
    expires,
    notBefore: input.policy ? undefined : epoch(input.dateGreaterThan),
  };
}

/** The AWS SDK's reading of a date: whatever `new Date()` makes of it, rounded to seconds. */
function epoch(date: string | number | Date | undefined): number | undefined {
  if (!date) return undefined;
  const seconds = Math.round(new Date(date).getTime() / 1000);
  return Number.isNaN(seconds) || seconds < 0 ? undefined : seconds;
}

function text(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
    throw new EdgesealError('invalid-argument', `${field} must be a well-formed string`, { field });
  }
  return value;
}

const parsedKeys = new Map<string, CompatKey>();
const keptKeys = 16;

/** The most recent keys stay parsed; an older one is forgotten and would be read anew. */
function parsedKey(privateKey: unknown, passphrase: unknown): CompatKey {
  if (typeof privateKey !== 'string' && !(privateKey instanceof Uint8Array)) {
    throw new EdgesealError('invalid-argument', 'privateKey must be PEM text or bytes', {
      field: 'privateKey',
    });
  }
  const opener = passphrase === undefined || passphrase === '' ? undefined : passphrase;
  const digest = createHash('sha256')
    .update(privateKey)
    .update('\0')
    .update(String(opener ?? ''))
    .digest('base64');
  const known = parsedKeys.get(digest);
  if (known !== undefined) return known;
  const key = readPrivateKey(privateKey, opener);
  try {
    const parsed = guarded(() => CompatKey.withHostKey(key, hostKey(key)));
    const oldest = parsedKeys.keys().next();
    if (parsedKeys.size >= keptKeys && !oldest.done) {
      parsedKeys.get(oldest.value)?.free();
      parsedKeys.delete(oldest.value);
    }
    parsedKeys.set(digest, parsed);
    return parsed;
  } finally {
    key.free();
  }
}
