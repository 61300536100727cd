/** Signing with a key of WebCrypto, which answers later and may be one that cannot be exported. */
import { EdgesealError, guarded } from './errors.js';
import { oneOf, reading, readOptions, requiredText } from './options.js';
import { requireReady } from './platform/node/loading.js';
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
import { derSignature, PreparingCore } from './wasm/core.js';

/** A `CryptoKey`, described so that the types need no library of the DOM. */
export interface WebCryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

/** What `Signer.fromCryptoKey` takes. */
export interface CryptoKeySignerOptions {
  /** The id of the CloudFront public key, such as `K2JCJMDEHXQW5F`. */
  keyPairId: string;
  /** A private key with the usage `sign`: RSASSA-PKCS1-v1_5 of 2,048 bits, or ECDSA on P-256. */
  key: WebCryptoKey;
  /** `SHA256` unless you say otherwise. A key for RSASSA-PKCS1-v1_5 is bound to one hash, which must be this one. */
  hash?: HashAlgorithm;
}

/** Signs one message. */
type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/**
 * Signs URLs and cookies with a key of WebCrypto. `Signer.fromCryptoKey` makes one.
 *
 * @example
 * const signer = Signer.fromCryptoKey({ keyPairId: 'K2JCJMDEHXQW5F', key });
 * const url = await signer.signUrl({ url: 'https://files.example.com/download/a.pdf', expires: '15m' });
 */
export class CryptoKeySigner {
  /** The id of the CloudFront public key. */
  readonly keyPairId: string;
  /** The kind of key. */
  readonly algorithm: KeyAlgorithm;
  /** The hash under the signatures. */
  readonly hash: HashAlgorithm;
  /** Who does the private-key operation. */
  readonly crypto = 'webcrypto';
  readonly #core: PreparingCore;
  readonly #sign: Sign;

  private constructor(
    core: PreparingCore,
    sign: Sign,
    facts: Pick<CryptoKeySigner, 'keyPairId' | 'algorithm' | 'hash'>,
  ) {
    this.#core = core;
    this.#sign = sign;
    this.keyPairId = facts.keyPairId;
    this.algorithm = facts.algorithm;
    this.hash = facts.hash;
  }

  /** @internal */
  static create(options: unknown): CryptoKeySigner {
    const given = readOptions<CryptoKeySignerOptions>(
      options,
      ['keyPairId', 'key', 'hash'],
      'Signer.fromCryptoKey',
    );
    const keyPairId = requiredText(given.keyPairId, 'keyPairId');
    const hash = oneOf(given.hash, ['SHA1', 'SHA256'], 'SHA256', 'hash');
    const algorithm = checkKey(given.key, hash);
    const sign = signatureOf(given.key as WebCryptoKey, algorithm, hash);
    requireReady();
    const core = guarded(() => new PreparingCore(keyPairId, hash));
    return new CryptoKeySigner(core, sign, { keyPairId, algorithm, hash });
  }

  /** As `Signer.signUrl`; rejects with what that throws. */
  async signUrl(options: SignUrlOptions): Promise<string> {
    const given = readSignUrl(options);
    const prepared = guarded(() =>
      given.policy === undefined
        ? this.#core.prepareUrl(
            given.url,
            given.expires,
            given.notBefore,
            given.ipAddress,
            given.resource,
            given.upload,
          )
        : this.#core.prepareUrlWithPolicy(given.url, given.policy),
    );
    const [signed] = await this.#finishUrls(prepared);
    return signed as string;
  }

  /** As `Signer.signUrls`; rejects with what that throws. */
  async signUrls(options: SignUrlsOptions): Promise<string[]> {
    const given = readSignUrls(options);
    return this.#finishUrls(
      guarded(() =>
        this.#core.prepareUrls(given.urls, given.expires, given.notBefore, given.ipAddress, given.resource),
      ),
    );
  }

  /** As `Signer.signCookies`; rejects with what that throws. */
  async signCookies(options: SignCookiesOptions): Promise<SignedCookies> {
    const given = readSignCookies(options);
    const prepared = guarded(() =>
      given.policy === undefined
        ? this.#core.prepareCookies(
            given.resource,
            given.expires,
            given.notBefore,
            given.ipAddress,
            given.attributes,
          )
        : this.#core.prepareCookiesWithPolicy(given.policy, given.attributes),
    );
    try {
      const signature = await this.#sign(prepared.message());
      return JSON.parse(guarded(() => prepared.finish(signature))) as SignedCookies;
    } finally {
      prepared.free();
    }
  }

  async #finishUrls(prepared: ReturnType<PreparingCore['prepareUrls']>): Promise<string[]> {
    try {
      const messages = Array.from({ length: prepared.signatures }, (_, index) => prepared.message(index));
      const signatures = await Promise.all(messages.map(this.#sign));
      return signatures.flatMap((signature, index) => guarded(() => prepared.finish(index, signature)));
    } finally {
      prepared.free();
    }
  }
}

const hashNames = { SHA1: 'SHA-1', SHA256: 'SHA-256' } as const;

/** Refuses, by name, every key that CloudFront would not know the signatures of. */
function checkKey(key: unknown, hash: HashAlgorithm): KeyAlgorithm {
  const { type, usages, name, modulusLength, namedCurve, ownHash } = describe(key);
  if (type !== 'private') {
    throw refused('invalid-key', `the key is a ${type} key; signing takes the private one`);
  }
  if (!usages.includes('sign')) {
    throw refused(
      'invalid-key',
      'the usages of the key leave out "sign"',
      'import or generate it with ["sign"]',
    );
  }
  if (name === 'ECDSA') {
    if (namedCurve === 'P-256') return 'ECDSA-P256';
    throw refused(
      'unsupported-key',
      `CloudFront does not accept an ECDSA key on ${namedCurve}`,
      acceptedKeys,
    );
  }
  if (name !== 'RSASSA-PKCS1-v1_5') {
    throw refused('unsupported-key', `CloudFront does not accept signatures of ${name}`, acceptedKeys);
  }
  if (modulusLength !== 2048) {
    throw refused(
      'unsupported-key',
      `CloudFront does not accept an RSA key of ${modulusLength} bits`,
      acceptedKeys,
    );
  }
  if (ownHash === hashNames[hash]) return 'RSA-2048';
  throw refused(
    'unsupported-key',
    `the key is bound to ${ownHash}, and the signer is to use ${hashNames[hash]}`,
    ownHash === 'SHA-1'
      ? "pass hash: 'SHA1', or import the key with the hash SHA-256"
      : `import the key with the hash ${hashNames[hash]}`,
  );
}

const acceptedKeys = 'use RSASSA-PKCS1-v1_5 with 2048 bits, or ECDSA on P-256';

function refused(code: string, message: string, hint?: string): EdgesealError {
  return new EdgesealError(code, message, hint === undefined ? { field: 'key' } : { field: 'key', hint });
}

/** The facts about a key as short texts. What is no `CryptoKey` has none. */
function describe(key: unknown) {
  const facts = reading('Signer.fromCryptoKey', () => {
    if (Object.prototype.toString.call(key) !== '[object CryptoKey]') return undefined;
    const { type, usages, algorithm } = key as WebCryptoKey;
    const { name, modulusLength, namedCurve, hash } = algorithm as {
      name: string;
      modulusLength?: number;
      namedCurve?: string;
      hash?: { name: string };
    };
    return { type, usages, name, modulusLength, namedCurve, ownHash: hash?.name };
  });
  if (facts !== undefined) return facts;
  throw refused('invalid-key', 'key must be a CryptoKey', 'for PEM or DER there is Signer.fromPem');
}

/** The private-key operation, with ECDSA signatures in the form of CloudFront. */
function signatureOf(key: WebCryptoKey, algorithm: KeyAlgorithm, hash: HashAlgorithm): Sign {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new EdgesealError('unsupported-runtime', 'the runtime has no WebCrypto here', {
      field: 'key',
      hint: 'a browser offers it only to pages that came over https or from localhost',
    });
  }
  const ecdsa = algorithm === 'ECDSA-P256';
  const parameters = ecdsa ? { name: 'ECDSA', hash: hashNames[hash] } : { name: 'RSASSA-PKCS1-v1_5' };
  return async (message) => {
    let signature: Uint8Array;
    try {
      const answer = await subtle.sign(
        parameters,
        key as Parameters<typeof subtle.sign>[1],
        message as Uint8Array<ArrayBuffer>,
      );
      signature = new Uint8Array(answer);
    } catch {
      throw new EdgesealError('signing-failed', 'the private key did not sign', { field: 'key' });
    }
    return ecdsa ? guarded(() => derSignature(signature)) : signature;
  };
}
