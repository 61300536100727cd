/**
 * Debian's Rust compiler with a wasm32 standard library.
 *
 * Debian ships a compiler that can emit wasm (`rustc-web`) and the source of its standard library (`rust-web-src`), but
 * no compiled wasm32 library. It is compiled here once and put into a sysroot of its own, with a compiler wrapper that
 * knows the place; cargo then needs nothing but `RUSTC`.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { freshFolder, scratchFolder } from '../fresh.mjs';
import { userCache } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { query, run, which } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { encodedFlags, remapFlags, wasmTriple } from '../rust.mjs';
import { hashOf } from '../stamp.mjs';
import { installPackages } from './apt.mjs';
import { verified } from './wasm-probe.mjs';

const compiler = '/usr/bin/rustc';
const packages = ['rustc-web', 'rust-web-src'];

const sourceFolder = (sysroot) => join(sysroot, 'lib', 'rustlib', 'src', 'rust');

const installed = () => {
  const sysroot = query(compiler, ['--print', 'sysroot']);
  return sysroot && existsSync(join(sourceFolder(sysroot), 'library', 'std')) ? sysroot : undefined;
};

const hostOf = (verbose) => /^host: (.+)$/m.exec(verbose)?.[1] ?? '';

/** The linker: rustup's own if there is one, else Debian's. */
function findLinker(ownSysroot, host) {
  const own = join(ownSysroot, 'lib', 'rustlib', host, 'bin', 'rust-lld');
  if (existsSync(own)) return own;
  return ['wasm-ld', 'wasm-ld-19'].map((name) => which(name)).find(Boolean);
}

async function compileStd(crate, { debianSysroot, linker }) {
  mkdirSync(join(crate, 'src'));
  writeFileSync(
    join(crate, 'Cargo.toml'),
    '[package]\nname = "std-for-wasm"\nedition = "2024"\n\n[workspace]\n',
  );
  writeFileSync(join(crate, 'src', 'lib.rs'), '');
  const args = ['build', '--release', '-Zbuild-std=std,panic_abort', '--target', wasmTriple];
  const env = {
    RUSTC: compiler,
    RUSTC_BOOTSTRAP: '1',
    CARGO_ENCODED_RUSTFLAGS: encodedFlags(remapFlags({ [sourceFolder(debianSysroot)]: 'rust' })),
    CARGO_TARGET_DIR: join(crate, 'target'),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker,
  };
  await run('cargo', args, { cwd: crate, env });
  return join(crate, 'target', wasmTriple, 'release', 'deps');
}

/** Lays out the sysroot: our wasm32 library, Debian's host library, the linker, and a compiler that uses them. */
function layOut(sysroot, { home, host, debianSysroot, linker, libraries }) {
  const rustlib = join(sysroot, 'lib', 'rustlib');
  const wasmLib = join(rustlib, wasmTriple, 'lib');
  for (const folder of [wasmLib, join(rustlib, host, 'bin'), join(sysroot, 'bin')])
    mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(libraries).filter(
    (name) => name.endsWith('.rlib') && !name.startsWith('libstd_for_wasm'),
  )) {
    copyFileSync(join(libraries, name), join(wasmLib, name));
  }
  symlinkSync(join(debianSysroot, 'lib', 'rustlib', host, 'lib'), join(rustlib, host, 'lib'));
  symlinkSync(linker, join(rustlib, host, 'bin', 'rust-lld'));
  const wrapper = join(sysroot, 'bin', 'rustc');
  writeFileSync(wrapper, `#!/bin/sh\nexec ${compiler} --sysroot '${home}' "$@"\n`);
  chmodSync(wrapper, 0o755);
}

/** A short hash of the library's file names, which cargo makes from everything it was compiled with. */
function libraryId(home) {
  const names = readdirSync(join(home, 'lib', 'rustlib', wasmTriple, 'lib')).sort();
  return `debian-${hashOf({ base: home, words: names }).slice(0, 12)}`;
}

/**
 * Finds or makes the toolchain.
 * @param {object} options
 * @param {string} options.title the name of the step in progress lines
 * @param {string} options.ownSysroot the sysroot of the compiler on PATH, which may have a linker
 * @param {string} options.reason why the easier ways did not do
 * @returns {Promise<import('./wasm-target.mjs').Toolchain>}
 */
export async function debianToolchain({ title, ownSysroot, reason }) {
  if (!installed()) {
    const why = `There is no Rust standard library for ${wasmTriple}: rustup could not add it (${reason.split('\n').at(-1)}),\nand Debian's compiler is not installed.`;
    await working(title, `installing ${packages.join(' and ')}`, () => installPackages(packages, why));
  }
  const debianSysroot = installed();
  if (!debianSysroot)
    throw new Problem(
      `${packages.join(' and ')} are installed, but ${compiler} or its library source is missing.`,
    );
  const verbose = query(compiler, ['-vV']);
  const host = hostOf(verbose);
  let linker = findLinker(ownSysroot, host);
  if (!linker) {
    await installPackages(['lld-19'], `A linker for ${wasmTriple} is missing.`);
    linker = findLinker(ownSysroot, host);
  }
  const version = verbose.split('\n')[0];
  const key = hashOf({ base: userCache, words: [verbose, linker] }).slice(0, 12);
  const home = join(userCache, `wasm-sysroot-${key}`);
  const toolchain = () => ({
    from: 'debian',
    version,
    id: libraryId(home),
    env: { RUSTC: join(home, 'bin', 'rustc') },
  });
  if (existsSync(home) && (await verified(toolchain()))) {
    ready(title, `of Debian's ${version.split(' ').slice(0, 2).join(' ')}`);
    return toolchain();
  }
  await working(title, `compiling it with Debian's ${version.split(' ').slice(0, 2).join(' ')}`, () =>
    freshFolder(home, (sysroot) =>
      scratchFolder(async (crate) => {
        const libraries = await compileStd(crate, { debianSysroot, linker });
        layOut(sysroot, { home, host, debianSysroot, linker, libraries });
      }),
    ),
  );
  if (!(await verified(toolchain()))) {
    throw new Problem(`The compiler in ${home} cannot build a small library for ${wasmTriple}.`);
  }
  return toolchain();
}
