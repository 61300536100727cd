/** What all cases share: the package under test, the keys, one signer and one verifier, and how a refusal is judged. */
import { cryptoKey, same, Unlike } from './support.mjs';

/**
 * @typedef {object} Faces the modules of the package
 * @property {typeof import('edgeseal')} edgeseal
 * @property {typeof import('edgeseal/compat')} compat
 * @property {typeof import('edgeseal/edge')} edge
 *
 * @typedef {object} Data what `support/data.mjs` collects
 * @property {Record<string, { op?: string, kind?: string, id: string }[]>} vectors cases by the name of their file
 * @property {Record<string, string>} keys texts of key files by name
 * @property {{ now: number, keys: Record<string, any>, signed: Record<string, string>, files: object[] }} edge
 *
 * @typedef {'sign' | 'verify' | 'decide'} Group
 * @typedef {'auto' | 'wasm' | 'webcrypto'} Crypto who does the key operation: the package's own choice, the WebAssembly
 *   core, or WebCrypto with a key that cannot be exported
 * @typedef {{ group: Group, name: string, cryptos: Crypto[], check: (crypto: Crypto) => unknown }} Case
 * @typedef {ReturnType<typeof makeWorld>} World
 */

/** What is judged elsewhere: no public function shows it, so only Rust does; or it is of `edgeseal/aws`, and tests/aws does. */
const elsewhere = ['urls split', 'upload read', 'object-keys check', 'object-keys make'];

/** Where a file holds one operation, it is not named in its cases. */
const operationOf = (file, { op, kind }) =>
  `${file} ${op ?? (file === 'keys' ? kind : ({ signing: 'sign' }[file] ?? file))}`;

/**
 * @param {Faces} faces
 * @param {Data} data
 */
export function makeWorld({ edgeseal, compat }, data) {
  const { EdgesealError, Signer, Verifier } = edgeseal;
  const key = (name) => {
    if (data.keys[name] === undefined) throw new Error(`there is no key file ${name}`);
    return data.keys[name];
  };
  const keyPairId = 'K2JCJMDEHXQW5F';
  const signer = Signer.fromPem({ keyPairId, privateKey: key('rsa-pkcs8.pem') });
  const verifier = new Verifier({ keys: { [keyPairId]: key('rsa-public.pem') } });
  const claimed = new Set(elsewhere);
  /** Where the package's own choice is the WebAssembly core, both are one. */
  const distinct = (cryptos) =>
    signer.crypto === 'wasm' && cryptos.includes('wasm') ? cryptos.filter((one) => one !== 'auto') : cryptos;

  /** Fails unless the case's error is thrown; a required text that is empty is refused before the core sees it. */
  async function refused(call, code, ...texts) {
    const expected = texts.includes('') ? 'invalid-argument' : code;
    try {
      await call();
    } catch (error) {
      if (!(error instanceof EdgesealError)) throw error;
      return same(error.code, expected, 'the error code');
    }
    throw new Unlike(`nothing was refused; ${expected} was to be`);
  }

  async function signerFor({ key: name, keyPairId: id, hash }, crypto) {
    if (crypto !== 'webcrypto') return Signer.fromPem({ keyPairId: id, privateKey: key(name), hash, crypto });
    const algorithm = name.startsWith('ec-') ? 'ECDSA-P256' : 'RSA-2048';
    return Signer.fromCryptoKey({
      keyPairId: id,
      key: await cryptoKey(key(name), { algorithm, hash }),
      hash,
    });
  }

  function verifierFor({ keyPairId: id, publicKey }, crypto, options = {}) {
    const judge = crypto === 'webcrypto' ? 'auto' : crypto;
    return new Verifier({ keys: { [id]: key(publicKey) }, crypto: judge, ...options });
  }

  /**
   * The cases of all files whose operation has a runner.
   * @param {Group} group
   * @param {Record<string, (one: any, crypto: string) => unknown>} runners by file and operation
   * @param {{ notHere?: Record<string, (one: any) => boolean>, cryptos: Record<string, Crypto[]> }} how
   * @returns {Case[]}
   */
  function casesFor(group, runners, { notHere = {}, cryptos }) {
    for (const operation of Object.keys(runners)) claimed.add(operation);
    return Object.entries(data.vectors).flatMap(([file, cases]) =>
      cases.flatMap((one) => {
        const operation = operationOf(file, one);
        if (!(operation in runners) || notHere[operation]?.(one)) return [];
        const check = (crypto) => runners[operation](one, crypto);
        return [
          {
            group,
            name: `${operation} ${one.id}: ${one.what}`,
            cryptos: distinct(cryptos[operation] ?? ['auto']),
            check,
          },
        ];
      }),
    );
  }

  /** Fails when a file holds an operation that nothing here runs. */
  function nothingForgotten() {
    for (const [file, cases] of Object.entries(data.vectors)) {
      const stray = cases.map((one) => operationOf(file, one)).find((operation) => !claimed.has(operation));
      if (stray !== undefined) throw new Error(`nothing runs the vectors "${stray}"`);
    }
  }

  return {
    Signer,
    Verifier,
    compat,
    key,
    keyPairId,
    signer,
    verifier,
    now: 1_767_290_000,
    expires: 1_767_290_400,
    url: 'https://d111111abcdef8.cloudfront.net/a',
    refused,
    signerFor,
    verifierFor,
    casesFor,
    nothingForgotten,
  };
}
