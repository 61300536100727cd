// The programmatic interface: createLocalEdge.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EdgesealError, Signer } from 'edgeseal';
import { createLocalEdge } from 'edgeseal/dev';
import { curl, folder, rules, startEdge } from './support/edge.mjs';

const key = (name) => readFileSync(fileURLToPath(new URL(`../keys/${name}.pem`, import.meta.url)), 'utf8');
const signWith = { keyPairId: 'K2JCJMDEHXQW5F', privateKey: key('rsa-pkcs8') };

test('decisions are heard one after another until the edge stops', async (t) => {
  const { edge, sign } = await startEdge(t, { policy: rules('standalone') });
  const heard = (async () => {
    const all = [];
    for await (const { method, status, reason } of edge.decisions()) all.push([method, status, reason]);
    return all;
  })();
  await curl(sign('/download/none'));
  await curl(`${edge.url}/download/none`);
  await edge.stop();
  assert.deepEqual(await heard, [
    ['GET', 403, 'no-such-object'],
    ['GET', 403, 'missing-credentials'],
  ]);
});

test('a decision holds neither signature, nor cookie, nor query', async (t) => {
  const { edge, sign, decisions } = await startEdge(t, { policy: rules('standalone') });
  await curl('-H', 'cookie: session=secretcookie', `${sign('/download/none')}`);
  await curl(`${edge.url}/download/none?Signature=secretsignature&Expires=1&Key-Pair-Id=K1`);
  assert.equal(decisions.length, 2);
  assert.doesNotMatch(JSON.stringify(decisions), /secret|Signature|Key-Pair-Id|\?/);
});

test('an edge that was stopped can be started again, on the same folder', async (t) => {
  const store = await folder(t);
  const edge = createLocalEdge({ store });
  for (const body of ['one', 'two']) {
    await edge.start();
    const url = (path) => edge.signer.signUrl({ url: edge.origin + path, expires: '5m' });
    await curl('-X', 'PUT', '--data-binary', body, url('/upload/a'));
    assert.equal((await curl(url('/download/a'))).text, body);
    await edge.stop();
  }
});

test('a key of the caller signs, and the URLs of others who hold it are taken', async (t) => {
  const { edge, sign } = await startEdge(t, { signWith });
  assert.equal(edge.signer.keyPairId, signWith.keyPairId);
  assert.match((await curl(sign('/download/none'))).text, /<HostId>/);
  const application = Signer.fromPem(signWith);
  const url = application.signUrl({ url: `${edge.origin}/download/none`, expires: '5m' });
  assert.match((await curl(url)).text, /<HostId>/);
});

test('trusted keys are taken beside the one that signs, and a disabled one is not', async (t) => {
  const application = Signer.fromPem({ keyPairId: 'KAPP', privateKey: key('other-rsa') });
  const verdicts = [];
  for (const trusted of [key('other-rsa-public'), { publicKey: key('other-rsa-public'), enabled: false }]) {
    const { edge, decisions } = await startEdge(t, { keys: { KAPP: trusted } });
    await curl(application.signUrl({ url: `${edge.origin}/download/none`, expires: '5m' }));
    verdicts.push(decisions[0].reason);
  }
  assert.deepEqual(verdicts, ['no-such-object', 'key-disabled']);
});

test("the clock is the caller's", async (t) => {
  let now = 1_800_000_000;
  const { edge, decisions } = await startEdge(t, { now: () => now, policy: rules('behind-key-group') });
  const url = edge.signer.signUrl({ url: `${edge.origin}/download/none`, expires: 1_800_000_060 });
  await curl(url);
  now += 61;
  await curl(url);
  assert.deepEqual(
    decisions.map(({ reason }) => reason),
    ['no-such-object', 'expired'],
  );
});

const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const wrong = [
  ['no place for objects', {}, 'invalid-argument', 'store'],
  ['two places', { store: 'a', bucket: { name: 'b' } }, 'invalid-argument', 'store'],
  ['an option that is misspelt', { store: 'a', polcy: {} }, 'invalid-argument', 'polcy'],
  ['an address that is a name', { store: 'a', listen: 'localhost' }, 'invalid-argument', 'listen'],
  ['every address, unconfirmed', { store: 'a', listen: '0.0.0.0' }, 'open-to-everyone', 'listen'],
  ['every IPv6 address, unconfirmed', { store: 'a', listen: '::' }, 'open-to-everyone', 'listen'],
  ['an origin with a path', { store: 'a', origin: 'https://a.example.com/x' }, 'invalid-argument', 'origin'],
  ['an origin without a scheme', { store: 'a', origin: 'a.example.com' }, 'invalid-argument', 'origin'],
  [
    'an origin and a host name',
    { store: 'a', origin: 'https://a.example.com', hostName: 'b' },
    'invalid-argument',
    'hostName',
  ],
  ['a host name with a port', { store: 'a', hostName: 'b:80' }, 'invalid-argument', 'hostName'],
  ['a port that is none', { store: 'a', port: 70_000 }, 'invalid-argument', 'port'],
  ['rules that are none', { store: 'a', policy: '{"version":1,' }, 'invalid-rules', undefined],
  [
    'a private key of a kind CloudFront refuses',
    { store: 'a', signWith: { keyPairId: 'K1', privateKey: p384 } },
    'unsupported-key',
    undefined,
  ],
  [
    'a key under the id of another',
    { store: 'a', signWith, keys: { K2JCJMDEHXQW5F: key('other-rsa-public') } },
    'key-mismatch',
    'signWith',
  ],
  [
    'an origin of pages with a path',
    { store: 'a', cors: { origins: ['https://a.example.com/'] } },
    'invalid-argument',
    'cors.origins',
  ],
  [
    'credentials for everybody',
    { store: 'a', cors: { origins: ['*'], credentials: true } },
    'invalid-argument',
    'cors.credentials',
  ],
  [
    'an endpoint that is no URL',
    { bucket: { name: 'b', endpoint: 'localhost:4566' } },
    'invalid-argument',
    'bucket.endpoint',
  ],
  ['a clock that is a number', { store: 'a', now: 5 }, 'invalid-argument', 'now'],
];
for (const [name, options, code, field] of wrong) {
  test(`${name} is refused with ${code}`, () => {
    assert.throws(
      () => createLocalEdge(options),
      (error) => {
        assert.ok(error instanceof EdgesealError, String(error));
        assert.equal(error.code, code);
        if (field !== undefined) assert.equal(error.field, field);
        return true;
      },
    );
  });
}

test('a folder that cannot be one is refused at start', async (t) => {
  const file = join(await folder(t), 'file');
  writeFileSync(file, '');
  await assert.rejects(createLocalEdge({ store: join(file, 'below') }).start(), {
    code: 'unusable-store',
    field: 'store',
  });
});

test('a port that is taken is refused at start', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await new Promise((listening) => other.once('listening', listening));
  const edge = createLocalEdge({ store: await folder(t), port: other.address().port });
  await assert.rejects(edge.start(), { code: 'port-in-use', field: 'port' });
});

test('only this machine can connect unless it is told otherwise', async (t) => {
  const { edge } = await startEdge(t);
  assert.equal(new URL(edge.url).hostname, '127.0.0.1');
  const everywhere = await startEdge(t, { listen: '0.0.0.0', allowAnyAddress: true });
  assert.equal(new URL(everywhere.edge.url).hostname, '0.0.0.0');
});

test('before the start there is no address', async (t) => {
  const edge = createLocalEdge({ store: await folder(t) });
  assert.throws(() => edge.url, { code: 'not-started' });
});

test('only URLs of its origin can be led to this machine', async (t) => {
  const { edge } = await startEdge(t, { origin: 'https://files.example.com' });
  assert.throws(() => edge.localUrl('https://files.example.com.evil.net/a'), { code: 'invalid-argument' });
});

test('it can be required as well as imported', async (t) => {
  const required = createRequire(import.meta.url)('edgeseal/dev');
  const edge = required.createLocalEdge({ store: await folder(t) });
  await edge.start();
  t.after(() => edge.stop());
  const url = edge.signer.signUrl({ url: `${edge.origin}/upload/a`, expires: '5m' });
  assert.equal((await curl('-X', 'PUT', '--data-binary', 'x', url)).status, 200);
});
