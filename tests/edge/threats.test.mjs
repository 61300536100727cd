// Every row of the threat table in docs/edge-policy.md names a test that exists.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { vectorFiles } from './support/vectors.mjs';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** The rows of the table under the heading: attack, what stops it, mode, test. */
function threats() {
  const [, section] = read('docs/edge-policy.md').split(/^## Threats$/m);
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Names of vector cases, and of Rust tests as sentences. */
function testNames() {
  const rust = readdirSync(new URL('core/tests/', root)).filter((name) => name.endsWith('.rs'));
  const functions = rust.flatMap((name) =>
    [...read(`core/tests/${name}`).matchAll(/fn ([a-z0-9_]+)\(/g)].map(([, test]) =>
      test.replaceAll('_', ' '),
    ),
  );
  return new Set([...functions, ...vectorFiles().flatMap(({ cases }) => cases.map(({ name }) => name))]);
}

test('the threat table has a row for each attack that the policy is for', () => {
  const attacks = threats()
    .map(([attack]) => attack)
    .join('\n');
  for (const kind of [
    ...[
      'Method swap',
      'Size lie',
      'Content-type lie',
      'constraint stripped',
      'wildcard',
      'cookie of another path',
    ],
    ...[
      'Replay after the expiry',
      'Double-encoded traversal',
      'Parameter pollution',
      'Header smuggling',
      'IPv6 viewer',
    ],
  ]) {
    assert.match(attacks, new RegExp(kind, 'i'), kind);
  }
});

const names = testNames();
for (const [attack, check, mode, name] of threats()) {
  test(`the threat is met by a test: ${attack}`, () => {
    assert.ok(check.length > 0, 'nothing is said to stop it');
    assert.match(mode, /^(?:both|standalone|behind-key-group)$/);
    assert.ok(names.has(name), `there is no test ${JSON.stringify(name)}`);
  });
}
