import { EdgesealError, guarded } from './errors.js';
import { keyBytes, requiredText } from './options.js';
import { NodeSigningKey } from './platform/node.js';
import { PrivateKey } from './wasm/full.js';

/** Reads a private key, and wipes every copy on the way. */
export function readPrivateKey(privateKey: unknown, passphrase: unknown): PrivateKey {
  const material = keyBytes(privateKey, 'privateKey');
  const opener =
    passphrase === undefined ? undefined : new TextEncoder().encode(requiredText(passphrase, 'passphrase'));
  try {
    return guarded(() => new PrivateKey(material, opener));
  } finally {
    material.fill(0);
    opener?.fill(0);
  }
}

/** The same key as an object of `node:crypto`. */
export function hostKey(key: PrivateKey): NodeSigningKey {
  try {
    return new NodeSigningKey(key.pkcs8());
  } catch {
    throw new EdgesealError('invalid-key', 'the numbers of the private key do not belong together', {
      field: 'privateKey',
    });
  }
}
