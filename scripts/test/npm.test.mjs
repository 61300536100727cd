import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upToDate } from '../lib/setup/npm.mjs';

const entry = (version, more = {}) => ({ version, integrity: `sha512-${version}`, ...more });

const wanted = {
  '': { name: 'workspace' },
  'wasm/js': { name: 'edgeseal' },
  'node_modules/edgeseal': { resolved: 'wasm/js', link: true },
  'node_modules/a': entry('1.0.0'),
  'node_modules/a/node_modules/b': entry('2.0.0'),
  'node_modules/for-another-platform': entry('1.0.0', { optional: true }),
};

const present = {
  'wasm/js': { name: 'edgeseal' },
  'node_modules/edgeseal': { resolved: 'wasm/js', link: true },
  'node_modules/a': entry('1.0.0'),
  'node_modules/a/node_modules/b': entry('2.0.0'),
};

const without = (path) => Object.fromEntries(Object.entries(present).filter(([name]) => name !== path));

const cases = [
  ['everything there is up to date, also without the packages of other platforms', present, true],
  ['another version is not', { ...present, 'node_modules/a': entry('1.0.1') }, false],
  [
    'the same version with other content is not',
    { ...present, 'node_modules/a': entry('1.0.0', { integrity: 'x' }) },
    false,
  ],
  ['a missing nested package is not', without('node_modules/a/node_modules/b'), false],
  ['a missing workspace link is not', without('node_modules/edgeseal'), false],
  ['a package too many is not', { ...present, 'node_modules/old': entry('1.0.0') }, false],
];

for (const [name, packages, expected] of cases) {
  test(name, () => assert.equal(upToDate(wanted, packages), expected));
}
