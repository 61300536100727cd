// The component as the npm package exports it: how it is loaded, what its errors say, and its types.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { signing, verifying } from 'edgeseal/component';
import { instantiate } from 'edgeseal/component/instantiate';
import { keyFile, seed } from './support/calls.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'wasm/js/dist/component');
const openSigner = (keys) => keys.Signer.open('K1', keyFile('ec-pkcs8.pem'), undefined, 'sha256', seed);

test('an error says what it is about, and carries the record of the WIT', () => {
  const signer = openSigner(signing);
  assert.throws(
    () => signer.signUrl('https://h.example/a#top', { expires: 1_767_290_400n }, undefined),
    (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.name, 'EdgesealError');
      assert.equal(error.code, 'fragment-in-url');
      assert.equal(error.message, error.payload.message);
      assert.equal(error.payload.field, 'url');
      return true;
    },
  );
});

test('a function that belongs to no resource and one that makes a resource tell their errors too', () => {
  assert.equal(signing.defaultCookieAttributes().path, '/');
  assert.throws(
    () =>
      verifying.Verifier.open([{ keyPairId: 'K1', publicKey: new Uint8Array(1), enabled: true }], {
        strict: false,
        requireResource: false,
        legacySchemeWildcard: false,
      }),
    { name: 'EdgesealError', code: 'invalid-key' },
  );
});

test('a signer that was disposed of cannot sign', () => {
  const signer = openSigner(signing);
  signer[Symbol.dispose ?? Symbol.for('dispose')]();
  assert.throws(() => signer.signUrl('https://h.example/a', { expires: 1_767_290_400n }, undefined));
});

test('a host that compiles modules in its own way instantiates by itself', () => {
  const compile = (name) => new WebAssembly.Module(readFileSync(join(dist, name)));
  const own = instantiate(compile, {});
  assert.match(
    openSigner(own.signing).signUrl('https://h.example/a', { expires: 1_767_290_400n }),
    /Signature=/,
  );
});

test('a CommonJS module requires it', () => {
  const code = `const { signing } = require('edgeseal/component'); console.log(typeof signing.Signer.open)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=commonjs', '--eval', code], {
    cwd: join(root, 'tests'),
    encoding: 'utf8',
  });
  assert.equal(stdout, 'function\n', stderr);
});

test('the entry for the web fetches its modules and gives the same', async (t) => {
  // Node's fetch knows no file: addresses, so the test serves them.
  const real = globalThis.fetch;
  t.after(() => {
    globalThis.fetch = real;
  });
  const fetched = [];
  globalThis.fetch = async (address) => {
    fetched.push(address.href.split('/').at(-1));
    return new Response(readFileSync(address));
  };
  const web = await import(pathToFileURL(join(dist, 'web.js')).href);
  assert.deepEqual(fetched.sort(), ['edgeseal.core.wasm', 'edgeseal.core2.wasm', 'edgeseal.core3.wasm']);
  assert.equal(openSigner(web.signing).keyPairId(), 'K1');
});

const program = `
import { deciding, signing, verifying, type EdgesealComponentError, type types } from 'edgeseal/component';
import { instantiate, type Edgeseal } from 'edgeseal/component/instantiate';

const terms: signing.Terms = { expires: 1767290400n, ipAddress: '192.0.2.0/24' };
const signer: signing.Signer = signing.Signer.open('K1', new Uint8Array(), undefined, 'sha256', new Uint8Array(32));
const url: string = signer.signUrl('https://h.example/', terms, { maxBytes: 1n });
const keys: types.TrustedKey[] = [{ keyPairId: 'K1', publicKey: new Uint8Array(), enabled: true }];
const options = { strict: true, requireResource: false, legacySchemeWildcard: false };
const verdict = verifying.Verifier.open(keys, options).verifyUrl(url, { cookies: [] }, 1n);
export const said: string | bigint = verdict.tag === 'denied' ? verdict.val.reason : verdict.val.remainingSeconds;
const headers = [{ name: 'host', value: 'h.example' }];
const request = { method: 'GET', host: 'h.example', uri: '/', querystring: '', headers };
export const decided: 'allow' | 'deny' | 'respond' = deciding.Policy.open('{}', keys, 0).decide(request, 1n).tag;
export const code = (error: EdgesealComponentError): string => error.payload.code;
export const own: Edgeseal = instantiate((name: string) => new WebAssembly.Module(new Uint8Array(name.length)), {});

// @ts-expect-error: a number where WIT has a u64
signer.signUrl('https://h.example/', { expires: 1767290400 }, undefined);
// @ts-expect-error: a resource is opened, not constructed
new signing.Signer();
`;

test('strict TypeScript compiles against it, and misuse does not', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-component-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'wasm/js'), join(folder, 'node_modules/edgeseal'));
  writeFileSync(join(folder, 'program.mts'), program);
  const options =
    '--strict --noEmit --module nodenext --moduleResolution nodenext --target es2022 --lib es2022,dom,esnext.disposable';
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, [...options.split(' '), 'program.mts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
});
