/** The npm package: TypeScript over the wasm modules, bundled by its own build script. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutCache, root } from '../paths.mjs';
import { run } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { hashOf, stamp, stamped } from '../stamp.mjs';
import { transpiled } from './component.mjs';
import { flavours } from './flavours.mjs';
import { generated } from './wasm.mjs';

const title = 'npm package';
const folder = join(root, 'wasm', 'js');
const notInputs = new Set(['dist', 'generated', 'node_modules', 'test']);

/**
 * Calls `wasm/js/build.mjs --generated <folder> --out <folder>` when anything in the package or the modules changed.
 * The script bundles ESM and CommonJS and emits declarations; it ends with a code other than 0 when it fails.
 */
export async function buildPackage() {
  const script = join(folder, 'build.mjs');
  const out = join(folder, 'dist');
  const mark = join(checkoutCache, 'stamps', 'package');
  const modules = flavours.map(({ name }) => join(generated, name));
  const tools = ['tsconfig.base.json', 'package-lock.json', 'Cargo.lock'].map((name) => join(root, name));
  const sources = readdirSync(folder)
    .filter((name) => !notInputs.has(name))
    .map((name) => join(folder, name));
  const inputs = hashOf({ base: root, paths: [...sources.sort(), ...modules, transpiled, ...tools] });
  if (stamped(mark, inputs) && existsSync(out)) return ready(title);
  await working(title, 'bundling and writing declarations', () =>
    run(process.execPath, [script, '--generated', generated, '--out', out], { cwd: folder }),
  );
  stamp(mark, inputs);
}
