/** Runs suites one after another: progress on stderr, full output in a log, the end of it when something failed. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { checkoutCache, root } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { attempt, tail } from '../process.mjs';
import { duration, paint, say } from '../progress.mjs';
import { count, summary } from './counts.mjs';

const logFolder = join(checkoutCache, 'logs');
const failureLines = 80;
const lineWidth = 66;
const heartbeatMillis = 60_000;

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {Suite['runner']} [runner]
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env]
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} what what it proves, in a few words
 * @property {string[]} needs names of setup steps, or `build`
 * @property {'cargo' | 'nextest' | 'node' | 'check'} runner how its output is counted; a command can say otherwise
 * @property {(made: Record<string, any>) => Command[] | Promise<Command[]>} commands receives what the needs answered
 * @property {Record<string, string>} [leaves] environment for the suites after it, once it has passed
 */

/** A command as one would type it in the checkout, shortened to fit a line. */
function typed({ program, args }) {
  const short = (word) => (word.startsWith(root + sep) ? relative(root, word) : word);
  const name = program.startsWith(root + sep) ? short(program) : basename(program);
  const line = [name, ...args.map(short)].join(' ');
  return line.length > lineWidth ? `${line.slice(0, lineWidth - 3)}...` : line;
}

async function runCommand(command, passedOn, log) {
  log.write(`$ ${[command.program, ...command.args].join(' ')}\n`);
  const env = {
    NO_COLOR: '1',
    CARGO_TERM_COLOR: 'never',
    FORCE_COLOR: undefined,
    ...passedOn,
    ...command.env,
  };
  return attempt(command.program, command.args, { ...command, env, onOutput: (chunk) => log.write(chunk) });
}

async function runCommands(suite, commands, passedOn, log) {
  const total = { passed: 0, failed: 0, troubles: [], output: '' };
  for (const command of commands) {
    say(`${suite.name.padEnd(12)} ${paint('dim', typed(command))}`);
    const { code, output } = await runCommand(command, passedOn, log);
    const { passed, failed, trouble } = count(command.runner ?? suite.runner, output, code);
    total.passed += passed;
    total.failed += failed;
    if (trouble) total.troubles.push(trouble);
    if (failed > 0) total.output += output;
  }
  if (commands.length === 0) {
    total.failed += 1;
    total.troubles.push('it has nothing to run');
  }
  return total;
}

async function runSuite(suite, meet, passedOn) {
  const started = performance.now();
  const path = join(logFolder, `${suite.name}.log`);
  const log = createWriteStream(path);
  const heartbeat = setInterval(
    () => say(`${suite.name.padEnd(12)} still running (${duration(performance.now() - started)})`),
    heartbeatMillis,
  );
  let result;
  try {
    result = await runCommands(suite, await suite.commands(await meet(suite.needs)), passedOn, log);
  } catch (error) {
    const words = error instanceof Problem ? error.message : error.stack;
    result = { passed: 0, failed: 1, troubles: [words], output: '' };
    log.write(`${words}\n`);
  } finally {
    clearInterval(heartbeat);
    log.end();
  }
  report(suite, result, { path, elapsed: duration(performance.now() - started) });
  return result;
}

function report(suite, { passed, failed, troubles, output }, { path, elapsed }) {
  const mark = failed === 0 ? paint('green', 'ok') : paint('red', 'FAILED');
  say(`${suite.name.padEnd(12)} ${mark}  ${summary({ passed, failed })} in ${elapsed}`);
  if (failed === 0) return;
  for (const trouble of troubles) say(`${suite.name.padEnd(12)} ${trouble}`);
  if (output)
    say(
      `${paint('dim', `--- the end of ${relative(root, path)}`)}\n${tail(output, failureLines)}\n${paint('dim', '---')}`,
    );
}

/**
 * Runs suites and sums what they counted. A suite that cannot be prepared fails; the others still run.
 * @param {Suite[]} suites
 * @param {(needs: string[]) => Promise<Record<string, unknown>>} meet
 * @returns {Promise<import('./counts.mjs').Counts>}
 */
export async function runSuites(suites, meet) {
  mkdirSync(logFolder, { recursive: true });
  const total = { passed: 0, failed: 0 };
  const failing = [];
  const passedOn = {};
  for (const suite of suites) {
    const { passed, failed } = await runSuite(suite, meet, passedOn);
    if (failed === 0) Object.assign(passedOn, suite.leaves);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0) failing.push(suite.name);
  }
  if (failing.length > 0) say(`failed: ${failing.join(', ')} (logs in ${relative(root, logFolder)})`);
  return total;
}
