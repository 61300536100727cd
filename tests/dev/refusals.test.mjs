// Each refusal with its status, its body and its reason, by curl.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Signer } from 'edgeseal';
import { curl, filesIn, rules, startEdge } from './support/edge.mjs';

const put = (...more) => ['-X', 'PUT', '-H', 'content-type: text/plain', ...more];
const body = ['--data-binary', 'hello'];
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

/** Requests whose credential is no good, and what CloudFront and the log say of each. */
const badCredentials = [
  [
    'an unsigned URL',
    ({ edge }) => `${edge.origin}/upload/a.txt`,
    'MissingKey',
    'Missing Key-Pair-Id query parameter or cookie value',
    'missing-credentials',
  ],
  [
    'an expired URL',
    ({ sign }) => sign('/upload/a.txt', { expires: 1_700_000_000 }),
    'AccessDenied',
    'Access denied',
    'expired',
  ],
  [
    'a URL that is not valid yet',
    ({ sign }) => sign('/upload/a.txt', { notBefore: '10m', expires: '20m' }),
    'AccessDenied',
    'Access denied',
    'not-yet-valid',
  ],
  [
    'a URL whose path was changed',
    ({ sign }) => sign('/upload/b.txt').replace('/b.txt', '/a.txt'),
    'AccessDenied',
    'Access denied',
    'bad-signature',
  ],
  [
    'a URL with a later expiry written in',
    ({ sign }) => sign('/upload/a.txt').replace(/Expires=\d+/, 'Expires=1999999999'),
    'AccessDenied',
    'Access denied',
    'bad-signature',
  ],
  [
    'a URL with another query parameter',
    ({ sign }) => `${sign('/upload/a.txt')}&x=1`,
    'AccessDenied',
    'Access denied',
    'bad-signature',
  ],
  [
    'a URL for another host',
    ({ edge, sign }) =>
      sign('/upload/a.txt', { url: 'http://elsewhere.example.com/upload/a.txt' }).replace(
        'http://elsewhere.example.com',
        edge.origin,
      ),
    'AccessDenied',
    'Access denied',
    'bad-signature',
  ],
  [
    'a URL for another address',
    ({ sign }) => sign('/upload/a.txt', { ipAddress: '203.0.113.7' }),
    'AccessDenied',
    'Access denied',
    'ip-mismatch',
  ],
  [
    'a URL of another key',
    ({ edge }) => signedBy('KSTRANGER', edge),
    'InvalidKey',
    'Unknown Key',
    'unknown-key',
  ],
  [
    'a URL of another key under a trusted id',
    ({ edge }) => signedBy(edge.signer.keyPairId, edge),
    'AccessDenied',
    'Access denied',
    'bad-signature',
  ],
  [
    'a URL with a policy that is none',
    ({ sign }) => sign('/upload/a.txt', { notBefore: 1 }).replace(/Policy=[^&]+/, 'Policy=bm9uZQ__'),
    'MalformedPolicy',
    'Malformed Policy',
    'malformed-policy',
  ],
];

function signedBy(keyPairId, edge) {
  const signer = Signer.fromPem({ keyPairId, privateKey: stranger });
  return signer.signUrl({ url: `${edge.origin}/upload/a.txt`, expires: '5m' });
}

for (const [name, make, code, message, reason] of badCredentials) {
  test(`behind a key group, ${name} is refused in CloudFront's own words`, async (t) => {
    const started = await startEdge(t, { policy: rules('behind-key-group') });
    const answer = await curl(...put(...body), make(started));
    assert.equal(answer.status, 403);
    assert.equal(answer.headers['content-type'], 'text/xml');
    assert.equal(answer.headers.server, 'CloudFront');
    assert.equal(answer.headers['x-cache'], 'Error from cloudfront');
    assert.equal(
      answer.text,
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
    const [{ decision, by, reason: logged }] = started.decisions;
    assert.deepEqual([decision, by, logged], ['deny', 'key-group', reason]);
    assert.deepEqual(filesIn(started.store), []);
  });

  test(`standalone, ${name} is refused without a word why, which is in the log`, async (t) => {
    const started = await startEdge(t, { policy: rules('standalone') });
    const answer = await curl(...put(...body), make(started));
    assert.deepEqual([answer.status, answer.text], [403, 'Forbidden']);
    const [{ decision, by, rule, reason: logged }] = started.decisions;
    assert.deepEqual([decision, by, rule, logged], ['deny', 'viewer-request', 'upload', reason]);
    assert.deepEqual(filesIn(started.store), []);
  });
}

/** Requests with a good signature that rules refuse. */
const againstRules = [
  [
    'a chunked upload without a length',
    411,
    'length-required',
    () => put('-H', 'transfer-encoding: chunked', ...body),
  ],
  ['an upload that is too large', 413, 'too-large', () => put('--data-binary', 'x'.repeat(1001))],
  [
    'an upload of a type that is not allowed',
    415,
    'type-not-allowed',
    () => ['-X', 'PUT', '-H', 'content-type: application/zip', ...body],
  ],
  ['an upload without a type', 415, 'type-not-allowed', () => ['-X', 'PUT', '-H', 'content-type:', ...body]],
  [
    'a method that no rule allows',
    405,
    'method-not-allowed',
    () => ['-X', 'POST', '-H', 'content-type: text/plain', ...body],
  ],
  ['a download of an upload URL', 405, 'method-not-allowed', () => []],
  ['a DELETE', 405, 'method-not-allowed', () => ['-X', 'DELETE']],
  [
    'a larger upload than the URL was signed for',
    413,
    'too-large',
    () => put(...body),
    { upload: { maxBytes: 4 } },
  ],
  [
    'another type than the URL was signed for',
    415,
    'type-mismatch',
    () => put(...body),
    { upload: { contentType: 'image/png' } },
  ],
  [
    'an upload without the checksum that was signed',
    400,
    'checksum-missing',
    () => put(...body),
    { upload: { sha256: 'a'.repeat(64) } },
  ],
  ['a copy of another object', 403, 'copy-not-allowed', () => put('-H', 'x-amz-copy-source: /b/k', ...body)],
];

for (const mode of ['behind-key-group', 'standalone']) {
  for (const [name, status, reason, args, terms] of againstRules) {
    test(`${mode}, ${name} is refused with ${status}`, async (t) => {
      const { sign, decisions, store } = await startEdge(t, { policy: rules(mode) });
      const answer = await curl(...args(), sign('/upload/a.txt', terms));
      assert.equal(answer.status, status);
      const [{ decision, by, reason: logged }] = decisions;
      assert.deepEqual([decision, by, logged], ['deny', 'viewer-request', reason]);
      assert.deepEqual(filesIn(store), []);
    });
  }
}

test('constraints taken out of a signed URL break its signature', async (t) => {
  const { sign, decisions } = await startEdge(t, { policy: rules('behind-key-group') });
  const url = sign('/upload/a.txt', { upload: { maxBytes: 4 } }).replace(/es-[^&]*&/g, '');
  assert.equal((await curl(...put(...body), url)).status, 403);
  assert.equal(decisions[0].reason, 'bad-signature');
});

test('what CloudFront takes from no viewer is refused before the signature is looked at', async (t) => {
  const { edge, decisions } = await startEdge(t, { policy: rules('standalone') });
  const of = (path) => edge.origin + path;
  const cases = [
    ['method-not-in-behaviour', 403, ['-X', 'PUT', '--data-binary', 'x', of('/download/a')]],
    ['method-not-in-behaviour', 403, ['-X', 'POST', '--data-binary', 'x', of('/elsewhere')]],
    ['method-not-in-behaviour', 403, ['-X', 'TRACE', of('/upload/a')]],
    ['body-in-get', 403, ['-X', 'GET', '--data-binary', 'x', of('/download/a')]],
    ['request-too-large', 413, [of(`/download/${'a'.repeat(8200)}`)]],
    ['request-too-large', 413, ['-H', `x-long: ${'a'.repeat(21_000)}`, of('/download/a')]],
    ['unknown-host', 403, ['-H', 'host: evil.example.net', of('/download/a')]],
  ];
  for (const [reason, status, args] of cases) {
    const answer = await curl(...args);
    const { reason: logged, by } = decisions.at(-1);
    assert.deepEqual([answer.status, logged, by], [status, reason, 'distribution'], reason);
    assert.match(answer.text, /Generated by cloudfront/);
  }
});

test('a header named like a property of every object is a header', async (t) => {
  const { edge, decisions } = await startEdge(t, { policy: rules('standalone') });
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    const answer = await curl('-H', `${name}: x`, `${edge.origin}/download/a`);
    assert.deepEqual([answer.status, decisions.at(-1).reason], [403, 'missing-credentials'], name);
  }
});

test('without rules the prefix function refuses other methods and paths', async (t) => {
  const { sign, decisions } = await startEdge(t);
  const answer = await curl(sign('/upload/a.txt'));
  assert.deepEqual([answer.status, JSON.parse(answer.text).code], [403, 'method-not-allowed']);
  const other = await curl(sign('/elsewhere/a.txt'));
  assert.deepEqual([other.status, JSON.parse(other.text).code], [403, 'path-not-allowed']);
  assert.deepEqual(
    decisions.map(({ reason }) => reason),
    ['method-not-allowed', 'path-not-allowed'],
  );
});

test('without rules a chunked upload without a length is refused as S3 does', async (t) => {
  const { sign, store } = await startEdge(t);
  const answer = await curl(...put('-H', 'transfer-encoding: chunked', ...body), sign('/upload/a.txt'));
  assert.equal(answer.status, 411);
  assert.match(answer.text, /<Code>MissingContentLength<\/Code>.*<RequestId>.*<HostId>/s);
  assert.deepEqual(filesIn(store), []);
});

test('without rules more than 5 GiB is refused before a byte is sent', async (t) => {
  const { sign, decisions } = await startEdge(t);
  const answer = await curl(
    ...put('-H', `content-length: ${5 * 1024 ** 3 + 1}`, '-H', 'expect: 100-continue'),
    sign('/upload/a.txt'),
  );
  assert.equal(answer.status, 400);
  assert.match(answer.text, /<Code>EntityTooLarge<\/Code>/);
  assert.equal(decisions[0].reason, 'too-large');
});

test("a missing object is S3's 403, which has ids that CloudFront's has not", async (t) => {
  const { sign, decisions } = await startEdge(t, { policy: rules('behind-key-group') });
  const answer = await curl(sign('/download/none.txt'));
  assert.equal(answer.status, 403);
  assert.equal(answer.headers.server, 'AmazonS3');
  assert.equal(answer.headers['content-type'], 'application/xml');
  assert.match(
    answer.text,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><RequestId>[0-9A-F]{16}<\/RequestId><HostId>.{60,}<\/HostId><\/Error>$/,
  );
  assert.deepEqual([decisions[0].by, decisions[0].reason], ['origin', 'no-such-object']);
  const head = await curl('--head', sign('/download/none.txt'));
  assert.deepEqual([head.status, head.text], [403, '']);
});

const hello = {
  md5: createHash('md5').update('hello').digest('base64'),
  sha256: createHash('sha256').update('hello').digest('base64'),
  hex: createHash('sha256').update('hello').digest('hex'),
};
const wrong = {
  md5: createHash('md5').update('x').digest('base64'),
  sha256: createHash('sha256').update('x').digest('base64'),
};
const checksums = [
  [`content-md5: ${hello.md5}`, 200],
  [`x-amz-checksum-sha256: ${hello.sha256}`, 200],
  [`x-amz-content-sha256: ${hello.hex}`, 200],
  ['x-amz-content-sha256: UNSIGNED-PAYLOAD', 200],
  [`content-md5: ${wrong.md5}`, 400, 'BadDigest', 'checksum-mismatch'],
  [`x-amz-checksum-sha256: ${wrong.sha256}`, 400, 'BadDigest', 'checksum-mismatch'],
  [`x-amz-content-sha256: ${'0'.repeat(64)}`, 400, 'XAmzContentSHA256Mismatch', 'checksum-mismatch'],
  ['content-md5: short', 400, 'InvalidDigest', 'checksum-malformed'],
  [`content-md5: ${hello.sha256}`, 400, 'InvalidDigest', 'checksum-malformed'],
  ['x-amz-checksum-sha256: aGVsbG8=', 400, 'InvalidRequest', 'checksum-malformed'],
  ['x-amz-content-sha256: STREAMING', 400, 'InvalidArgument', 'checksum-malformed'],
];
for (const [header, status, code, reason] of checksums) {
  test(`an upload with ${header} answers ${code ?? status}`, async (t) => {
    const { sign, store, decisions } = await startEdge(t);
    const answer = await curl(...put('-H', header, ...body), sign('/upload/a.txt'));
    assert.equal(answer.status, status);
    if (code === undefined) {
      assert.deepEqual(filesIn(store), ['a.txt']);
    } else {
      assert.match(answer.text, new RegExp(`<Code>${code}</Code>`));
      assert.equal(decisions[0].reason, reason);
      assert.deepEqual(filesIn(store), []);
    }
  });
}

test('a refused upload leaves the object that was there', async (t) => {
  const { sign } = await startEdge(t);
  await curl(...put(...body), sign('/upload/a.txt'));
  await curl(...put('-H', `content-md5: ${wrong.md5}`, '--data-binary', 'other'), sign('/upload/a.txt'));
  assert.equal((await curl(sign('/download/a.txt'))).text, 'hello');
});

test('signed cookies open what they were signed for', async (t) => {
  const { edge } = await startEdge(t, { policy: rules('behind-key-group') });
  const { cookieHeader } = edge.signer.signCookies({ resource: `${edge.origin}/download/*`, expires: '5m' });
  const signed = await curl('-H', `cookie: ${cookieHeader}`, `${edge.origin}/download/none`);
  assert.match(signed.text, /<HostId>/);
  const elsewhere = await curl(
    '-H',
    `cookie: ${cookieHeader}`,
    ...put(...body),
    `${edge.origin}/upload/a.txt`,
  );
  assert.match(elsewhere.text, /<Code>AccessDenied<\/Code><Message>Access denied</);
});
