import { chosenCrypto, verifyingKey } from './arithmetic.js';
import { asEdgesealError, EdgesealError, guarded } from './errors.js';
import {
  keyBytes,
  optionalFlag,
  optionalText,
  reading,
  readOptions,
  requiredText,
  textList,
  wellFormed,
} from './options.js';
import { requireReady } from './platform/node/loading.js';
import type { HashAlgorithm } from './sign-options.js';
import type { CryptoChoice } from './signer.js';
import { currentSeconds, type Instant, toSeconds } from './time.js';
import { checkKeyPairId, PublicKey, VerifyingCore } from './wasm/core.js';

/** A trusted key: SPKI, PKCS#1 or a certificate, as PEM text or as PEM or DER bytes. */
export type TrustedKey = string | Uint8Array | { publicKey: string | Uint8Array; enabled?: boolean };

/** What a {@link Verifier} takes. */
export interface VerifierOptions {
  /** The trusted keys, by key-pair id. */
  keys: Record<string, TrustedKey>;
  /** `auto` picks the fastest that the runtime has. */
  crypto?: CryptoChoice;
  /** Refuse every form that AWS does not document, instead of warning. */
  strict?: boolean;
  /** Refuse a policy without `Resource`, which opens everything. */
  requireResource?: boolean;
  /** Let the old spelling `http*://` match both schemes. */
  legacySchemeWildcard?: boolean;
}

/** A request as a server sees it, with nothing decoded. */
export interface ViewerRequest {
  /** Leave it out where it is unknown. */
  scheme?: 'http' | 'https';
  /** The `Host` header. */
  host: string;
  /** The raw path. */
  path: string;
  /** The raw query string without `?`. */
  query?: string;
}

/** What {@link Verifier.verify} takes: a URL or a request, and what else the policy may ask for. */
export interface VerifyOptions {
  /** The URL as the client sent it. */
  url?: string;
  /** The request, instead of a URL. */
  request?: ViewerRequest;
  /** The `Cookie` header, or all of them. */
  cookies?: string | readonly string[];
  /** The address of the TCP peer; never take it from `X-Forwarded-For`. */
  clientIp?: string;
  /** The time to judge at; now by default. */
  now?: Instant;
}

/** A policy, understood. */
export interface Policy {
  /** What it opens; everything that the key opens when it is missing. */
  resource?: string;
  /** Valid before this time, in seconds since 1970. */
  expires: number;
  /** Valid after this time, in seconds since 1970. */
  notBefore?: number;
  /** The viewers it is for, in CIDR form. */
  ipAddress?: string;
}

/** A form that works but that AWS does not document. */
export interface Warning {
  code: string;
  message: string;
}

/** The request may pass. */
export interface Allowed {
  allowed: true;
  source: 'url' | 'cookie';
  keyPairId: string;
  hash: HashAlgorithm;
  policyKind: 'canned' | 'custom';
  policy: Policy;
  /** The text that was signed. */
  policyText: string;
  /** The query string without the signing parameters, byte for byte. */
  query: string;
  /** How long it stays valid. */
  remainingSeconds: number;
  warnings: Warning[];
}

/** The request may not pass. */
export interface Denied {
  allowed: false;
  /** Stable code, such as `expired`. */
  reason: string;
  /** One sentence for a person. */
  message: string;
  /** More for the log. */
  detail?: string;
  /** What CloudFront answers for the same request. */
  cloudFrontError: { code: string; message: string };
}

/** What a request is judged to be. */
export type Verdict = Allowed | Denied;

/** One check and what came of it. */
export interface Check {
  /** Stable id, such as `signature`. */
  id: string;
  title: string;
  outcome: 'pass' | 'fail' | 'unknown';
  detail?: string;
}

/** A likely cause of a refusal. */
export interface Cause {
  /** Stable code, such as `expires-in-milliseconds`. */
  code: string;
  sentence: string;
  /** What to do about it. */
  fix: string;
}

/** Everything that can be said about a request. */
export interface Explanation {
  verdict: Verdict;
  /** Every check, in order. */
  checks: Check[];
  /** The policy, where it can be read; not to be believed unless the signature fits. */
  policy?: Policy;
  policyText?: string;
  /** The times of the policy as RFC 3339 text. */
  times?: { now: string; expires: string; notBefore?: string };
  warnings: Warning[];
  /** Likeliest first; empty when the request is allowed. */
  causes: Cause[];
}

/** What {@link Verifier.explain} takes. */
export interface ExplainOptions extends VerifyOptions {
  /** Other host names of the distribution, under which the URL may have been signed. */
  hosts?: readonly string[];
}

/**
 * Verifies signed URLs and signed cookies against trusted keys.
 *
 * @example
 * const verifier = new Verifier({ keys: { K2JCJMDEHXQW5F: publicKeyPem } });
 * const verdict = verifier.verify({ url, clientIp: '203.0.113.7' });
 * if (!verdict.allowed) console.log(verdict.reason);
 */
export class Verifier {
  /** Who does the public-key operation. */
  readonly crypto: 'node' | 'wasm';
  readonly #core: VerifyingCore;

  /** @throws {EdgesealError} `invalid-key`, `unsupported-key`, `invalid-key-pair-id` or `invalid-argument`. */
  constructor(options: VerifierOptions) {
    const given = readOptions<VerifierOptions>(
      options,
      ['keys', 'crypto', 'strict', 'requireResource', 'legacySchemeWildcard'],
      'new Verifier',
    );
    this.crypto = chosenCrypto(given.crypto);
    requireReady();
    this.#core = new VerifyingCore(
      optionalFlag(given.strict, 'strict'),
      optionalFlag(given.requireResource, 'requireResource'),
      optionalFlag(given.legacySchemeWildcard, 'legacySchemeWildcard'),
    );
    for (const [keyPairId, key] of keyEntries(given.keys)) this.#add(keyPairId, key);
  }

  #add(keyPairId: string, key: unknown): void {
    guarded(() => checkKeyPairId(wellFormed(keyPairId, 'keyPairId')));
    const { publicKey: given, enabled } = readTrustedKey(key, `keys.${keyPairId}`);
    const material = keyBytes(given, `keys.${keyPairId}`);
    const publicKey = guarded(() => new PublicKey(material));
    try {
      this.#core.addKey(keyPairId, verifyingKey(this.crypto, publicKey.spki()));
    } catch (thrown) {
      throw asEdgesealError(thrown);
    } finally {
      publicKey.free();
    }
    if (!enabled) this.#core.setEnabled(keyPairId, false);
  }

  /**
   * Judges a request. A credential in the URL wins over cookies, even an incomplete one.
   *
   * @throws {EdgesealError} only for options that make no sense; a bad credential is a verdict, not an error.
   */
  verify(input: string | VerifyOptions): Verdict {
    const { url, request, cookies, clientIp, now } = readInput(input, 'verify');
    const answer = guarded(() =>
      request === undefined
        ? this.#core.verifyUrl(url, cookies, clientIp, now)
        : this.#core.verifyRequest(
            request.scheme,
            request.host,
            request.path,
            request.query,
            cookies,
            clientIp,
            now,
          ),
    );
    return JSON.parse(answer) as Verdict;
  }

  /**
   * Walks every check without stopping at the first failure, and looks for the mistake behind a refusal.
   *
   * @throws {EdgesealError} as {@link Verifier.verify}.
   */
  explain(input: string | ExplainOptions): Explanation {
    const { url, request, cookies, clientIp, now, hosts } = readInput(input, 'explain');
    const answer = guarded(() =>
      request === undefined
        ? this.#core.explainUrl(url, cookies, clientIp, now, hosts)
        : this.#core.explainRequest(
            request.scheme,
            request.host,
            request.path,
            request.query,
            cookies,
            clientIp,
            now,
            hosts,
          ),
    );
    return JSON.parse(answer) as Explanation;
  }
}

interface Input {
  url: string;
  request: { scheme: string | undefined; host: string; path: string; query: string } | undefined;
  cookies: string[];
  clientIp: string | undefined;
  now: number;
  hosts: string[];
}

/** The trusted keys. A `Map` or a list would look like no keys at all, so they are refused. */
function keyEntries(keys: unknown): [string, unknown][] {
  return reading('new Verifier', () => {
    if (typeof keys === 'object' && keys !== null && !Array.isArray(keys) && !(Symbol.iterator in keys)) {
      return Object.entries(keys);
    }
    throw new EdgesealError('invalid-argument', 'keys must be an object from key-pair id to public key', {
      field: 'keys',
    });
  });
}

function readTrustedKey(key: unknown, field: string): { publicKey: unknown; enabled: boolean } {
  const plain = reading(field, () => typeof key !== 'object' || key instanceof Uint8Array);
  if (plain) return { publicKey: key, enabled: true };
  const given = readOptions<{ publicKey: unknown; enabled: unknown }>(key, ['publicKey', 'enabled'], field);
  return {
    publicKey: given.publicKey,
    enabled: given.enabled === undefined || optionalFlag(given.enabled, `${field}.enabled`),
  };
}

const inputNames = ['url', 'request', 'cookies', 'clientIp', 'now'] as const;

function readInput(input: unknown, call: 'verify' | 'explain'): Input {
  const given = readOptions<ExplainOptions>(
    typeof input === 'string' ? { url: input } : input,
    call === 'explain' ? [...inputNames, 'hosts'] : inputNames,
    call,
  );
  if ((given.url === undefined) === (given.request === undefined)) {
    throw new EdgesealError('invalid-argument', `${call} needs either a url or a request`, { field: 'url' });
  }
  const now = given.now === undefined ? currentSeconds() : toSeconds(given.now, 'now', currentSeconds());
  return {
    url: given.url === undefined ? '' : requiredText(given.url, 'url'),
    request: given.request === undefined ? undefined : readRequest(given.request),
    cookies: readList(given.cookies, 'cookies', 'a Cookie header or an array of them'),
    hosts: readList(given.hosts, 'hosts', 'an array of host names'),
    clientIp: optionalText(given.clientIp, 'clientIp'),
    now,
  };
}

/** What is wrong with the parts of a request is a verdict, but they must be text. */
function readRequest(request: unknown): NonNullable<Input['request']> {
  const given = readOptions<ViewerRequest>(request, ['scheme', 'host', 'path', 'query'], 'request');
  const { scheme } = given;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new EdgesealError('invalid-argument', 'scheme must be http or https', { field: 'scheme' });
  }
  return {
    scheme,
    host: requestText(given.host, 'host'),
    path: requestText(given.path, 'path'),
    query: requestText(given.query ?? '', 'query'),
  };
}

function requestText(value: unknown, field: string): string {
  if (typeof value === 'string') return wellFormed(value, field);
  throw new EdgesealError('invalid-argument', `${field} must be a string`, { field });
}

function readList(value: unknown, field: string, what: string): string[] {
  if (value === undefined) return [];
  return textList(typeof value === 'string' ? [value] : value, field, what);
}
