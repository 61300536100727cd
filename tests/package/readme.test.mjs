// The README and the package's README: their examples run as they stand, and the lists of codes are complete.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './support/install.mjs';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const readme = readFileSync(path('wasm/js/README.md'), 'utf8');
const section = (from, to) => readme.slice(readme.indexOf(from), readme.indexOf(to));
const quoted = (text) => [...text.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, code]) => code);

/** Runs the JavaScript blocks of a text, one after the other, beside a key pair. */
function runBlocks(text) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-readme-'));
  try {
    copyFileSync(path('tests/keys/rsa-pkcs8.pem'), join(folder, 'cloudfront-key.pem'));
    copyFileSync(path('tests/keys/rsa-public.pem'), join(folder, 'cloudfront-key.public.pem'));
    symlinkSync(path('node_modules'), join(folder, 'node_modules'));
    const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    writeFileSync(join(folder, 'readme.mjs'), blocks.join('\n'));
    const { status, stdout, stderr } = run(process.execPath, ['readme.mjs'], { cwd: folder });
    assert.equal(status, 0, stderr);
    return { blocks: blocks.length, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the examples run, one after the other', () => {
  const { blocks, stdout } = runBlocks(readme);
  assert.ok(blocks >= 3);
  const lines = stdout.split('\n');
  assert.deepEqual(lines.slice(0, 3), ['allowed', '4', 'bad-signature']);
  assert.ok(lines.some((line) => line.startsWith('fail Signature fits policy and key')));
});

test('the example of the first page runs, and the URL that it signs is allowed', () => {
  const first = readFileSync(path('README.md'), 'utf8');
  const { blocks, stdout } = runBlocks(`${first}\n\`\`\`js\nconsole.log(verdict.allowed);\n\`\`\`\n`);
  assert.equal(blocks, 2);
  assert.equal(stdout, 'true\n');
});

test('it lists every error code of the core, and none that is not there', () => {
  const source = readFileSync(path('core/src/error.rs'), 'utf8');
  const codes = [...source.matchAll(/Self::\w+ => "([a-z0-9-]+)"/g)].map(([, code]) => code);
  const rows = section('| `code` |', 'Reasons of a verdict').split('\n').slice(2);
  const listed = rows.flatMap((row) => quoted(row.split('|')[1] ?? ''));
  // Those that the core does not know are of the TypeScript side.
  assert.deepEqual(listed.sort(), [...codes, 'internal', 'not-ready', 'unsupported-runtime'].sort());
});

test('it lists every reason of a verdict, in the order of the checks', () => {
  const source = readFileSync(path('core/src/reason.rs'), 'utf8');
  const reasons = [...source.matchAll(/^ {4}\w+, "([a-z-]+)",/gm)].map(([, code]) => code);
  assert.deepEqual(quoted(section('Reasons of a verdict', '## Moving over')), reasons);
});
