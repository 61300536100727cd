// Keys of objects: what is taken, what is refused, and how a key becomes a path.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

const { cases } = JSON.parse(readFileSync(new URL('../vectors/object-keys.json', import.meta.url), 'utf8'));

for (const { what, key, times = 1, tail = '', path, error } of cases.filter(({ op }) => op === 'check')) {
  test(`${what} is ${error === undefined ? 'an' : 'no'} object key`, async () => {
    const whole = key.repeat(times) + tail;
    assert.equal(accepted(whole), error === undefined);
    if (error !== undefined) return;
    const url = await service.requestDownload({ key: whole });
    assert.equal(url.split('?')[0], `https://files.example.com/download/${path.repeat(times)}`);
  });
}

for (const [what, key] of [
  ['nothing', undefined],
  ['a number', 7],
  ['half a surrogate pair', 'a\ud800b'],
]) {
  test(`${what} is no object key`, () => assert.equal(accepted(key), false));
}

for (const { what, filename, folder, ending, error } of cases.filter(({ op }) => op === 'make')) {
  test(`a key made up for ${what} is ${error ?? `a random name with ${ending || 'no ending'}`}`, () => {
    if (error !== undefined) {
      assert.throws(() => newObjectKey(filename, folder), { code: error });
      return;
    }
    const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
    const front = folder === undefined ? '' : `${folder}/`;
    assert.match(
      newObjectKey(filename, folder),
      new RegExp(`^${front}${uuid}${ending.replace('.', '\\.')}$`),
    );
  });
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

test('a file name that is no text is refused', () => {
  assert.throws(() => newObjectKey(7), { code: 'invalid-argument', field: 'filename' });
});
