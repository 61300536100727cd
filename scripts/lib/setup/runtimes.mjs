/** The runtimes and bundlers that the packed package is tried in, installed once and shared by checkouts. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, withLock } from '../fresh.mjs';
import { root, toolCache } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { run } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { hashOf } from '../stamp.mjs';

const title = 'runtimes';
const source = join(root, 'tests', 'runtimes', 'toolchain');
const files = ['package.json', 'package-lock.json'];

/** Where they are: a folder with `node_modules`, named by what the lock file says. */
export function runtimesHome() {
  const hash = hashOf({ base: source, paths: files.map((file) => join(source, file)) });
  return join(toolCache, `runtimes-${hash.slice(0, 12)}`);
}

/**
 * The programs of the runtimes, which come in packages of their own for each platform.
 * @param {string} home
 * @returns {Record<'node20' | 'node22' | 'node24' | 'deno' | 'bun' | 'workerd', string>}
 */
export function runtimePrograms(home) {
  const { arch } = process;
  const inside = (...parts) => join(home, 'node_modules', ...parts);
  return {
    node20: inside(`node-20-${arch}`, 'bin', 'node'),
    node22: inside(`node-22-${arch}`, 'bin', 'node'),
    node24: inside(`node-24-${arch}`, 'bin', 'node'),
    deno: inside('@deno', `linux-${arch}-glibc`, 'deno'),
    bun: inside('@oven', `bun-linux-${arch === 'arm64' ? 'aarch64' : arch}`, 'bin', 'bun'),
    workerd: inside('@cloudflare', `workerd-linux-${arch === 'x64' ? '64' : arch}`, 'bin', 'workerd'),
  };
}

/**
 * Installs exactly what the lock file says, unless it is there. No script of a package runs.
 * @returns {Promise<string>} the folder
 * @throws {Problem} where a runtime has no program for this platform
 */
export async function runtimes() {
  const home = runtimesHome();
  if (existsSync(home)) {
    ready(title);
    return home;
  }
  await withLock(`${home}.lock`, async () => {
    if (existsSync(home)) return;
    await working(title, 'installing Node 20 to 24, Deno, Bun, workerd and bundlers', () =>
      freshFolder(home, async (folder) => {
        for (const file of files) copyFileSync(join(source, file), join(folder, file));
        await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
        const missing = Object.entries(runtimePrograms(folder)).filter(([, path]) => !existsSync(path));
        if (missing.length === 0) return;
        const names = missing.map(([name]) => name).join(', ');
        throw new Problem(
          `There is no ${names} for ${process.platform} ${process.arch} among the npm packages.`,
        );
      }),
    );
  });
  return home;
}
