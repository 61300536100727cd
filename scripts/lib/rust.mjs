/** What every call of the Rust compiler shares. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The target of the wasm modules. */
export const wasmTriple = 'wasm32-unknown-unknown';

/**
 * Compiler flags that keep folders of this machine out of panic locations: crates appear under `crates`, and each of the
 * given folders under its own short name.
 * @param {Record<string, string>} folders from folder to short name
 * @returns {string[]}
 */
export function remapFlags(folders) {
  const sources = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'registry', 'src');
  // The folder of a registry is named by a hash of its address, so each one is mapped by itself.
  const registries = existsSync(sources) ? readdirSync(sources).map((name) => join(sources, name)) : [];
  const prefixes = [...registries.map((folder) => [folder, 'crates']), ...Object.entries(folders)];
  return prefixes.map(([folder, name]) => `--remap-path-prefix=${folder}=${name}`);
}

/** Flags as cargo takes them in CARGO_ENCODED_RUSTFLAGS, where a space does not part two flags. */
export const encodedFlags = (flags) => flags.join('\x1f');
