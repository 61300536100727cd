/** Debian packages, installed only where they are the one way to get something. */
import { Problem } from '../problem.mjs';
import { attempt, query, tail, which } from '../process.mjs';

/** How to call apt-get without a password, or undefined. */
function privileged() {
  if (!which('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  return which('sudo') && query('sudo', ['-n', 'true']) !== undefined ? ['sudo', '-n'] : undefined;
}

/** The command a person runs to install packages. */
export const aptCommand = (packages) => `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;

/**
 * Installs Debian packages.
 * @param {string[]} packages
 * @param {string} why one sentence that says what is missing; it opens the message when installing is not possible
 * @throws {Problem} without root rights, without apt-get, or when apt-get fails; it names the command to run
 */
export async function installPackages(packages, why) {
  const advice = `${why}\nInstall it, then run this again:\n  ${aptCommand(packages)}`;
  const prefix = privileged();
  if (!prefix) throw new Problem(advice);
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, 'apt-get', ...args];
    return attempt(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  };
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  let result = await install();
  if (result.code !== 0) {
    // Stale package lists name files that the mirror has replaced.
    await apt('update');
    result = await install();
  }
  if (result.code !== 0) throw new Problem(`${advice}\napt-get said:\n${tail(result.output, 8)}`);
}
