/** Rust programs the linters need, compiled once per version and shared by checkouts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, scratchFolder, withLock } from '../fresh.mjs';
import { toolCache } from '../paths.mjs';
import { query, run, which } from '../process.mjs';
import { ready, working } from '../progress.mjs';

/** Programs by name: the crate, its exact version, and how the program states its version. */
const cargoTools = {
  'cargo-deny': { crate: 'cargo-deny', version: '0.20.2' },
  'cfn-guard': { crate: 'cfn-guard', version: '3.2.1' },
};

/**
 * Finds a program of the wanted version on PATH or in the cache, or compiles it.
 * @param {keyof typeof cargoTools} name
 * @returns {Promise<string>} the path of the program
 */
export async function cargoTool(name) {
  const { crate, version } = cargoTools[name];
  const onPath = which(name);
  if (onPath && query(onPath, ['--version'])?.split(' ').includes(version)) {
    ready(name, `${version}, from PATH`);
    return onPath;
  }
  const home = join(toolCache, `${crate}-${version}`);
  const program = join(home, 'bin', name);
  if (existsSync(program)) {
    ready(name, version);
    return program;
  }
  await withLock(`${home}.lock`, async () => {
    if (existsSync(program)) return;
    await working(name, `compiling version ${version}`, () =>
      freshFolder(home, (draft) =>
        scratchFolder((targetDir) =>
          run('cargo', [
            'install',
            '--quiet',
            '--locked',
            '--root',
            draft,
            '--target-dir',
            targetDir,
            `${crate}@${version}`,
          ]),
        ),
      ),
    );
  });
  return program;
}
