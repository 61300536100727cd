// Signing with keys of WebCrypto: what it signs is what a Signer signs, and what it cannot use is refused by name.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { CryptoKeySigner, EdgesealError, Signer, Verifier } from 'edgeseal';
import { keyFile } from './support/vectors.mjs';

const { subtle } = globalThis.crypto;
const keyPairId = 'K2JCJMDEHXQW5F';
const expires = 1_767_290_400;
const url = 'https://files.example.com/a';
const rsa = { name: 'RSASSA-PKCS1-v1_5' };
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
const publicExponent = new Uint8Array([1, 0, 1]);
const hashNames = { SHA1: 'SHA-1', SHA256: 'SHA-256' };

const der = (name) => createPrivateKey(keyFile(`${name}.pem`)).export({ type: 'pkcs8', format: 'der' });
const importKey = (name, algorithm, extractable = false) =>
  subtle.importKey('pkcs8', der(name), algorithm, extractable, ['sign']);
const fails = (code, message) => (error) =>
  error instanceof EdgesealError &&
  error.code === code &&
  message.test(`${error.message} ${error.hint ?? ''}`);

const policy = `{"Statement":[{"Resource":"https://files.example.com/*","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
const orders = [
  ['signUrl', { url, expires }],
  ['signUrl', { url, expires, notBefore: expires - 60, ipAddress: '203.0.113.0/24' }],
  ['signUrl', { url, expires, resource: 'https://files.example.com/*' }],
  ['signUrl', { url, expires, upload: { maxBytes: 5, contentType: 'image/*' } }],
  ['signUrl', { url, policy }],
  ['signUrls', { urls: [url, `${url}/b`], expires }],
  ['signUrls', { urls: [url, `${url}/b`], expires, resource: 'https://files.example.com/*' }],
  ['signUrls', { urls: [], expires }],
  ['signCookies', { resource: url, expires }],
  ['signCookies', { resource: 'https://files.example.com/*', expires, cookie: { sameSite: 'Strict' } }],
  ['signCookies', { policy }],
];

for (const hash of ['SHA1', 'SHA256']) {
  test(`an RSA key that cannot be exported signs the bytes of a Signer, with ${hash}`, async () => {
    const key = await importKey('rsa-pkcs8', { ...rsa, hash: hashNames[hash] });
    assert.equal(key.extractable, false);
    const signer = Signer.fromCryptoKey({ keyPairId, key, hash });
    assert.ok(signer instanceof CryptoKeySigner);
    assert.deepEqual(
      [signer.keyPairId, signer.algorithm, signer.hash, signer.crypto],
      [keyPairId, 'RSA-2048', hash, 'webcrypto'],
    );
    const peer = Signer.fromPem({ keyPairId, privateKey: keyFile('rsa-pkcs8.pem'), hash });
    for (const [method, options] of orders)
      assert.deepEqual(await signer[method](options), peer[method](options), JSON.stringify(options));
  });

  test(`each of many ECDSA signatures fits, as the shortest DER, with ${hash}`, async () => {
    const signer = Signer.fromCryptoKey({ keyPairId, key: await importKey('ec-pkcs8', ecdsa), hash });
    const publicKey = createPublicKey(keyFile('ec-public.pem'));
    const urls = Array.from({ length: 300 }, (_, index) => `${url}/${index}`);
    const lengths = new Set();
    for (const [index, signed] of (await signer.signUrls({ urls, expires })).entries()) {
      const signature = new URL(signed).searchParams.get('Signature');
      const bytes = Buffer.from(
        signature.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'),
        'base64',
      );
      const message = `{"Statement":[{"Resource":"${urls[index]}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
      // OpenSSL takes nothing but the shortest form.
      assert.ok(verify(hash, Buffer.from(message), publicKey, bytes), signed);
      lengths.add(bytes.length);
    }
    // With and without the byte that keeps a number positive.
    assert.ok(lengths.size > 1);
  });
}

test('cookies and uploads of an ECDSA key pass a verifier', async () => {
  const signer = Signer.fromCryptoKey({ keyPairId, key: await importKey('ec-pkcs8', ecdsa) });
  const verifier = new Verifier({ keys: { [keyPairId]: keyFile('ec-public.pem') } });
  const { cookieHeader } = await signer.signCookies({
    resource: 'https://files.example.com/*',
    expires: '1h',
  });
  assert.equal(verifier.verify({ url, cookies: cookieHeader }).allowed, true);
  const upload = await signer.signUrl({ url, expires: '1h', upload: { maxBytes: 5 } });
  assert.equal(verifier.verify(upload).allowed, true);
});

test('a key that CloudFront would not know is refused by name', async () => {
  const generate = async (algorithm, usages = ['sign', 'verify']) =>
    subtle.generateKey(algorithm, false, usages);
  const rsaOf = (modulusLength, hash) => generate({ ...rsa, modulusLength, publicExponent, hash });
  const pair = await generate(ecdsa);
  const refusals = [
    [pair.publicKey, 'invalid-key', /public key; signing takes the private one/],
    [(await generate({ ...ecdsa, namedCurve: 'P-384' })).privateKey, 'unsupported-key', /P-384/],
    [(await rsaOf(3072, 'SHA-256')).privateKey, 'unsupported-key', /3072 bits/],
    [(await rsaOf(2048, 'SHA-1')).privateKey, 'unsupported-key', /SHA-1.*hash: 'SHA1'/],
    [
      (await rsaOf(2048, 'SHA-512')).privateKey,
      'unsupported-key',
      /SHA-512.*import the key with the hash SHA-256/,
    ],
    [
      (await generate({ name: 'RSA-PSS', modulusLength: 2048, publicExponent, hash: 'SHA-256' })).privateKey,
      'unsupported-key',
      /RSA-PSS/,
    ],
    [
      (await generate({ name: 'ECDH', namedCurve: 'P-256' }, ['deriveBits'])).privateKey,
      'invalid-key',
      /usages.*"sign"/,
    ],
    [await generate({ name: 'HMAC', hash: 'SHA-256' }), 'invalid-key', /secret key/],
  ];
  for (const [key, code, message] of refusals)
    assert.throws(() => Signer.fromCryptoKey({ keyPairId, key }), fails(code, message));
  for (const key of [undefined, null, 'PEM', {}, pair, new Uint8Array(8)])
    assert.throws(
      () => Signer.fromCryptoKey({ keyPairId, key }),
      fails('invalid-key', /must be a CryptoKey.*fromPem/),
    );
  const bound = await importKey('rsa-pkcs8', { ...rsa, hash: 'SHA-256' });
  assert.throws(
    () => Signer.fromCryptoKey({ keyPairId, key: bound, hash: 'SHA1' }),
    fails('unsupported-key', /bound to SHA-256.*SHA-1/),
  );
});

test('options are checked as those of a Signer, and a refusal rejects', async () => {
  const { privateKey: key } = await subtle.generateKey(ecdsa, false, ['sign', 'verify']);
  assert.throws(() => Signer.fromCryptoKey({ keyPairId: 'no id', key }), fails('invalid-key-pair-id', /./));
  assert.throws(
    () => Signer.fromCryptoKey({ keyPairId, key, passphrase: '' }),
    fails('invalid-argument', /passphrase/),
  );
  assert.throws(() => Signer.fromCryptoKey(), fails('invalid-argument', /one object/));
  const signer = Signer.fromCryptoKey({ keyPairId, key });
  await assert.rejects(signer.signUrl({ url: 'ftp://x', expires }), fails('invalid-url', /./));
  await assert.rejects(
    signer.signUrl({ url, policy, expires }),
    fails('invalid-argument', /do not go together/),
  );
  await assert.rejects(signer.signUrls({ urls: [url, 'x'], expires }), fails('invalid-url', /./));
  await assert.rejects(
    signer.signCookies({ resource: url, expires, cookie: { path: 'x;y' } }),
    fails('invalid-cookie-attribute', /./),
  );
});

test('a key that fails says so, and nothing of itself', async () => {
  const { privateKey: key } = await subtle.generateKey(ecdsa, false, ['sign', 'verify']);
  const { type, usages, algorithm } = key;
  const impostor = { type, usages, algorithm, [Symbol.toStringTag]: 'CryptoKey' };
  const signer = Signer.fromCryptoKey({ keyPairId, key: impostor });
  await assert.rejects(signer.signUrl({ url, expires }), fails('signing-failed', /did not sign/));
});
