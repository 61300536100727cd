/** What Node brings along: decompression, random bytes, and its own RSA and ECDSA. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomFillSync,
  sign,
  verify,
} from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { EdgesealError } from '../errors.js';

/** The first byte of DER. */
const derSequence = 0x30;

/** Unpacks a WebAssembly module. */
export function inflate(packed: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(brotliDecompressSync(Buffer.from(packed, 'base64')));
}

/** Fresh random bytes. */
export function randomBytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

/** The private-key operation by `node:crypto`, with a key that was parsed once. */
export class NodeSigningKey {
  readonly #key: KeyObject;

  /** Takes PKCS#8 and wipes the bytes it was given. */
  constructor(pkcs8: Uint8Array) {
    this.#key = createPrivateKey({
      key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength),
      format: 'der',
      type: 'pkcs8',
    });
    pkcs8.fill(0);
  }

  sign(sha256: boolean, message: Uint8Array): Uint8Array {
    return sign(sha256 ? 'sha256' : 'sha1', message, this.#key);
  }
}

/** The public-key operation by `node:crypto`, with a key that was parsed once. */
export class NodeVerifyingKey {
  readonly #key: { key: KeyObject; padding?: number };

  /** Takes SPKI. */
  constructor(spki: Uint8Array | KeyObject) {
    const key =
      spki instanceof Uint8Array
        ? createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
        : spki;
    this.#key = key.asymmetricKeyType === 'rsa' ? { key, padding: constants.RSA_PKCS1_PADDING } : { key };
  }

  verify(sha256: boolean, message: Uint8Array, signature: Uint8Array): boolean {
    return verify(sha256 ? 'sha256' : 'sha1', message, this.#key, signature);
  }
}

/** The same key as an object of `node:crypto`; the bytes come from a key that the core has checked. */
export function nodeVerifyingKey(spki: Uint8Array): NodeVerifyingKey {
  try {
    return new NodeVerifyingKey(spki);
  } catch {
    throw new EdgesealError('invalid-key', 'the public key is not a usable one', { field: 'publicKey' });
  }
}

/**
 * A public key that the host reads, for the edge, where the core leaves its own reader of keys out to stay small.
 * What CloudFront does not accept is refused here as well.
 */
export function readVerifyingKey(material: Uint8Array, field: string): NodeVerifyingKey {
  let key: KeyObject;
  try {
    const buffer = Buffer.from(material);
    key = createPublicKey(buffer[0] === derSequence ? { key: buffer, format: 'der', type: 'spki' } : buffer);
  } catch {
    throw new EdgesealError('invalid-key', 'the public key cannot be read', {
      field,
      hint: 'pass SubjectPublicKeyInfo as PEM text or DER bytes',
    });
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const rsa = key.asymmetricKeyType === 'rsa' && modulusLength === 2048;
  const ecdsa = key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
  if (rsa || ecdsa) return new NodeVerifyingKey(key);
  throw new EdgesealError('unsupported-key', 'CloudFront does not accept a key of this kind or size', {
    field,
    hint: 'use an RSA key of 2048 bits or an ECDSA key on P-256 (prime256v1)',
  });
}
