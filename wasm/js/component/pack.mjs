/** Puts the component into the package: what jco made of it, and the entries around that. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const modules = ['edgeseal.core.wasm', 'edgeseal.core2.wasm', 'edgeseal.core3.wasm'];
const entries = ['exports.js', 'index.d.ts', 'node.js', 'web.js', 'workerd.js'];

/**
 * Fills a folder.
 * @param {object} folders
 * @param {string} folders.generated what the build made of the component
 * @param {string} folders.out
 */
export function packComponent({ generated, out }) {
  const made = readdirSync(generated).filter((name) => name.endsWith('.wasm'));
  // The entries for the web name each module, so that a bundler sees it.
  if (made.sort().join() !== modules.join()) {
    throw new Error(`jco made the modules ${made.join(', ')}; the entries know ${modules.join(', ')}`);
  }
  cpSync(generated, out, { recursive: true });
  for (const name of entries) cpSync(join(import.meta.dirname, name), join(out, name));
}
