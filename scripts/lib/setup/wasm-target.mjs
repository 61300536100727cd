/**
 * A Rust compiler that can build for wasm32-unknown-unknown.
 *
 * In this order: the compiler on PATH if it has the target's standard library; that library added by rustup; Debian's
 * compiler with a standard library built from Debian's source package. The last needs no server of the Rust project.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../fresh.mjs';
import { userCache } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { attempt, query, tail, which } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { wasmTriple } from '../rust.mjs';
import { debianToolchain } from './debian-rust.mjs';
import { verified } from './wasm-probe.mjs';

const title = 'wasm32 standard library';
const rustupMillis = 60_000;

/**
 * @typedef {object} Toolchain
 * @property {'own' | 'debian'} from the compiler on PATH, or Debian's
 * @property {string} version the first line of `rustc -V`
 * @property {string} id names it in a path; two toolchains whose compiled crates do not mix differ in it
 * @property {Record<string, string>} env what cargo needs in its environment to use it
 */

/** Whether a sysroot holds a standard library for the target. */
function hasTarget(sysroot) {
  const folder = join(sysroot, 'lib', 'rustlib', wasmTriple, 'lib');
  return existsSync(folder) && readdirSync(folder).some((name) => /^libstd-.*\.rlib$/.test(name));
}

/** The compiler on PATH, or a message that says how to get one. */
function ownCompiler() {
  const version = query('rustc', ['-V']);
  const sysroot = version && query('rustc', ['--print', 'sysroot']);
  if (!sysroot || !which('cargo')) {
    throw new Problem(
      'Rust is missing: `rustc` and `cargo` are not on PATH.\nInstall rustup from https://rustup.rs, then run this again.',
    );
  }
  return { version, sysroot };
}

async function addWithRustup() {
  if (!which('rustup')) return 'rustup is not installed';
  const result = await attempt('rustup', ['target', 'add', wasmTriple], { timeout: rustupMillis });
  if (result.code === 0) return undefined;
  return result.timedOut ? `rustup gave no answer in ${rustupMillis / 1000} s` : tail(result.output, 3);
}

/**
 * Finds or makes the toolchain.
 * @param {object} [options]
 * @param {'own' | 'debian' | ''} [options.force] leaves out the other ways; by default `EDGESEAL_WASM_TOOLCHAIN`
 * @returns {Promise<Toolchain>}
 */
export async function wasmTarget({ force = process.env.EDGESEAL_WASM_TOOLCHAIN ?? '' } = {}) {
  if (!['', 'own', 'debian'].includes(force)) {
    throw new Problem(`EDGESEAL_WASM_TOOLCHAIN is ${JSON.stringify(force)}; it can be own, debian or empty.`);
  }
  const { version, sysroot } = ownCompiler();
  const own = { from: 'own', version, id: 'own', env: {} };
  if (force !== 'debian' && hasTarget(sysroot) && (await verified(own))) {
    ready(title, `of ${version.split(' ').slice(0, 2).join(' ')}`);
    return own;
  }
  return withLock(join(userCache, 'wasm-target.lock'), () => provide(own, sysroot, force));
}

async function provide(own, sysroot, force) {
  let reason = 'Debian was asked for';
  if (force !== 'debian') {
    reason = await working(title, 'adding it with rustup', addWithRustup, (failure) =>
      failure ? `but it could not: ${failure.split('\n')[0]}` : '',
    );
    if (!reason && hasTarget(sysroot) && (await verified(own))) return own;
    if (force === 'own')
      throw new Problem(
        `rustc has no ${wasmTriple} standard library, and rustup could not add it:\n${reason}`,
      );
  }
  return debianToolchain({ title, ownSysroot: sysroot, reason });
}
