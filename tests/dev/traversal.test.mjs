// No path leads out of the store, nor to what in it is no object.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { curl, filesIn, folder, rules, startEdge } from './support/edge.mjs';

const secret = 'outside the store';

/** A store one below a folder that holds `secret.txt` and receives what gets out. */
async function nested(t, options = {}) {
  const outside = await folder(t);
  const store = join(outside, 'store');
  mkdirSync(store);
  writeFileSync(join(outside, 'secret.txt'), secret);
  writeFileSync(join(store, 'inside.txt'), 'inside');
  return { outside, ...(await startEdge(t, { ...options, store })) };
}

const ways = [
  '../secret.txt',
  'a/../../secret.txt',
  './../secret.txt',
  '%2e%2e/secret.txt',
  '%2e%2e%2fsecret.txt',
  '..%2fsecret.txt',
  '.%2e/secret.txt',
  '%252e%252e/secret.txt',
  '..%252fsecret.txt',
  '..%5csecret.txt',
  '..\\secret.txt',
  '%5c..%5csecret.txt',
  '%c0%ae%c0%ae/secret.txt',
  '%e0%80%ae%e0%80%ae/secret.txt',
  '..;/secret.txt',
  '%00/../secret.txt',
  'inside.txt%00.png',
  '/secret.txt',
  '//etc/passwd',
  '%2fetc%2fpasswd',
  'a/./../../secret.txt',
  '....//secret.txt',
  '%uff0e%uff0e/secret.txt',
  '.edgeseal/incoming/x',
  '.EDGESEAL/objects/x.json',
  '%2eedgeseal/objects/x.json',
];

/** One request with a path that no client library would leave alone. */
function raw(edge, method, path, body = '') {
  const { port, hostname } = new URL(edge.url);
  return new Promise((done) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    });
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => done(answer));
    socket.on('error', () => {});
  });
}

for (const [name, options] of [
  ['without rules', {}],
  ['with rules', { policy: rules('standalone') }],
]) {
  for (const way of ways) {
    test(`${name}, nothing is read or written at ${way}`, async (t) => {
      const { outside, edge, store, decisions } = await nested(t, options);
      const signedAs = (path) => `${path}?${queryFor(edge)}`;
      for (const [method, path, body] of [
        ['GET', `/download/${way}`],
        ['PUT', `/upload/${way}`, 'written'],
      ]) {
        const answer = await raw(edge, method, signedAs(path), body);
        assert.ok(!answer.includes(secret), 'the file outside was read');
        assert.ok(!answer.includes('root:'), 'a file of the system was read');
      }
      assert.deepEqual(
        filesIn(outside).filter((file) => !file.startsWith('store')),
        ['secret.txt'],
      );
      assert.equal(readFileSync(join(outside, 'secret.txt'), 'utf8'), secret);
      for (const file of filesIn(store)) assert.ok(!file.startsWith('.edgeseal'), file);
      assert.equal(readFileSync(join(store, 'inside.txt'), 'utf8'), 'inside');
      assert.ok(decisions.every(({ status }) => status !== undefined));
    });
  }
}

/** A wildcard policy opens whatever path comes, so that it is the store that refuses. */
function queryFor(edge) {
  const url = edge.signer.signUrl({
    url: `${edge.origin}/upload/x`,
    expires: '5m',
    resource: `${edge.origin}/*`,
  });
  return new URL(url).search.slice(1);
}

test('without rules, a dot segment reaches the store, which refuses it by name', async (t) => {
  const { edge, decisions } = await nested(t);
  await raw(edge, 'PUT', `/upload/a/../../upload/x?${queryFor(edge)}`, 'written');
  await raw(edge, 'PUT', `/upload/a/%2e%2e/x?${queryFor(edge)}`, 'written');
  assert.ok(
    decisions.some(({ reason, by }) => reason === 'key-not-storable' && by === 'origin'),
    JSON.stringify(decisions),
  );
  assert.ok(decisions.every(({ decision }) => decision === 'deny'));
});

test('a symbolic link out of the store is not followed, one inside it is', async (t) => {
  const { outside, store, sign, decisions } = await nested(t);
  symlinkSync(join(outside, 'secret.txt'), join(store, 'link.txt'));
  symlinkSync(outside, join(store, 'up'));
  symlinkSync(join(store, 'inside.txt'), join(store, 'alias.txt'));
  symlinkSync(join(outside, 'nowhere'), join(store, 'dangling'));

  for (const key of ['link.txt', 'up/secret.txt', 'up', 'dangling', 'dangling/x']) {
    const answer = await curl(sign(`/download/${key}`));
    assert.deepEqual([answer.status, answer.text.includes(secret)], [403, false], key);
  }
  assert.equal((await curl(sign('/download/alias.txt'))).text, 'inside');

  for (const key of ['up/new.txt', 'up/deep/new.txt', 'dangling/new.txt']) {
    const answer = await curl('-X', 'PUT', '--data-binary', 'x', sign(`/upload/${key}`));
    assert.equal(answer.status, 400, key);
    assert.equal(decisions.at(-1).reason, 'key-not-storable');
  }
  assert.deepEqual(
    filesIn(outside).filter((file) => !file.startsWith('store')),
    ['secret.txt'],
  );
});

test('an upload over a symbolic link replaces the link, not what it leads to', async (t) => {
  const { outside, store, sign } = await nested(t);
  symlinkSync(join(outside, 'secret.txt'), join(store, 'link.txt'));
  assert.equal((await curl('-X', 'PUT', '--data-binary', 'new', sign('/upload/link.txt'))).status, 200);
  assert.equal(readFileSync(join(outside, 'secret.txt'), 'utf8'), secret);
  assert.equal(readFileSync(join(store, 'link.txt'), 'utf8'), 'new');
});

test('keys that a folder cannot hold are refused, and say why in the log', async (t) => {
  const { sign, decisions } = await startEdge(t);
  await curl('-X', 'PUT', '--data-binary', 'x', sign('/upload/file'));
  await curl('-X', 'PUT', '--data-binary', 'x', sign('/upload/folder/x'));
  for (const [key, why] of [
    ['file/below', /both this key and one that it is the beginning of/],
    ['folder', /both this key and one that it is the beginning of/],
    ['folder/', /empty/],
    ['a//b', /empty/],
    [`${'n'.repeat(256)}`, /longer than 255 bytes/],
    ['a%07b', /this character/],
  ]) {
    const answer = await curl('-X', 'PUT', '--data-binary', 'x', sign(`/upload/${key}`));
    assert.deepEqual([answer.status, decisions.at(-1).reason], [400, 'key-not-storable'], key);
    assert.match(decisions.at(-1).detail, why);
    assert.match(answer.text, /<Code>InvalidURI<\/Code>/);
  }
  const long = Array.from({ length: 5 }, () => 'n'.repeat(250)).join('/');
  const answer = await curl('-X', 'PUT', '--data-binary', 'x', sign(`/upload/${long}`));
  assert.deepEqual([answer.status, decisions.at(-1).reason], [400, 'key-too-long']);
});

test('a folder is no object', async (t) => {
  const { sign } = await startEdge(t);
  await curl('-X', 'PUT', '--data-binary', 'x', sign('/upload/folder/x'));
  const answer = await curl(sign('/download/folder'));
  assert.deepEqual([answer.status, answer.headers.server], [403, 'AmazonS3']);
});
