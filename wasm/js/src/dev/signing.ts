/** The key that sample URLs are signed with, and whose public half the local edge trusts. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { EdgesealError } from '../errors.js';
import { readPrivateKey } from '../private-key.js';
import { Signer, type SignerOptions } from '../signer.js';
import type { TrustedKey } from '../verifier.js';
import { PublicKey } from '../wasm/core.js';

/** The key-pair id of the key that is made at start. No id of CloudFront looks like it. */
const throwawayKeyPairId = 'LOCALDEV';

/** A signer, and the keys with its public key among them. */
export interface Signing {
  signer: Signer;
  keys: Record<string, TrustedKey>;
}

/** Makes a key that lives as long as the local edge. ECDSA makes the shortest URLs. */
export function withThrowawayKey(keys: Record<string, TrustedKey>): Signing {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const signer = Signer.fromPem({ keyPairId: throwawayKeyPairId, privateKey: pair.privateKey });
  return { signer, keys: { ...keys, [throwawayKeyPairId]: pair.publicKey } };
}

/**
 * Signs with a key of the caller's.
 *
 * @throws {EdgesealError} as `Signer.fromPem`, and `key-mismatch` when another public key is trusted under its id.
 */
export function withGivenKey(keys: Record<string, TrustedKey>, options: SignerOptions): Signing {
  const signer = Signer.fromPem(options);
  const publicKey = publicHalf(options);
  const trusted = keys[signer.keyPairId];
  if (trusted === undefined) return { signer, keys: { ...keys, [signer.keyPairId]: publicKey } };
  if (sameKey(trusted, publicKey)) return { signer, keys };
  throw new EdgesealError(
    'key-mismatch',
    `the public key ${signer.keyPairId} does not belong to this private key`,
    {
      field: 'signWith',
      hint: 'give the key-pair id that CloudFront has for this key',
    },
  );
}

/** The id under which the public half of a private key is trusted, if it is. */
export function idOf(
  keys: Record<string, TrustedKey>,
  options: Omit<SignerOptions, 'keyPairId'>,
): string | undefined {
  const publicKey = publicHalf(options);
  return Object.keys(keys).find((id) => sameKey(keys[id] as TrustedKey, publicKey));
}

function publicHalf({ privateKey, passphrase }: Omit<SignerOptions, 'keyPairId'>): Uint8Array {
  const key = readPrivateKey(privateKey, passphrase);
  const pkcs8 = key.pkcs8();
  key.free();
  try {
    const whole = createPrivateKey({
      key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength),
      format: 'der',
      type: 'pkcs8',
    });
    return Uint8Array.from(createPublicKey(whole).export({ type: 'spki', format: 'der' }));
  } finally {
    pkcs8.fill(0);
  }
}

function sameKey(trusted: TrustedKey, spki: Uint8Array): boolean {
  const material = typeof trusted === 'object' && 'publicKey' in trusted ? trusted.publicKey : trusted;
  const bytes = typeof material === 'string' ? new TextEncoder().encode(material) : material;
  const key = new PublicKey(Uint8Array.from(bytes));
  try {
    return Buffer.from(key.spki()).equals(spki);
  } finally {
    key.free();
  }
}
