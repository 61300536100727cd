/**
 * Writes the template of every composed product version from its compose.yaml.
 *
 *     node products/tools/compose.mjs            write the templates
 *     node products/tools/compose.mjs --check    fail when one is stale, and write nothing
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { formatTemplate } from './lib/cfn-yaml.mjs';
import { compose } from './lib/compose.mjs';
import { ComposeError } from './lib/errors.mjs';
import { runGenerator } from './lib/generated.mjs';
import { allVersions, readVersion, root } from './lib/products.mjs';

const note = '# Generated from compose.yaml by `node products/tools/compose.mjs`. Do not edit.\n';

/** The composed templates as they should be: `{ path, text }`. */
export function composedFiles() {
  return allVersions()
    .map(({ path }) => ({ path, specPath: join(dirname(path), 'compose.yaml') }))
    .filter(({ specPath }) => existsSync(specPath))
    .map(({ path, specPath }) => ({ path, text: note + formatTemplate(composeFrom(specPath)) }));
}

function composeFrom(specPath) {
  try {
    return compose(parse(readFileSync(specPath, 'utf8')), readVersion);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw new ComposeError(error.code, `${relative(root, specPath)}: ${error.message}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  runGenerator(composedFiles, process.argv.slice(2));
