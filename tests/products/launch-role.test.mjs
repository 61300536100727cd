// What the launch roles grant, compared action by action with what the emulator saw while every product was created,
// updated and deleted.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { allVersions, productNames, root } from '../../products/tools/lib/products.mjs';
import { observedActionsPath, readObservedActions } from './support/observed-actions.mjs';

const reasonsPath = 'portfolio/launch-role/data/unobserved.yaml';
const reasons = parse(readFileSync(join(root, reasonsPath), 'utf8'));
const explained = new Set(reasons.flatMap(({ actions }) => actions));

let granted;
let called;

before(() => {
  if (!isRecordingFresh()) run(process.execPath, ['--test', 'tests/products/provision.test.mjs']);
  called = Object.fromEntries(
    Object.entries(readObservedActions()).map(([product, steps]) => {
      return [product, new Set(Object.values(steps).flatMap((step) => step.launchRole))];
    }),
  );
  const text = run('cargo', ['run', '--quiet', '-p', 'edgeseal-launch-role', '--', 'actions', 'products']);
  granted = JSON.parse(text);
});

/** Whether the last recording is younger than everything it was made from. */
function isRecordingFresh() {
  if (!existsSync(observedActionsPath)) return false;
  const tests = join(root, 'tests', 'products');
  const support = readdirSync(join(tests, 'support')).map((name) => join(tests, 'support', name));
  const sources = [
    ...allVersions().map(({ path }) => path),
    join(tests, 'provision.test.mjs'),
    join(tests, 'ministack_launcher.py'),
    ...support,
  ];
  const recorded = statSync(observedActionsPath).mtimeMs;
  return sources.every((file) => statSync(file).mtimeMs < recorded);
}

function run(program, args) {
  // A test runner inside a test would report to the outer one.
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

/** The granted actions of a product that were never called. */
const uncalled = (product) => Object.keys(granted[product]).filter((action) => !called[product].has(action));

/** An action with what asked for it, to find the place at once. */
function described(product, action) {
  const [first] = granted[product][action];
  return `${action}, for ${first.resource} ${first.property ?? ''} ${first.at ?? ''}`;
}

for (const product of productNames()) {
  describe(`the launch role of ${product}`, () => {
    test('grants every action that was called', () => {
      assert.ok(called[product].size > 0, 'nothing was seen');
      const missing = [...called[product]].filter((action) => !(action in granted[product]));
      assert.deepEqual(missing, []);
    });

    test('grants an action that was never called only for a reason', () => {
      const unexplained = uncalled(product).filter((action) => !explained.has(action));
      assert.deepEqual(
        unexplained.map((action) => described(product, action)),
        [],
        `give each a reason in ${reasonsPath}`,
      );
    });
  });
}

test('no action has a reason for nothing', () => {
  const needed = new Set(productNames().flatMap(uncalled));
  const leftOver = [...explained].filter((action) => !needed.has(action));
  assert.deepEqual(leftOver, [], `take them out of ${reasonsPath}`);
});

test('every reason is a sentence, and every action has one reason', () => {
  for (const { because } of reasons) assert.match(because, /^[A-Z].{30,}\.$/s);
  const actions = reasons.flatMap((reason) => reason.actions);
  assert.equal(actions.length, explained.size, 'an action is listed twice');
});
