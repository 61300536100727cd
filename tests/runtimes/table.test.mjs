// What counts as a difference between a run and the record of another, and the table that is made of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, table } from './support/matrix.mjs';

const row = {
  id: 'node',
  runtime: 'Node',
  version: '20.1.0',
  form: 'ES module',
  api: 'sync',
  passed: { sign: 3, verify: 2, decide: 1 },
  size: { raw: 400_000, gzip: 300_000 },
};

const cases = [
  ['the same again is no difference', {}, {}, []],
  ['another version is one', { version: '20.2.0' }, {}, ['version']],
  ['another version of what drifts is none', { version: '20.2.0' }, { drifts: true }, []],
  ['a vector fewer is one', { passed: { ...row.passed, verify: 1 } }, { drifts: true }, ['passed']],
  ['another way in is one', { api: 'await ready()' }, {}, ['api']],
  ['a few bytes more are none', { size: { raw: 404_000, gzip: 301_000 } }, {}, []],
  ['a fifth more is one', { size: { raw: 480_000, gzip: 301_000 } }, {}, ['size.raw']],
];

for (const [name, change, cell, expected] of cases) {
  test(name, () => {
    const found = differences({ ...row, ...change }, row, cell);
    assert.deepEqual(
      found.map((line) => /^node: (\S+) is /.exec(line)[1]),
      expected,
    );
  });
}

test('a cell that is not recorded is a difference', () => {
  assert.deepEqual(differences(row, undefined), ['node is not recorded']);
});

test('a row of the table says what was found and how long a start takes', () => {
  const bench = { machine: ['a machine'], cells: { node: { empty: 40, start: 50 } } };
  const line = '| Node | 20.1.0 | ES module | sync | 3 | 2 | 1 | 300 kB (400 kB) | 1.25× (+10 ms) |';
  assert.ok(table([row], bench).split('\n').includes(line));
  assert.match(table([row], { ...bench, cells: {} }), /\| not measured \|$/m);
});
