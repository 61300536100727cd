/** The core, as far as the inspector needs it. Everything that judges lives there; this page only asks. */
import { guarded } from '../errors.js';
import { type ExplainOptions, type Explanation, Verifier } from '../verifier.js';
import { PublicKey } from '../wasm/core.js';

export { ready } from '../ready.js';

/** Public keys as PEM text, by key-pair id. */
export type Keys = Readonly<Record<string, string>>;

/** Every check of a request. @throws {EdgesealError} for a key, a time or a URL that cannot be read */
export function explain(keys: Keys, options: ExplainOptions): Explanation {
  return new Verifier({ keys }).explain(options);
}

/** A public key in whatever form it comes, as PEM. @throws {EdgesealError} */
export function publicKeyToPem(bytes: Uint8Array): string {
  const key = guarded(() => new PublicKey(bytes));
  const pem = key.toPem();
  key.free();
  return pem;
}
