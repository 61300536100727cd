/** workerd: a worker bundled as Cloudflare's own tool does it, with WebAssembly as modules beside it. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programText } from '../support/projects.mjs';
import { bytesOf, sizeOf } from '../support/sizes.mjs';
import { esbuild, printed, programs } from '../support/toolchain.mjs';

const worker = `import main from './program.mjs';

export default {
  async test() {
    console.log(JSON.stringify(await main()));
  },
};
`;

/** The configuration: every file of the bundle under the name by which the worker imports it. */
const configuration = (modules) => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);

const worker :Workerd.Worker = (
  modules = [
${modules.map((name) => `    (name = "${name}", ${name.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed "dist/${name}"),`).join('\n')}
  ],
  compatibilityDate = "2026-11-01",
);
`;

async function bundle(folder) {
  const { build } = await esbuild();
  await build({
    absWorkingDir: folder,
    entryPoints: ['worker.mjs'],
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    outExtension: { '.js': '.mjs' },
    // Imports of WebAssembly stay, and the files go beside the bundle.
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    logLevel: 'error',
  });
  const files = readdirSync(join(folder, 'dist')).sort(
    (one, other) => Number(other === 'worker.mjs') - Number(one === 'worker.mjs'),
  );
  writeFileSync(join(folder, 'config.capnp'), configuration(files));
  return files.map((name) => join('dist', name));
}

/** @type {import('./cells.mjs').Cell['prepare']} */
export async function workerd(projects, name) {
  const folder = projects.make({ 'program.mjs': programText(name, 'esm'), 'worker.mjs': worker });
  const files = await bundle(folder);
  return {
    run: () => printed(programs.workerd, ['test', 'config.capnp'], folder),
    size: async () => sizeOf(bytesOf(folder, files)),
    close: async () => {},
  };
}
