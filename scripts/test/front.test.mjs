import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { choose } from '../lib/test/front.mjs';

const suites = ['rust', 'js', 'products'].map((name) => ({ name }));
const names = (args) => choose(args, suites).chosen.map(({ name }) => name);

test('suites are chosen and left out by name, in their own order', () => {
  assert.deepEqual(names([]), ['rust', 'js', 'products']);
  assert.deepEqual(names(['--only', 'js,rust']), ['rust', 'js']);
  assert.deepEqual(names(['--only=js']), ['js']);
  assert.deepEqual(names(['--skip', 'js']), ['rust', 'products']);
});

const refused = [
  [['--only', 'ruts'], 'there is no "ruts"; known are rust, js, products'],
  [['--skip', 'ruts'], 'there is no "ruts"; known are rust, js, products'],
  [['--only'], '--only needs names, such as --only rust'],
  [['--fast'], 'unknown argument "--fast"; --help says what there is'],
  [['--only', 'js', '--skip', 'js'], 'nothing is left to run'],
];

for (const [args, message] of refused) {
  test(`${args.join(' ')} is refused with what is wrong`, () => {
    assert.throws(() => choose(args, suites), { name: 'UsageProblem', message });
  });
}

for (const script of ['setup', 'build', 'test', 'lint']) {
  const call = (...args) =>
    spawnSync(process.execPath, [join(root, 'scripts', `${script}.mjs`), ...args], { encoding: 'utf8' });

  test(`${script} answers --help on stdout within 80 columns`, () => {
    const { status, stdout, stderr } = call('--help');
    assert.equal(status, 0);
    assert.equal(stderr, '');
    assert.match(stdout, /^Usage: npm /m);
    assert.deepEqual(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
    );
  });

  test(`${script} refuses a typo with exit code 2 and no stack`, () => {
    const { status, stdout, stderr } = call('--hlep');
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /"--hlep"/);
    assert.doesNotMatch(stderr, /\bat .*\.mjs:/);
  });
}
