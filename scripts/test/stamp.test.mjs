import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesUnder, hashOf, stamp, stamped } from '../lib/stamp.mjs';

function folderWith(t, files) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('a stamp holds for the hash it was written with and for no other', (t) => {
  const folder = folderWith(t, { 'a.txt': 'one' });
  const mark = join(folder, 'deep', 'stamp');
  assert.equal(stamped(mark, 'abc'), false);
  stamp(mark, 'abc');
  assert.equal(stamped(mark, 'abc'), true);
  assert.equal(stamped(mark, 'abd'), false);
});

test('the hash changes with content, name, added files and words, and with nothing else', (t) => {
  const folder = folderWith(t, { 'src/a.txt': 'one', 'src/b.txt': 'two' });
  const hash = (words = []) => hashOf({ base: folder, paths: [join(folder, 'src')], words });
  const seen = new Set([hash()]);
  const isNew = () => {
    const now = hash();
    const fresh = !seen.has(now);
    seen.add(now);
    return fresh;
  };
  assert.equal(isNew(), false, 'nothing changed');
  writeFileSync(join(folder, 'src/a.txt'), 'two');
  assert.equal(isNew(), true, 'content changed');
  renameSync(join(folder, 'src/b.txt'), join(folder, 'src/c.txt'));
  assert.equal(isNew(), true, 'name changed');
  writeFileSync(join(folder, 'src/d.txt'), '');
  assert.equal(isNew(), true, 'an empty file was added');
  assert.notEqual(hash(['1.95']), hash(['1.96']));
  assert.notEqual(hash(['ab', 'c']), hash(['a', 'bc']), 'words do not run together');
});

test('the hash of a moved checkout is the same', (t) => {
  const one = folderWith(t, { 'src/a.txt': 'one' });
  const other = folderWith(t, { 'src/a.txt': 'one' });
  const hash = (folder) => hashOf({ base: folder, paths: [join(folder, 'src')] });
  assert.equal(hash(one), hash(other));
});

test('outputs and dependencies are no inputs, and a missing folder has no files', (t) => {
  const folder = folderWith(t, {
    'a.txt': '',
    'node_modules/x.js': '',
    'target/x.o': '',
    'generated/x.js': '',
  });
  assert.deepEqual(filesUnder(folder), [join(folder, 'a.txt')]);
  assert.deepEqual(filesUnder(join(folder, 'a.txt')), [join(folder, 'a.txt')]);
  assert.deepEqual(filesUnder(join(folder, 'missing')), []);
});
