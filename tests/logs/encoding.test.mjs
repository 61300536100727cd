// From a log back to the request, byte for byte, or with the doubt that remains.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cookiesOf, targetsOf } from '../../wasm/js/dist/esm/cli/logs/encoding.js';
import { encode } from './support/logs.mjs';

const bytes = (text) => Buffer.from(text, 'utf8').toString('latin1');

describe('what was sent is among the readings of what was logged', () => {
  const sent = fc.string({
    unit: fc.constantFrom(...'abzAZ019-._!*()+,;:@/&=%~\'"[]{}|^`<>é'),
    maxLength: 40,
  });
  const cases = { 'by the documented encoding': encode, 'as it was sent': (text) => text };
  for (const [name, encoding] of Object.entries(cases)) {
    test(name, () =>
      fc.assert(
        fc.property(sent, sent, (path, query) => {
          const readings = targetsOf(bytes(encoding(`/${path}`)), bytes(encoding(query)));
          assert.ok(
            readings.some((reading) => reading.path === `/${path}` && reading.query === query),
            JSON.stringify(readings),
          );
          assert.ok(readings.length <= 2);
        }),
        { seed: 7, numRuns: 2000 },
      ),
    );
  }
});

describe('the readings of', () => {
  const key = 'Key-Pair-Id=K2JCJMDEHXQW5F';
  const cases = [
    ['a plain query', '/a', 'x=1', ['/a?x=1']],
    ['an escape that was encoded, or was there twice', '/a%2520b', '', ['/a%20b?', '/a%2520b?']],
    ['an escape that the encoding never makes', '/a%2Fb', 'x=%7E', ['/a%2Fb?x=%7E']],
    [
      'a character that the encoding would have replaced',
      '/a',
      'Signature=a~b&x=%7E',
      ['/a?Signature=a~b&x=%7E'],
    ],
    ['a space, which no client sends', '/a%20b', '', ['/a%20b?']],
    [
      'a signature with an escape, which reads the same',
      '/a',
      `Signature=a%7Eb&${key}`,
      [`/a?Signature=a~b&${key}`],
    ],
    [
      'a signature that was perhaps encoded twice',
      '/a',
      'Signature=a%257Eb',
      ['/a?Signature=a%7Eb', '/a?Signature=a%257Eb'],
    ],
    ['a tilde in another parameter', '/a', 'x=%7E', ['/a?x=~', '/a?x=%7E']],
    ['a broken escape', '/a%', 'x=%7E', ['/a%?x=%7E']],
  ];
  for (const [name, path, query, expected] of cases) {
    test(name, () =>
      assert.deepEqual(
        targetsOf(path, query).map((reading) => `${reading.path}?${reading.query}`),
        expected,
      ),
    );
  }
});

test('cookies are read with or without the encoding', () => {
  const sent = 'a=1; CloudFront-Signature=x~y_; b="2"';
  assert.equal(cookiesOf(encode(sent)), sent);
  assert.equal(cookiesOf(sent), sent);
  assert.equal(cookiesOf(sent.replaceAll(' ', '%20')), sent);
});
