// Whatever secrets a log holds, none of them is in the output.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { Verifier } from 'edgeseal';
import fc from 'fast-check';
import { readLines } from '../../wasm/js/dist/esm/cli/logs/line-source.js';
import { Tally } from '../../wasm/js/dist/esm/cli/logs/tally.js';
import { writeReport } from '../../wasm/js/dist/esm/cli/logs/write.js';
import { Io } from '../../wasm/js/dist/esm/cli/output.js';
import { fields, jsonLog, line, request, standardLog } from './support/logs.mjs';
import { explainLog, signed, trusted } from './support/run.mjs';

const verifier = new Verifier({ keys: {} });

/** Both outputs over a log, without a process for each. */
async function outputs(text, { redactIp = false } = {}) {
  const tally = new Tally({
    explain: (options) => verifier.explain(options),
    since: undefined,
    until: undefined,
    hosts: new Set(),
    redactIp,
    top: undefined,
    fieldOrder: undefined,
  });
  tally.open('a.log');
  await readLines(Readable.from([Buffer.from(text, 'utf8')]), tally, () => {});
  const report = tally.report();
  let written = '';
  const sink = { write: (piece) => (written += piece) };
  writeReport(report, false, new Io(sink, sink, { json: false, colour: false }));
  // A secret may not be there in two pieces either.
  written = written.replaceAll(/\n\s*/g, '');
  new Io(sink, sink, { json: true, colour: false }).value(report);
  return { report, text: written };
}

const letters = (alphabet) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 28, maxLength: 60 }).filter((text) => {
    return /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
  });
const secret = letters('abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789');

/** Where a request can carry a secret, with a link that is refused for some reason. */
const places = {
  'a signature': (it) =>
    request(`https://files.example.com/a?Expires=1&Signature=${it}&Key-Pair-Id=K2JCJMDEHXQW5F`),
  'a policy': (it) =>
    request(`https://files.example.com/a?Policy=${it}&Signature=x&Key-Pair-Id=K2JCJMDEHXQW5F`),
  'a policy that can be read': (it) => {
    const policy = JSON.stringify({
      Statement: [
        {
          Resource: `https://files.example.com/${it}?token=${it}`,
          Condition: { DateLessThan: { 'AWS:EpochTime': 1 } },
        },
      ],
    });
    const base64 = Buffer.from(policy)
      .toString('base64')
      .replaceAll('+', '-')
      .replaceAll('=', '_')
      .replaceAll('/', '~');
    return request(`https://files.example.com/a?Policy=${base64}&Signature=x&Key-Pair-Id=K2JCJMDEHXQW5F`);
  },
  'the name of a key of a policy': (it) => {
    const policy = JSON.stringify({
      Statement: [{ [it]: 1, Resource: '*', Condition: { DateLessThan: { 'AWS:EpochTime': 1 }, [it]: 2 } }],
      [it]: 3,
    });
    const base64 = Buffer.from(policy)
      .toString('base64')
      .replaceAll('+', '-')
      .replaceAll('=', '_')
      .replaceAll('/', '~');
    return request(`https://files.example.com/a?Policy=${base64}&Signature=x&Key-Pair-Id=K2JCJMDEHXQW5F`);
  },
  'a key-pair id': (it) => request(`https://files.example.com/a?Expires=1&Signature=x&Key-Pair-Id=${it}`),
  'an expiry': (it) => request(`https://files.example.com/a?Expires=${it}&Signature=x&Key-Pair-Id=K1`),
  'the name of a hash': (it) =>
    request(`https://files.example.com/a?Expires=1&Hash-Algorithm=${it}&Signature=x`),
  'the value of a parameter': (it) =>
    request(`https://files.example.com/a?token=${it}&es-filename=${it}&Expires=1`),
  'the name of a parameter': (it) => request(`https://files.example.com/a?${it}=1&${it}&Expires=1`),
  'a misspelt parameter': (it) =>
    request(`https://files.example.com/a?signature=${it}&amp;Signature=${it}&X-Amz-Signature=${it}`),
  'a query whose question mark was encoded': (it) => request(`https://files.example.com/a%3FSignature=${it}`),
  'a query whose question mark was encoded twice': (it) =>
    request(`https://files.example.com/a%253Ftoken%3D${it}`),
  'a parameter of a path': (it) => request(`https://files.example.com/a;token=${it}/b&Signature=${it}`),
  'a segment of a path': (it) => request(`https://files.example.com/reset/${it}/now`),
  'a cookie': (it) =>
    request('https://files.example.com/a', {
      'cs(Cookie)': `session=${it}; CloudFront-Policy=${it}; CloudFront-Signature=${it}; CloudFront-Key-Pair-Id=${it}`,
    }),
  'a referer': (it) => request(signed('/a'), { 'cs(Referer)': `https://files.example.com/a?token=${it}` }),
  'a user agent': (it) => request(signed('/a'), { 'cs(User-Agent)': it }),
  'a forwarded address': (it) => request(signed('/a'), { 'x-forwarded-for': it }),
  'an address': (it) => request(signed('/a'), { 'c-ip': it }),
  'a method': (it) => request(signed('/a'), { 'cs-method': it }),
  'a protocol': (it) => request(signed('/a'), { 'cs-protocol': it }),
  'a host with a password': (it) =>
    request(signed('/a'), { 'x-host-header': `user:${it}@files.example.com` }),
  'a result type': (it) =>
    request(signed('/a'), { 'x-edge-detailed-result-type': it, 'x-edge-result-type': it }),
  'a time': (it) => request(signed('/a'), { date: it }),
};

describe('no output holds', () => {
  for (const [name, plant] of Object.entries(places)) {
    test(name, () =>
      fc.assert(
        fc.asyncProperty(secret, async (it) => {
          const values = plant(it);
          for (const text of [
            standardLog([values]),
            jsonLog([values]),
            standardLog([values], { encoding: (raw) => raw }),
          ]) {
            const { report, text: shown } = await outputs(text);
            assert.equal(report.requests.refused.total, 1);
            assert.ok(!shown.toLowerCase().includes(it.toLowerCase()), shown);
          }
        }),
        { seed: 7, numRuns: 25 },
      ),
    );
  }

  test('a line that cannot be read', () =>
    fc.assert(
      fc.asyncProperty(secret, async (it) => {
        const broken = [
          it,
          `{"sc-status":"403","a":"${it}`,
          `2026-01-01T00:00:00Z ${it}`,
          `START RequestId: ${it}`,
        ];
        const cut = line(request(`https://files.example.com/${it}?a=${it}`)).slice(0, -90);
        const { report, text: shown } = await outputs(`${standardLog([])}${[...broken, cut].join('\n')}\n`);
        assert.equal(report.lines.unreadable, 3);
        assert.ok(!shown.toLowerCase().includes(it.toLowerCase()), shown);
      }),
      { seed: 7, numRuns: 25 },
    ));

  test('what stands in a line of the edge handler and is no code and no sentence', () =>
    fc.assert(
      fc.asyncProperty(secret, async (it) => {
        const text = JSON.stringify({
          source: 'edgeseal',
          decision: 'deny',
          reason: it,
          message: `See ${it} for more.`,
          detail: it,
          rule: it,
          method: it,
          path: `/reset/${it}?token=${it}`,
          clientIp: it,
        });
        const { report, text: shown } = await outputs(`${text}\n`);
        assert.equal(report.edge.refused, 1);
        assert.ok(!shown.toLowerCase().includes(it.toLowerCase()), shown);
      }),
      { seed: 7, numRuns: 25 },
    ));

  test('an address, where none may be shown', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.ipV4(), fc.ipV6()), async (address) => {
        const text = standardLog([request(signed('/a'), { 'c-ip': address })]);
        const edge = JSON.stringify({
          source: 'edgeseal',
          decision: 'deny',
          reason: 'no-rule',
          clientIp: address,
        });
        const { text: shown } = await outputs(`${text}${edge}\n`, { redactIp: true });
        assert.ok(!shown.includes(`"${address}"`) && !shown.includes(` ${address} `), shown);
        assert.ok(shown.includes('REDACTED'));
      }),
      { seed: 7, numRuns: 50 },
    ));
});

test('no error of the program holds a secret of the log', async () => {
  const it = 'sK3cr3tsK3cr3tsK3cr3tsK3cr3tsK3c';
  const values = request(`https://files.example.com/${it}?Signature=${it}`);
  const inputs = [it, `#Fields: ${it}\n${it}`, line(values, { order: fields.slice(4) })];
  for (const input of inputs) {
    for (const args of [[], ['--json'], trusted]) {
      const { code, stdout, stderr } = await explainLog(['-', ...args], { input });
      assert.equal(code, 2);
      assert.ok(!`${stdout}${stderr}`.includes(it), stderr);
    }
  }
});

test('what a terminal would obey is shown as text', async () => {
  const { text } = await outputs(
    jsonLog([request(signed('/a'), { 'cs-uri-stem': '/\u001b[31m\u202e\u0007' })], {
      encoding: (raw) => raw,
    }),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});
