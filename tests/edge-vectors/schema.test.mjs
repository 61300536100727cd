// The JSON Schema accepts every rule file of the vectors and refuses what the reader refuses by its form.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import Ajv from 'ajv';

const here = new URL('./', import.meta.url);
const read = (url) => JSON.parse(readFileSync(url, 'utf8'));
const schema = read(new URL('../../wasm/js/schema/edge-policy.schema.json', here));
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

const rule = (fields) => ({
  version: 1,
  mode: 'standalone',
  rules: [{ name: 'a', path: '/a/*', ...fields }],
});

test('the schema accepts the policy of every case file', () => {
  const files = readdirSync(here).filter((name) => name.startsWith('cases-'));
  assert.ok(files.length >= 7);
  for (const file of files) {
    assert.ok(validate(read(new URL(file, here)).policy), `${file}: ${JSON.stringify(validate.errors)}`);
  }
});

test('the schema accepts numbers and units alike', () => {
  for (const upload of [{ maxBytes: 1 }, { maxBytes: '25MB' }, { maxBytes: '25 MiB' }, { maxBytes: '512' }]) {
    assert.ok(
      validate(rule({ methods: ['PUT'], upload, maxLifetime: '15m' })),
      JSON.stringify(validate.errors),
    );
    assert.ok(
      validate(rule({ methods: ['PUT'], upload, maxLifetime: 900 })),
      JSON.stringify(validate.errors),
    );
  }
});

test('the schema refuses what no rule file can hold', () => {
  const wrong = {
    'no version': { mode: 'standalone', rules: [] },
    'an unknown version': { version: 2, mode: 'standalone', rules: [] },
    'an unknown mode': { version: 1, mode: 'open', rules: [] },
    'an unknown field': { version: 1, mode: 'standalone', rules: [], extra: 1 },
    'an unknown field of a rule': rule({ paths: [] }),
    'a relative path': rule({ path: 'a' }),
    'an encoded path': rule({ path: '/a%20b' }),
    'a method in lower case': rule({ methods: ['get'] }),
    'no method': rule({ methods: [] }),
    'a method twice': rule({ methods: ['GET', 'GET'] }),
    'a unit that is none': rule({ upload: { maxBytes: '25 parsecs' } }),
    'a size past 5 GiB': rule({ upload: { maxBytes: 5368709121 } }),
    'a type without subtype': rule({ upload: { contentTypes: ['png'] } }),
    'a lifetime in words': rule({ maxLifetime: 'soon' }),
    'a lifetime below zero': rule({ maxLifetime: -1 }),
    'an origin with a path': rule({ cors: { origins: ['https://a.example/'] } }),
    'no origin': rule({ cors: {} }),
    'every header of a page': rule({ cors: { origins: ['*'], headers: ['*'] } }),
    'a header with a line break': rule({ responseHeaders: { 'x-a': 'a\r\nb' } }),
    'a prefix with a slash at its end': rule({ stripPrefix: '/a/' }),
  };
  for (const [name, file] of Object.entries(wrong)) {
    assert.equal(validate(file), false, name);
  }
});
