/** From the crate edgeseal-wasm to optimised modules with JavaScript glue, in wasm/js/generated/<flavour>. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freshFolder } from '../fresh.mjs';
import { checkoutCache, root } from '../paths.mjs';
import { run } from '../process.mjs';
import { ready, size, working } from '../progress.mjs';
import { encodedFlags, remapFlags, wasmTriple } from '../rust.mjs';
import { hashOf, stamp, stamped } from '../stamp.mjs';
import { flavours, outName } from './flavours.mjs';

/** Where the glue and the modules go. */
export const generated = join(root, 'wasm', 'js', 'generated');

/** Where cargo keeps what it compiles for wasm32, for each toolchain. */
export const targetDir = (toolchain) => join(root, 'target', 'wasm', toolchain.id);

/** Everything a module is made from, besides the compiler. */
const sources = [
  'Cargo.toml',
  'Cargo.lock',
  'core/Cargo.toml',
  'core/src',
  'wasm/Cargo.toml',
  'wasm/src',
  'wasm/bindgen',
  'scripts/lib/build/flavours.mjs',
  'scripts/lib/build/wasm.mjs',
  'scripts/lib/rust.mjs',
  'node_modules/binaryen/package.json',
].map((path) => join(root, path));

async function compile(flavour, toolchain) {
  const args = [
    'build',
    '--package',
    'edgeseal-wasm',
    '--profile',
    'wasm',
    '--target',
    wasmTriple,
    '--target-dir',
    targetDir(toolchain),
    '--no-default-features',
    '--features',
    flavour.features.join(','),
  ];
  await run('cargo', args, {
    env: { ...toolchain.env, CARGO_ENCODED_RUSTFLAGS: encodedFlags(remapFlags({ [root]: 'edgeseal' })) },
  });
  return join(targetDir(toolchain), wasmTriple, 'wasm', 'edgeseal_wasm.wasm');
}

async function glue(module, draft, generator) {
  await run(generator, [module, '--out-dir', draft, '--out-name', outName, '--target', 'web']);
  return join(draft, `${outName}_bg.wasm`);
}

/** Optimises a module in its place. Custom sections that are not about who made it stay. */
export async function optimise(module, options) {
  const optimiser = join(root, 'node_modules', 'binaryen', 'bin', 'wasm-opt');
  const draft = `${module}.opt`;
  await run(process.execPath, [
    optimiser,
    module,
    '-o',
    draft,
    ...options,
    '--strip-producers',
    '--strip-target-features',
  ]);
  renameSync(draft, module);
}

/** The size of a flavour's module, as it is and as gzip sees it. */
function moduleSize(name) {
  const bytes = readFileSync(join(generated, name, `${outName}_bg.wasm`));
  return `${size(bytes.length)}, gzip ${size(gzipSync(bytes, { level: 9 }).length)}`;
}

/**
 * Builds every flavour whose inputs changed.
 * @param {object} tools
 * @param {import('../setup/wasm-target.mjs').Toolchain} tools.toolchain
 * @param {string} tools.generator the program of {@link import('../setup/bindgen.mjs')}
 */
export async function buildModules({ toolchain, generator }) {
  const inputs = hashOf({ base: root, paths: sources, words: [toolchain.version, toolchain.id] });
  for (const flavour of flavours) {
    const title = `wasm module (${flavour.name})`;
    const mark = join(checkoutCache, 'stamps', `wasm-${flavour.name}`);
    const folder = join(generated, flavour.name);
    if (stamped(mark, inputs) && existsSync(join(folder, `${outName}_bg.wasm`))) {
      ready(title, moduleSize(flavour.name));
      continue;
    }
    const module = await working(title, 'compiling Rust to wasm', () => compile(flavour, toolchain));
    await working(
      title,
      'writing glue and optimising',
      () =>
        freshFolder(folder, async (draft) =>
          optimise(await glue(module, draft, generator), flavour.optimise),
        ),
      () => moduleSize(flavour.name),
    );
    stamp(mark, inputs);
  }
}
