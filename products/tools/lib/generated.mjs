/** Files that are generated and committed: writing them, and saying which are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ComposeError } from './errors.mjs';
import { root } from './products.mjs';

/**
 * Paths of files that differ from what they should be.
 * @param {Array<{ path: string, text: string }>} files
 */
export function staleFiles(files) {
  return files
    .filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(({ path }) => relative(root, path));
}

/**
 * The body of a generator's command line: `--check` fails when a file is stale, without it the stale files are written.
 * @param {() => Array<{ path: string, text: string }>} generate
 * @param {string[]} args
 */
export function runGenerator(generate, args) {
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) return fail(`unknown option ${unknown[0]}: the only option is --check`, 2);
  let files;
  try {
    files = generate();
  } catch (error) {
    if (!(error instanceof ComposeError) && error.name !== 'YAMLParseError' && error.code !== 'ENOENT')
      throw error;
    return fail(`${error.code}: ${error.message}`, 1);
  }
  const stale = staleFiles(files);
  if (args.includes('--check')) {
    if (stale.length > 0) fail(`stale: ${stale.join(', ')}. Run this command again without --check.`, 1);
    return;
  }
  for (const { path, text } of files) if (stale.includes(relative(root, path))) writeFileSync(path, text);
  for (const path of stale) console.log(`wrote ${path}`);
}

function fail(message, code) {
  console.error(message);
  process.exitCode = code;
}
