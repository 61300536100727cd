import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../lib/problem.mjs';
import { needsKeeper } from '../lib/test/needs.mjs';
import { runSuites } from '../lib/test/runner.mjs';

const suite = (name, code, needs = []) => ({
  name: `self-test-${name}`,
  what: '',
  needs,
  runner: 'check',
  commands: () => [{ program: process.execPath, args: ['-e', code] }],
});

const nothingNeeded = async () => ({});

test('a failing suite does not keep the next one from running', async () => {
  const total = await runSuites([suite('bad', 'process.exit(3)'), suite('good', '')], nothingNeeded);
  assert.deepEqual(total, { passed: 1, failed: 1 });
});

test('a suite whose needs cannot be met fails, and the others run', async () => {
  const meet = needsKeeper({
    browser: async () => {
      throw new Problem('no browser here');
    },
  });
  const total = await runSuites([suite('needy', '', ['browser']), suite('good', '')], meet);
  assert.deepEqual(total, { passed: 1, failed: 1 });
});

test('what a suite leaves reaches those after it, once it has passed', async () => {
  const seen = suite('seen', 'process.exit(process.env.EDGESEAL_SELF_TEST === "left" ? 0 : 1)');
  const leaving = (name, code) => ({ ...suite(name, code), leaves: { EDGESEAL_SELF_TEST: 'left' } });
  assert.equal((await runSuites([leaving('good', ''), seen], nothingNeeded)).failed, 0);
  assert.equal((await runSuites([leaving('bad', 'process.exit(3)'), seen], nothingNeeded)).failed, 2);
  assert.equal((await runSuites([seen, leaving('good', '')], nothingNeeded)).failed, 1);
});

test('a suite with nothing to run fails', async () => {
  const empty = { ...suite('empty', ''), commands: () => [] };
  assert.deepEqual(await runSuites([empty], nothingNeeded), { passed: 0, failed: 1 });
});

test('a need is met once, and only when something asks for it', async () => {
  const made = [];
  const maker = (name) => async () => {
    made.push(name);
    return `${name} is here`;
  };
  const meet = needsKeeper({ npm: maker('npm'), wasm: maker('wasm') });
  assert.deepEqual(await meet(['npm']), { npm: 'npm is here' });
  await meet(['npm']);
  assert.deepEqual(made, ['npm']);
});
