import { openPrivateKey } from './arithmetic.js';
import { EdgesealError, guarded } from './errors.js';
import { keyBytes, requiredText } from './options.js';
import { PrivateKey } from './wasm/core.js';

/** Reads a private key, and wipes every copy on the way. */
export function readPrivateKey(privateKey: unknown, passphrase: unknown): PrivateKey {
  const material = keyBytes(privateKey, 'privateKey');
  const opener =
    passphrase === undefined ? undefined : new TextEncoder().encode(requiredText(passphrase, 'passphrase'));
  try {
    return guarded(() => new PrivateKey(material));
  } catch (thrown) {
    const encrypted = thrown instanceof EdgesealError && thrown.code === 'passphrase-required';
    if (!encrypted || opener === undefined) throw thrown;
    const pkcs8 = openPrivateKey(material, opener);
    return guarded(() => new PrivateKey(pkcs8));
  } finally {
    material.fill(0);
    opener?.fill(0);
  }
}
