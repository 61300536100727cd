// Wrong inputs to every function: an exact code and field, and no throw but the package's own whatever is passed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Signer } from 'edgeseal';
import { createSigner, EdgesealError, FileRecords, UploadService } from 'edgeseal/aws';
import { anyValues, throwingGetter } from '../../wasm/js/test/support/hostile.mjs';
import { ownKeyPair } from '../products/support/cases.mjs';
import { refusal } from './support/errors.mjs';

const signer = Signer.fromPem({ keyPairId: 'K1', privateKey: ownKeyPair.privateKey });
const privateKeySecretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:key-a1B2c3';
const fetchSecret = async () => ({ text: ownKeyPair.privateKey, version: '1' });
// Nothing listens there: what gets past the checks fails, and quickly.
const endpoint = 'http://127.0.0.1:9';
const table = { tableName: 'files', primaryKey: 'objectKey', endpoint, region: 'us-east-1' };
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_MAX_ATTEMPTS: '1' });

const records = await FileRecords.open(table);
const service = new UploadService({ signer, origin: 'https://files.example.com' });
const kept = new UploadService({ signer, origin: 'https://files.example.com', records });

const calls = {
  createSigner: [
    createSigner,
    { privateKeySecretArn, fetchSecret, keyPairId: 'K1' },
    [
      'privateKeySecretArn',
      'integrationRoleArn',
      'externalId',
      'region',
      'sessionName',
      'keyPairId',
      'hash',
      'crypto',
      'maxAge',
      'timeout',
      'credentials',
      'endpoint',
      'onEvent',
      'fetchSecret',
      'clock',
    ],
  ],
  'FileRecords.open': [
    FileRecords.open,
    table,
    ['tableName', 'primaryKey', 'integrationRoleArn', 'externalId', 'region', 'pendingLifetime', 'now'],
  ],
  'new UploadService': [
    async (options) => new UploadService(options),
    { signer, origin: 'https://files.example.com' },
    ['signer', 'origin', 'records', 'uploadPrefix', 'downloadPrefix', 'uploadExpires', 'downloadExpires'],
  ],
  requestUpload: [
    (options) => service.requestUpload(options),
    { key: 'a', maxBytes: 1, contentType: 'text/plain' },
    ['key', 'owner', 'maxBytes', 'contentType', 'sha256', 'filename', 'ipAddress'],
  ],
  completeUpload: [
    (options) => kept.completeUpload(options),
    { key: 'a', owner: 'ann' },
    ['key', 'owner', 'bytes'],
  ],
  requestDownload: [
    (options) => kept.requestDownload(options),
    { key: 'a', as: 'ann' },
    ['key', 'as', 'ipAddress'],
  ],
  create: [
    (options) => records.create(options),
    { key: 'a', owner: 'ann' },
    ['key', 'owner', 'contentType', 'filename', 'bytes'],
  ],
  list: [(options) => records.list('ann', options), {}, ['limit', 'next']],
};

const rows = {
  createSigner: [
    [{ privateKeySecretArn: undefined }, 'privateKeySecretArn'],
    [{ privateKeySecretArn: 'team-orders/key' }, 'privateKeySecretArn'],
    [{ privateKeySecretArn: 'arn:aws:iam::111122223333:role/x' }, 'privateKeySecretArn'],
    [{ privateKeySecretArn: `${privateKeySecretArn}*` }, 'privateKeySecretArn'],
    [{ maxAge: 0 }, 'maxAge'],
    [{ maxAge: Number.NaN }, 'maxAge'],
    [{ maxAge: Number.POSITIVE_INFINITY }, 'maxAge'],
    [{ timeout: 0.5 }, 'timeout'],
    [{ hash: 'MD5' }, 'hash'],
    [{ crypto: 'browser' }, 'crypto'],
    [{ onEvent: 'console.log' }, 'onEvent'],
    [{ clock: 7 }, 'clock'],
    [{ credentials: { accessKeyId: 'x' } }, 'credentials.secretAccessKey'],
    [{ roleArn: 'x' }, 'roleArn'],
  ],
  'FileRecords.open': [
    [{ tableName: '' }, 'tableName'],
    [{ primaryKey: undefined }, 'primaryKey'],
    [{ primaryKey: 'owner' }, 'primaryKey'],
    [{ primaryKey: 'expiresAt' }, 'primaryKey'],
    [{ pendingLifetime: 0 }, 'pendingLifetime'],
    [{ pendingLifetime: -1 }, 'pendingLifetime'],
    [{ now: 7 }, 'now'],
    [{ credentials: { accessKeyId: 7 } }, 'credentials.accessKeyId'],
  ],
  'new UploadService': [
    [{ signer: {} }, 'signer'],
    [{ signer: null }, 'signer'],
    [{ records: {} }, 'records'],
    [{ origin: 'files.example.com' }, 'origin'],
    [{ origin: 'https://files.example.com/a' }, 'origin'],
    [{ origin: 'https://user@files.example.com' }, 'origin'],
    [{ origin: 'https://*.example.com/?' }, 'origin'],
    [{ origin: 'ftp://files.example.com' }, 'origin'],
    [{ uploadPrefix: '/up*' }, 'uploadPrefix'],
    [{ uploadPrefix: 'upload' }, 'uploadPrefix'],
    [{ downloadPrefix: '/a/../b' }, 'downloadPrefix'],
    [{ downloadPrefix: '/down/' }, 'downloadPrefix'],
  ],
  requestUpload: [
    [{ maxBytes: undefined }, 'maxBytes'],
    [{ maxBytes: -1 }, 'maxBytes'],
    [{ maxBytes: '10' }, 'maxBytes'],
    [{ contentType: undefined }, 'contentType'],
    [{ contentType: 'image/*' }, 'contentType'],
    [{ size: 1 }, 'size'],
  ],
  completeUpload: [
    [{ owner: undefined }, 'owner'],
    [{ bytes: 1.5 }, 'bytes'],
  ],
  requestDownload: [[{ as: undefined }, 'as']],
  create: [
    [{ owner: '' }, 'owner'],
    [{ owner: 'é'.repeat(513) }, 'owner'],
    [{ filename: 'x'.repeat(1025) }, 'filename'],
    [{ bytes: -1 }, 'bytes'],
    [{ state: 'complete' }, 'state'],
    [{ completedAt: 1 }, 'completedAt'],
  ],
  list: [
    [{ limit: 0 }, 'limit'],
    [{ limit: 1001 }, 'limit'],
    [{ next: 7 }, 'next'],
    [{ next: '' }, 'next'],
  ],
};

for (const [name, table] of Object.entries(rows)) {
  const [run, base] = calls[name];
  for (const [change, field] of table) {
    test(`${name} refuses ${inspect(change, { maxStringLength: 40, breakLength: Number.POSITIVE_INFINITY })}`, async () => {
      const error = await refusal(run({ ...base, ...change }));
      assert.deepEqual([error.code, error.field], ['invalid-argument', field]);
    });
  }
}

/** An answer, or the package's own error, short and without a key. */
async function answersOrRefuses(run, given, where) {
  try {
    await run(given);
  } catch (error) {
    assert.ok(error instanceof EdgesealError, `${where}: ${inspect(error)}`);
    assert.notEqual(error.code, 'internal', where);
    const text = `${error.message} ${error.field} ${error.hint}`;
    assert.ok(text.length < 600 && !text.includes('PRIVATE KEY-----'), where);
  }
}

for (const [name, [run, base, options]] of Object.entries(calls)) {
  test(`${name} throws nothing but its own error, whatever stands in an option`, async () => {
    for (const [what, value] of anyValues) {
      await answersOrRefuses(run, value, `${name}(${what})`);
      for (const option of options) {
        // A store of one's own that is any function, and a clock that is any function, are taken at their word.
        if (typeof value === 'function' && ['fetchSecret', 'clock', 'now'].includes(option)) continue;
        await answersOrRefuses(run, { ...base, [option]: value }, `${name}: ${option} is ${what}`);
      }
    }
    for (const option of options)
      await answersOrRefuses(run, throwingGetter(option), `${name}: ${option} throws`);
  });
}
