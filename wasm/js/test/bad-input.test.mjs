// Wrong inputs: for each public function a table with the exact code, message and field, and then every kind of
// value in every option, where nothing but an EdgesealError with a documented code may be thrown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { EdgesealError } from 'edgeseal';
import { keyPairId, valid } from './support/bad-inputs/calls.mjs';
import { compat } from './support/bad-inputs/compat.mjs';
import { signing } from './support/bad-inputs/signing.mjs';
import { verifying } from './support/bad-inputs/verifying.mjs';
import { anyValues } from './support/hostile.mjs';

const tables = { ...signing, ...verifying, ...compat };

/** Options as the table means them: an object is laid over the valid options, all else stands for itself. */
function optionsOf(change, base) {
  const plain = typeof change === 'object' && change !== null && !isProxy(change) && !Array.isArray(change);
  if (!plain) return change;
  const hostile = Object.values(Object.getOwnPropertyDescriptors(change)).some(
    ({ get }) => get !== undefined,
  );
  return hostile ? change : { ...base, ...change };
}

function isProxy(value) {
  try {
    Object.getPrototypeOf(value);
    return false;
  } catch {
    return true;
  }
}

for (const [call, rows] of Object.entries(tables)) {
  const [run, base] = valid[call];
  for (const [what, change, code, message, field] of rows) {
    test(`${call} refuses ${what}`, () => {
      assert.throws(
        () => run(optionsOf(change, base)),
        (error) => {
          assert.ok(error instanceof EdgesealError, inspect(error));
          assert.deepEqual([error.code, error.message, error.field], [code, message, field]);
          return true;
        },
      );
    });
  }
}

/** Every code that the package documents. */
const codes = new Set(
  'invalid-url url-too-long reserved-parameter fragment-in-url dot-segment invalid-key-pair-id invalid-key unsupported-key passphrase-required wrong-passphrase invalid-time time-in-milliseconds invalid-window invalid-ip invalid-resource resource-mismatch invalid-policy invalid-hash invalid-cookie-attribute invalid-upload-constraint invalid-argument'.split(
    ' ',
  ),
);

const options = {
  'Signer.fromPem': ['keyPairId', 'privateKey', 'passphrase', 'hash', 'crypto'],
  signUrl: ['url', 'resource', 'upload', 'policy', 'expires', 'notBefore', 'ipAddress'],
  signUrls: ['urls', 'resource', 'expires', 'notBefore', 'ipAddress'],
  signCookies: ['resource', 'cookie', 'policy', 'expires', 'notBefore', 'ipAddress'],
  'new Verifier': ['keys', 'crypto', 'strict', 'requireResource', 'legacySchemeWildcard'],
  verify: ['url', 'request', 'cookies', 'clientIp', 'now'],
  explain: ['url', 'request', 'cookies', 'clientIp', 'now', 'hosts'],
  getSignedUrl: [
    'url',
    'policy',
    'keyPairId',
    'privateKey',
    'passphrase',
    'algorithm',
    'dateLessThan',
    'dateGreaterThan',
    'ipAddress',
  ],
};
options.getSignedCookies = options.getSignedUrl;
const inner = {
  upload: ['method', 'maxBytes', 'contentType', 'sha256', 'filename'],
  cookie: ['secure', 'httpOnly', 'sameSite', 'path', 'domain', 'maxAge'],
  request: ['scheme', 'host', 'path', 'query'],
  keys: [keyPairId],
};

/** Runs a call and holds it to: an answer, or a typed error with a known code that tells no secret. */
function answersOrRefuses(run, given, where) {
  try {
    run(given);
  } catch (error) {
    assert.ok(error instanceof EdgesealError, `${where}: ${inspect(error)}`);
    assert.ok(codes.has(error.code), `${where}: ${error.code}: ${error.message}`);
    assert.ok(!`${error.message} ${error.field} ${error.hint}`.includes('PRIVATE KEY-----'), where);
    assert.ok(error.message.length < 300, `${where}: a message of ${error.message.length} characters`);
  }
}

for (const [call, names] of Object.entries(options)) {
  const [run, base] = valid[call];
  test(`${call} throws nothing but its own error, whatever stands in an option`, () => {
    for (const [what, value] of anyValues) {
      answersOrRefuses(run, value, `${call}(${what})`);
      for (const name of names) {
        answersOrRefuses(run, { ...base, [name]: value }, `${call}: ${name} is ${what}`);
        answersOrRefuses(run, { ...base, [name]: [value] }, `${call}: ${name} holds ${what}`);
        for (const part of inner[name] ?? []) {
          const given = { ...base, [name]: { [part]: value } };
          if (name === 'request') delete given.url;
          answersOrRefuses(run, given, `${call}: ${name}.${part} is ${what}`);
        }
      }
    }
  });
}
