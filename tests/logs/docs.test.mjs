// docs/logs.md says what the command does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { logOptions } from '../../wasm/js/dist/esm/cli/explain-log.js';
import { named, own } from '../../wasm/js/dist/esm/cli/logs/own-causes.js';
import { request, standardLog } from './support/logs.mjs';
import { report, signed } from './support/run.mjs';

const guide = readFileSync(new URL('../../docs/logs.md', import.meta.url), 'utf8');

test('every option is in the table', () => {
  const table = guide.split('## Options')[1].split('## ')[0];
  for (const name of Object.keys(logOptions)) assert.ok(table.includes(`\`--${name}`), name);
});

test("every cause of the logs' own is named", () => {
  const types = ['ClientGeoBlocked', 'InvalidRequestMethod', 'InvalidRequestHeader', 'OriginDnsError'];
  for (const { code } of [...Object.values(own), ...types.map((type) => named(type))])
    assert.ok(guide.includes(`\`${code}\``), code);
});

test('the JSON has the names of the table and no others', async () => {
  const edge = JSON.stringify({
    source: 'edgeseal',
    decision: 'deny',
    reason: 'no-rule',
    path: '/x',
    status: 403,
  });
  const found = await report(`${standardLog([request(signed('/a'))])}${edge}\nstray\n`);
  const table = guide.split('## The JSON')[1];
  const documented = new Set([...table.matchAll(/`([a-zA-Z]+)`/g)].map(([, name]) => name));
  const names = new Set();
  JSON.stringify(found, (name, value) => {
    if (!/^\d*$/.test(name)) names.add(name);
    return value;
  });
  for (const name of names) assert.ok(documented.has(name), name);
  const values = new Set(['access', 'edge', 'signature', 'other', 'unclear']);
  for (const name of documented)
    assert.ok(names.has(name) || values.has(name) || ['lastSeen'].includes(name), name);
});
