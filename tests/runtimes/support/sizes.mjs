/** How much a program loads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { esbuild } from './toolchain.mjs';

/**
 * @typedef {{ raw: number, gzip: number }} Size bytes as they are, and each file compressed by gzip at its best
 */

/**
 * @param {Iterable<Uint8Array>} files
 * @returns {Size}
 */
export function sizeOf(files) {
  const size = { raw: 0, gzip: 0 };
  for (const bytes of files) {
    size.raw += bytes.length;
    size.gzip += gzipSync(bytes, { level: 9 }).length;
  }
  return size;
}

/**
 * The files of the package that a program loads where nothing bundles it, found by following its imports.
 * @param {string} folder
 * @param {string} program
 * @param {string[]} conditions of the runtime, beside `import`, `require` and `default`
 * @returns {Promise<string[]>} paths in the folder; the first is the one that the name of the package leads to
 */
export async function filesLoaded(folder, program, conditions) {
  const { build } = await esbuild();
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [program],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    conditions,
    loader: { '.wasm': 'binary' },
    logLevel: 'silent',
  });
  const [first] = metafile.inputs[program].imports.map(({ path }) => path);
  const inside = Object.keys(metafile.inputs).filter((path) => path.startsWith('node_modules/edgeseal/'));
  return [first, ...inside.filter((path) => path !== first)];
}

/** A number of bytes as the tables write it. */
export const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;

/** The bytes of files. */
export const bytesOf = (folder, files) => files.map((file) => readFileSync(join(folder, file)));
