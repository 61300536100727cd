import { asEdgesealError, EdgesealError, guarded } from './errors.js';
import {
  oneOf,
  optionalCount,
  optionalFlag,
  optionalText,
  readOptions,
  requiredText,
  textList,
} from './options.js';
import { randomBytes } from './platform/node.js';
import { hostKey, readPrivateKey } from './private-key.js';
import { currentSeconds, type Instant, toOptionalSeconds, toSeconds } from './time.js';
import { SigningCore } from './wasm/full.js';

/** Who does the private- or public-key operation: the runtime's own cryptography, or the WebAssembly core. */
export type CryptoChoice = 'auto' | 'node' | 'wasm';

/** The hash under a signature. CloudFront assumes SHA-1 unless the URL says `Hash-Algorithm=SHA256`. */
export type HashAlgorithm = 'SHA1' | 'SHA256';

/** A kind of key that CloudFront accepts. */
export type KeyAlgorithm = 'RSA-2048' | 'ECDSA-P256';

/** What {@link Signer.fromPem} takes. */
export interface SignerOptions {
  /** The id of the CloudFront public key, such as `K2JCJMDEHXQW5F`. */
  keyPairId: string;
  /** PKCS#1, PKCS#8, SEC1 or encrypted PKCS#8, as PEM text or as PEM or DER bytes. */
  privateKey: string | Uint8Array;
  /** Opens an encrypted private key. */
  passphrase?: string;
  /** `SHA256` unless you say otherwise. */
  hash?: HashAlgorithm;
  /** `auto` picks the fastest that the runtime has. */
  crypto?: CryptoChoice;
}

/** The terms that URLs and cookies share. */
export interface Terms {
  /** The end of validity. Leave it out only with `policy`. */
  expires?: Instant;
  /** The start of validity. */
  notBefore?: Instant;
  /** One IPv4 address or one range in CIDR form. */
  ipAddress?: string;
  /** A policy text of your own, signed as it stands; goes with none of the other terms. */
  policy?: string;
}

/** What an upload must look like. It rides in the signed query string, and the edge handler enforces it. */
export interface UploadConstraints {
  /** `PUT` unless you say otherwise. */
  method?: 'PUT' | 'POST';
  /** The largest body, in bytes. */
  maxBytes?: number;
  /** A media type, where the subtype, or both parts, may be a star. */
  contentType?: string;
  /** The SHA-256 of the body, as 64 lower-case hexadecimal digits. */
  sha256?: string;
  /** The file name to record. */
  filename?: string;
}

/** What {@link Signer.signUrl} takes. */
export interface SignUrlOptions extends Terms {
  /** The absolute URL on the distribution's domain. */
  url: string;
  /** What to open instead of the URL itself; `*` and `?` are wildcards. */
  resource?: string;
  /** Constraints for an upload. */
  upload?: UploadConstraints;
}

/** What {@link Signer.signUrls} takes. */
export interface SignUrlsOptions extends Omit<Terms, 'policy'> {
  /** The absolute URLs. */
  urls: readonly string[];
  /** One resource that covers them all: then one signature serves them all. */
  resource?: string;
}

/** The attributes of the `Set-Cookie` lines. */
export interface CookieAttributes {
  /** On by default. */
  secure?: boolean;
  /** On by default. */
  httpOnly?: boolean;
  /** `Lax` by default. */
  sameSite?: 'Strict' | 'Lax' | 'None';
  /** `/` by default. */
  path?: string;
  /** Only the answering host by default. */
  domain?: string;
  /** Lifetime in seconds; until the browser closes by default. */
  maxAge?: number;
}

/** What {@link Signer.signCookies} takes. */
export interface SignCookiesOptions extends Terms {
  /** What to open: one URL, or a URL with wildcards. Leave it out only with `policy`. */
  resource?: string;
  /** Attributes of the `Set-Cookie` lines. */
  cookie?: CookieAttributes;
}

/** Signed cookies in the three forms one needs. */
export interface SignedCookies {
  /** Names and values. */
  cookies: Record<string, string>;
  /** As one `Cookie` request header. */
  cookieHeader: string;
  /** As `Set-Cookie` response headers. */
  setCookie: string[];
}

const termNames = ['expires', 'notBefore', 'ipAddress'] as const;

/**
 * Signs URLs and cookies with one key.
 *
 * @example
 * const signer = Signer.fromPem({ keyPairId: 'K2JCJMDEHXQW5F', privateKey: pem });
 * const url = signer.signUrl({ url: 'https://files.example.com/download/a.pdf', expires: '15m' });
 */
export class Signer {
  /** The id of the CloudFront public key. */
  readonly keyPairId: string;
  /** The kind of key. */
  readonly algorithm: KeyAlgorithm;
  /** The hash under the signatures. */
  readonly hash: HashAlgorithm;
  /** Who does the private-key operation. */
  readonly crypto: 'node' | 'wasm';
  readonly #core: SigningCore;

  private constructor(core: SigningCore, facts: Pick<Signer, 'keyPairId' | 'algorithm' | 'hash' | 'crypto'>) {
    this.#core = core;
    this.keyPairId = facts.keyPairId;
    this.algorithm = facts.algorithm;
    this.hash = facts.hash;
    this.crypto = facts.crypto;
  }

  /**
   * Reads a private key once and keeps it ready.
   *
   * @throws {EdgesealError} `invalid-key`, `unsupported-key`, `passphrase-required`, `wrong-passphrase`,
   *   `invalid-key-pair-id` or `invalid-argument`. No error holds any of the key.
   */
  static fromPem(options: SignerOptions): Signer {
    const given = readOptions<SignerOptions>(
      options,
      ['keyPairId', 'privateKey', 'passphrase', 'hash', 'crypto'],
      'Signer.fromPem',
    );
    const keyPairId = requiredText(given.keyPairId, 'keyPairId');
    const hash = oneOf(given.hash, ['SHA1', 'SHA256'], 'SHA256', 'hash');
    const crypto =
      oneOf(given.crypto, ['auto', 'node', 'wasm'], 'auto', 'crypto') === 'wasm' ? 'wasm' : 'node';
    const key = readPrivateKey(given.privateKey, given.passphrase);
    try {
      const core =
        crypto === 'wasm'
          ? SigningCore.withWasmKey(keyPairId, hash, key, randomBytes(32))
          : SigningCore.withHostKey(keyPairId, hash, key, hostKey(key));
      return new Signer(core, { keyPairId, hash, crypto, algorithm: key.algorithm as KeyAlgorithm });
    } catch (thrown) {
      throw asEdgesealError(thrown);
    } finally {
      key.free();
    }
  }

  /**
   * Signs one URL. An expiry alone makes a canned policy; anything more makes a custom one.
   *
   * @throws {EdgesealError} `invalid-url`, `url-too-long`, `reserved-parameter`, `fragment-in-url`, `dot-segment`,
   *   `invalid-time`, `time-in-milliseconds`, `invalid-window`, `invalid-ip`, `invalid-resource`, `resource-mismatch`,
   *   `invalid-policy`, `invalid-upload-constraint`, `invalid-argument` or `signing-failed`.
   */
  signUrl(options: SignUrlOptions): string {
    const given = readOptions<SignUrlOptions>(
      options,
      ['url', 'resource', 'upload', 'policy', ...termNames],
      'signUrl',
    );
    const url = requiredText(given.url, 'url');
    if (given.policy !== undefined) {
      const policy = ownPolicy(given, ['resource', 'upload', ...termNames]);
      return guarded(() => this.#core.signUrlWithPolicy(url, policy));
    }
    const terms = readTerms(given);
    const resource = optionalText(given.resource, 'resource');
    const upload = readUpload(given.upload);
    return guarded(() =>
      this.#core.signUrl(url, terms.expires, terms.notBefore, terms.ipAddress, resource, upload),
    );
  }

  /**
   * Signs many URLs. With a `resource` that covers them all, one signature serves them all.
   *
   * @throws {EdgesealError} as {@link Signer.signUrl}; nothing is returned unless every URL could be signed.
   */
  signUrls(options: SignUrlsOptions): string[] {
    const given = readOptions<SignUrlsOptions>(options, ['urls', 'resource', ...termNames], 'signUrls');
    const urls = textList(given.urls, 'urls', 'an array of strings');
    const terms = readTerms(given);
    const resource = optionalText(given.resource, 'resource');
    return guarded(() =>
      this.#core.signUrls(urls, terms.expires, terms.notBefore, terms.ipAddress, resource),
    );
  }

  /**
   * Signs cookies. One exact URL makes a canned policy; wildcards or further terms make a custom one.
   *
   * @throws {EdgesealError} as {@link Signer.signUrl}, and `invalid-cookie-attribute`.
   */
  signCookies(options: SignCookiesOptions): SignedCookies {
    const given = readOptions<SignCookiesOptions>(
      options,
      ['resource', 'cookie', 'policy', ...termNames],
      'signCookies',
    );
    const attributes = readAttributes(given.cookie);
    if (given.policy !== undefined) {
      const policy = ownPolicy(given, ['resource', ...termNames]);
      return JSON.parse(guarded(() => this.#core.signCookiesWithPolicy(policy, attributes))) as SignedCookies;
    }
    const resource = requiredText(given.resource, 'resource');
    const terms = readTerms(given);
    const answer = guarded(() =>
      this.#core.signCookies(resource, terms.expires, terms.notBefore, terms.ipAddress, attributes),
    );
    return JSON.parse(answer) as SignedCookies;
  }
}

function readTerms(options: { [Name in keyof Terms]?: unknown }): {
  expires: number;
  notBefore: number | undefined;
  ipAddress: string | undefined;
} {
  const now = currentSeconds();
  return {
    expires: toSeconds(options.expires, 'expires', now),
    notBefore: toOptionalSeconds(options.notBefore, 'notBefore', now),
    ipAddress: optionalText(options.ipAddress, 'ipAddress'),
  };
}

/** A policy text says it all: other terms beside it would be ignored, so they are refused. */
function ownPolicy<Name extends string>(
  options: { [Key in Name | 'policy']?: unknown },
  others: readonly Name[],
): string {
  const extra = others.find((name) => options[name] !== undefined);
  if (extra !== undefined) {
    throw new EdgesealError('invalid-argument', `policy and ${extra} do not go together`, {
      field: extra,
      hint: 'write it into the policy text, or leave the policy out',
    });
  }
  return requiredText(options.policy, 'policy');
}

function readUpload(upload: unknown): string | undefined {
  if (upload === undefined) return undefined;
  const given = readOptions<UploadConstraints>(
    upload,
    ['method', 'maxBytes', 'contentType', 'sha256', 'filename'],
    'upload',
  );
  const text = (value: unknown, field: string) =>
    value === undefined ? undefined : requiredText(value, field);
  return JSON.stringify({
    method: text(given.method, 'upload.method') ?? 'PUT',
    maxBytes: optionalCount(given.maxBytes, 'upload.maxBytes'),
    contentType: text(given.contentType, 'upload.contentType'),
    sha256: text(given.sha256, 'upload.sha256'),
    filename: text(given.filename, 'upload.filename'),
  });
}

function readAttributes(cookie: unknown): string {
  if (cookie === undefined) return '{}';
  const given = readOptions<CookieAttributes>(
    cookie,
    ['secure', 'httpOnly', 'sameSite', 'path', 'domain', 'maxAge'],
    'cookie',
  );
  const flag = (value: unknown, field: string) =>
    value === undefined ? undefined : optionalFlag(value, field);
  return JSON.stringify({
    secure: flag(given.secure, 'cookie.secure'),
    httpOnly: flag(given.httpOnly, 'cookie.httpOnly'),
    sameSite: oneOf(given.sameSite, ['Strict', 'Lax', 'None'], 'Lax', 'cookie.sameSite'),
    path: optionalText(given.path, 'cookie.path'),
    domain: optionalText(given.domain, 'cookie.domain'),
    maxAge: optionalCount(given.maxAge, 'cookie.maxAge'),
  });
}
