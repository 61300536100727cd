// The corpus through the package that people install: `Verifier.explain` names the true cause of each entry first.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Verifier } from 'edgeseal';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const { entries } = JSON.parse(readFileSync(file('corpus.json'), 'utf8'));
const missesAllowed = 2;

function ask({ keys, options, ...question }) {
  const trusted = Object.entries(keys).map(([id, name]) => [
    id,
    readFileSync(file(`../keys/${name}`), 'utf8'),
  ]);
  return new Verifier({ keys: Object.fromEntries(trusted), ...options }).explain(question);
}

test('the true cause of every entry is named first', () => {
  assert.ok(entries.length >= 40);
  const misses = entries.flatMap(({ id, cause, input }) => {
    const named = ask(input).causes.map(({ code }) => code);
    return named[0] === cause ? [] : [{ id, cause, named: named.join(', ') }];
  });
  if (misses.length > missesAllowed) console.table(misses);
  assert.ok(
    misses.length <= missesAllowed,
    `the true cause comes first in ${entries.length - misses.length} of ${entries.length}`,
  );
});

test('every refusal comes with a sentence and a remedy', () => {
  for (const { id, input } of entries) {
    const { verdict, causes } = ask(input);
    assert.equal(verdict.allowed, false, id);
    for (const { sentence, fix } of causes) assert.ok(sentence.length > 10 && fix.length > 10, id);
  }
});

test('the corpus is what its source says', () => {
  execFileSync(process.execPath, [file('generate.mjs'), '--check'], { stdio: 'pipe' });
});
