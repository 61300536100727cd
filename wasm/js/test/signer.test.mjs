// What the shared vectors do not say of Signer and Verifier: keys as bytes, batches, and that keys stay inside.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { EdgesealError, Signer, Verifier } from 'edgeseal';
import { keyFile } from './support/vectors.mjs';

const keyPairId = 'K2JCJMDEHXQW5F';
const url = 'https://files.example.com/a';
const expires = 1_767_290_400;
const privateKey = keyFile('rsa-pkcs8.pem');
const publicKey = keyFile('rsa-public.pem');
const signer = Signer.fromPem({ keyPairId, privateKey });
const parameter = (text, name) => new URL(text).searchParams.get(name);

test('a signer says what it is and who does its work', () => {
  const { algorithm, hash, crypto } = signer;
  assert.deepEqual([signer.keyPairId, algorithm, hash, crypto], [keyPairId, 'RSA-2048', 'SHA256', 'node']);
  const other = Signer.fromPem({
    keyPairId,
    privateKey: keyFile('ec-sec1.pem'),
    hash: 'SHA1',
    crypto: 'wasm',
  });
  assert.deepEqual([other.algorithm, other.hash, other.crypto], ['ECDSA-P256', 'SHA1', 'wasm']);
});

test('keys may be PEM or DER bytes, and the bytes of the caller stay as they are', () => {
  const der = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  for (const bytes of [der, Buffer.from(privateKey), new Uint8Array(der)]) {
    const before = Buffer.from(bytes);
    assert.equal(
      Signer.fromPem({ keyPairId, privateKey: bytes }).signUrl({ url, expires }),
      signer.signUrl({ url, expires }),
    );
    assert.ok(before.equals(bytes));
  }
  const verifier = new Verifier({ keys: { [keyPairId]: spki } });
  assert.ok(verifier.verify({ url: signer.signUrl({ url, expires }), now: expires - 1 }).allowed);
});

test('nothing of the key can be seen on a signer, nor on an error about it', () => {
  const secrets = privateKey.replaceAll(/-----.*-----|\n/g, '').match(/.{24}/g);
  const clean = (text) => assert.ok(!secrets.some((part) => text.includes(part)));
  clean(inspect(signer, { depth: 9, showHidden: true }));
  clean(JSON.stringify(signer));
  const spoilt = privateKey.replace(/[A-Z]{2}/, '!!');
  for (const broken of [spoilt, privateKey.slice(0, 900), `${privateKey}x`.replaceAll('PRIVATE', 'PUBLIC')]) {
    assert.throws(
      () => Signer.fromPem({ keyPairId, privateKey: broken }),
      (error) => {
        assert.ok(error instanceof EdgesealError);
        clean(inspect(error, { depth: 9, showHidden: true }));
        return true;
      },
    );
  }
});

test('a resource that covers them all gives many URLs one signature; without one each has its own', () => {
  const urls = ['https://files.example.com/video/1.ts', 'https://files.example.com/video/2.ts?q=1'];
  const shared = signer.signUrls({ urls, expires, resource: 'https://files.example.com/video/*' });
  assert.equal(new Set(shared.map((one) => parameter(one, 'Signature'))).size, 1);
  const own = signer.signUrls({ urls, expires });
  assert.equal(new Set(own.map((one) => parameter(one, 'Signature'))).size, 2);
  const verifier = new Verifier({ keys: { [keyPairId]: publicKey } });
  for (const one of [...shared, ...own]) assert.ok(verifier.verify({ url: one, now: expires - 1 }).allowed);
  assert.deepEqual(signer.signUrls({ urls: [], expires }), []);
});

test('times may be a Date, seconds, RFC 3339 text, or a duration from now', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: (expires - 900) * 1000 });
  const texts = [expires, new Date(expires * 1000), '2026-01-01T18:00:00Z', '15m', ' 900s '];
  for (const text of texts)
    assert.equal(parameter(signer.signUrl({ url, expires: text }), 'Expires'), String(expires));
});

test('a time to judge at is refused in milliseconds, and taken as a Date however far away', () => {
  const verifier = new Verifier({ keys: { [keyPairId]: publicKey } });
  const signed = signer.signUrl({ url, expires });
  for (const method of ['verify', 'explain']) {
    assert.throws(() => verifier[method]({ url: signed, now: expires * 1000 }), {
      name: 'EdgesealError',
      code: 'time-in-milliseconds',
      field: 'now',
    });
  }
  assert.throws(() => verifier.verify({ url: signed, now: 100_000_000_000 }), {
    code: 'time-in-milliseconds',
  });
  assert.equal(verifier.verify({ url: signed, now: 99_999_999_999 }).reason, 'expired');
  assert.equal(verifier.verify({ url: signed, now: new Date(8_640_000_000_000_000) }).reason, 'expired');
});

test('a disabled key is known but not trusted, and one of several keys is enough', () => {
  const url1 = signer.signUrl({ url, expires });
  const judge = (keys) => new Verifier({ keys }).verify({ url: url1, now: expires - 1 });
  assert.equal(judge({ [keyPairId]: { publicKey, enabled: false } }).reason, 'key-disabled');
  assert.equal(judge({ K1: publicKey }).reason, 'unknown-key');
  assert.ok(judge({ K1: keyFile('ec-public.pem'), [keyPairId]: { publicKey } }).allowed);
});
