// What the component is, whatever it computes: it imports nothing, it is what the WIT says, and it is not too large.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { componentEmbed, componentNew, componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import { readWit } from '../../scripts/lib/build/component.mjs';
import { componentFile } from './support/wasmtime-host.mjs';

const root = new URL('../../', import.meta.url);
const text = (path) => readFileSync(new URL(path, root), 'utf8');
const component = readFileSync(componentFile);
const dist = new URL('wasm/js/dist/component/', root);

test('it imports nothing, and nothing of WASI', async () => {
  const wit = await componentWit(component);
  assert.doesNotMatch(wit, /\bimport\b/);
  assert.doesNotMatch(wit, /wasi/);
  assert.deepEqual(
    [...wit.matchAll(/^ {2}export (\S+);$/gm)].map(([, name]) => name),
    ['types', 'signing', 'verifying', 'deciding'].map((name) => `edgeseal:core/${name}@0.1.0`),
  );
});

test('its core module asks for nothing but the handles of its own resources', () => {
  const bytes = readFileSync(new URL('edgeseal.core.wasm', dist));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  assert.ok(imports.length > 0);
  for (const { module, name, kind } of imports) {
    assert.equal(kind, 'function');
    assert.match(module, /^\[export\]edgeseal:core\/(?:signing|verifying|deciding)@0\.1\.0$/);
    assert.match(name, /^\[resource-(?:new|rep|drop)\](?:signer|verifier|policy)$/);
  }
});

test('it is what the WIT in the checkout says', async () => {
  const dummy = await componentNew(await componentEmbed({ dummy: true, witSource: readWit() }), []);
  assert.equal(await componentWit(component), await componentWit(dummy));
});

test('every item of the WIT is documented', () => {
  const bare = [];
  for (const file of readdirSync(new URL('component/wit/', root))) {
    const lines = text(`component/wit/${file}`).split('\n');
    let inParameters = false;
    for (const [index, line] of lines.entries()) {
      const begins =
        /^\s*(?:package|world|interface|type|record|variant|enum|resource|%?[a-z][a-z0-9-]*(?:\(|:|,$))/;
      const documented = lines[index - 1]?.trim().startsWith('///');
      if (!inParameters && begins.test(line) && !/^\s*(?:use|export) /.test(line) && !documented) {
        bare.push(`${file}:${index + 1} ${line.trim()}`);
      }
      if (/func\($/.test(line)) inParameters = true;
      if (/^\s*\)/.test(line)) inParameters = false;
    }
  }
  assert.deepEqual(bare, []);
});

test('the version is the same in the WIT, in the Python binding and in the documentation', () => {
  const [, version] = /^package edgeseal:core@(\S+);$/m.exec(text('component/wit/world.wit'));
  assert.match(text('examples/python-component/edgeseal.py'), new RegExp(`^VERSION = "${version}"$`, 'm'));
  assert.ok(text('docs/component.md').includes(`edgeseal:core@${version}`));
});

test('its JavaScript cannot be told to print what passes by, and reads no environment', () => {
  assert.doesNotMatch(readFileSync(new URL('edgeseal.js', dist), 'utf8'), /JCO_DEBUG|process\.?\??\.env/);
});

test('the declarations for TypeScript carry the documentation of the WIT', () => {
  const declarations = readFileSync(new URL('interfaces/edgeseal-core-signing.d.ts', dist), 'utf8');
  assert.match(declarations, /\* Valid before this time; from 1 to 2147483647/);
});

test('it is no larger than it has to be', () => {
  const packed = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`));
  const kilobytes = (bytes) => Math.round(bytes.length / 1000);
  const found = {
    component: kilobytes(component),
    packed: kilobytes(gzipSync(Buffer.concat(packed), { level: 9 })),
  };
  assert.ok(found.component <= 720, `the component has ${found.component} kB`);
  assert.ok(found.packed <= 330, `its part of the package has ${found.packed} kB packed`);
});

test('neither the component nor its JavaScript names the folder it was built in', () => {
  const folder = fileURLToPath(root);
  assert.ok(!component.includes(folder));
  assert.ok(!readFileSync(new URL('edgeseal.js', dist), 'utf8').includes(folder));
});
