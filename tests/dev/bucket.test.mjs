// The local edge over a bucket of the emulator.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { clientsFor } from '../products/support/clients.mjs';
import { account, startEmulator } from '../products/support/emulator.mjs';
import { curl, folder, rules, startEdge, until } from './support/edge.mjs';

const name = 'uploads';
let emulator;
let s3;

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = account;
  process.env.AWS_SECRET_ACCESS_KEY = 'none';
  emulator = await startEmulator();
  s3 = clientsFor(emulator).s3;
  await s3.send(new CreateBucketCommand({ Bucket: name }));
});
after(() => emulator?.stop());

const start = (t, options) => startEdge(t, { bucket: { name, endpoint: emulator.endpoint }, ...options });
const keys = async () =>
  ((await s3.send(new ListObjectsV2Command({ Bucket: name }))).Contents ?? []).map(({ Key }) => Key);

test('an upload arrives in the bucket, and is the download', async (t) => {
  const { sign } = await start(t, { policy: rules('standalone') });
  const sha256 = createHash('sha256').update('hello').digest('base64');
  const headers = ['-H', 'content-type: text/plain', '-H', `x-amz-checksum-sha256: ${sha256}`];
  const up = await curl(
    '-X',
    'PUT',
    ...headers,
    '--data-binary',
    'hello',
    sign('/upload/deep/a b.txt'.replace(' ', '%20')),
  );
  assert.equal(up.status, 200, up.text);
  assert.equal(up.headers.etag, `"${createHash('md5').update('hello').digest('hex')}"`);

  const object = await s3.send(new GetObjectCommand({ Bucket: name, Key: 'deep/a b.txt' }));
  assert.equal(await object.Body.transformToString(), 'hello');
  assert.equal(object.ContentType, 'text/plain');

  const url = sign('/download/deep/a%20b.txt');
  const down = await curl(url);
  assert.deepEqual([down.status, down.text, down.headers['content-type']], [200, 'hello', 'text/plain']);
  assert.equal(down.headers.etag, up.headers.etag);
  assert.equal(down.headers['x-content-type-options'], 'nosniff');

  const head = await curl('--head', url);
  assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '5']);
  const range = await curl('-H', 'range: bytes=1-3', url);
  assert.deepEqual([range.status, range.text, range.headers['content-range']], [206, 'ell', 'bytes 1-3/5']);
  const same = await curl('-H', `if-none-match: ${down.headers.etag}`, url);
  assert.deepEqual([same.status, same.text], [304, '']);
  const other = await curl('-H', 'if-match: "another"', url);
  assert.deepEqual([other.status, /PreconditionFailed/.test(other.text)], [412, true]);
  const beyond = await curl('-H', 'range: bytes=100-', url);
  assert.deepEqual([beyond.status, /InvalidRange/.test(beyond.text)], [416, true]);
});

test('a missing object is the 403 of a bucket that lets nobody list', async (t) => {
  const { sign, decisions } = await start(t);
  const answer = await curl(sign('/download/none'));
  assert.equal(answer.status, 403);
  assert.match(answer.text, /<Code>AccessDenied<\/Code>.*<HostId>/s);
  assert.equal(decisions[0].reason, 'no-such-object');
});

test('64 MiB stream through', async (t) => {
  const { sign } = await start(t);
  const file = join(await folder(t), 'sparse');
  writeFileSync(file, '');
  truncateSync(file, 64 * 1024 ** 2);
  assert.equal((await curl('-T', file, sign('/upload/large'))).status, 200);
  const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: name, Key: 'large' }));
  assert.equal(ContentLength, 64 * 1024 ** 2);
  const down = await curl('--output', '/dev/null', sign('/download/large'));
  assert.equal(down.exit, 0);
});

test('a body with a wrong checksum does not arrive', async (t) => {
  const { sign, decisions } = await start(t);
  const md5 = createHash('md5').update('x').digest('base64');
  const answer = await curl(
    '-X',
    'PUT',
    '-H',
    `content-md5: ${md5}`,
    '--data-binary',
    'hello',
    sign('/upload/wrong'),
  );
  assert.deepEqual([answer.status, decisions[0].reason], [400, 'checksum-mismatch']);
  assert.ok(!(await keys()).includes('wrong'));
});

test('an upload that is broken off does not arrive', async (t) => {
  const { sign, decisions } = await start(t);
  const { host, port, hostname, pathname, search } = new URL(sign('/upload/half'));
  const socket = connect(port, hostname);
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\nonly this`);
  setTimeout(() => socket.resetAndDestroy(), 100);
  await until(() => decisions.length === 1);
  assert.equal(decisions[0].decision, 'deny');
  assert.ok(!(await keys()).includes('half'));
});

test('a bucket that is not there is a refusal, and an endpoint that is not there an error without its name', async (t) => {
  const gone = await start(t, { bucket: { name: 'no-such-bucket', endpoint: emulator.endpoint } });
  assert.equal((await curl(gone.sign('/download/a'))).status, 403);
  const dead = await start(t, { bucket: { name, endpoint: 'http://127.0.0.1:9' } });
  const answer = await curl(dead.sign('/download/a'));
  assert.deepEqual([answer.status, dead.decisions[0].reason], [500, 'store-failed']);
  assert.doesNotMatch(answer.text, /127\.0\.0\.1/);
});
