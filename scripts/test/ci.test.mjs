import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';

/** Runs .ci/run over a test script and a lint script that only print and exit. */
function ci(t, { tests, lint }) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, '.ci'), join(folder, '.ci'), { recursive: true });
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts/test.mjs'), tests);
  writeFileSync(join(folder, 'scripts/lint.mjs'), lint);
  const { status, stdout } = spawnSync(join(folder, '.ci/run'), { encoding: 'utf8' });
  return { passed: status === 0, last: stdout.trimEnd().split('\n').at(-1) };
}

const said = (line, code) => `console.log(${JSON.stringify(line)}); process.exitCode = ${code};`;
const goodLint = said('lint: 9 passed, 0 failed', 0);

const cases = [
  [
    'passes when tests and linters pass, and ends with the summary of the tests',
    { tests: said('7 passed, 0 failed', 0), lint: goodLint },
    { passed: true, last: '7 passed, 0 failed' },
  ],
  [
    'fails when a test fails',
    { tests: said('6 passed, 1 failed', 1), lint: goodLint },
    { passed: false, last: '6 passed, 1 failed' },
  ],
  [
    'fails when a linter fails',
    { tests: said('7 passed, 0 failed', 0), lint: said('lint: 8 passed, 1 failed', 1) },
    { passed: false, last: '7 passed, 0 failed' },
  ],
  [
    'fails when the tests end without a summary',
    { tests: said('hello', 0), lint: goodLint },
    { passed: false, last: '0 passed, 1 failed' },
  ],
  [
    'fails when the tests crash',
    { tests: 'throw new Error("no")', lint: goodLint },
    { passed: false, last: '0 passed, 1 failed' },
  ],
];

for (const [name, scripts, expected] of cases) {
  test(`the CI run ${name}`, (t) => assert.deepEqual(ci(t, scripts), expected));
}
