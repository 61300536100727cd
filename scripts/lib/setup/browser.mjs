/** A browser for the browser tests. */

import { Problem } from '../problem.mjs';
import { which } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { installPackages } from './apt.mjs';

const title = 'browser';
const names = ['chromium', 'chromium-browser', 'google-chrome'];

const find = () => names.map((name) => which(name)).find(Boolean);

/**
 * Finds Chromium, or installs Debian's package.
 * @returns {Promise<string>} the path of the program
 */
export async function chromium() {
  const found = process.env.EDGESEAL_CHROMIUM || find();
  if (found) {
    ready(title, found);
    return found;
  }
  await working(title, 'installing chromium', () =>
    installPackages(['chromium'], 'No Chromium was found on PATH, and the browser tests need one.'),
  );
  const installed = find();
  if (!installed) throw new Problem('The package chromium is installed, but there is no chromium on PATH.');
  return installed;
}
