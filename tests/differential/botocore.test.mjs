// What botocore signs, our verifier allows; and what the signature does not cover, it denies.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Verifier } from 'edgeseal';
import fc from 'fast-check';
import { pythonEnvironment } from '../../scripts/lib/setup/python.mjs';
import { keyPairId, keyPath, readKey } from './support/keys.mjs';
import { seed } from './support/runs.mjs';

const now = 1_767_225_600;
const count = 250;
const program = fileURLToPath(new URL('support/botocore_signer.py', import.meta.url));

const segment = fc.string({
  unit: fc.constantFrom(..."abcXYZ019-_.~!$'()+,;=:@"),
  minLength: 1,
  maxLength: 9,
});
const escaped = fc.constantFrom('%20', '%2F', '%2f', '%C3%A9', '%7E', '%25');
const part = fc
  .array(fc.oneof(segment, escaped), { minLength: 1, maxLength: 3 })
  .map((list) => list.join(''));
const path = fc
  .array(part, { maxLength: 4 })
  .map((list) => `/${list.join('/')}`)
  .filter((text) => !text.split('/').some((one) => one === '.' || one === '..'));
const query = fc.oneof(
  fc.constant(''),
  fc
    .array(
      fc.tuple(part, part).map((pair) => pair.join('=')),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => `?${list.join('&')}`),
);
const host = fc.constantFrom('d111111abcdef8.cloudfront.net', 'files.example.com', 'files.example.com:8443');
const target = fc.record({
  scheme: fc.constantFrom('https', 'http'),
  host,
  path,
  query,
});
const urlOf = ({ scheme, host: name, path: where, query: what }) => `${scheme}://${name}${where}${what}`;
const expires = fc.integer({ min: now + 1, max: 2_147_483_647 });

const canned = fc.record({ target, expires }).map((order) => ({
  kind: 'canned',
  keyPairId,
  url: urlOf(order.target),
  expires: order.expires,
}));

const patterns = [
  (it) => urlOf(it),
  (it) => `${it.scheme}://${it.host}/*`,
  (it) => `*://${it.host}${it.path}*`,
  () => '*',
];
const custom = fc
  .record({
    target,
    pattern: fc.constantFrom(...patterns),
    expires,
    notBefore: fc.option(fc.integer({ min: 1, max: now - 1 }), { nil: undefined }),
    ip: fc.constantFrom(undefined, '203.0.113.7', '203.0.113.0/24', '0.0.0.0/0'),
  })
  .map((order) => ({
    kind: 'custom',
    keyPairId,
    url: urlOf(order.target),
    resource: order.pattern(order.target),
    expires: order.expires,
    notBefore: order.notBefore,
    ipAddress: order.ip,
  }));

function signAll(python, orders) {
  const { status, stdout, stderr } = spawnSync(python, [program, keyPath('rsa-pkcs1')], {
    input: orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const samples = {
  canned: fc.sample(canned, { seed, numRuns: count }),
  custom: fc.sample(custom, { seed, numRuns: count }),
};
const signed = {};

before(async () => {
  const python = join(await pythonEnvironment('aws'), 'python');
  assert.ok(existsSync(python));
  const urls = signAll(python, [...samples.canned, ...samples.custom]);
  signed.canned = urls.slice(0, count);
  signed.custom = urls.slice(count);
});

const verifiers = ['node', 'wasm'].map(
  (crypto) => new Verifier({ keys: { [keyPairId]: readKey('rsa-public') }, crypto }),
);

for (const kind of ['canned', 'custom']) {
  test(`every ${kind} URL that botocore signs is allowed`, () => {
    signed[kind].forEach((url, index) => {
      const order = samples[kind][index];
      for (const verifier of verifiers) {
        const verdict = verifier.verify({ url, now, clientIp: '203.0.113.7' });
        const where = `seed ${seed}, order ${index}: ${JSON.stringify(order)}`;
        assert.ok(verdict.allowed, `${verdict.reason} (${verdict.detail}); ${where}`);
        assert.equal(verdict.policyKind, kind, where);
        assert.equal(verdict.policy.expires, order.expires, where);
        assert.equal(verdict.policy.notBefore, order.notBefore, where);
      }
    });
  });

  test(`no ${kind} URL of botocore is allowed for another host, too late, or with a changed signature`, () => {
    const [verifier] = verifiers;
    const flip = (character) => (character === 'A' ? 'B' : 'A');
    signed[kind].forEach((url, index) => {
      const order = samples[kind][index];
      const denied = (input, reasons) => {
        const verdict = verifier.verify({ now, clientIp: '203.0.113.7', ...input });
        assert.ok(!verdict.allowed, `allowed; seed ${seed}, order ${index}: ${JSON.stringify(input)}`);
        assert.ok(reasons.includes(verdict.reason), `${verdict.reason}; order ${index}`);
      };
      denied({ url, now: order.expires }, ['expired']);
      denied({ url: url.replace(/(Signature=)(.)/, (_, name, first) => name + flip(first)) }, [
        'bad-signature',
      ]);
      if (order.resource !== '*') {
        denied({ url: url.replace(/\/\/[^/]+/, '//other.example.com') }, [
          'bad-signature',
          'resource-mismatch',
        ]);
      }
    });
  });
}
