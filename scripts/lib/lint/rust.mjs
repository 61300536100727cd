/** Checks of the Rust crates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flavours } from '../build/flavours.mjs';
import { root } from '../paths.mjs';
import { attempt, query } from '../process.mjs';
import { say } from '../progress.mjs';

const cargo = (...args) => ({ program: 'cargo', args });
const denyWarnings = ['--', '-D', 'warnings'];

/** The `rust-version` of the workspace in the text of its Cargo.toml. */
export const statedVersion = (manifest) => /^rust-version = "(\d+\.\d+)/m.exec(manifest)?.[1];

/** The toolchain that compiles with the stated version: the one in use, rustup's of that name, or none. */
export function compilerFor(stated, own, installed) {
  const isStated = (version) => version === stated || version.startsWith(`${stated}.`);
  if (isStated(own)) return [];
  const named = installed.find((name) => isStated(name.split('-')[0]));
  return named && [`+${named}`];
}

function oldestRust() {
  const stated = statedVersion(readFileSync(join(root, 'Cargo.toml'), 'utf8'));
  const own = (query('rustc', ['-V']) ?? '').split(' ')[1] ?? '';
  const installed = (query('rustup', ['toolchain', 'list', '--quiet']) ?? '').split('\n');
  const toolchain = compilerFor(stated, own, installed);
  // Without that compiler, clippy's incompatible_msrv (a warning, and warnings are errors here) still checks the library calls.
  const note = toolchain ? 'compiling with it' : `rustc is ${own}; only clippy's incompatible_msrv can check`;
  say(`${'msrv'.padEnd(12)} rust-version is ${stated}: ${note}`);
  return [cargo(...(toolchain ?? []), 'check', '--workspace', '--all-targets')];
}

/** The advisory database is fetched from its repository; where that cannot be reached, the other checks still run. */
async function denyChecks({ deny }) {
  const call = (...args) => ({ program: deny, args: ['--log-level', 'error', ...args] });
  const offline = ['check', 'bans', 'licenses', 'sources'];
  const fetched = await attempt(deny, ['fetch', 'db'], { timeout: 60_000 });
  if (fetched.code === 0) return [call(...offline, 'advisories')];
  say(
    `${'deny'.padEnd(12)} the advisory database cannot be reached; checking bans, licenses and sources only`,
  );
  return [call(...offline)];
}

/** @type {import('../test/runner.mjs').Suite[]} */
export const rustChecks = [
  {
    name: 'lockfile',
    what: 'Cargo.lock fits the manifests',
    needs: [],
    commands: () => [cargo('metadata', '--locked', '--format-version=1', '--quiet')],
  },
  {
    name: 'rustfmt',
    what: 'Rust formatting',
    needs: [],
    commands: () => [cargo('fmt', '--all', '--check')],
  },
  {
    name: 'clippy',
    what: 'Rust lints, warnings denied, for every set of features that ships',
    needs: [],
    commands: () => [
      cargo('clippy', '--workspace', '--all-targets', ...denyWarnings),
      cargo('clippy', '--package', 'edgeseal-core', '--no-default-features', ...denyWarnings),
      ...flavours.map(({ features }) =>
        cargo(
          'clippy',
          '--package',
          'edgeseal-wasm',
          '--no-default-features',
          '--features',
          features.join(','),
          ...denyWarnings,
        ),
      ),
    ],
  },
  {
    name: 'rustdoc',
    what: 'Rust documentation: no broken link, nothing undocumented',
    needs: [],
    commands: () => [
      {
        ...cargo('doc', '--workspace', '--no-deps', '--document-private-items'),
        env: { RUSTDOCFLAGS: '-D warnings' },
      },
    ],
  },
  { name: 'msrv', what: 'the stated rust-version', needs: [], commands: oldestRust },
  {
    name: 'deny',
    what: 'licenses, sources, bans and advisories of dependencies',
    needs: ['deny'],
    commands: denyChecks,
  },
].map((check) => ({ ...check, runner: 'check' }));
