/** CloudFront's own check of a signature, where the behaviour has a trusted key group. */
import { type TrustedKey, Verifier } from '../verifier.js';
import type { Answer } from './answer.js';
import { signatureRefused } from './cloudfront.js';
import { denied, type Word } from './decision.js';
import type { Viewer } from './viewer.js';

/** A key group. */
export class KeyGroup {
  readonly #verifier: Verifier;
  readonly #scheme: 'http' | 'https';

  constructor(keys: Record<string, TrustedKey>, scheme: 'http' | 'https') {
    this.#verifier = new Verifier({ keys });
    this.#scheme = scheme;
  }

  /** The query without the signing parameters, or CloudFront's refusal. */
  check(viewer: Viewer, now: number): { rest: string } | { answer: Answer; word: Word } {
    const verdict = this.#verifier.verify({
      request: { scheme: this.#scheme, host: viewer.host, path: viewer.path, query: viewer.query },
      cookies: (viewer.headers['cookie'] ?? []).map(({ value }) => value),
      clientIp: viewer.clientIp,
      now,
    });
    if (verdict.allowed) return { rest: verdict.query };
    return {
      answer: signatureRefused(verdict.cloudFrontError),
      word: denied('key-group', verdict.reason, verdict.message, verdict.detail),
    };
  }
}
