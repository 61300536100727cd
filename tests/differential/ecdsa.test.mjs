// ECDSA signatures differ each time, so they are verified instead of compared: theirs by us, ours by OpenSSL.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { Signer, Verifier } from 'edgeseal';
import * as dropIn from 'edgeseal/compat';
import fc from 'fast-check';
import { keyPairId, keyPath, readKey } from './support/keys.mjs';
import { holdsFor } from './support/runs.mjs';

const now = 1_767_225_600;
const runs = 200;
const privateKey = readKey('ec-pkcs8');
const publicKey = createPublicKey(readKey('ec-public'));
const verifiers = ['node', 'wasm'].map(
  (crypto) => new Verifier({ keys: { [keyPairId]: readKey('ec-public') }, crypto }),
);

const word = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_~!'()*+ é%&"), minLength: 1, maxLength: 8 });
const order = fc.record({
  url: fc
    .tuple(fc.array(word, { maxLength: 3 }), fc.array(fc.tuple(word, word), { maxLength: 2 }))
    .map(([path, query]) => {
      const safe = (text) => encodeURIComponent(text);
      const pairs = query.map(([name, value]) => `p${safe(name)}=${safe(value)}`);
      return `https://files.example.com/${path.map(safe).join('/')}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
    })
    // A star in a URL that we sign is refused; encodeURIComponent leaves it as it is.
    .map((url) => url.replaceAll('*', '%2A')),
  expires: fc.integer({ min: now + 1, max: 2_147_483_647 }),
  notBefore: fc.option(fc.integer({ min: 1, max: now - 1 }), { nil: undefined }),
  algorithm: fc.constantFrom('SHA1', 'SHA256'),
});

const awsInput = ({ url, expires, notBefore, algorithm }) => ({
  url,
  keyPairId,
  privateKey,
  algorithm,
  dateLessThan: expires * 1000,
  dateGreaterThan: notBefore === undefined ? undefined : notBefore * 1000,
});

const cookieHeader = (cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

function allowedBy(input) {
  for (const verifier of verifiers) {
    const verdict = verifier.verify({ ...input, now });
    assert.ok(verdict.allowed, `${verifier.crypto}: ${verdict.reason} (${verdict.detail})`);
  }
}

/** The signed text and the signature of a URL, read here without the code under test. */
function takeApart(url) {
  const { searchParams } = new URL(url);
  const decode = (text) =>
    Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');
  const resource = url.replace(/[?&](?:Expires|Policy)=.*$/, '');
  const expires = searchParams.get('Expires');
  const canned = `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
  const policy = searchParams.get('Policy');
  return {
    message: policy === null ? Buffer.from(canned) : decode(policy),
    signature: decode(searchParams.get('Signature')),
    digest: searchParams.get('Hash-Algorithm') === 'SHA256' ? 'sha256' : 'sha1',
  };
}

test('what the AWS signer signs with an ECDSA key is allowed, as URL and as cookies', () => {
  holdsFor(order, runs, (input) => {
    allowedBy({ url: getSignedUrl(awsInput(input)) });
    allowedBy({ url: input.url, cookies: cookieHeader(getSignedCookies(awsInput(input))) });
  });
});

test('what the drop-in signs with an ECDSA key is what the AWS signer signs, except for the signature', () => {
  const without = (text) => text.replace(/Signature=[^&]*/, 'Signature=');
  holdsFor(order, runs, (input) => {
    const ours = dropIn.getSignedUrl(awsInput(input));
    assert.equal(without(ours), without(getSignedUrl(awsInput(input))));
    allowedBy({ url: ours });
  });
});

test('OpenSSL, through node:crypto, accepts every ECDSA signature of ours', () => {
  for (const crypto of ['node', 'wasm']) {
    for (const hash of ['SHA1', 'SHA256']) {
      const signer = Signer.fromPem({ keyPairId, privateKey, hash, crypto });
      holdsFor(order, runs / 4, ({ url, expires, notBefore }) => {
        const { message, signature, digest } = takeApart(signer.signUrl({ url, expires, notBefore }));
        assert.equal(digest, hash.toLowerCase());
        assert.ok(verify(digest, message, publicKey, signature), `${crypto} ${hash}`);
      });
    }
  }
});

test('the openssl command accepts an ECDSA signature of ours and refuses it over another text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-openssl-'));
  try {
    for (const crypto of ['node', 'wasm']) {
      const signer = Signer.fromPem({ keyPairId, privateKey, crypto });
      const url = signer.signUrl({ url: 'https://files.example.com/a b.pdf?x=1', expires: now + 60 });
      const { message, signature, digest } = takeApart(url);
      writeFileSync(join(folder, 'signature'), signature);
      const check = (text) => {
        writeFileSync(join(folder, 'message'), text);
        const args = [
          'dgst',
          `-${digest}`,
          '-verify',
          keyPath('ec-public'),
          '-signature',
          'signature',
          'message',
        ];
        return spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
      };
      const good = check(message);
      assert.equal(good.stdout.trim(), 'Verified OK', good.stderr);
      assert.notEqual(check(Buffer.concat([message, Buffer.from(' ')])).status, 0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
