// docs/local-edge.md says what the command and the library do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLocalEdge } from 'edgeseal/dev';
import { curl, folder } from './support/edge.mjs';

const guide = readFileSync(new URL('../../docs/local-edge.md', import.meta.url), 'utf8');
const program = fileURLToPath(new URL('../../wasm/js/dist/esm/cli/main.js', import.meta.url));
const help = execFileSync(process.execPath, [program, 'dev', '--help'], { encoding: 'utf8' });
const everywhere = new Set(['--json', '--no-color', '--help']);

test('the table of options is that of the help', () => {
  const options = [...help.matchAll(/^ {2}(?:-h, )?(--[a-z0-9-]+(?: [A-Z]+)?)/gm)].map(
    ([, option]) => option,
  );
  const documented = [...guide.split('## Options')[1].matchAll(/^\| `(--[^`]+)` \|/gm)].map(
    ([, option]) => option,
  );
  assert.deepEqual(
    documented,
    options.filter((option) => !everywhere.has(option)),
  );
});

test('every option of the library is named', () => {
  let hint = '';
  try {
    createLocalEdge({ nothing: true });
  } catch (error) {
    hint = error.hint;
  }
  const names = hint.replace('its options are ', '').split(', ');
  assert.ok(names.length > 10);
  // allowAnyAddress is --i-know, which the guide describes under that name.
  for (const name of names.filter((each) => each !== 'allowAnyAddress'))
    assert.ok(guide.includes(`\`${name}\``) || guide.includes(`${name}:`), name);
});

test('the example runs as it stands', async (t) => {
  const [, code] = /```js\n([\s\S]*?)```/.exec(guide);
  const policy = {
    version: 1,
    mode: 'standalone',
    rules: [{ name: 'up', path: '/upload/*', methods: ['PUT'], stripPrefix: '/upload' }],
  };
  const store = await folder(t);
  const body = code.replace(/^import .*$/m, '').replace("'./files'", 'store');
  const AsyncFunction = (async () => {}).constructor;
  const answer = await new AsyncFunction('createLocalEdge', 'policy', 'store', `${body}\nreturn answer;`)(
    createLocalEdge,
    policy,
    store,
  );
  assert.equal(answer.status, 200);
  assert.equal(readFileSync(`${store}/a.txt`, 'utf8'), 'hello');
});

test('each origin of a refusal is told apart as the table says', async (t) => {
  const edge = await createLocalEdge({ store: await folder(t) }).start();
  t.after(() => edge.stop());
  const signed = (path) => edge.signer.signUrl({ url: edge.origin + path, expires: '5m' });
  assert.match((await curl('-X', 'PUT', `${edge.url}/download/a`)).headers['content-type'], /html/);
  assert.doesNotMatch((await curl(`${edge.url}/download/a`)).text, /RequestId/);
  assert.match((await curl(signed('/download/a'))).text, /RequestId.*HostId/);
});
