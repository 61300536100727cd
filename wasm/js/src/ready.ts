import { whenLoaded } from './platform/node/loading.js';

/**
 * Resolves when every function of this package may be called. In Node, Deno, Bun and workerd that is at once; in a
 * browser it is when the WebAssembly modules have started, and a call before that throws `not-ready`.
 *
 * @throws {EdgesealError} `unsupported-runtime` when WebAssembly cannot be started, for example because a
 *   Content-Security-Policy forbids it.
 *
 * @example
 * await ready();
 * const verifier = new Verifier({ keys: { K2JCJMDEHXQW5F: publicKeyPem } });
 */
export function ready(): Promise<void> {
  return whenLoaded();
}
