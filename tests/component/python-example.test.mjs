// The Python example as its users run it: a signed URL that may pass, and broken ones that it explains.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Signer } from 'edgeseal';
import { python } from './support/wasmtime-host.mjs';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const keyPairId = 'K2JCJMDEHXQW5F';
const signer = Signer.fromPem({ keyPairId, privateKey: readFileSync(path('tests/keys/ec-pkcs8.pem')) });
const url = signer.signUrl({ url: 'https://files.example.com/a.pdf', expires: 1_767_290_400 });
const now = '1767290000';

function check(...args) {
  const key = `${keyPairId}=${path('tests/keys/ec-public.pem')}`;
  const all = [path('examples/python-component/check.py'), '--key', key, '--now', now, ...args];
  return spawnSync(python, all, { encoding: 'utf8' });
}

test('a good URL is allowed', () => {
  const { status, stdout, stderr } = check(url);
  assert.equal(stdout, 'allowed for 400 seconds, by key K2JCJMDEHXQW5F\n', stderr);
  assert.equal(status, 0);
});

test('a URL that was changed is refused, with the likely cause', () => {
  const { status, stdout, stderr } = check(url.replace('a.pdf?', 'a.pdf?utm_source=mail&'));
  assert.match(stdout, /^refused: bad-signature\. /, stderr);
  assert.match(stdout, /^ {2}fail {5}.*signature/im);
  assert.match(stdout, /^likely cause: A query parameter was added after signing\.$/m);
  assert.equal(status, 1);
});

test('an expiry in milliseconds is named', () => {
  const { status, stdout } = check(url.replace('Expires=1767290400', 'Expires=1767290400000'));
  assert.match(stdout, /^likely cause: .*milliseconds/m);
  assert.equal(status, 1);
});

test('what is no URL is an error with its code, and no stack', () => {
  const { status, stdout, stderr } = check('files.example.com/a.pdf');
  assert.equal(stdout, '');
  assert.match(stderr, /^error invalid-url: /);
  assert.doesNotMatch(stderr, /Traceback/);
  assert.equal(status, 2);
});

for (const [what, file, said] of [
  ['that is not there', 'missing.wasm', /^error: missing\.wasm cannot be read: .*\n.*npm run build\n$/],
  ['that is something else', path('README.md'), /^error: .*README\.md is not the component: .*\n$/],
]) {
  test(`a component ${what} is an error in words`, () => {
    const { status, stdout, stderr } = check(url, '--component', file);
    assert.equal(stdout, '');
    assert.match(stderr, said);
    assert.equal(status, 2);
  });
}

test('a key file that is not there is named', () => {
  const { status, stderr } = check(url, '--key', 'K1=missing.pem');
  assert.match(stderr, /missing\.pem cannot be read: No such file/);
  assert.equal(status, 2);
});
