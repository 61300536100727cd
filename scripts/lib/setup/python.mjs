/** Python virtual environments from locked requirements: .cache/venv-<name> from tests/requirements/<name>.txt. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../fresh.mjs';
import { checkoutCache, root } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { query, run, which } from '../process.mjs';
import { ready, working } from '../progress.mjs';
import { hashOf, stamp, stamped } from '../stamp.mjs';
import { aptCommand } from './apt.mjs';

/** Environments there are; their requirements contradict each other, so each is its own. */
const pythonEnvironments = {
  aws: 'boto3 and the AWS command line',
  component: 'wasmtime',
  emulator: 'the local AWS emulator',
  lint: 'template linters',
};

const oldest = [3, 11];

/** The interpreter to make environments with. */
function interpreter() {
  const found = ['python3', 'python3.11'].find((name) => {
    const version = query(name, ['-c', 'import sys; print(*sys.version_info[:2])']);
    const [major, minor] = (version ?? '0 0').split(' ').map(Number);
    return major === oldest[0] && minor >= oldest[1];
  });
  if (!found)
    throw new Problem(
      `Python ${oldest.join('.')} or newer is missing.\nInstall it, then run this again:\n  ${aptCommand(['python3', 'python3-venv'])}`,
    );
  return found;
}

async function install(python, folder, requirements) {
  rmSync(folder, { recursive: true, force: true });
  if (query(python, ['-c', 'import ensurepip']) === undefined) {
    throw new Problem(
      `Python's venv module is missing.\nInstall it, then run this again:\n  ${aptCommand(['python3-venv'])}`,
    );
  }
  await run(python, ['-m', 'venv', folder]);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '--requirement',
    requirements,
  ];
  await run(join(folder, 'bin', 'python'), pip);
}

/**
 * Finds or makes an environment.
 * @param {keyof typeof pythonEnvironments} name
 * @returns {Promise<string>} the folder of its programs
 */
export async function pythonEnvironment(name) {
  const title = `python (${name})`;
  const folder = join(checkoutCache, `venv-${name}`);
  const programs = join(folder, 'bin');
  const requirements = join(root, 'tests', 'requirements', `${name}.txt`);
  const mark = join(folder, 'edgeseal-stamp');
  const python = interpreter();
  // An environment knows its own absolute path and its interpreter, so a moved checkout needs a new one.
  const hash = hashOf({ base: root, paths: [requirements], words: [folder, which(python)] });
  const made = () => stamped(mark, hash) && existsSync(join(programs, 'python'));
  if (made()) ready(title, pythonEnvironments[name]);
  else {
    await withLock(`${folder}.lock`, async () => {
      if (made()) return;
      await working(title, `installing ${pythonEnvironments[name]}`, () =>
        install(python, folder, requirements),
      );
      stamp(mark, hash);
    });
  }
  return programs;
}
