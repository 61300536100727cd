/** What Node brings along: random bytes, and its own RSA, ECDSA and SHA-256. */
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomFillSync,
  sign,
  verify,
} from 'node:crypto';
import type { HostCrypto } from '../types.js';

/** Fresh random bytes. */
export function randomBytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

/** The private-key operation by `node:crypto`, with a key that was parsed once. */
class NodeSigningKey {
  readonly #key: KeyObject;

  /** Takes PKCS#8 and wipes the bytes it was given. */
  constructor(pkcs8: Uint8Array) {
    try {
      this.#key = createPrivateKey({
        key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength),
        format: 'der',
        type: 'pkcs8',
      });
    } finally {
      pkcs8.fill(0);
    }
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

/** `node:crypto`, which is several times faster than WebAssembly. */
export const hostCrypto: HostCrypto | undefined = {
  signingKey: (pkcs8) => new NodeSigningKey(pkcs8),
  verifyingKey: (spki) => new NodeVerifyingKey(spki),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
};
