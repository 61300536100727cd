// Whatever a file holds, the reader counts it and goes on.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Verifier } from 'edgeseal';
import fc from 'fast-check';
import { readLines } from '../../wasm/js/dist/esm/cli/logs/line-source.js';
import { longestLine, Splitter } from '../../wasm/js/dist/esm/cli/logs/splitter.js';
import { Tally } from '../../wasm/js/dist/esm/cli/logs/tally.js';
import { header, jsonLog, line, request, standardLog } from './support/logs.mjs';
import { causes, expires, id, report, signed } from './support/run.mjs';

const verifier = new Verifier({ keys: {} });

/** The report over chunks, as they arrive. */
async function read(chunks, options = {}) {
  const tally = new Tally({
    explain: (request) => verifier.explain(request),
    since: undefined,
    until: undefined,
    hosts: new Set(),
    redactIp: false,
    top: undefined,
    fieldOrder: undefined,
    ...options,
  });
  tally.open('a');
  await readLines(Readable.from(chunks), tally, () => {});
  return tally.report();
}

const late = { time: '2026-01-02T12:00:00Z' };
const message = JSON.stringify({ source: 'edgeseal', decision: 'deny', reason: 'too-large', path: '/a}{"b' });

describe('nothing makes the reader throw:', () => {
  const filters = { since: 1, hosts: new Set(['files.example.com']) };

  test('no bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, named) => {
        const body = Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte)));
        const text = Buffer.concat([Buffer.from(named ? header : ''), Buffer.from('x'), body]);
        const { lines } = await read([text], named ? filters : {});
        const { total, requests, edge, filtered, headers, other, unreadable } = lines;
        assert.equal(requests + edge + filtered + headers + other + unreadable, total);
      }),
      { seed: 7, numRuns: 500 },
    ));

  test('no values of fields', () => {
    const words = [
      '-',
      '',
      '%',
      '%zz',
      '__proto__',
      'constructor',
      '403',
      'https',
      '\ud83e',
      'é',
      '1e309',
      '{',
      '"',
    ];
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...words));
    const names = [
      'c-ip',
      'cs-method',
      'cs(Host)',
      'cs-uri-stem',
      'cs-uri-query',
      'cs(Cookie)',
      'x-host-header',
    ];
    const more = ['cs-protocol', 'date', 'time', 'x-edge-result-type', 'x-edge-detailed-result-type'];
    return fc.assert(
      fc.asyncProperty(
        fc.record(Object.fromEntries([...names, ...more].map((name) => [name, value]))),
        async (odd) => {
          const values = { ...request(signed('/a')), ...odd };
          const found = await read(
            [standardLog([values]), jsonLog([values], { encoding: (raw) => raw })].map(Buffer.from),
          );
          assert.equal(found.requests.refused.total, 2);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  test('no JSON', () =>
    fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('message', 'logEvents', 'x', 'timestamp'),
        async (value, name) => {
          const objects = [
            { [name]: value },
            { source: 'edgeseal', decision: 'deny', reason: value, path: value },
          ];
          const found = await read([
            Buffer.from(`${objects.map((each) => JSON.stringify(each)).join('\n')}\n`),
          ]);
          assert.equal(found.edge.refused, 1);
        },
      ),
      { seed: 7, numRuns: 500 },
    ));
});

test('lines are the same however the bytes arrive', async () => {
  const text = Buffer.from(
    `${standardLog([request(signed('/a'), late)])}${message}${message}\r\n\n${message}`,
  );
  const whole = await read([text]);
  assert.equal(whole.edge.refused, 3);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: text.length }), { maxLength: 20 }),
      fc.boolean(),
      async (cuts, packed) => {
        const bytes = packed ? gzipSync(text) : text;
        const places = [
          0,
          ...cuts.map((cut) => cut % bytes.length).sort((one, other) => one - other),
          bytes.length,
        ];
        const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        assert.deepEqual(await read(chunks), whole);
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});

test('objects that Firehose joined without line breaks are taken apart, however long the line', async () => {
  const delivery = JSON.stringify({
    messageType: 'DATA_MESSAGE',
    logEvents: Array.from({ length: 20 }, () => ({ id: '1', timestamp: 1_767_288_600_123, message })),
  });
  const joined = delivery.repeat(4000);
  assert.ok(joined.length > longestLine);
  const found = await report(gzipSync(gzipSync(joined)), []);
  assert.deepEqual(causes(found), { 'too-large': 80_000 });
  assert.equal(found.lines.unreadable, 0);
  assert.equal(found.groups[0].example.line, 1);
});

test('several objects in a line are told from text that looks like their border', () => {
  const lines = [];
  const splitter = new Splitter({ line: (text, number) => lines.push([text, number]), tooLong: () => {} });
  const objects = ['{"a":"}{"}', '{"b":"\\"}{\\\\"}', '{"c":{"d":{}}}', '{}'];
  splitter.take(Buffer.from(`first\n${objects.join('')}\n{"broken}{"\n`));
  splitter.end();
  assert.deepEqual(lines, [['first', 1], ...objects.map((text) => [text, 2]), ['{"broken}{"', 3]]);
});

test('events are read as the AWS CLI lays them out', async () => {
  const events = [
    {
      logStreamName: '2026/01/01/[3]0a',
      timestamp: 1_767_288_600_123,
      message: 'START RequestId: 1 Version: 3\n',
    },
    { message: `2026-01-01T17:30:00.123Z\tabc\tINFO\t${message}\n`, ingestionTime: 1, eventId: '3' },
    { message: jsonLog([request(signed('/a'), late)]), ingestionTime: 1 },
  ];
  const found = await report(JSON.stringify({ events, searchedLogStreams: [], nextToken: 'x' }, null, 4), []);
  assert.deepEqual(causes(found), { expired: 1, 'too-large': 1 });
  assert.equal(found.groups.find(({ code }) => code === 'too-large').firstSeen, '2026-01-01T17:30:00Z');
  assert.equal(found.lines.unreadable, 0);
});

test('a long line of one quoted text is no trouble', async () => {
  const { lines } = await read([
    Buffer.from(`"message": "${'\\\\a'.repeat(1_000_000)}\n${line(request(signed('/a'), late))}\n`),
  ]);
  assert.equal(lines.unreadable, 1);
  assert.equal(lines.requests, 1);
});

// A reader that looks at such a text again from each of its characters would be at it for hours.
test('a list of fields with a great gap in it is read in one go', async () => {
  const { lines } = await read([Buffer.from(`#Fields:${' '.repeat(4_000_000)}date\rtime\r\n`)]);
  assert.equal(lines.headers, 1);
});

test('a request that is longer than any URL is counted and not explained', async () => {
  const url = `https://files.example.com/a?${'a=1&'.repeat(800_000)}${signed('/a').split('?')[1]}`;
  const { groups } = await read([Buffer.from(header + line(request(url, late)))]);
  assert.deepEqual(
    groups.map(({ code, blame }) => [code, blame]),
    [['not-explainable', 'unclear']],
  );
});

describe('a policy that nobody trusted signed is not to be mended:', () => {
  const policies = {
    'its address': { IpAddress: { 'AWS:SourceIp': '192.0.2.0/24' } },
    'its resource': {},
    'its time': { DateGreaterThan: { 'AWS:EpochTime': expires - 1 } },
  };
  const forged = (policy, keyPairId) => {
    const base64 = Buffer.from(JSON.stringify(policy)).toString('base64');
    const safe = base64.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
    return `https://files.example.com/a?Policy=${safe}&Signature=${'A'.repeat(342)}__&Key-Pair-Id=${keyPairId}`;
  };
  for (const [what, condition] of Object.entries(policies)) {
    test(what, async () => {
      const Resource = `https://files.example.com/${what === 'its resource' ? 'b' : 'a'}`;
      const Condition = { DateLessThan: { 'AWS:EpochTime': expires }, ...condition };
      const policy = { Statement: [{ Resource, Condition }] };
      for (const [named, cause] of [
        [id, 'tampered-or-other-key'],
        ['KUNKNOWNUNKNOWN', 'unknown-key'],
      ]) {
        const found = await report(header + line(request(forged(policy, named))));
        const time = what === 'its time';
        assert.deepEqual(causes(found), { [time ? 'not-yet-valid' : cause]: 1 });
      }
    });
  }
});
