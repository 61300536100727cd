/** The libraries that are packed into the package, so that it depends on none. Their types stand in src/vendor. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the package's own code asks for, by name. */
export const libraries = ['fflate', 'send'];

/**
 * The packages that files belong to.
 * @param {Iterable<string>} files absolute paths of what was packed
 * @returns {{ folder: string, name: string, version: string, license: string }[]} by name
 */
export function packagesOf(files) {
  const folders = new Set([...files].map(packageFolder).filter(Boolean));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { folder, name, version, license };
  });
}

function packageFolder(file) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}
