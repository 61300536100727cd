// The build for browsers, as far as it can be tried without one: it needs nothing of Node, and Node has what it needs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as forNode from 'edgeseal';
import * as compatForNode from 'edgeseal/compat';
import * as edgeForNode from 'edgeseal/edge';
import * as compat from '../dist/web/compat.js';
import * as edge from '../dist/web/edge.js';
import * as web from '../dist/web/index.js';
import { keyFile } from './support/vectors.mjs';

const dist = (path) => new URL(`../dist/${path}`, import.meta.url);
const keyPairId = 'K2JCJMDEHXQW5F';
const url = 'https://files.example.com/a';
const expires = 2_100_000_000;
const rules = { version: 1, mode: 'standalone', rules: [{ name: 'all', path: '/*', methods: ['GET'] }] };
const compatInput = { keyPairId, url, dateLessThan: expires * 1000 };

/** Every way in, with options that are right. */
const calls = {
  'Signer.fromPem': () => web.Signer.fromPem({ keyPairId, privateKey: keyFile('ec-pkcs8.pem') }),
  'new Verifier': () => new web.Verifier({ keys: {} }),
  getSignedUrl: () => compat.getSignedUrl({ ...compatInput, privateKey: keyFile('ec-pkcs8.pem') }),
  getSignedCookies: () => compat.getSignedCookies({ ...compatInput, privateKey: keyFile('ec-pkcs8.pem') }),
  createViewerRequestHandler: () => edge.createViewerRequestHandler({ policy: rules }),
};

test('every function says that it is not ready, until ready() has been awaited once', async () => {
  const { privateKey: key } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const all = { ...calls, 'Signer.fromCryptoKey': () => web.Signer.fromCryptoKey({ keyPairId, key }) };
  for (const [name, call] of Object.entries(all)) {
    assert.throws(
      call,
      (error) =>
        error instanceof web.EdgesealError &&
        error.code === 'not-ready' &&
        /await ready\(\)/.test(error.message),
      name,
    );
  }
  // A time as text is read by the core, but nothing comes so far without a signer.
  const both = [web.ready(), edge.ready()];
  assert.deepEqual(await Promise.all(both), [undefined, undefined]);
  for (const call of Object.values(all)) call();
});

test('the entries export the names that they export in Node', () => {
  const names = (module) => Object.keys(module).sort();
  assert.deepEqual(names(web), names(forNode));
  assert.deepEqual(names(compat), names(compatForNode));
  assert.deepEqual(names(edge), names(edgeForNode));
});

for (const kind of ['rsa', 'ec']) {
  test(`what a browser signs with ${kind} passes in Node, and the other way round`, async () => {
    await web.ready();
    const privateKey = keyFile(`${kind}-pkcs8.pem`);
    const keys = { [keyPairId]: keyFile(`${kind}-public.pem`) };
    const signers = [web, forNode].map(({ Signer }) => Signer.fromPem({ keyPairId, privateKey }));
    assert.deepEqual(
      signers.map(({ crypto }) => crypto),
      ['wasm', 'node'],
    );
    const signed = signers.map((signer) => signer.signUrl({ url, expires }));
    if (kind === 'rsa') assert.equal(signed[0], signed[1]);
    for (const text of [...signed, compat.getSignedUrl({ ...compatInput, privateKey })]) {
      for (const { Verifier } of [web, forNode]) {
        const verifier = new Verifier({ keys });
        assert.equal(verifier.verify(text).allowed, true);
        assert.equal(verifier.verify(text.replace('/a?', '/b?')).reason, 'bad-signature');
      }
    }
    const handler = edge.createViewerRequestHandler({ policy: rules, keys, log: () => {} });
    const request = (querystring) => ({
      clientIp: '203.0.113.7',
      method: 'GET',
      uri: '/a',
      querystring,
      headers: { host: [{ value: 'files.example.com' }] },
    });
    const ask = (text) =>
      handler({ Records: [{ cf: { config: {}, request: request(text.split('?')[1]) } }] });
    assert.equal((await ask(signed[0])).uri, '/a');
    assert.equal((await ask(signed[0].replace('Expires=21', 'Expires=20'))).status, '403');
  });
}

test('encrypted keys open, and keys that cannot be used are refused as in Node', async () => {
  await web.ready();
  const passphrase = 'correct-horse';
  const opened = web.Signer.fromPem({
    keyPairId,
    privateKey: keyFile('rsa-encrypted-scrypt.pem'),
    passphrase,
  });
  assert.equal(opened.algorithm, 'RSA-2048');
  const attempts = [
    (it) => it.Signer.fromPem({ keyPairId, privateKey: keyFile('ec-encrypted.pem') }),
    (it) => it.Signer.fromPem({ keyPairId, privateKey: keyFile('ec-encrypted.pem'), passphrase: 'wrong' }),
    (it) => it.Signer.fromPem({ keyPairId, privateKey: keyFile('refused-p384.pem') }),
    (it) => new it.Verifier({ keys: { [keyPairId]: keyFile('refused-rsa-1024-public.pem') } }),
  ];
  const outcome = (attempt, it) => {
    try {
      attempt(it);
      return 'none';
    } catch ({ code, message, field, hint }) {
      return { code, message, field, hint };
    }
  };
  for (const attempt of attempts) assert.deepEqual(outcome(attempt, web), outcome(attempt, forNode));
  assert.throws(
    () => new web.Verifier({ keys: {}, crypto: 'node' }),
    ({ code, field }) => code === 'unsupported-runtime' && field === 'crypto',
  );
  for (const name of ['refused-ed25519-public.pem', 'refused-p384-public.pem']) {
    assert.throws(
      () => edge.createViewerRequestHandler({ policy: rules, keys: { K1: keyFile(name) } }),
      ({ code, field }) => code === 'unsupported-key' && field === 'keys.K1',
    );
  }
});

test('the builds for browsers and workerd import nothing but files beside them', () => {
  for (const folder of ['web', 'workerd']) {
    const files = readdirSync(dist(folder)).filter((name) => name.endsWith('.js'));
    for (const name of files) {
      const text = readFileSync(dist(`${folder}/${name}`), 'utf8');
      const imports = [...text.matchAll(/\b(?:from|import)\(?"([^"]+)"/g)].map(([, path]) => path);
      const pattern =
        folder === 'web'
          ? /^(?:\.\/chunk-\w+\.js|\.\.\/bytes\/[a-z]+\.js)$/
          : /^\.\/(?:chunk-\w+\.js|[a-z]+\.wasm)$/;
      assert.ok(imports.length > 0, name);
      for (const path of imports) assert.match(path, pattern, name);
      for (const word of ['Buffer.', 'process.', 'require('])
        assert.ok(!text.includes(word), `${name}: ${word}`);
    }
  }
});
