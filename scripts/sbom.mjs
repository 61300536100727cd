/**
 * Writes what the npm package is made of, as a CycloneDX document: `npm run sbom`.
 *
 * The package depends on nothing, so a list of its dependencies is empty. What matters is inside: the Rust crates that
 * were compiled into its WebAssembly modules, and the libraries that were packed into its JavaScript.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { Problem, runMain, UsageProblem } from './lib/problem.mjs';

const help = `Writes what the npm package is made of, as a CycloneDX document.

Usage: npm run sbom [-- OPTIONS]

Options:
  --archive FILE   the packed package, whose digest the document then states
  --out FILE       where to write; standard output by default
  -h, --help       show this text`;

function readArguments(args) {
  try {
    return parseArgs({
      args,
      options: {
        archive: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageProblem(`${error.message}\n\n${help}`);
  }
}

function digestOf(archive) {
  try {
    return {
      name: basename(archive),
      sha256: createHash('sha256').update(readFileSync(archive)).digest('hex'),
    };
  } catch (error) {
    throw new Problem(`the archive ${archive} cannot be read: ${error.code}`);
  }
}

async function main(args) {
  const { archive, out, help: wantsHelp } = readArguments(args);
  if (wantsHelp) return void process.stdout.write(`${help}\n`);
  const [{ cratesInModules }, { packagesInside }, { sbom }] = await Promise.all([
    import('./lib/sbom/crates.mjs'),
    import('./lib/sbom/packages.mjs'),
    import('./lib/sbom/document.mjs'),
  ]);
  const text = await sbom({
    product: JSON.parse(readFileSync(join(root, 'wasm', 'js', 'package.json'), 'utf8')),
    parts: [...(await cratesInModules()), ...(await packagesInside())],
    files: archive === undefined ? [] : [digestOf(archive)],
  });
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
}

await runMain(() => main(process.argv.slice(2)));
