/** The glue generator: a crate of this workspace, compiled once for each state of its sources and shared by checkouts. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, withLock } from '../fresh.mjs';
import { root, toolCache } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { run } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { hashOf } from '../stamp.mjs';

const title = 'wasm-bindgen';
const crate = 'edgeseal-bindgen';

/** The version of a package in the text of a Cargo.lock. */
export function lockedVersion(lock, name) {
  const entry = new RegExp(`^name = "${name}"\\nversion = "([^"]+)"`, 'm').exec(lock);
  if (!entry) throw new Problem(`Cargo.lock has no ${name}.`);
  return entry[1];
}

/**
 * Finds or compiles the generator.
 * @returns {Promise<string>} the path of the program
 */
export async function bindgen() {
  const version = lockedVersion(readFileSync(join(root, 'Cargo.lock'), 'utf8'), 'wasm-bindgen-cli-support');
  const hash = hashOf({
    base: root,
    paths: [join(root, 'wasm', 'bindgen')],
    words: [process.platform, process.arch],
  });
  const home = join(toolCache, `${crate}-${version}-${hash.slice(0, 12)}`);
  const program = join(home, 'bin', crate);
  if (existsSync(program)) {
    ready(title, version);
    return program;
  }
  await withLock(`${home}.lock`, async () => {
    if (existsSync(program)) return;
    const targetDir = join(root, 'target', 'tool');
    const args = ['build', '--quiet', '--package', crate, '--profile', 'tool', '--target-dir', targetDir];
    await working(
      title,
      `compiling version ${version}`,
      () => run('cargo', args),
      () => version,
    );
    await freshFolder(home, async (draft) => {
      mkdirSync(join(draft, 'bin'));
      copyFileSync(join(targetDir, 'tool', crate), join(draft, 'bin', crate));
    });
  });
  return program;
}
