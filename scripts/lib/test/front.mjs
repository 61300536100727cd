/** The command line that `npm test` and `npm run lint` share. */
import { UsageProblem } from '../problem.mjs';
import { duration, say } from '../progress.mjs';
import { summary } from './counts.mjs';
import { needsKeeper } from './needs.mjs';
import { runSuites } from './runner.mjs';

const helpOf = (title, command, suites) => `${title}

Usage: ${command} [-- OPTIONS]

Options:
  --only NAME,NAME   run these alone
  --skip NAME,NAME   leave these out
  --list             say what there is
  -h, --help         show this text

Names:
${suites.map(({ name, what }) => `  ${name.padEnd(12)} ${what}`).join('\n')}`;

/**
 * Reads the arguments.
 * @param {string[]} args
 * @param {{ name: string }[]} suites
 * @returns {{ help: boolean, list: boolean, chosen: { name: string }[] }}
 * @throws {UsageProblem} an unknown option or name, or nothing left to run
 */
export function choose(args, suites) {
  const known = suites.map(({ name }) => name);
  const picked = { only: known, skip: [] };
  const flags = { help: false, list: false };
  for (let at = 0; at < args.length; at += 1) {
    const [option, inline] = args[at].split('=', 2);
    if (option === '--help' || option === '-h') flags.help = true;
    else if (option === '--list') flags.list = true;
    else if (option === '--only' || option === '--skip') {
      const value = inline ?? args[++at] ?? '';
      picked[option.slice(2)] = value.split(',').filter(Boolean);
      if (picked[option.slice(2)].length === 0)
        throw new UsageProblem(`${option} needs names, such as ${option} ${known[0]}`);
    } else throw new UsageProblem(`unknown argument ${JSON.stringify(args[at])}; --help says what there is`);
  }
  const stranger = [...picked.only, ...picked.skip].find((name) => !known.includes(name));
  if (stranger)
    throw new UsageProblem(`there is no ${JSON.stringify(stranger)}; known are ${known.join(', ')}`);
  const chosen = suites.filter(({ name }) => picked.only.includes(name) && !picked.skip.includes(name));
  if (chosen.length === 0) throw new UsageProblem('nothing is left to run');
  return { ...flags, chosen };
}

/**
 * Runs what the arguments choose and prints one summary line on stdout.
 * @param {object} front
 * @param {string} front.title
 * @param {string} front.command
 * @param {import('./runner.mjs').Suite[]} front.suites
 * @param {string} [front.noun] put before the counts, for what are not tests
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function front({ title, command, suites, noun = '' }, args) {
  const { help, list, chosen } = choose(args, suites);
  if (help) {
    process.stdout.write(`${helpOf(title, command, suites)}\n`);
    return 0;
  }
  if (list) {
    process.stdout.write(`${chosen.map(({ name, what }) => `${name.padEnd(12)} ${what}`).join('\n')}\n`);
    return 0;
  }
  const started = performance.now();
  const total = await runSuites(chosen, needsKeeper());
  say(`all of it took ${duration(performance.now() - started)}`);
  process.stdout.write(`${noun}${summary(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}
