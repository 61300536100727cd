import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checksums, readTree } from '../../scripts/lib/sbom/crates.mjs';
import { sbom } from '../../scripts/lib/sbom/document.mjs';

const root = join(import.meta.dirname, '..', '..');
const script = join(root, 'scripts', 'sbom.mjs');
const write = (...args) => spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8' });

test('the document names every part of the package with its version, licence and digest', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-sbom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const archive = join(folder, 'edgeseal-0.1.0.tgz');
  writeFileSync(archive, 'archive');
  const out = join(folder, 'edgeseal.cdx.json');
  const { status, stderr } = write('--archive', archive, '--out', out);
  assert.equal(status, 0, stderr);
  const { metadata, components } = JSON.parse(readFileSync(out, 'utf8'));
  assert.equal(metadata.component.purl, `pkg:npm/edgeseal@${metadata.component.version}`);
  const digest = createHash('sha256').update('archive').digest('hex');
  assert.equal(metadata.component.components[0].hashes[0].content, digest);
  const names = components.map(({ purl }) => purl.replace(/@.*/, ''));
  for (const part of [
    'pkg:cargo/rsa',
    'pkg:cargo/p256',
    'pkg:cargo/saphyr-parser',
    'pkg:npm/send',
    'pkg:npm/fflate',
  ]) {
    assert.ok(names.includes(part), `${part} is missing`);
  }
  assert.equal(new Set(components.map(({ purl }) => purl)).size, components.length);
  for (const { purl, licenses, hashes } of components) {
    assert.ok(licenses?.length > 0, `${purl} has no licence`);
    assert.ok(purl.startsWith('pkg:npm/') || hashes?.[0]?.content.length === 64, `${purl} has no digest`);
  }
});

test('nothing of this machine is in the document', () => {
  const { stdout } = write();
  assert.ok(stdout.length > 1000);
  assert.ok(!stdout.includes(root));
  assert.doesNotMatch(stdout, /file:|edgeseal-core/);
});

test('macros and the crates of this workspace are no parts of their own', () => {
  const tree =
    'edgeseal-wasm v0.1.0 (/somewhere/wasm)|Apache-2.0|\nmemchr v2.8.3|Unlicense/MIT|https://example.com/memchr\n';
  assert.deepEqual(readTree(tree), [
    {
      type: 'cargo',
      name: 'memchr',
      version: '2.8.3',
      licence: 'Unlicense OR MIT',
      source: 'https://example.com/memchr',
    },
  ]);
});

test('digests come from the lock file', () => {
  const sum = 'ab'.repeat(32);
  const lock = `[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry"\nchecksum = "${sum}"\n\n[[package]]\nname = "own"\nversion = "0.1.0"\n`;
  assert.deepEqual(
    [...checksums(lock)],
    [
      ['a@1.0.0', sum],
      ['own@0.1.0', undefined],
    ],
  );
});

test('a document that does not keep to the schema is refused', async () => {
  const product = { name: 'x', version: '1.0.0', license: 'Apache-2.0', description: 'x' };
  const parts = [{ type: 'cargo', name: 'y', version: '1'.repeat(1025), licence: 'MIT' }];
  await assert.rejects(sbom({ product, parts }), /schema/);
});

test('an archive that is not there is a plain message', () => {
  const { status, stderr } = write('--archive', 'nowhere.tgz');
  assert.notEqual(status, 0);
  assert.match(stderr, /the archive nowhere\.tgz cannot be read/);
  assert.doesNotMatch(stderr, /at .*\.mjs/);
});
