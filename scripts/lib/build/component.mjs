/**
 * From the crate edgeseal-component to a WebAssembly component (component/dist/edgeseal.wasm, for every host), and to the
 * JavaScript and the core module that jco makes of it (wasm/js/generated/component, for the npm package).
 */
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freshFolder } from '../fresh.mjs';
import { checkoutCache, root } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { run } from '../process.mjs';
import { ready, size, working } from '../progress.mjs';
import { encodedFlags, remapFlags, wasmTriple } from '../rust.mjs';
import { hashOf, stamp, stamped } from '../stamp.mjs';
import { generated, optimise, targetDir } from './wasm.mjs';

const title = 'wasm component';
const stem = 'edgeseal';
const profile = 'component';
const mark = join(checkoutCache, 'stamps', 'component');

/** The component itself. */
export const component = join(root, 'component', 'dist', `${stem}.wasm`);

/** The JavaScript of the component, its declarations and its core module. */
export const transpiled = join(generated, 'component');

/** Everything that the component and its JavaScript are made from, besides the compiler. */
const sources = [
  'Cargo.toml',
  'Cargo.lock',
  'core/Cargo.toml',
  'core/src',
  'component/Cargo.toml',
  'component/src',
  'component/wit',
  'scripts/lib/build/component.mjs',
  'scripts/lib/build/wasm.mjs',
  'scripts/lib/rust.mjs',
  'node_modules/binaryen/package.json',
  'node_modules/esbuild/package.json',
  'node_modules/@bytecodealliance/jco-transpile/package.json',
].map((path) => join(root, path));

/** The WIT as one text, its package first. */
export function readWit() {
  const folder = join(root, 'component', 'wit');
  const others = readdirSync(folder).filter((name) => name !== 'world.wit');
  return ['world.wit', ...others.sort()].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

async function compile(toolchain) {
  // The crate is a library for everybody else, since its exports have names that only wasm can link.
  const args = ['rustc', '--package', 'edgeseal-component', '--lib', '--crate-type', 'cdylib'];
  const where = ['--profile', profile, '--target', wasmTriple, '--target-dir', targetDir(toolchain)];
  await run('cargo', [...args, ...where], {
    env: { ...toolchain.env, CARGO_ENCODED_RUSTFLAGS: encodedFlags(remapFlags({ [root]: 'edgeseal' })) },
  });
  return join(targetDir(toolchain), wasmTriple, profile, 'edgeseal_component.wasm');
}

/** What `jco new` does: wraps the core module in the types that its own custom section describes. */
async function wrap(module) {
  const { componentNew } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  const draft = `${module}.draft`;
  copyFileSync(module, draft);
  await optimise(draft, ['-Oz']);
  await mkdir(dirname(component), { recursive: true });
  await writeFile(component, await componentNew(await readFile(draft), []));
}

/** What `jco types` does: declarations from the WIT, whose comments a component does not carry. */
async function documentedTypes() {
  const { $init, generateTypes } = await import('@bytecodealliance/jco-transpile/component');
  await $init;
  const instantiation = { tag: 'sync' };
  return Object.fromEntries(
    generateTypes(stem, { wit: { tag: 'source', val: readWit() }, world: stem, instantiation }),
  );
}

/**
 * jco's JavaScript looks at JCO_DEBUG at each call and then prints what passes by. A library of secrets must not, and Deno
 * asks for a permission for the look.
 */
async function withoutDebugging(bytes) {
  const { transform } = await import('esbuild');
  const { code } = await transform(Buffer.from(bytes).toString('utf8'), {
    format: 'esm',
    target: 'es2022',
    minify: true,
    define: { 'globalThis.process.env.JCO_DEBUG': 'undefined' },
  });
  if (code.includes('JCO_DEBUG'))
    throw new Problem('The JavaScript of the component can still be told to print.');
  return code;
}

/**
 * What `jco transpile` does. Instantiation is synchronous and the caller's, so that one text serves runtimes that compile
 * a module at once, those that compile it in the background, and those that only take one that was compiled before.
 */
async function transpile() {
  const { transpileBytes } = await import('@bytecodealliance/jco-transpile');
  const { files, imports } = await transpileBytes(await readFile(component), {
    name: stem,
    instantiation: 'sync',
    namespacedExports: false,
    noComponentErrorWrapping: false,
    minify: true,
  });
  const declarations = await documentedTypes();
  if (imports.length > 0)
    throw new Problem(`The component imports ${imports.join(', ')}; it must import nothing.`);
  const script = await withoutDebugging(files[`${stem}.js`]);
  await freshFolder(transpiled, async (draft) => {
    const made = { ...files, ...declarations, [`${stem}.js`]: script };
    for (const [name, bytes] of Object.entries(made)) {
      const file = join(draft, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
  });
}

/** The sizes of the component and of what the npm package carries of it, as they are and as gzip sees them. */
function componentSize() {
  const measure = (file) => {
    const bytes = readFileSync(file);
    return `${size(bytes.length)}, gzip ${size(gzipSync(bytes, { level: 9 }).length)}`;
  };
  return `${measure(component)}; its JavaScript ${measure(join(transpiled, `${stem}.js`))}`;
}

/**
 * Builds the component and its JavaScript, unless nothing changed.
 * @param {import('../setup/wasm-target.mjs').Toolchain} toolchain
 */
export async function buildComponent(toolchain) {
  const inputs = hashOf({ base: root, paths: sources, words: [toolchain.version, toolchain.id] });
  if (stamped(mark, inputs) && existsSync(component) && existsSync(transpiled)) {
    return ready(title, componentSize());
  }
  const module = await working(title, 'compiling Rust to wasm', () => compile(toolchain));
  await working(title, 'optimising and wrapping', () => wrap(module));
  await working(title, 'transpiling to JavaScript', transpile, componentSize);
  stamp(mark, inputs);
}
