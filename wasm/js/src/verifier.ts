import { asEdgesealError, EdgesealError, guarded } from './errors.js';
import { checkOptions, keyBytes, oneOf, optionalFlag, optionalText, requiredText } from './options.js';
import { NodeVerifyingKey } from './platform/node.js';
import type { CryptoChoice, HashAlgorithm } from './signer.js';
import { currentSeconds, type Instant, toSeconds } from './time.js';
import { PublicKey, VerifyingCore } from './wasm/full.js';

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
    checkOptions(
      options,
      ['keys', 'crypto', 'strict', 'requireResource', 'legacySchemeWildcard'],
      'new Verifier',
    );
    this.crypto =
      oneOf(options.crypto, ['auto', 'node', 'wasm'], 'auto', 'crypto') === 'wasm' ? 'wasm' : 'node';
    this.#core = new VerifyingCore(
      optionalFlag(options.strict, 'strict'),
      optionalFlag(options.requireResource, 'requireResource'),
      optionalFlag(options.legacySchemeWildcard, 'legacySchemeWildcard'),
    );
    if (typeof options.keys !== 'object' || options.keys === null) {
      throw new EdgesealError('invalid-argument', 'keys must be an object from key-pair id to public key', {
        field: 'keys',
      });
    }
    for (const [keyPairId, key] of Object.entries(options.keys)) this.#add(keyPairId, key);
  }

  #add(keyPairId: string, key: TrustedKey): void {
    const entry = typeof key === 'object' && key !== null && 'publicKey' in key ? key : { publicKey: key };
    const material = keyBytes(entry.publicKey, `keys.${keyPairId}`);
    const publicKey = guarded(() => new PublicKey(material));
    try {
      if (this.crypto === 'wasm') this.#core.addWasmKey(keyPairId, publicKey);
      else this.#core.addHostKey(keyPairId, nodeKey(publicKey));
    } catch (thrown) {
      throw asEdgesealError(thrown);
    } finally {
      publicKey.free();
    }
    if (entry.enabled === false) this.#core.setEnabled(keyPairId, false);
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

function nodeKey(key: PublicKey): NodeVerifyingKey {
  try {
    return new NodeVerifyingKey(key.spki());
  } catch {
    throw new EdgesealError('invalid-key', 'the public key is not a usable one', { field: 'publicKey' });
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

function readInput(input: unknown, call: 'verify' | 'explain'): Input {
  const options = (typeof input === 'string' ? { url: input } : input) as ExplainOptions;
  const names = ['url', 'request', 'cookies', 'clientIp', 'now', ...(call === 'explain' ? ['hosts'] : [])];
  checkOptions(options, names, call);
  if ((options.url === undefined) === (options.request === undefined)) {
    throw new EdgesealError('invalid-argument', `${call} needs either a url or a request`, { field: 'url' });
  }
  const now = options.now === undefined ? currentSeconds() : toSeconds(options.now, 'now', currentSeconds());
  return {
    url: options.url === undefined ? '' : requiredText(options.url, 'url'),
    request: options.request === undefined ? undefined : readRequest(options.request),
    cookies: textList(options.cookies, 'cookies', 'a Cookie header or an array of them'),
    hosts: textList(options.hosts, 'hosts', 'an array of host names'),
    clientIp: optionalText(options.clientIp, 'clientIp'),
    now,
  };
}

function readRequest(request: ViewerRequest): NonNullable<Input['request']> {
  checkOptions(request, ['scheme', 'host', 'path', 'query'], 'request');
  const scheme: unknown = request.scheme;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new EdgesealError('invalid-argument', 'scheme must be http or https', { field: 'scheme' });
  }
  const query: unknown = request.query ?? '';
  if (typeof query !== 'string') {
    throw new EdgesealError('invalid-argument', 'query must be a string', { field: 'query' });
  }
  return {
    scheme,
    host: requiredText(request.host, 'host'),
    path: requiredText(request.path, 'path'),
    query,
  };
}

function textList(value: unknown, field: string, what: string): string[] {
  const list = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  if (Array.isArray(list) && list.every((line) => typeof line === 'string')) return list;
  throw new EdgesealError('invalid-argument', `${field} must be ${what}`, { field });
}
