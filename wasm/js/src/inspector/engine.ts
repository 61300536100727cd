/** The core, as far as the inspector needs it. Everything that judges lives there; this page only asks. */
import { type Decision, decide } from '../edge/decision.js';
import type { CloudFrontRequest } from '../edge/event.js';
import { bakeRules, lintRules } from '../edge-build/rules.js';
import { guarded } from '../errors.js';
import { type ExplainOptions, type Explanation, Verifier } from '../verifier.js';
import { EdgeCore } from '../wasm/edge.js';
import { PublicKey } from '../wasm/full.js';

/** Public keys as PEM text, by key-pair id. */
export type Keys = Readonly<Record<string, string>>;

export { bakeRules, lintRules };

/** Every check of a request. @throws {EdgesealError} for a key, a time or a URL that cannot be read */
export function explain(keys: Keys, options: ExplainOptions): Explanation {
  return new Verifier({ keys, crypto: 'wasm' }).explain(options);
}

/** A public key in whatever form it comes, as PEM. @throws {EdgesealError} */
export function publicKeyToPem(bytes: Uint8Array): string {
  const key = guarded(() => new PublicKey(bytes));
  const pem = key.toPem();
  key.free();
  return pem;
}

/** What rules, as JSON, decide about a request at a time in seconds since 1970. */
export function decideAtEdge(baked: string, keys: Keys, request: CloudFrontRequest, now: number): Decision {
  const core = guarded(() => new EdgeCore(baked, 0));
  for (const [keyPairId, pem] of Object.entries(keys)) {
    const verifier = new Verifier({ keys: { [keyPairId]: pem }, crypto: 'wasm' });
    const verify = (sha256: boolean, message: Uint8Array, signature: Uint8Array) =>
      signatureFits(verifier, keyPairId, sha256, message, signature);
    guarded(() => core.addKey(keyPairId, { verify }));
  }
  const decision = decide(core, request, now);
  core.free();
  return decision;
}

/**
 * The edge's module has no cryptography of its own, since it runs where the host has some. Here the explaining module
 * does it: what is signed at the edge is a policy text too, so it is asked about a URL with that policy.
 */
function signatureFits(
  verifier: Verifier,
  keyPairId: string,
  sha256: boolean,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = sha256 ? 'SHA256' : 'SHA1';
  const query = `Policy=${cloudFrontBase64(message)}&Signature=${cloudFrontBase64(signature)}&Key-Pair-Id=${keyPairId}&Hash-Algorithm=${hash}`;
  const { checks } = verifier.explain(`https://edge.invalid/?${query}`);
  return checks.some(({ id, outcome }) => id === 'signature' && outcome === 'pass');
}

function cloudFrontBase64(bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return base64.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
}
