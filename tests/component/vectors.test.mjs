// The shared vectors through the component, on both hosts, and the table in the README that says so. With
// EDGESEAL_MATRIX=write the table is written instead of compared.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { differences } from '../runtimes/support/matrix.mjs';
import { jcoHost } from './support/jco-host.mjs';
import { recorded, rowOf, shown, table, write } from './support/table.mjs';
import { vectorSuite } from './support/vector-suite.mjs';
import { componentFile, wasmtimeHost, wasmtimeVersion } from './support/wasmtime-host.mjs';

const dist = new URL('../../wasm/js/dist/component/', import.meta.url);
const modules = ['edgeseal.core.wasm', 'edgeseal.core2.wasm', 'edgeseal.core3.wasm'];
const jcoFiles = ['node.js', 'exports.js', 'edgeseal.js', ...modules].map((name) => new URL(name, dist));

/** The version of Node is the tester's own; jco's decides what is run. */
const jcoVersion = createRequire(import.meta.url)('../../package.json').devDependencies[
  '@bytecodealliance/jco-transpile'
];

const jco = vectorSuite({ name: 'the component as jco makes it, in Node', start: jcoHost });
const wasmtime = vectorSuite({ name: 'the component under wasmtime, from Python', start: wasmtimeHost });

test('both hosts passed the same vectors', () => {
  assert.deepEqual(wasmtime, jco);
});

test('the table in the README says what this run found', () => {
  const rows = [
    rowOf({ runtime: 'component (jco, Node)', version: jcoVersion, passed: jco, files: jcoFiles }),
    rowOf({
      runtime: 'component (wasmtime, Python)',
      version: wasmtimeVersion(),
      passed: wasmtime,
      files: [componentFile],
    }),
  ];
  if (process.env.EDGESEAL_MATRIX === 'write') write(rows);
  const advice = 'if this is as it should be, EDGESEAL_MATRIX=write npm test -- --only component';
  const differing = rows.flatMap((row, index) => differences(row, recorded()[index]));
  assert.deepEqual(differing, [], advice);
  assert.equal(shown(), table(recorded()), advice);
});
