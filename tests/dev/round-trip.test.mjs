// What goes up comes down, byte for byte, with curl.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { curl, folder, rules, startEdge } from './support/edge.mjs';

const modes = [
  ['without rules', {}],
  ['with rules behind a key group', { policy: rules('behind-key-group') }],
  ['with rules that verify themselves', { policy: rules('standalone') }],
  [
    'with rules that see no signing parameters',
    { policy: rules('behind-key-group'), hideSigningParams: true },
  ],
];

for (const [name, options] of modes) {
  test(`${name}, an upload with curl -T is the download`, async (t) => {
    const { store, sign, decisions } = await startEdge(t, options);
    const file = join(await folder(t), 'cat.png');
    const bytes = Buffer.from(Array.from({ length: 997 }, (_, at) => (at * 7) % 256));
    writeFileSync(file, bytes);

    const up = await curl('-T', file, '-H', 'content-type: image/png', sign('/upload/pets/cat.png'));
    assert.equal(up.status, 200, up.text);
    assert.equal(up.headers.etag, `"${createHash('md5').update(bytes).digest('hex')}"`);
    assert.deepEqual(readFileSync(join(store, 'pets', 'cat.png')), bytes);

    const down = await curl(sign('/download/pets/cat.png'));
    assert.equal(down.status, 200);
    assert.deepEqual(down.body, bytes);
    assert.equal(down.headers['content-type'], 'image/png');
    assert.equal(down.headers.etag, up.headers.etag);
    assert.equal(down.headers['content-length'], '997');

    assert.deepEqual(
      decisions.map(({ method, path, decision, status, bytes }) => [method, path, decision, status, bytes]),
      [
        ['PUT', '/upload/pets/cat.png', 'allow', 200, 997],
        ['GET', '/download/pets/cat.png', 'allow', 200, 997],
      ],
    );
  });
}

/** An edge with the object `a.txt`, "0123456789". */
async function withObject(t, options) {
  const started = await startEdge(t, options);
  const up = await curl(
    '-X',
    'PUT',
    '-H',
    'content-type: text/plain',
    '--data-binary',
    '0123456789',
    started.sign('/upload/a.txt'),
  );
  assert.equal(up.status, 200, up.text);
  return { ...started, url: started.sign('/download/a.txt'), etag: up.headers.etag };
}

test('HEAD answers the headers of GET, and no body', async (t) => {
  const { url, etag } = await withObject(t);
  const answer = await curl('--head', url);
  assert.deepEqual([answer.status, answer.headers['content-length'], answer.headers.etag], [200, '10', etag]);
  assert.equal(answer.text, '');
});

const ranges = [
  ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
  ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
  ['bytes=-2', 206, '89', 'bytes 8-9/10'],
  ['bytes=8-100', 206, '89', 'bytes 8-9/10'],
  ['bytes=10-', 416, undefined, 'bytes */10'],
  ['bytes=0-1,4-5', 200, '0123456789', undefined],
  ['pages=1-2', 200, '0123456789', undefined],
];
for (const [range, status, body, contentRange] of ranges) {
  test(`Range: ${range} answers ${status}`, async (t) => {
    const { url } = await withObject(t);
    const answer = await curl('-H', `Range: ${range}`, url);
    assert.equal(answer.status, status);
    assert.equal(answer.headers['content-range'], contentRange);
    if (body === undefined) assert.match(answer.text, /<Code>InvalidRange<\/Code>.*<RequestId>/s);
    else assert.equal(answer.text, body);
  });
}

const future = 'Fri, 01 Jan 2100 00:00:00 GMT';
const past = 'Sat, 01 Jan 2000 00:00:00 GMT';
const conditions = [
  ['If-None-Match: ETAG', 304],
  ['If-None-Match: "another"', 200],
  ['If-None-Match: "another", ETAG', 304],
  ['If-None-Match: *', 304],
  [`If-Modified-Since: ${future}`, 304],
  [`If-Modified-Since: ${past}`, 200],
  ['If-Match: ETAG', 200],
  ['If-Match: "another"', 412],
  [`If-Unmodified-Since: ${future}`, 200],
  [`If-Unmodified-Since: ${past}`, 412],
];
for (const [condition, status] of conditions) {
  test(`${condition.replace(future, 'a later time').replace(past, 'an earlier time')} answers ${status}`, async (t) => {
    const { url, etag } = await withObject(t);
    const answer = await curl('-H', condition.replace('ETAG', etag), url);
    assert.equal(answer.status, status);
    if (status === 200) assert.equal(answer.text, '0123456789');
    if (status === 304) assert.deepEqual([answer.text, answer.headers.etag], ['', etag]);
    if (status === 412) assert.match(answer.text, /<Code>PreconditionFailed<\/Code>/);
  });
}

test('a range of an object that changed meanwhile is the whole object', async (t) => {
  const { url, etag } = await withObject(t);
  const stale = await curl('-H', 'Range: bytes=0-3', '-H', 'If-Range: "another"', url);
  assert.deepEqual([stale.status, stale.text], [200, '0123456789']);
  const fresh = await curl('-H', 'Range: bytes=0-3', '-H', `If-Range: ${etag}`, url);
  assert.deepEqual([fresh.status, fresh.text], [206, '0123']);
});

test('an upload without a content type is binary/octet-stream, as in S3', async (t) => {
  const { sign } = await startEdge(t);
  await curl('-X', 'PUT', '-H', 'content-type:', '--data-binary', 'x', sign('/upload/a.txt'));
  assert.equal((await curl(sign('/download/a.txt'))).headers['content-type'], 'binary/octet-stream');
});

test('a file put by hand has the type of its extension, and an edited one forgets what was uploaded', async (t) => {
  const { store, sign, etag } = await withObject(t);
  writeFileSync(join(store, 'hand.svg'), '<svg/>');
  const hand = await curl(sign('/download/hand.svg'));
  assert.deepEqual([hand.text, hand.headers['content-type']], ['<svg/>', 'image/svg+xml']);
  writeFileSync(join(store, 'a.txt'), 'edited');
  const edited = await curl(sign('/download/a.txt'));
  assert.equal(edited.text, 'edited');
  assert.notEqual(edited.headers.etag, etag);
});

test('an empty object goes up and comes down', async (t) => {
  const { sign } = await startEdge(t);
  const up = await curl('-X', 'PUT', '-H', 'content-length: 0', sign('/upload/empty'));
  assert.deepEqual([up.status, up.headers.etag], [200, '"d41d8cd98f00b204e9800998ecf8427e"']);
  const down = await curl(sign('/download/empty'));
  assert.deepEqual([down.status, down.text, down.headers['content-length']], [200, '', '0']);
});

for (const key of [
  'r%C3%A9sum%C3%A9.pdf',
  'a%20b.txt',
  '100%25.txt',
  'a+b.txt',
  "it's(1)!.txt",
  'deep/er/and/deeper.bin',
]) {
  test(`the key ${key} is one object for both prefixes`, async (t) => {
    const { sign } = await startEdge(t);
    assert.equal((await curl('-X', 'PUT', '--data-binary', key, sign(`/upload/${key}`))).status, 200);
    assert.equal((await curl(sign(`/download/${key}`))).text, key);
  });
}

test('security headers are those of the response headers policy', async (t) => {
  const { url } = await withObject(t);
  const { headers } = await curl(url);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['x-frame-options'], 'DENY');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.match(headers['content-security-policy'], /default-src 'none'.*sandbox/);
});
