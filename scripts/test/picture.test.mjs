import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { drawRecording, runsOf } from '../lib/picture/draw.mjs';
import { linesOf, record } from '../lib/picture/record.mjs';

const draw = (lines) =>
  drawRecording({ lines, title: 'a <title>', description: 'what & why', poster: /nothing/ });

test('a line is cut into runs with column and style', () => {
  assert.deepEqual(runsOf('   \u001b[32mok\u001b[39m  all \u001b[1m\u001b[31mred\u001b[39m\u001b[22m'), [
    { column: 0, text: '   ', style: '' },
    { column: 3, text: 'ok', style: 'green' },
    { column: 5, text: '  all ', style: '' },
    { column: 11, text: 'red', style: 'bold red' },
  ]);
});

test('a line that was written over holds what was written last', () => {
  assert.deepEqual(linesOf('working ...\r\u001b[2Kdone\r\nnext\r\n'), ['done', 'next']);
});

test('a program is recorded as on a terminal of 80 columns', async () => {
  const program = 'console.log(String(process.stdout.isTTY), String(process.stdout.columns), "it\'s")';
  assert.deepEqual(await record(process.execPath, ['-e', program]), ["true 80 it's"]);
});

test('a program that fails is no recording', async () => {
  await assert.rejects(record(process.execPath, ['-e', 'process.exit(3)']), /code 3/);
});

test('what looks like markup stays text', () => {
  const svg = draw(['<script>&']);
  assert.match(svg, /&lt;script&gt;&amp;/);
  assert.doesNotMatch(svg, /<script/);
});

test('every line has a moment at which it appears', () => {
  const svg = draw(Array.from({ length: 40 }, (_, index) => `line ${index}`));
  const moments = [...svg.matchAll(/([\d.]+)%\{/g)].map(([, at]) => Number(at));
  assert.equal(moments.length, 42);
  assert.deepEqual(
    moments,
    moments.toSorted((one, other) => one - other),
  );
});

test('the picture in the README is the end of a demo that went well, and fetches nothing', () => {
  const svg = readFileSync(join(root, 'docs', 'images', 'demo.svg'), 'utf8');
  assert.match(readFileSync(join(root, 'README.md'), 'utf8'), /docs\/images\/demo\.svg/);
  assert.match(svg, /6 products and 3 retained stores are gone/);
  assert.doesNotMatch(svg, /NOT OK/);
  assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /href|@import|url\((?!#)|src=/);
});
