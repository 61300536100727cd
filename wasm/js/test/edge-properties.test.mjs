// Properties of the handler, from a fixed seed: whatever comes, it answers, in a form that CloudFront takes, and tells nobody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createViewerRequestHandler } from 'edgeseal/edge';
import fc from 'fast-check';
import { corpus, corpusPolicy } from '../../../tests/edge/support/corpus.mjs';
import { assertRequest, assertResponse } from '../../../tests/edge/support/lambda-rules.mjs';
import {
  credential,
  vectorFiles,
  vectorKeys,
  vectorNow,
  viewerRequest,
} from '../../../tests/edge/support/vectors.mjs';
import { anyValues, revokedProxy, throwingGetter } from './support/hostile.mjs';

const settings = (numRuns) => ({ seed: 20_260_101, numRuns });
const policies = [corpusPolicy, ...vectorFiles().map(({ policy }) => policy)];

/** Handlers for every policy, with and without keys and memo, that share one log. */
const lines = [];
const handlers = policies.flatMap((policy) =>
  [vectorKeys, {}].map((keys) =>
    createViewerRequestHandler({
      policy,
      keys,
      memo: keys === vectorKeys ? 4 : false,
      sampleAllowed: 1,
      now: () => vectorNow,
      log: (line) => lines.push(line),
    }),
  ),
);

/** Answers of all handlers to copies of an event. */
async function answersTo(makeEvent) {
  const answers = [];
  for (const handler of handlers) {
    lines.length = 0;
    const event = makeEvent();
    const answer = await handler(event);
    answers.push({ answer, event, lines: [...lines] });
  }
  return answers;
}

const refused = { status: '403', body: 'Forbidden' };

for (const [name, value] of anyValues) {
  test(`${name} in place of any part of an event is refused or passed over, and never thrown`, async () => {
    const places = [
      () => value,
      (event) => ({ ...event, Records: value }),
      () => ({ Records: [value] }),
      () => ({ Records: [{ cf: value }] }),
      ...['config', 'request'].map((part) => (event) => ({
        Records: [{ cf: { ...event.Records[0].cf, [part]: value } }],
      })),
      ...['method', 'uri', 'querystring', 'clientIp', 'headers', 'body'].map((part) => (event) => {
        event.Records[0].cf.request[part] = value;
        return event;
      }),
      ...['host', 'cookie', 'content-length', 'origin'].flatMap((header) =>
        [value, [value], [{ value }], [{ key: header, value }, { value }]].map((entries) => (event) => {
          event.Records[0].cf.request.headers[header] = entries;
          return event;
        }),
      ),
    ];
    const { event } = corpus.find((one) => one.name === 'upload');
    for (const place of places) {
      for (const { answer, event: given } of await answersTo(() => place(event()))) {
        if (answer.status === undefined) assert.equal(answer, given.Records[0].cf.request);
        else assertResponse(answer);
      }
    }
  });
}

test('getters and proxies that throw are refused, with a line that says so', async () => {
  for (const event of [
    throwingGetter('Records'),
    revokedProxy(),
    { Records: revokedProxy() },
    { Records: [throwingGetter('cf')] },
    { Records: [{ cf: throwingGetter('request') }] },
    { Records: [{ cf: { request: throwingGetter('method') } }] },
    viewerRequest(throwingGetter('headers')),
  ]) {
    for (const { answer, lines: said } of await answersTo(() => event)) {
      assert.deepEqual({ status: answer.status, body: answer.body }, refused);
      assert.equal(said.length, 1);
      assert.equal(JSON.parse(said[0]).reason, 'internal');
    }
  }
});

/** Texts that mean something to one of the readers on the way. */
const fragments = fc.constantFrom(
  ...[
    '/',
    '//',
    '/..',
    '/./',
    '%2e',
    '%2F',
    '%',
    '%zz',
    '%00',
    '\\',
    '?',
    '#',
    ' ',
    '\0',
    '\n',
    '&',
    '=',
    '*',
    '+',
  ],
  ...[
    '/download',
    '/upload',
    'cat.png',
    'Expires=1',
    'Signature=',
    'Policy=',
    'Key-Pair-Id=',
    'es-max-bytes=',
    'é',
    '\ud800',
  ],
  credential('download').split('?')[1],
  credential('cookies-download'),
  'x'.repeat(8_000),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fragments, { maxLength: 6 }).map((parts) => parts.join('')),
);
const headerName = fc.constantFrom(
  ...['host', 'cookie', 'content-length', 'transfer-encoding', 'content-type', 'origin', 'range', 'x-other'],
  ...['access-control-request-method', 'x-amz-checksum-sha256', 'x-amz-copy-source'],
);
const request = fc.record({
  clientIp: fc.oneof(fc.ipV4(), fc.ipV6(), text),
  method: fc.oneof(fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'OPTIONS', 'DELETE', 'PATCH'), text),
  uri: fc.oneof(fc.constantFrom('/download/cat.png', '/upload/cat.png'), text),
  querystring: text,
  headers: fc.dictionary(
    headerName,
    fc.array(fc.record({ key: headerName, value: text }), { maxLength: 3 }),
    { maxKeys: 6 },
  ),
});

test('every request is answered or passed on in a form that CloudFront takes', () =>
  fc.assert(
    fc.asyncProperty(request, async (asked) => {
      for (const { answer } of await answersTo(() => viewerRequest(structuredClone(asked)))) {
        if (answer.status === undefined) {
          assert.deepEqual(Object.keys(answer).sort(), Object.keys(asked).sort());
          const keys = Object.keys(asked.headers);
          for (const name of Object.keys(answer.headers)) assert.ok(keys.includes(name));
          // What is passed on came in, but for prefix, signing parameters and cookies.
          assert.ok(asked.uri.endsWith(answer.uri));
          assertRequest(answer, asked);
        } else assertResponse(answer);
      }
    }),
    settings(300),
  ));

test('no line of the log, and no answer, repeats a query string, a cookie or a signature', () => {
  const secret = fc.constantFrom('hunter2-query', 'hunter2-signature', 'hunter2-cookie');
  const asked = fc.record({
    method: fc.constantFrom('GET', 'PUT', 'OPTIONS', 'TRACE'),
    uri: fc.constantFrom(
      '/download/cat.png',
      '/upload/cat.png',
      '/url/a',
      '/cookie/a',
      '/elsewhere',
      '/download//',
      '/',
    ),
    querystring: fc
      .array(
        fc.tuple(
          fc.constantFrom(
            'Expires',
            'Policy',
            'Signature',
            'Key-Pair-Id',
            'Hash-Algorithm',
            'v',
            'es-max-bytes',
            'es-method',
            'es-sha256',
            '%45xpires',
          ),
          fc.oneof(
            secret,
            fc.constantFrom('1767290400', 'K2JCJMDEHXQW5F', 'SHA256', `hunter2-${'x'.repeat(60)}`),
          ),
        ),
        { maxLength: 6 },
      )
      .map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
    clientIp: fc.constant('192.0.2.7'),
    headers: fc.record({
      host: fc.constant([{ key: 'Host', value: 'files.example.com' }]),
      cookie: fc.array(
        fc
          .tuple(
            fc.constantFrom('CloudFront-Policy', 'CloudFront-Signature', 'CloudFront-Key-Pair-Id', 'session'),
            secret,
          )
          .map(([name, value]) => ({ key: 'Cookie', value: `${name}=${value}` })),
        { maxLength: 4 },
      ),
      'content-length': fc.constant([{ key: 'Content-Length', value: 'hunter2' }]),
    }),
  });
  return fc.assert(
    fc.asyncProperty(asked, async (given) => {
      for (const { answer, lines: said } of await answersTo(() => viewerRequest(structuredClone(given)))) {
        for (const line of said) assert.doesNotMatch(line, /hunter2/);
        if (answer.status !== undefined) assert.doesNotMatch(JSON.stringify(answer), /hunter2/);
      }
    }),
    settings(500),
  );
});

test('the body of a refusal is the name of its status', () =>
  fc.assert(
    fc.asyncProperty(request, async (asked) => {
      for (const { answer } of await answersTo(() => viewerRequest(structuredClone(asked)))) {
        if (answer.status === undefined || answer.status === '204') continue;
        assert.equal(answer.body, answer.statusDescription);
      }
    }),
    settings(200),
  ));

test('a memo changes no decision, whatever comes before', () => {
  const { policy } = vectorFiles().find(({ name }) => name === 'cases-standalone.json');
  const events = vectorFiles()
    .filter(({ name }) => name === 'cases-standalone.json')
    .flatMap(({ cases }) => cases);
  return fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...events), { minLength: 1, maxLength: 12 }), async (order) => {
      const clock = { now: vectorNow };
      const make = (memo) =>
        createViewerRequestHandler({ policy, keys: vectorKeys, memo, now: () => clock.now, log: () => {} });
      const [plain, remembering] = [make(false), make(2)];
      for (const one of order) {
        clock.now = one.now ?? vectorNow;
        assert.deepEqual(await remembering(one.event()), await plain(one.event()), one.name);
      }
    }),
    settings(200),
  );
});
