/** What a browser brings along: random bytes. Its cryptography is asynchronous, so the module `crypto` does the work. */
import { EdgesealError } from '../../errors.js';
import type { HostCrypto } from '../types.js';

/** There is none that answers at once. */
export const hostCrypto: HostCrypto | undefined = undefined;

/** Fresh random bytes. */
export function randomBytes(length: number): Uint8Array {
  try {
    return crypto.getRandomValues(new Uint8Array(length));
  } catch {
    // Cloudflare Workers give none while a module is being evaluated.
    throw new EdgesealError(
      'unsupported-runtime',
      'the runtime gives no random bytes here, which RSA needs',
      {
        hint: 'in a Worker, make the signer when the first request comes, not at the top of the module',
      },
    );
  }
}
