/** The runtime client that Lambda runs Node functions with, compiled once and shared by checkouts. */
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder, scratchFolder, withLock } from '../fresh.mjs';
import { toolCache } from '../paths.mjs';
import { run, which } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { installPackages } from './apt.mjs';

const title = 'Lambda runtime client';
/** The newest version that runs on the Node versions that the project supports; the next one needs Node 22. */
const version = '3.3.0';
const name = 'aws-lambda-ric';

/** The programs that its native part is built with, and the Debian packages they are in. */
const builders = {
  cmake: 'cmake',
  'c++': 'g++',
  make: 'make',
  autoreconf: 'autoconf',
  automake: 'automake',
  libtoolize: 'libtool',
  python3: 'python3',
};

/** Node's own headers, where they are installed, so that none are fetched. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {};
}

/**
 * Finds the runtime client in the cache, or compiles it.
 * @returns {Promise<string>} the path of its program: `node PROGRAM index.handler` in the folder of a function
 * @throws {import('../problem.mjs').Problem} when something to build it with is missing and cannot be installed, or the build fails
 */
export async function lambdaRic() {
  const home = join(toolCache, `${name}-${version}-node-${process.versions.modules}`);
  const program = join(home, 'bin', 'index.mjs');
  if (existsSync(program)) {
    ready(title, version);
    return program;
  }
  const missing = Object.entries(builders).filter(([program]) => !which(program));
  if (missing.length > 0) {
    const packages = missing.map(([, debian]) => debian);
    await working(title, `installing ${packages.join(', ')}`, () =>
      installPackages(
        packages,
        'The Lambda runtime client is compiled, and something to compile it with is missing.',
      ),
    );
  }
  await withLock(`${home}.lock`, async () => {
    if (existsSync(program)) return;
    await working(title, `compiling version ${version}`, () =>
      scratchFolder(async (draft) => {
        // Newer versions of npm run the build of a package only where it is named here.
        const manifest = { private: true, allowScripts: { [name]: true }, dependencies: { [name]: version } };
        writeFileSync(join(draft, 'package.json'), JSON.stringify(manifest));
        await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: draft, env: headers() });
        const built = join(draft, 'node_modules', name);
        await freshFolder(home, async (folder) => {
          for (const part of ['bin', 'dist', 'package.json', 'LICENSE']) {
            cpSync(join(built, part), join(folder, part), { recursive: true });
          }
        });
      }),
    );
  });
  return program;
}
