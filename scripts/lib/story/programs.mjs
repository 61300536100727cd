/** The two Rust programs of the story: the rehearsal catalog and the publisher's command line. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problem.mjs';
import { run } from '../process.mjs';
import { working } from '../progress.mjs';

const packages = { 'edgeseal-rehearsal': 'edgeseal-rehearsal', portfolio: 'edgeseal-portfolio' };

/**
 * Paths of programs, compiled when their sources have changed. EDGESEAL_BIN names a folder that has them already.
 * @param {('edgeseal-rehearsal' | 'portfolio')[]} names
 * @returns {Promise<Record<string, string>>}
 */
export async function programs(names) {
  const folder = process.env.EDGESEAL_BIN;
  if (folder) return Object.fromEntries(names.map((name) => [name, inFolder(folder, name)]));
  const selected = names.flatMap((name) => ['--package', packages[name]]);
  const compile = () => run('cargo', ['build', '--bins', ...selected, '--message-format', 'json']);
  const { stdout } = await working(names.join(' and '), 'compiling Rust', compile);
  const built = executablesOf(stdout);
  return Object.fromEntries(names.map((name) => [name, built[name]]));
}

/** Paths of the programs that cargo has built, by name, from what it says with `--message-format json`. */
export function executablesOf(stdout) {
  const messages = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const built = messages.filter(({ executable }) => executable);
  return Object.fromEntries(built.map(({ target, executable }) => [target.name, executable]));
}

function inFolder(folder, name) {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  throw new Problem(`EDGESEAL_BIN names ${folder}, which has no ${name}`);
}
