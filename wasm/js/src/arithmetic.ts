/** Who does the private- and public-key operations: the runtime, where it can at once, or the module `crypto`. */
import { EdgesealError, guarded } from './errors.js';
import { oneOf } from './options.js';
import { hostCrypto, randomBytes } from './platform/node/host.js';
import type { HostSigningKey, HostVerifyingKey } from './platform/types.js';
import { crypto } from './wasm/crypto.js';

/** What an option `crypto` comes to in this runtime. */
export function chosenCrypto(value: unknown): 'node' | 'wasm' {
  const choice = oneOf(value, ['auto', 'node', 'wasm'], 'auto', 'crypto');
  if (choice !== 'auto') {
    if (choice === 'node' && hostCrypto === undefined) {
      throw new EdgesealError('unsupported-runtime', "crypto: 'node' needs node:crypto", {
        field: 'crypto',
        hint: 'leave it out: auto picks the fastest that the runtime has',
      });
    }
    return choice;
  }
  return hostCrypto === undefined ? 'wasm' : 'node';
}

/** A private key, from PKCS#8 that the core has checked, and that is wiped here. */
export function signingKey(choice: 'node' | 'wasm', pkcs8: Uint8Array, algorithm: string): HostSigningKey {
  try {
    if (choice === 'wasm' || hostCrypto === undefined) return wasmSigningKey(pkcs8, algorithm);
    return hostCrypto.signingKey(pkcs8);
  } catch (thrown) {
    if (thrown instanceof EdgesealError) throw thrown;
    throw new EdgesealError('invalid-key', 'the numbers of the private key do not belong together', {
      field: 'privateKey',
    });
  } finally {
    pkcs8.fill(0);
  }
}

/** Randomness blinds RSA; the nonces of ECDSA come from the key and the message (RFC 6979), so it needs none. */
function wasmSigningKey(pkcs8: Uint8Array, algorithm: string): HostSigningKey {
  const seed = algorithm === 'ECDSA-P256' ? new Uint8Array(32) : randomBytes(32);
  try {
    return guarded(() => new (crypto().CryptoSigningKey)(pkcs8, seed));
  } finally {
    seed.fill(0);
  }
}

/** A public key, from SubjectPublicKeyInfo that the core has checked. */
export function verifyingKey(choice: 'node' | 'wasm', spki: Uint8Array): HostVerifyingKey {
  if (choice === 'wasm' || hostCrypto === undefined) {
    return guarded(() => new (crypto().CryptoVerifyingKey)(spki));
  }
  try {
    return hostCrypto.verifyingKey(spki);
  } catch {
    throw new EdgesealError('invalid-key', 'the public key is not a usable one', { field: 'publicKey' });
  }
}

/** The SHA-256 of bytes, which are wiped. */
export function sha256(bytes: Uint8Array): Uint8Array {
  try {
    return hostCrypto === undefined ? crypto().sha256(bytes) : hostCrypto.sha256(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Opens an encrypted private key: PKCS#8, for the caller to wipe. */
export function openPrivateKey(material: Uint8Array, passphrase: Uint8Array): Uint8Array {
  return guarded(() => crypto().openPrivateKey(material, passphrase));
}
