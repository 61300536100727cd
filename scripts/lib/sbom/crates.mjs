/** The Rust crates whose code is in the wasm modules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flavours } from '../build/flavours.mjs';
import { root } from '../paths.mjs';
import { run } from '../process.mjs';
import { wasmTriple } from '../rust.mjs';

/**
 * @typedef {object} Component
 * @property {string} type of package URL: `cargo` or `npm`
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression
 * @property {string} [source] address of its repository
 * @property {string} [sha256] of the archive in the registry, in hexadecimal
 */

/** What is compiled into the package: each flavour of the module, and the component. */
const builds = [
  ...flavours.map(({ features }) => ({ crate: 'edgeseal-wasm', features })),
  { crate: 'edgeseal-component', features: [] },
];

/**
 * Every crate that any of them is compiled from, once. Macros run in the compiler and leave no code of their own.
 * @returns {Promise<Component[]>}
 */
export async function cratesInModules() {
  const found = new Map();
  for (const { crate: name, features } of builds) {
    const { stdout } = await run('cargo', [
      'tree',
      '--locked',
      '--package',
      name,
      '--target',
      wasmTriple,
      '--no-default-features',
      '--features',
      features.join(','),
      '--edges',
      'normal,no-proc-macro',
      '--prefix',
      'none',
      '--no-dedupe',
      '--format',
      '{p}|{l}|{r}',
    ]);
    for (const crate of readTree(stdout)) found.set(`${crate.name}@${crate.version}`, crate);
  }
  const sums = checksums(readFileSync(join(root, 'Cargo.lock'), 'utf8'));
  return [...found.values()]
    .map((crate) => ({ ...crate, sha256: sums.get(`${crate.name}@${crate.version}`) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Crates from the lines of `cargo tree`. Those of this workspace stand with their folder, and are left out. */
export function readTree(text) {
  return text
    .split('\n')
    .filter((line) => line !== '' && !/^\S+ v\S+ \(\//.test(line))
    .map((line) => {
      const [crate, licence, source] = line.split('|');
      const [name, version] = crate.split(' ');
      return {
        type: 'cargo',
        name,
        version: version.replace(/^v/, ''),
        // An old spelling of a choice, which is no SPDX.
        licence: licence.replaceAll('/', ' OR '),
        source: source || undefined,
      };
    });
}

/** Checksums of archives by `name@version`, from Cargo.lock. */
export function checksums(lock) {
  const entry =
    /\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"\n(?:source = .*\n)?(?:checksum = "([0-9a-f]{64})")?/g;
  return new Map([...lock.matchAll(entry)].map(([, name, version, sum]) => [`${name}@${version}`, sum]));
}
