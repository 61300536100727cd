/** The npm packages of package-lock.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../fresh.mjs';
import { checkoutCache, root } from '../paths.mjs';
import { run } from '../process.mjs';
import { ready, working } from '../progress.mjs';

const title = 'npm packages';

/**
 * Whether npm has installed what a lock file asks for, by npm's own record of what it installed.
 * @param {Record<string, any>} wanted `packages` of package-lock.json
 * @param {Record<string, any>} present `packages` of node_modules/.package-lock.json
 */
export function upToDate(wanted, present) {
  const fits = ([path, entry]) => {
    // The workspaces themselves are not installed, and an optional package may be for another platform.
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (!found) return Boolean(entry.optional);
    return found.version === entry.version && found.integrity === entry.integrity;
  };
  const known = (path) => path in wanted;
  return Object.entries(wanted).every(fits) && Object.keys(present).every(known);
}

function installed() {
  try {
    const packages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    return upToDate(packages('package-lock.json'), packages('node_modules/.package-lock.json'));
  } catch {
    // No record, or half of one: an install that never happened or was interrupted.
    return false;
  }
}

/** Installs exactly what the lock file says, unless it is all there. */
export async function npmPackages() {
  if (installed()) return ready(title);
  await withLock(join(checkoutCache, 'npm.lock'), async () => {
    if (installed()) return;
    await working(title, 'installing from package-lock.json', () =>
      run('npm', ['ci', '--no-audit', '--no-fund']),
    );
  });
}
