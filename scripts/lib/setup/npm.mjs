/** The npm packages of package-lock.json. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutCache, root } from '../paths.mjs';
import { run } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { hashOf, stamp, stamped } from '../stamp.mjs';

const title = 'npm packages';

/** Installs exactly what the lock file says, unless that was done for this very lock file. */
export async function npmPackages() {
  const mark = join(checkoutCache, 'stamps', 'npm');
  const hash = hashOf({
    base: root,
    paths: [join(root, 'package-lock.json')],
    words: [process.versions.modules],
  });
  if (existsSync(join(root, 'node_modules', '.package-lock.json')) && stamped(mark, hash)) {
    return ready(title);
  }
  await working(title, 'installing from package-lock.json', () =>
    run('npm', ['ci', '--no-audit', '--no-fund']),
  );
  stamp(mark, hash);
}
