/** The notices of the Rust crates that the WebAssembly modules are compiled from. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/process.mjs';
import { wasmTriple } from '../../scripts/lib/rust.mjs';
import { cratesInModules } from '../../scripts/lib/sbom/crates.mjs';

/**
 * Every crate with its licence. Where Apache-2.0 is among the choices it is the one taken, and its text is that of the
 * package; any other licence asks for its own text, which is repeated.
 *
 * @returns {Promise<string>} Markdown
 */
export async function crateNotices() {
  const [crates, folders] = await Promise.all([cratesInModules(), crateFolders()]);
  const lines = crates.map(({ name, version, licence }) => `- ${name} ${version}: ${licence}`);
  const texts = crates.flatMap(({ name, version, licence }) => {
    const folder = folders.get(`${name}@${version}`);
    return texted(folder, licence).map(
      (file) =>
        `### ${name} ${version}: ${file}\n\n\`\`\`\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\`\n`,
    );
  });
  return `# Rust crates in the WebAssembly modules

The modules also contain parts of the Rust standard library (MIT OR Apache-2.0). Where Apache-2.0 is among the choices, it
is the licence taken; its text is in LICENSE.

${lines.join('\n')}

${texts.join('\n')}`;
}

/** The files whose text a licence wants repeated: a NOTICE always, the licence unless it can be Apache-2.0. */
function texted(folder, licence) {
  const files = readdirSync(folder).sort();
  const needed = /^NOTICE/i;
  if (mayBeApache(licence)) return files.filter((file) => needed.test(file));
  // The text of Apache-2.0 is in the package already.
  const texts = files.filter(
    (file) => needed.test(file) || (/^(?:licen[cs]e|copying|unlicense)/i.test(file) && !/apache/i.test(file)),
  );
  if (texts.length === 0) throw new Error(`${folder} has no licence file; it cannot be packed`);
  return texts;
}

/** Whether Apache-2.0 alone satisfies an SPDX expression. */
function mayBeApache(licence) {
  return !/\bAND\b/.test(licence) && /\bApache-2\.0\b/.test(licence);
}

async function crateFolders() {
  const { stdout } = await run('cargo', [
    'metadata',
    '--locked',
    '--format-version',
    '1',
    '--filter-platform',
    wasmTriple,
    '--manifest-path',
    join(root, 'Cargo.toml'),
  ]);
  const { packages } = JSON.parse(stdout);
  return new Map(
    packages.map(({ name, version, manifest_path: manifest }) => [`${name}@${version}`, dirname(manifest)]),
  );
}
