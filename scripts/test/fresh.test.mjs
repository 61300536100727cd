import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshFolder, scratchFolder, withLock } from '../lib/fresh.mjs';

function place(t) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The id of a process that is known to have ended. */
const endedProcess = () => spawnSync(process.execPath, ['--version']).pid;

test('a folder appears only when it is finished, and replaces the old one whole', async (t) => {
  const folder = join(place(t), 'made');
  await freshFolder(folder, async (draft) => {
    writeFileSync(join(draft, 'old.txt'), '1');
    assert.equal(existsSync(folder), false);
  });
  await freshFolder(folder, async (draft) => {
    writeFileSync(join(draft, 'new.txt'), '2');
    assert.deepEqual(readdirSync(folder), ['old.txt']);
  });
  assert.deepEqual(readdirSync(folder), ['new.txt']);
});

test('work that fails leaves the old folder and no draft', async (t) => {
  const where = place(t);
  const folder = join(where, 'made');
  await freshFolder(folder, async (draft) => writeFileSync(join(draft, 'good.txt'), ''));
  await assert.rejects(
    freshFolder(folder, async () => {
      throw new Error('no');
    }),
    /^Error: no$/,
  );
  assert.deepEqual(readdirSync(where), ['made']);
  assert.deepEqual(readdirSync(folder), ['good.txt']);
});

test('the draft of a killed run is removed by the next one', async (t) => {
  const where = place(t);
  mkdirSync(join(where, `made.draft-${endedProcess()}`));
  mkdirSync(join(where, 'made.draft-notes'));
  await freshFolder(join(where, 'made'), async () => {});
  assert.deepEqual(readdirSync(where).sort(), ['made', 'made.draft-notes']);
});

test('a scratch folder is gone afterwards, also when the work fails', async () => {
  const seen = [];
  await scratchFolder(async (folder) => seen.push(folder));
  await assert.rejects(
    scratchFolder(async (folder) => {
      seen.push(folder);
      throw new Error('no');
    }),
  );
  assert.deepEqual(seen.map(existsSync), [false, false]);
});

test('two holders of one lock work one after the other', async (t) => {
  const lock = join(place(t), 'lock');
  const order = [];
  let release;
  const gate = new Promise((open) => {
    release = open;
  });
  const first = withLock(lock, async () => {
    order.push('first starts');
    await gate;
    order.push('first ends');
  });
  const second = withLock(
    lock,
    async () => order.push('second'),
    () => {
      order.push('second waits');
      release();
    },
  );
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first starts', 'second waits', 'first ends', 'second']);
  assert.equal(existsSync(lock), false);
});

test('the lock of a process that is gone is taken over', async (t) => {
  const lock = join(place(t), 'lock');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(endedProcess()));
  const owner = await withLock(lock, async () => readFileSync(join(lock, 'pid'), 'utf8'));
  assert.equal(owner, String(process.pid));
});
