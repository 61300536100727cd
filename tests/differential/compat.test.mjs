// The drop-in against the package it replaces: the same bytes, the same inputs refused, for thousands of inputs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as awsSigner from '@aws-sdk/cloudfront-signer';
import { EdgesealError } from 'edgeseal';
import * as dropIn from 'edgeseal/compat';
import { signInput } from './support/inputs.mjs';
import { passphrase, readKey } from './support/keys.mjs';
import { documentedRefusals } from './support/refusals.mjs';
import { holdsFor } from './support/runs.mjs';

const theirs = { ...awsSigner };
const ours = { ...dropIn };
const runs = 1_500;

function attempt(sign, input) {
  try {
    return { answer: sign(input) };
  } catch (error) {
    return { error };
  }
}

/** Holds one call of both packages against each other and answers whether both signed. */
function compare(call, input) {
  const expected = attempt(theirs[call], input);
  const actual = attempt(ours[call], input);
  if (actual.error) assert.ok(actual.error instanceof EdgesealError, `threw ${actual.error?.stack}`);
  const refusals = documentedRefusals(call, input);
  if (expected.error) {
    assert.ok(
      actual.error,
      `the AWS signer throws (${expected.error.message}); ours answers ${JSON.stringify(actual.answer)}`,
    );
    return false;
  }
  if (refusals.size > 0) {
    assert.ok(actual.error, `should be refused with ${[...refusals]}`);
    assert.ok(refusals.has(actual.error.code), `${actual.error.code} is not in ${[...refusals]}`);
    return false;
  }
  if (actual.error)
    assert.fail(`the AWS signer signs this; ours throws ${actual.error.code}: ${actual.error.message}`);
  assert.deepEqual(actual.answer, expected.answer);
  assert.deepEqual(Object.keys(actual.answer), Object.keys(expected.answer));
  return true;
}

for (const call of ['getSignedUrl', 'getSignedCookies']) {
  for (const algorithm of ['SHA1', 'SHA256']) {
    test(`${call} gives the bytes of the AWS signer for RSA and ${algorithm}`, () => {
      let signed = 0;
      const privateKey = readKey('rsa-pkcs8');
      holdsFor(signInput, runs, (input) => {
        if (compare(call, { ...input, privateKey, algorithm })) signed += 1;
      });
      assert.ok(signed > runs / 3, `only ${signed} of ${runs} inputs were signed, too few to say anything`);
    });
  }
}

const plain = { url: 'https://h.example/a b?x=1', keyPairId: 'K1', dateLessThan: '2030-01-01' };
const forms = [
  ['rsa-pkcs1', {}],
  ['rsa-pkcs8', { passphrase: '' }],
  ['rsa-encrypted', { passphrase }],
  ['rsa-encrypted-scrypt', { passphrase }],
];

for (const [name, extra] of forms) {
  test(`a key in the form ${name} gives the same bytes, as text and as bytes`, () => {
    for (const privateKey of [readKey(name), Buffer.from(readKey(name))]) {
      for (const call of ['getSignedUrl', 'getSignedCookies']) {
        assert.ok(compare(call, { ...plain, ...extra, privateKey }));
      }
    }
  });
}

test('without an algorithm both sign with SHA-1 and say nothing of it', () => {
  const signed = ours.getSignedUrl({ ...plain, privateKey: readKey('rsa-pkcs8') });
  assert.ok(!signed.includes('Hash-Algorithm'));
  assert.equal(signed, theirs.getSignedUrl({ ...plain, privateKey: readKey('rsa-pkcs8') }));
});

test('a wrong passphrase and a missing one are refused by both', () => {
  for (const wrong of [undefined, '', 'wrong']) {
    const input = { ...plain, privateKey: readKey('rsa-encrypted'), passphrase: wrong };
    assert.throws(() => theirs.getSignedUrl(input));
    assert.throws(() => ours.getSignedUrl(input), EdgesealError);
  }
});

test('keys that CloudFront does not take are refused by ours alone', () => {
  for (const name of ['refused-rsa-1024', 'refused-rsa-3072', 'refused-rsa-4096', 'refused-p384']) {
    const input = { ...plain, privateKey: readKey(name) };
    assert.ok(theirs.getSignedUrl(input));
    assert.throws(() => ours.getSignedUrl(input), { name: 'EdgesealError', code: 'unsupported-key' });
  }
});
