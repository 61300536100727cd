import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compilerFor, statedVersion } from '../lib/lint/rust.mjs';
import { root } from '../lib/paths.mjs';
import { which } from '../lib/process.mjs';
import { installPackages } from '../lib/setup/apt.mjs';
import { lockedVersion } from '../lib/setup/bindgen.mjs';

/** A machine with only the given programs on PATH, each a shell script, and empty caches. */
function machine(t, programs) {
  const home = mkdtempSync(join(tmpdir(), 'edgeseal-test-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const bin = join(home, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const module = pathToFileURL(join(root, 'scripts/lib/setup/wasm-target.mjs'));
  const problem = pathToFileURL(join(root, 'scripts/lib/problem.mjs'));
  const code = `import { wasmTarget } from '${module}'; import { runMain } from '${problem}'; await runMain(async () => void (await wasmTarget()));`;
  const run = (force) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      env: { PATH: bin, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), EDGESEAL_WASM_TOOLCHAIN: force },
    });
  return { home, run };
}

const compiler = (sysroot) =>
  `case "$*" in -V) echo 'rustc 1.95.0 (test)';; '--print sysroot') echo '${sysroot}';; *) exit 1;; esac`;

test('without Rust the message says to install rustup', (t) => {
  const { status, stderr } = machine(t, {}).run('');
  assert.equal(status, 1);
  assert.match(stderr, /Rust is missing: `rustc` and `cargo` are not on PATH\.\nInstall rustup/);
  assert.doesNotMatch(stderr, /wasm-target\.mjs/);
});

test('when rustup cannot add the target and no other way is allowed, the message gives its reason', (t) => {
  const rustup = "echo 'error: could not download file' >&2; exit 1";
  const { status, stderr } = machine(t, { rustc: compiler('/nowhere'), cargo: '', rustup }).run('own');
  assert.equal(status, 1);
  assert.match(stderr, /rustup could not add it:\nerror: could not download file/);
});

test('an unknown choice of toolchain is refused by name', (t) => {
  const { stderr } = machine(t, {}).run('fedora');
  assert.match(stderr, /EDGESEAL_WASM_TOOLCHAIN is "fedora"; it can be own, debian or empty\./);
});

test('without rights to install packages the message is the command to run', async (t) => {
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
  });
  process.env.PATH = join(machine(t, { 'apt-get': 'exit 1', sudo: 'exit 1' }).home, 'bin');
  await assert.rejects(installPackages(['rustc-web', 'rust-web-src'], 'The target is missing.'), {
    name: 'Problem',
    message:
      /^The target is missing\.\nInstall it, then run this again:\n {2}sudo apt-get install --no-install-recommends rustc-web rust-web-src$/m,
  });
});

test('a broken compiler that claims to have the target is not believed', (t) => {
  const { home, run } = machine(t, { rustc: compiler('/nowhere'), cargo: '' });
  const library = join(home, 'sysroot/lib/rustlib/wasm32-unknown-unknown/lib');
  mkdirSync(library, { recursive: true });
  writeFileSync(join(library, 'libstd-0.rlib'), '');
  writeFileSync(join(home, 'bin/rustc'), `#!/bin/sh\n${compiler(join(home, 'sysroot'))}\n`);
  const { status, stderr } = run('own');
  assert.equal(status, 1);
  assert.match(stderr, /rustup is not installed/);
});

test('programs are found on PATH in its order, and a folder or a plain file is none', (t) => {
  const { home } = machine(t, { tool: '' });
  mkdirSync(join(home, 'first/tool'), { recursive: true });
  mkdirSync(join(home, 'second'));
  writeFileSync(join(home, 'second/tool'), '');
  symlinkSync(join(home, 'bin'), join(home, 'third'));
  const path = ['first', 'second', 'third', 'bin'].map((name) => join(home, name)).join(':');
  assert.equal(which('tool', path), join(home, 'third/tool'));
  assert.equal(which('other', path), undefined);
});

test('the glue generator and the wasm-bindgen crate are locked to one version', () => {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  assert.equal(lockedVersion(lock, 'wasm-bindgen-cli-support'), lockedVersion(lock, 'wasm-bindgen'));
  assert.throws(() => lockedVersion(lock, 'no-such-crate'), { message: 'Cargo.lock has no no-such-crate.' });
});

test('the oldest Rust is checked with the compiler in use, with rustup by name, or not at all', () => {
  assert.equal(statedVersion('[workspace.package]\nrust-version = "1.95"\n'), '1.95');
  assert.deepEqual(compilerFor('1.95', '1.95.2', []), []);
  assert.deepEqual(compilerFor('1.95', '1.96.0', ['stable-x86_64', '1.95.0-x86_64']), ['+1.95.0-x86_64']);
  assert.equal(compilerFor('1.95', '1.96.0', ['stable-x86_64', '1.9.5-x86_64']), undefined);
});
