/** The npm packages whose code is in the package. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { libraries, packagesOf } from '../../../wasm/js/libraries.mjs';
import { root } from '../paths.mjs';

/**
 * Every npm package that is packed, found the way the package's build finds it.
 * @returns {Promise<import('./crates.mjs').Component[]>}
 */
export async function packagesInside() {
  const folder = join(root, 'wasm', 'js');
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: libraries,
    outdir: '.',
    platform: 'node',
    bundle: true,
    external: ['supports-color'],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).map((file) => join(folder, file));
  return packagesOf(files).map(({ name, version, license }) => ({
    type: 'npm',
    name,
    version,
    licence: license,
  }));
}
