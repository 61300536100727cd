import { EdgesealError, guarded } from '../../errors.js';
import { crypto } from '../../wasm/crypto.js';
import type { HostVerifyingKey } from '../types.js';

/** A public key for the edge, whose core leaves its own reader of keys out to stay small. */
export function readVerifyingKey(material: Uint8Array, field: string): HostVerifyingKey {
  try {
    return guarded(() => new (crypto().CryptoVerifyingKey)(material));
  } catch (thrown) {
    const { code, message, hint } = thrown as EdgesealError;
    throw new EdgesealError(code, message, hint === undefined ? { field } : { field, hint });
  }
}
