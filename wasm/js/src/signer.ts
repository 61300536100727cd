import { chosenCrypto, signingKey } from './arithmetic.js';
import { CryptoKeySigner, type CryptoKeySignerOptions } from './crypto-key-signer.js';
import { asEdgesealError, guarded } from './errors.js';
import { oneOf, readOptions, requiredText } from './options.js';
import { requireReady } from './platform/node/loading.js';
import { readPrivateKey } from './private-key.js';
import {
  type HashAlgorithm,
  type KeyAlgorithm,
  readSignCookies,
  readSignUrl,
  readSignUrls,
  type SignCookiesOptions,
  type SignedCookies,
  type SignUrlOptions,
  type SignUrlsOptions,
} from './sign-options.js';
import { SigningCore } from './wasm/core.js';

/** Who does the private- or public-key operation: the runtime's own cryptography, or the WebAssembly core. */
export type CryptoChoice = 'auto' | 'node' | 'wasm';

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
    const crypto = chosenCrypto(given.crypto);
    requireReady();
    const key = readPrivateKey(given.privateKey, given.passphrase);
    try {
      const algorithm = key.algorithm as KeyAlgorithm;
      const core = new SigningCore(keyPairId, hash, key, signingKey(crypto, key.pkcs8(), algorithm));
      return new Signer(core, { keyPairId, hash, crypto, algorithm });
    } catch (thrown) {
      throw asEdgesealError(thrown);
    } finally {
      key.free();
    }
  }

  /**
   * A signer with a key of WebCrypto, which may be one that cannot be exported. Its methods are those of a signer and
   * answer with promises.
   *
   * @throws {EdgesealError} `invalid-key`, `unsupported-key`, `invalid-key-pair-id`, `invalid-argument`, or
   *   `unsupported-runtime` where there is no WebCrypto.
   */
  static fromCryptoKey(options: CryptoKeySignerOptions): CryptoKeySigner {
    return CryptoKeySigner.create(options);
  }

  /**
   * Signs one URL. An expiry alone makes a canned policy; anything more makes a custom one.
   *
   * @throws {EdgesealError} `invalid-url`, `url-too-long`, `reserved-parameter`, `fragment-in-url`, `dot-segment`,
   *   `invalid-time`, `time-in-milliseconds`, `invalid-window`, `invalid-ip`, `invalid-resource`, `resource-mismatch`,
   *   `invalid-policy`, `invalid-upload-constraint`, `invalid-argument` or `signing-failed`.
   */
  signUrl(options: SignUrlOptions): string {
    const given = readSignUrl(options);
    return guarded(() =>
      given.policy === undefined
        ? this.#core.signUrl(
            given.url,
            given.expires,
            given.notBefore,
            given.ipAddress,
            given.resource,
            given.upload,
          )
        : this.#core.signUrlWithPolicy(given.url, given.policy),
    );
  }

  /**
   * Signs many URLs. With a `resource` that covers them all, one signature serves them all.
   *
   * @throws {EdgesealError} as {@link Signer.signUrl}; nothing is returned unless every URL could be signed.
   */
  signUrls(options: SignUrlsOptions): string[] {
    const given = readSignUrls(options);
    return guarded(() =>
      this.#core.signUrls(given.urls, given.expires, given.notBefore, given.ipAddress, given.resource),
    );
  }

  /**
   * Signs cookies. One exact URL makes a canned policy; wildcards or further terms make a custom one.
   *
   * @throws {EdgesealError} as {@link Signer.signUrl}, and `invalid-cookie-attribute`.
   */
  signCookies(options: SignCookiesOptions): SignedCookies {
    const given = readSignCookies(options);
    const answer = guarded(() =>
      given.policy === undefined
        ? this.#core.signCookies(
            given.resource,
            given.expires,
            given.notBefore,
            given.ipAddress,
            given.attributes,
          )
        : this.#core.signCookiesWithPolicy(given.policy, given.attributes),
    );
    return JSON.parse(answer) as SignedCookies;
  }
}
