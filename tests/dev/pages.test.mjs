// Pages of other origins: preflights and the headers that let a page read an answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curl, rules, startEdge } from './support/edge.mjs';

const page = 'https://app.example.com';
const preflight = (method, headers, origin = page) => [
  ...['-X', 'OPTIONS', '-H', `origin: ${origin}`, '-H', `access-control-request-method: ${method}`],
  ...(headers === undefined ? [] : ['-H', `access-control-request-headers: ${headers}`]),
];
const cors = { origins: [page] };

for (const mode of ['behind-key-group', 'standalone']) {
  test(`${mode}, the rules answer a preflight`, async (t) => {
    const { sign, decisions } = await startEdge(t, { policy: rules(mode) });
    const answer = await curl(...preflight('PUT', 'content-type'), sign('/upload/a.txt'));
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['access-control-allow-origin'], page);
    assert.equal(answer.headers['access-control-allow-methods'], 'PUT');
    assert.match(answer.headers['access-control-allow-headers'], /content-type/);
    const [{ decision, by, rule }] = decisions;
    assert.deepEqual([decision, by, rule], ['respond', 'viewer-request', 'upload']);
  });

  test(`${mode}, a page may read the status of a refusal`, async (t) => {
    const { sign } = await startEdge(t, { policy: rules(mode) });
    const args = [
      '-X',
      'PUT',
      '-H',
      `origin: ${page}`,
      '-H',
      'content-type: application/zip',
      '--data-binary',
      'x',
    ];
    const answer = await curl(...args, sign('/upload/a.txt'));
    assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [415, page]);
  });

  test(`${mode}, a preflight of a stranger is refused and says nothing of who may`, async (t) => {
    const { sign, decisions } = await startEdge(t, { policy: rules(mode) });
    const answer = await curl(
      ...preflight('PUT', 'content-type', 'https://evil.example.net'),
      sign('/upload/a.txt'),
    );
    assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [403, undefined]);
    assert.equal(decisions[0].reason, 'cors-origin-not-allowed');
  });
}

test('behind a key group an unsigned preflight is refused by CloudFront, without CORS headers', async (t) => {
  const { edge } = await startEdge(t, { policy: rules('behind-key-group'), cors });
  const answer = await curl(...preflight('PUT'), `${edge.origin}/upload/a.txt`);
  assert.match(answer.text, /<Code>MissingKey<\/Code>/);
  assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [403, undefined]);
});

const bucketPreflights = [
  ['PUT', 'content-type, x-amz-checksum-sha256', page, 200],
  ['PUT', 'Content-MD5', page, 200],
  ['PUT', undefined, page, 200],
  ['DELETE', undefined, page, 403],
  ['PUT', 'authorization', page, 403],
  ['PUT', undefined, 'https://evil.example.net', 403],
];
for (const [method, headers, origin, status] of bucketPreflights) {
  test(`without rules the bucket answers ${status} to a preflight of ${origin} for ${method} with ${headers}`, async (t) => {
    const { sign } = await startEdge(t, { cors });
    const answer = await curl(...preflight(method, headers, origin), sign('/upload/a.txt'));
    assert.equal(answer.status, status);
    if (status === 200) assert.match(answer.headers['access-control-allow-methods'], /PUT/);
    else assert.match(answer.text, /<Code>AccessForbidden<\/Code>/);
    assert.equal(answer.headers['access-control-allow-origin'], origin === page ? page : undefined);
  });
}

test('without origins the bucket has no CORS at all', async (t) => {
  const { sign, decisions } = await startEdge(t);
  const answer = await curl(...preflight('PUT'), sign('/upload/a.txt'));
  assert.deepEqual([answer.status, decisions[0].reason], [403, 'cors-not-enabled']);
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
});

test('an OPTIONS that is no preflight is a bad request', async (t) => {
  const { sign } = await startEdge(t, { cors });
  assert.equal((await curl('-X', 'OPTIONS', sign('/upload/a.txt'))).status, 400);
});

const origins = [
  [[page], page, page],
  [[page], 'https://app.example.com.evil.net', undefined],
  [[page], undefined, undefined],
  [['https://*.example.com'], 'https://one.example.com', 'https://one.example.com'],
  [['https://*.example.com'], 'https://a.b.example.com', 'https://a.b.example.com'],
  [['https://*.example.com'], 'https://example.com', undefined],
  [['https://*.example.com'], 'https://evil.net/.example.com', undefined],
  [['*'], 'https://anybody.example.net', '*'],
];
for (const [allowed, origin, answered] of origins) {
  test(`with ${allowed}, a page of ${origin} reads ${answered === undefined ? 'nothing' : 'the answer'}`, async (t) => {
    const { sign } = await startEdge(t, { cors: { origins: allowed } });
    const extra = origin === undefined ? [] : ['-H', `origin: ${origin}`];
    const answer = await curl(...extra, sign('/download/none'));
    assert.equal(answer.headers['access-control-allow-origin'], answered);
    assert.equal(answer.headers.vary, 'Origin');
    assert.equal(answer.headers['access-control-expose-headers'] !== undefined, answered !== undefined);
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
  });
}

test('pages that may send cookies are told so', async (t) => {
  const { sign } = await startEdge(t, { cors: { origins: [page], credentials: true } });
  const answer = await curl('-H', `origin: ${page}`, sign('/download/none'));
  assert.equal(answer.headers['access-control-allow-credentials'], 'true');
});
