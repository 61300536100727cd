// A module of a page, for tests that need no page: bundled alone and imported.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Imports a module of the inspector by its name. */
export async function pageModule(name) {
  const entry = fileURLToPath(new URL(`../../../wasm/js/src/inspector/${name}.ts`, import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
