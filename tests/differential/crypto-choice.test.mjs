// The two ways to sign and to verify, node:crypto and the WebAssembly core, against each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Signer, Verifier } from 'edgeseal';
import fc from 'fast-check';
import { keyPairId, readKey } from './support/keys.mjs';
import { holdsFor } from './support/runs.mjs';

const now = 1_767_225_600;
const choices = ['node', 'wasm'];

const name = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.~!'()+, é"), minLength: 1, maxLength: 12 });
const terms = fc.record({
  url: name.map((text) => `https://files.example.com/download/x${text}x.bin`),
  expires: fc.integer({ min: now + 1, max: 2_147_483_647 }),
  notBefore: fc.option(fc.integer({ min: 1, max: now - 1 }), { nil: undefined }),
  ipAddress: fc.constantFrom(undefined, '203.0.113.7', '203.0.113.0/24'),
});

const signers = (key, hash) =>
  choices.map((crypto) => Signer.fromPem({ keyPairId, privateKey: readKey(key), hash, crypto }));
const verifiers = (key) =>
  choices.map((crypto) => new Verifier({ keys: { [keyPairId]: readKey(key) }, crypto }));

for (const hash of ['SHA1', 'SHA256']) {
  test(`RSA signatures with ${hash} are the same bytes from node:crypto and from WebAssembly`, () => {
    const [node, wasm] = signers('rsa-pkcs8', hash);
    assert.deepEqual([node.crypto, wasm.crypto], choices);
    holdsFor(terms, 40, (options) => {
      assert.equal(wasm.signUrl(options), node.signUrl(options));
      const { url: resource, ...others } = options;
      assert.deepEqual(wasm.signCookies({ resource, ...others }), node.signCookies({ resource, ...others }));
    });
  });
}

for (const [kind, privateKey, publicKey] of [
  ['RSA', 'rsa-pkcs8', 'rsa-public'],
  ['ECDSA', 'ec-pkcs8', 'ec-public'],
]) {
  test(`each ${kind} signer is believed by each verifier, and a changed signature by neither`, () => {
    for (const hash of ['SHA1', 'SHA256']) {
      const judges = verifiers(publicKey);
      for (const signer of signers(privateKey, hash)) {
        holdsFor(terms, 25, (options) => {
          const url = signer.signUrl(options);
          const spoilt = url.replace(
            /(Signature=.{40})(.)/,
            (_, start, one) => start + (one === 'A' ? 'B' : 'A'),
          );
          for (const judge of judges) {
            const where = `signed by ${signer.crypto}, judged by ${judge.crypto}`;
            assert.equal(judge.verify({ url, now, clientIp: '203.0.113.7' }).allowed, true, where);
            assert.equal(
              judge.verify({ url: spoilt, now, clientIp: '203.0.113.7' }).reason,
              'bad-signature',
              where,
            );
          }
        });
      }
    }
  });
}
