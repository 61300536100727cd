// Every form in which the same requests come gives the same causes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createViewerRequestHandler } from 'edgeseal/edge';
import { fields, header, jsonLog, line, request, standardLog } from './support/logs.mjs';
import { causes, report, signed, trusted } from './support/run.mjs';

const late = { time: '2026-01-02T00:00:00Z' };
const requests = [
  request(signed('/ok'), { status: 200 }),
  request(signed('/missing'), { status: 404 }),
  request(signed('/a b/ü.pdf?x=a%20b&y=%C3%BC&z=%2F'), late),
  request(signed('/a.pdf'), late),
  request(`${signed('/a.pdf')}&utm_source=mail`),
  request(signed('/a.pdf').replace(/Expires=(\d+)/, 'Expires=$1000')),
  request(signed('/a.pdf', { ipAddress: '198.51.100.0/24' })),
  request(signed('/a.pdf'), { 'c-ip': '203.0.113.9' }),
  request(signed('/a.pdf'), { 'x-edge-detailed-result-type': 'ClientGeoBlocked' }),
  request('https://files.example.com/a.pdf'),
];
const expected = {
  expired: 2,
  'appended-parameter': 1,
  'expires-in-milliseconds': 1,
  'wrong-ip': 1,
  'signature-good': 1,
  'geo-restriction': 1,
  'not-signed': 1,
};
const asSent = (text) => text.replaceAll(' ', '%20');
const standard = standardLog(requests);
const shuffled = [...fields].reverse();
const chosen = fields.filter((name) => !/user|referer|bytes|ssl|fle|range|location/i.test(name));
const inOrder = (order, options) =>
  requests.map((values) => `${line(values, { order, ...options })}\n`).join('');

const forms = {
  'a standard log': standard,
  'one with carriage returns': standard.replaceAll('\n', '\r\n'),
  'one without a last line break': standard.slice(0, -1),
  'one packed by gzip': gzipSync(standard),
  'one packed in several parts': Buffer.concat([
    gzipSync(standard.slice(0, 1500)),
    gzipSync(standard.slice(1500)),
  ]),
  'one without its header': inOrder(fields),
  'one whose values are as they were sent': standardLog(requests, { encoding: asSent }),
  'one with other fields in another order': `#Fields: ${shuffled.join(' ')}\n${inOrder(shuffled)}`,
  'one with fewer fields': `#Version: 1.0\n#Fields: ${chosen.join(' ')}\n${inOrder(chosen)}`,
  'one with commas': `#Fields: ${fields.join(',')}\n${inOrder(fields, { delimiter: ',' })}`,
  'one with bars': `#Fields: ${fields.join(' ')}\n${inOrder(fields, { delimiter: '|' })}`,
  'one with four spaces': `#Fields: ${fields.join(' ')}\n${inOrder(fields, { delimiter: '    ' })}`,
  'one whose list of fields is no comment': `${fields.join('\t')}\n${inOrder(fields)}`,
  'one that changes its fields half way': `${standardLog(requests.slice(0, 5))}#Fields: ${chosen.join(' ')}\n${requests
    .slice(5)
    .map((values) => `${line(values, { order: chosen })}\n`)
    .join('')}`,
  'a log in JSON': jsonLog(requests),
  'a log in JSON as sent': jsonLog(requests, { encoding: asSent }),
  'JSON out of CloudWatch Logs': jsonLog(requests)
    .replaceAll(/^/gm, '2026-01-02T00:00:01.000Z ')
    .slice(0, -25),
  'a subscription to CloudWatch Logs': `${JSON.stringify({
    messageType: 'DATA_MESSAGE',
    logEvents: jsonLog(requests)
      .trimEnd()
      .split('\n')
      .map((message) => ({ id: '1', timestamp: 1_767_312_001_000, message })),
  })}\n`,
};

describe('the same requests give the same causes in', () => {
  for (const [name, input] of Object.entries(forms)) {
    test(name, async () => {
      const found = await report(input);
      assert.deepEqual(causes(found), expected);
      assert.deepEqual(found.requests, {
        allowed: 1,
        refused: { total: 8, bySignature: 5, byOther: 2, unclear: 1 },
        otherwise: 1,
      });
      assert.equal(found.lines.unreadable, 0);
    });
  }
});

test('a real-time log is read by the fields that are named for it', async () => {
  const order = ['timestamp', 'c-ip', 'sc-status', 'cs-method', 'cs-protocol', 'cs-host', 'cs-uri-stem'];
  const found = await report(
    requests
      .map((values) => ({
        ...values,
        timestamp: String(Date.parse(`${values.date}T${values.time}Z`) / 1000 + 0.25),
        'cs-host': values['x-host-header'],
        'cs-uri-stem': `${values['cs-uri-stem']}${values['cs-uri-query'] === '-' ? '' : `?${values['cs-uri-query']}`}`,
      }))
      .map((values) => `${line(values, { order, encoding: asSent })}\n`)
      .join(''),
    [...trusted, '--log-fields', order.join(' ')],
  );
  const { 'geo-restriction': _, ...rest } = expected;
  assert.deepEqual(causes(found), { ...rest, 'signature-good': 2 });
});

describe('what cannot be known is not said', () => {
  const fieldless = fields.filter((name) => name !== 'cs-uri-query');
  test('without the query nobody can tell', async () => {
    const found = await report(`#Fields: ${fieldless.join(' ')}\n${inOrder(fieldless)}`);
    assert.deepEqual(causes(found), { 'log-lacks-fields': 7, 'geo-restriction': 1 });
    assert.equal(found.requests.refused.unclear, 7);
  });

  test('without the address a policy that names one may have been kept or not', async () => {
    const order = fields.filter((name) => name !== 'c-ip');
    const found = await report(`#Fields: ${order.join(' ')}\n${inOrder(order)}`);
    assert.equal(causes(found)['wrong-ip'], undefined);
    assert.equal(causes(found)['address-not-logged'], 1);
  });

  test('without a status nothing is read', async () => {
    const order = fields.filter((name) => name !== 'sc-status');
    await assert.rejects(report(`#Fields: ${order.join(' ')}\n${inOrder(order)}`), /no field sc-status/);
  });

  test('without a key the other checks still find their causes', async () => {
    const found = await report(standard, []);
    assert.deepEqual(causes(found), {
      'no-public-key': 2,
      expired: 2,
      'expires-in-milliseconds': 1,
      'wrong-ip': 1,
      'geo-restriction': 1,
      'not-signed': 1,
    });
    assert.equal(found.requests.refused.unclear, 3);
  });

  test('where the encoding leaves two requests, and they differ, neither is blamed for certain', async () => {
    const policy = JSON.stringify({
      Statement: [
        {
          Resource: 'https://files.example.com/a?x=%7E',
          Condition: { DateLessThan: { 'AWS:EpochTime': 1_767_290_400 } },
        },
      ],
    });
    const text = Buffer.from(policy).toString('base64').replaceAll('+', '-').replaceAll('=', '_');
    const url = `https://files.example.com/a?x=%7E&Policy=${text}&Signature=${'x'.repeat(341)}w__&Key-Pair-Id=K2JCJMDEHXQW5F`;
    const found = await report(standardLog([request(url)], { encoding: asSent }), []);
    assert.equal(found.groups[0].encodingUnsure, 1);
    assert.equal(found.groups[0].blame, 'unclear');
    assert.deepEqual(found.requests.refused, { total: 1, bySignature: 0, byOther: 0, unclear: 1 });
  });

  test('a function that answered is named, and the signature only where it was bad', async () => {
    const answered = { 'x-edge-result-type': 'LambdaGeneratedResponse', 'x-edge-detailed-result-type': '-' };
    const found = await report(
      standardLog([request(signed('/a'), answered), request(signed('/a'), { ...answered, ...late })]),
    );
    assert.deepEqual(causes(found), { 'edge-function': 1, expired: 1 });
  });
});

test('a link that was signed for another host name of the distribution is recognised', async () => {
  const moved = (from, to) => signed('/a').replace(from, to);
  const found = await report(
    standardLog([
      request(signed('/a'), late),
      request(moved('files.example.com', 'd111111abcdef8.cloudfront.net')),
    ]),
  );
  assert.deepEqual(causes(found), { expired: 1, 'wrong-host': 1 });
});

test('signed cookies are judged where cookies are logged', async () => {
  const { signer } = await import('./support/run.mjs');
  const { cookieHeader } = signer.signCookies({
    resource: 'https://files.example.com/video/*',
    expires: 1_767_290_400,
  });
  const found = await report(
    standardLog([
      request('https://files.example.com/video/1.ts', { 'cs(Cookie)': `a=b; ${cookieHeader}`, ...late }),
      request('https://files.example.com/other', { 'cs(Cookie)': cookieHeader }),
    ]),
  );
  assert.deepEqual(causes(found), { expired: 1, 'wrong-path': 1 });
  assert.deepEqual(found.groups[0].keyPairIds, ['K2JCJMDEHXQW5F']);
});

describe('the lines of the edge handler are read', () => {
  const lines = [];
  const handler = createViewerRequestHandler({
    policy: {
      version: 1,
      mode: 'standalone',
      rules: [{ name: 'downloads', path: '/download/*', methods: ['GET'] }],
    },
    keys: {},
    log: (text) => lines.push(text),
    sampleAllowed: 1,
  });
  const event = (method, uri) => ({
    Records: [
      {
        cf: {
          config: { distributionId: 'E1', requestId: 'r1', eventType: 'viewer-request' },
          request: {
            clientIp: '203.0.113.7',
            method,
            uri,
            querystring: '',
            headers: { host: [{ key: 'Host', value: 'files.example.com' }] },
          },
        },
      },
    ],
  });
  const time = '2026-01-01T17:30:00.123Z';
  const forms = {
    'as the handler writes them': (text) => text,
    'as CloudWatch Logs exports them': (text) => `${time} ${time}\tabc-def\tINFO\t${text}`,
    'as aws logs tail shows them': (text) =>
      `2026-01-01T17:30:00.123000+00:00 2026/01/01/us-east-1.f[3]0a1b2c ${time}\tabc\tINFO\t${text}`,
    'as aws logs filter-log-events shows them': (text) => `1767288600123\t${text}`,
    'in the JSON format of Lambda': (text) =>
      JSON.stringify({ timestamp: time, level: 'INFO', requestId: 'abc', message: text }),
    'in the JSON format of Lambda, as an object': (text) =>
      JSON.stringify({ timestamp: time, level: 'INFO', requestId: 'abc', message: JSON.parse(text) }),
    'by a subscription': (text) =>
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        logEvents: [{ id: '1', timestamp: 1_767_288_600_123, message: `${time}\tabc\tINFO\t${text}\n` }],
      }),
  };
  const around = [
    'INIT_START Runtime Version: nodejs:22.v1',
    'START RequestId: 7f1c Version: 3',
    `${time}\tabc\tINFO\tanother program says { hello }`,
    'END RequestId: 7f1c',
    'REPORT RequestId: 7f1c\tDuration: 1.2 ms',
    JSON.stringify({ time, type: 'platform.report', record: {} }),
  ];
  for (const [name, form] of Object.entries(forms)) {
    test(name, async () => {
      lines.length = 0;
      await handler(event('GET', '/download/a'));
      await handler(event('GET', '/download/b'));
      await handler(event('DELETE', '/download/a'));
      await handler(null);
      const text = [...around, ...lines.map(form)].map((one) => `${one}\n`).join('');
      const found = await report(text, []);
      assert.deepEqual(causes(found), {
        'missing-credentials': 2,
        'method-not-allowed': 1,
        internal: 1,
      });
      assert.deepEqual(found.edge, { allowed: 0, refused: 4 });
      assert.equal(found.lines.other, around.length);
      assert.equal(found.lines.unreadable, 0);
      const [first] = found.groups;
      assert.equal(first.sentence, 'The request has neither a signed URL nor signed cookies.');
      assert.equal(first.firstSeen, name.endsWith('writes them') ? undefined : '2026-01-01T17:30:00Z');
      assert.deepEqual(first.paths, { count: 2, approximate: false });
      assert.equal(first.example.url, '/download/a');
    });
  }

  test('together with an access log', async () => {
    const found = await report(`${header}${standard}${lines[0]}\n`);
    assert.equal(found.edge.refused, 1);
    assert.equal(found.requests.refused.total, 8);
  });
});
