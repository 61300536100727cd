// Keys of objects: what is taken, what is refused, and how a key becomes a path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Signer } from 'edgeseal';
import { checkObjectKey, EdgesealError, newObjectKey, UploadService } from 'edgeseal/aws';
import fc from 'fast-check';
import { ownKeyPair } from '../products/support/cases.mjs';

const parameters = { seed: 20261124, numRuns: 500 };
const signer = Signer.fromPem({ keyPairId: 'K1', privateKey: ownKeyPair.privateKey });
const service = new UploadService({ signer, origin: 'https://files.example.com' });

const accepted = (key) => {
  try {
    return checkObjectKey(key) === key;
  } catch (error) {
    assert.ok(error instanceof EdgesealError);
    assert.deepEqual([error.code, error.field], ['invalid-object-key', 'key']);
    return false;
  }
};

for (const [what, key] of [
  ['nothing', undefined],
  ['a number', 7],
  ['an empty text', ''],
  ['a leading slash', '/a'],
  ['a trailing slash', 'a/'],
  ['an empty segment', 'a//b'],
  ['a dot', '.'],
  ['a dot segment', 'a/./b'],
  ['two dots', '..'],
  ['a parent segment', 'a/../b'],
  ['a parent segment at the end', 'a/..'],
  ['a backslash', 'a\\b'],
  ['a zero byte', 'a\0b'],
  ['a line feed', 'a\nb'],
  ['a delete character', 'a\u007fb'],
  ['a C1 control character', 'a\u0085b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['1025 bytes', 'x'.repeat(1025)],
  ['1025 bytes in fewer characters', `${'é'.repeat(512)}x`],
]) {
  test(`${what} is no object key`, () => assert.equal(accepted(key), false));
}

for (const key of [
  'a',
  'a/b.txt',
  '...',
  '..a',
  'a..',
  ' a ',
  'ü/ß.pdf',
  '100%.txt',
  '%2e%2e',
  'a?b#c',
  '*',
  'x'.repeat(1024),
]) {
  test(`${JSON.stringify(key.slice(0, 20))} is an object key`, () => assert.equal(accepted(key), true));
}

test('any text is either refused, or a key whose path leads back to it and to nothing else', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('..', '.', '', '/', '*', '?', '%2f', '\\', '#'),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('/'));
  await fc.assert(
    fc.asyncProperty(text, async (key) => {
      if (!accepted(key)) return;
      const { pathname, search, hash } = new URL(await service.requestDownload({ key }));
      assert.ok(pathname.startsWith('/download/'));
      assert.equal(decodeURIComponent(pathname.slice('/download/'.length)), key);
      assert.match(search, /^\?Expires=/);
      assert.equal(hash, '');
    }),
    { ...parameters, numRuns: 150 },
  );
});

test('no key opens another file, not even with a custom policy', async () => {
  for (const key of ['*', 'a*', '?', 'a?b', 'a/*/c']) {
    const url = new URL(await service.requestDownload({ key, ipAddress: '192.0.2.7' }));
    const text = url.searchParams
      .get('Policy')
      .replaceAll('-', '+')
      .replaceAll('_', '=')
      .replaceAll('~', '/');
    const { Resource } = JSON.parse(Buffer.from(text, 'base64').toString()).Statement[0];
    assert.doesNotMatch(Resource.replace('?Hash-Algorithm', ''), /[*?]/, key);
  }
});

test('a made-up key is a key, in its folder, with a harmless ending or none, and never the same twice', () => {
  const seen = new Set();
  const filename = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.stringMatching(/^[a-z]{1,5}\.[A-Za-z0-9]{1,12}$/),
  );
  fc.assert(
    fc.property(filename, (name) => {
      const key = newObjectKey(name, 'in/box');
      assert.ok(accepted(key));
      assert.match(key, /^in\/box\/[0-9a-f-]{36}(\.[a-z0-9]{1,10})?$/);
      assert.ok(!seen.has(key));
      seen.add(key);
    }),
    parameters,
  );
});

test('a made-up key takes the ending in lower case, and refuses a folder that is no key', () => {
  assert.match(newObjectKey('Report 2026.PDF', 'invoices'), /^invoices\/[0-9a-f-]{36}\.pdf$/);
  assert.match(newObjectKey(), /^[0-9a-f-]{36}$/);
  for (const folder of ['..', '/a', 'a/', '']) {
    assert.throws(() => newObjectKey('a.txt', folder), { code: 'invalid-object-key' });
  }
  assert.throws(() => newObjectKey(7), { code: 'invalid-argument', field: 'filename' });
});
