// The benchmarks can be run, and what they compare does the same work. No time is judged here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { timeGroup } from '../../scripts/lib/bench/measure.mjs';
import { cells, markdown, placed } from '../../scripts/lib/bench/table.mjs';
import { run } from './support/install.mjs';

const program = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));

test('every contender of the signing bench does the work', async () => {
  const { default: bench } = await import('../../bench/signing/bench.mjs');
  assert.ok(bench.groups.length >= 7);
  for (const { contenders, check } of bench.groups) {
    assert.ok(contenders.length >= 2);
    check();
  }
});

test('what starts one by one is started in turns, as often as asked, and ended', async () => {
  const said = [];
  const says = (word) => ({ name: word, run: async () => void said.push(word) });
  const group = {
    title: 'starts',
    starts: 5,
    contenders: [says('empty'), says('ours')],
    check: () => void said.push('check'),
    close: () => void said.push('close'),
  };
  const rows = await timeGroup(group, { most: 2 });
  assert.deepEqual(said, ['check', 'empty', 'ours', 'empty', 'ours', 'close']);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['empty', 'ours'],
  );
  assert.equal(rows[0].ratio, 1);
});

test('what a check began is ended when the check fails', async () => {
  const said = [];
  const check = () => assert.fail('it does not do the work');
  const group = { title: 'starts', starts: 1, contenders: [], check, close: () => void said.push('close') };
  await assert.rejects(timeGroup(group, { most: 1 }), /does not do the work/);
  assert.deepEqual(said, ['close']);
});

test('results become a table between their marks, and a second run replaces the first', () => {
  const rows = [
    { name: 'peer', micros: 1234.5, ratio: 1 },
    { name: 'ours', micros: 61.7, ratio: 20.01 },
  ];
  assert.deepEqual(cells(rows[1]), ['ours', '61.7 µs', '20.0×']);
  const table = markdown([{ title: 'Signing', groups: [{ title: 'sign', rows }] }], ['a machine']);
  assert.match(
    table,
    /^- a machine\n\n### Signing\n[\s\S]*\| sign \| peer \| 1235 µs \| 1\.00× \|\n\| {2}\| ours \| 61\.7 µs \| 20\.0× \|$/,
  );
  const empty = 'a\n<!-- results: written by npm run bench -- --write -->\n<!-- end of results -->\nz\n';
  const once = placed(empty, table);
  assert.equal(placed(once, table), once);
  assert.throws(() => placed('nothing', table));
});

test('the program says what there is and refuses what it does not know', () => {
  const { status, stdout } = run(process.execPath, [program, '--help']);
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}signing$/m);
  assert.equal(run(process.execPath, [program, 'singing']).status, 2);
});
