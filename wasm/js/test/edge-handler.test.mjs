// The viewer-request handler: shared vectors, events of the documented structure, and what CloudFront takes as an answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Signer } from 'edgeseal';
import { createViewerRequestHandler } from 'edgeseal/edge';
import { corpus, corpusPolicy } from '../../../tests/edge/support/corpus.mjs';
import { assertRequest, assertResponse } from '../../../tests/edge/support/lambda-rules.mjs';
import {
  credential,
  vectorFiles,
  vectorKeys,
  vectorNow,
  viewerRequest,
} from '../../../tests/edge/support/vectors.mjs';
import { keyFile } from './support/vectors.mjs';

/** A handler, and what it logged. */
function handlerOf({ now = vectorNow, ...options }) {
  const lines = [];
  const clock = { now };
  const handler = createViewerRequestHandler({
    sampleAllowed: 1,
    log: (line) => lines.push(line),
    now: () => clock.now,
    ...options,
  });
  return { handler, lines, clock };
}

/** The decision in the words of the vectors, from the answer and the line in the log. */
async function decide({ handler, lines }, event) {
  const before = structuredClone(event);
  const answer = await handler(event);
  const { decision, reason, rule, keyPairId } = JSON.parse(lines.pop());
  const original = before.Records[0].cf.request;
  if (decision === 'allow') {
    assertRequest(answer, original);
    const { uri, querystring } = answer;
    const allow = { rule, keyPairId, uri, querystring, cookies: cookiesOf(answer) };
    return { allow, original };
  }
  assertResponse(answer);
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, entries]) => [
      name,
      entries.map(({ value }) => value).join(', '),
    ]),
  );
  return { [decision]: { status: Number(answer.status), reason, rule, headers } };
}

const cookiesOf = (request) => (request.headers.cookie ?? []).map(({ value }) => value);

/** Holds a decision against the words of a vector, where what is absent stays as it was. */
function assertDecision(found, expected, what) {
  const [kind] = Object.keys(expected);
  assert.ok(kind in found, `${what}: ${JSON.stringify(found)}`);
  const { original } = found;
  const unchanged = {
    allow: () => ({ uri: original.uri, querystring: original.querystring, cookies: cookiesOf(original) }),
    deny: () => ({ rule: undefined }),
    respond: () => ({}),
  };
  // Who verified it, and where it was, is not for the log to say.
  const { source, verifiedHere, headers = {}, ...fields } = expected[kind];
  for (const [field, value] of Object.entries({ ...unchanged[kind](), ...fields })) {
    assert.deepEqual(found[kind][field], value, `${what}: ${field}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    assert.equal(found[kind].headers[name.toLowerCase()], value, `${what}: ${name}`);
  }
}

for (const { name, policy, cases } of vectorFiles()) {
  for (const memo of [false, 256, 1]) {
    test(`the handler decides as ${name} says, with a memo of ${memo || 0}`, async () => {
      const trusting = handlerOf({ policy, keys: vectorKeys, memo });
      const keyless = handlerOf({ policy, memo });
      // Twice, so that the second time is remembered.
      for (let round = 0; round < 2; round += 1) {
        for (const one of cases) {
          const used = one.keys === false ? keyless : trusting;
          used.clock.now = one.now ?? vectorNow;
          assertDecision(await decide(used, one.event()), one.expect, one.name);
        }
      }
    });
  }
}

for (const { name, uri, status, reason, event } of corpus) {
  test(`the event ${name} ${uri === undefined ? `is answered with ${status}` : 'goes on'}`, async () => {
    const found = await decide(handlerOf({ policy: corpusPolicy }), event());
    if (uri !== undefined) assert.equal(found.allow?.uri, uri, JSON.stringify(found));
    else assert.deepEqual([(found.deny ?? found.respond)?.status, found.deny?.reason], [status, reason]);
  });
}

const standalone = {
  version: 1,
  mode: 'standalone',
  rules: [{ name: 'files', path: '/download/*', query: { allow: ['*'] } }],
};
const signedEvent = (querystring, headers = {}) =>
  viewerRequest({
    method: 'GET',
    uri: '/download/cat.png',
    querystring,
    clientIp: '192.0.2.7',
    headers: { host: [{ key: 'Host', value: 'files.example.com' }], ...headers },
  });
const queryOf = (url) => url.slice(url.indexOf('?') + 1);

test('what was signed stands byte for byte in the query that goes on', async () => {
  const signer = Signer.fromPem({ keyPairId: 'K3RSAEXAMPLE01', privateKey: keyFile('rsa-pkcs8.pem') });
  for (const query of ['', 'a=b', 'a=b&&c=', '&a', 'a=+%20b', 'a=%C3%A9', 'a&b&', 'x=1&x=2']) {
    const url = `https://files.example.com/download/cat.png${query === '' ? '' : `?${query}`}`;
    const used = handlerOf({ policy: standalone, keys: vectorKeys });
    const event = signedEvent(queryOf(signer.signUrl({ url, expires: vectorNow + 60 })));
    const answer = await used.handler(event);
    assert.equal(answer.querystring, query, used.lines[0]);
  }
});

test('signed cookies are found in whichever Cookie header they stand, and taken out', async () => {
  const crumbs = credential('cookies-download').split('; ');
  const values = ['theme=dark', ...crumbs, 'lang=en'];
  const cookie = values.map((value) => ({ key: 'Cookie', value }));
  const { handler } = handlerOf({ policy: standalone, keys: vectorKeys });
  const answer = await handler(signedEvent('', { cookie }));
  assert.deepEqual(
    answer.headers.cookie.map(({ value }) => value),
    ['theme=dark', 'lang=en'],
  );
});

test('the line of a refusal names the reason, the rule and the request, and no secret', async () => {
  const { handler, lines } = handlerOf({ policy: standalone, keys: vectorKeys, now: vectorNow + 86_400 });
  const query = queryOf(credential('download'));
  const cookie = [{ key: 'Cookie', value: `session=hunter2; ${credential('cookies-download')}` }];
  await handler(signedEvent(query, { cookie }));
  const line = JSON.parse(lines[0]);
  assert.deepEqual(
    { ...line, message: undefined },
    {
      level: 'warn',
      source: 'edgeseal',
      decision: 'deny',
      reason: 'expired',
      message: undefined,
      rule: 'files',
      status: 403,
      requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
      distributionId: 'EDFDVBD6EXAMPLE',
      method: 'GET',
      path: '/download/cat.png',
      clientIp: '192.0.2.7',
    },
  );
  for (const secret of ['hunter2', 'Signature', new URLSearchParams(query).get('Signature')]) {
    assert.ok(!lines[0].includes(secret), secret);
  }
});

test('a NUL inside a credential adds no part to the answer', async () => {
  const { handler, lines } = handlerOf({ policy: standalone, keys: vectorKeys });
  const plain = await handler(signedEvent('Policy=AAAA&Signature=AAAA&Key-Pair-Id=K3RSAEXAMPLE01'));
  const parts = ['x', '=files', '<script>', 'content-type', 'text/html', 'set-cookie', 'a=b', 'x-end'];
  for (const key of [parts.join('\0'), `Resource\0${parts.join('\0')}`]) {
    const policy = Buffer.from(JSON.stringify({ Statement: [{ [key]: 1 }] })).toString('base64');
    const query = `Policy=${policy.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')}`;
    const answer = await handler(signedEvent(`${query}&Signature=AAAA&Key-Pair-Id=K3RSAEXAMPLE01`));
    assert.deepEqual(answer, plain);
    assert.equal(JSON.parse(lines.at(-1)).reason, 'malformed-policy');
  }
  const named = await handler(
    signedEvent('Expires=1&Signature=AAAA&Key-Pair-Id=K3%00%00=%00set-cookie%00a=b'),
  );
  assert.deepEqual(named, plain);
});

test('a NUL inside a key-pair id, which CloudFront has judged, changes no cookie', async () => {
  const policy = { ...standalone, mode: 'behind-key-group' };
  const { handler, lines } = handlerOf({ policy });
  const cookie = [{ key: 'Cookie', value: 'theme=dark' }];
  const query = `Expires=${vectorNow + 60}&Signature=AAAA&Key-Pair-Id=K3%00%00=%00session%3Dstolen`;
  const answer = await handler(signedEvent(query, { cookie }));
  assert.deepEqual(answer.headers.cookie, cookie);
  assert.equal(JSON.parse(lines[0]).decision, 'allow');
});

test('allowed requests are logged by their share alone', async () => {
  const count = async (sampleAllowed) => {
    const { handler, lines } = handlerOf({ policy: standalone, keys: vectorKeys, sampleAllowed });
    for (let index = 0; index < 20; index += 1) await handler(signedEvent(queryOf(credential('download'))));
    return lines.length;
  };
  assert.equal(await count(0), 0);
  assert.equal(await count(1), 20);
});

test('a key that is disabled is refused, though its signature is remembered', async () => {
  const enabled = { ...vectorKeys };
  const disabled = Object.fromEntries(
    Object.entries(vectorKeys).map(([id, key]) => [id, { ...key, enabled: false }]),
  );
  const query = queryOf(credential('download'));
  const first = await handlerOf({ policy: standalone, keys: enabled }).handler(signedEvent(query));
  assert.equal(first.uri, '/download/cat.png');
  const { handler, lines } = handlerOf({ policy: standalone, keys: disabled });
  assert.equal((await handler(signedEvent(query))).status, '403');
  assert.equal(JSON.parse(lines[0]).reason, 'key-disabled');
});

test('a remembered signature expires when it would have', async () => {
  const used = handlerOf({ policy: standalone, keys: vectorKeys });
  const query = queryOf(credential('download'));
  assert.equal((await used.handler(signedEvent(query))).uri, '/download/cat.png');
  used.clock.now = vectorNow + 86_400;
  assert.equal((await used.handler(signedEvent(query))).status, '403');
});

test('a log that fails, at once or later, changes no decision', async () => {
  const logs = [
    () => {
      throw new Error('the disk is full');
    },
    () => Promise.reject(new Error('the network is down')),
  ];
  for (const log of logs) {
    const { handler } = handlerOf({ policy: standalone, keys: vectorKeys, log });
    assert.equal((await handler(signedEvent(queryOf(credential('download'))))).uri, '/download/cat.png');
    assert.equal((await handler(signedEvent(''))).status, '403');
  }
});

test('a clock that fails refuses', async () => {
  const options = {
    policy: standalone,
    keys: vectorKeys,
    now: () => {
      throw new Error('no time');
    },
  };
  const lines = [];
  const handler = createViewerRequestHandler({ ...options, log: (line) => lines.push(line) });
  assert.equal((await handler(signedEvent(queryOf(credential('download'))))).status, '403');
  assert.equal(JSON.parse(lines[0]).reason, 'internal');
});

test('a clock that tells no time refuses, though nothing had expired in 1970', async () => {
  for (const time of [Number.NaN, undefined, null, -5, '1', new Date('never'), Promise.resolve(vectorNow)]) {
    const { handler, lines, clock } = handlerOf({ policy: standalone, keys: vectorKeys });
    clock.now = time;
    assert.equal((await handler(signedEvent(queryOf(credential('download'))))).status, '403', String(time));
    assert.equal(JSON.parse(lines[0]).reason, 'internal');
  }
});

test('a rule’s own Vary joins the one for CORS, and its Cache-Control replaces no-store', async () => {
  const policy = structuredClone(corpusPolicy);
  policy.rules[0].responseHeaders = { Vary: 'Accept', 'cache-control': 'private', 'x-team': 'files' };
  const { event } = corpus.find(({ name }) => name === 'upload-too-large');
  const request = event();
  request.Records[0].cf.request.headers.origin = [{ key: 'Origin', value: 'https://app.example.com' }];
  const answer = await handlerOf({ policy }).handler(request);
  assertResponse(answer);
  assert.deepEqual(
    answer.headers.vary.map(({ value }) => value),
    ['Origin', 'Accept'],
  );
  assert.deepEqual(
    answer.headers['cache-control'].map(({ value }) => value),
    ['private'],
  );
  assert.equal(answer.headers['x-team'][0].value, 'files');
});

for (const [what, options, code] of [
  ['no options', undefined, 'invalid-argument'],
  ['an unknown option', { policy: corpusPolicy, polcy: 1 }, 'invalid-argument'],
  ['rules that are no JSON', { policy: 'version: 1' }, 'invalid-rules'],
  ['rules that are a function', { policy: () => {} }, 'invalid-argument'],
  ['rules without a version', { policy: { mode: 'standalone', rules: [] } }, 'invalid-rules'],
  ['a key that is none', { policy: standalone, keys: { K1: 'x' } }, 'invalid-key'],
  [
    'a key of another size',
    { policy: standalone, keys: { K1: keyFile('refused-rsa-1024-public.pem') } },
    'unsupported-key',
  ],
  [
    'a key on another curve',
    { policy: standalone, keys: { K1: keyFile('refused-p384-public.pem') } },
    'unsupported-key',
  ],
  [
    'an id that is none',
    { policy: standalone, keys: { 'K 1': keyFile('ec-public.pem') } },
    'invalid-key-pair-id',
  ],
  ['a memo of half a signature', { policy: standalone, memo: 0.5 }, 'invalid-argument'],
  ['more than every request to log', { policy: standalone, sampleAllowed: 2 }, 'invalid-argument'],
]) {
  test(`${what} is refused when the handler is made`, () => {
    assert.throws(() => createViewerRequestHandler(options), { name: 'EdgesealError', code });
  });
}
