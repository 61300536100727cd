import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { filesUnder } from '../lib/stamp.mjs';
import { suites, testFiles } from '../lib/test/suites.mjs';
import { steps } from '../setup.mjs';

test('every test file of the checkout runs in exactly one suite', async () => {
  const run = [];
  for (const { runner, commands } of suites.filter(({ runner }) => runner === 'node')) {
    for (const { args } of await commands({})) run.push(...args.filter((word) => word.endsWith('.test.mjs')));
    assert.equal(runner, 'node');
  }
  const all = filesUnder(root)
    .map((file) => relative(root, file))
    .filter((file) => file.endsWith('.test.mjs'));
  assert.deepEqual(run.sort(), all.sort());
});

test('what a suite needs is a setup step or the build', () => {
  const known = [...Object.keys(steps), 'build'];
  for (const { name, needs } of suites) {
    assert.deepEqual(
      needs.filter((need) => !known.includes(need)),
      [],
      name,
    );
  }
});

test('folders can be left out, also when another begins with the same name', () => {
  const files = testFiles(['scripts'], ['scripts/te']);
  assert.ok(files.includes('scripts/test/suites.test.mjs'));
  assert.deepEqual(testFiles(['scripts'], ['scripts/test']), []);
});
