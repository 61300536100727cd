/** Running other programs: no shell, output captured, a failure that shows what was said last. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';

const tailLines = 30;

/** The last lines of a program's output. */
export function tail(text, lines = tailLines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** The path of a program found on PATH, or undefined. */
export function which(program, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // not here, or not executable: look in the next folder
    }
  }
  return undefined;
}

/** The trimmed stdout of a quick program, or undefined when it is missing or fails. */
export function query(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', cwd: root, ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {Record<string, string | undefined>} [options.env] added to the environment; undefined removes a variable
 * @param {number} [options.timeout] milliseconds after which the program is stopped and counts as failed
 * @param {(chunk: string) => void} [options.onOutput] receives stdout and stderr as they come
 * @returns {Promise<{ code: number, output: string, stdout: string, timedOut: boolean }>} code -1 when it could not run
 */
export function attempt(program, args, { cwd = root, env = {}, timeout, onOutput } = {}) {
  return new Promise((done) => {
    const merged = { ...process.env, ...env };
    for (const name of Object.keys(merged)) if (merged[name] === undefined) delete merged[name];
    const child = spawn(program, args, { cwd, env: merged, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let stdout = '';
    let timedOut = false;
    const timer =
      timeout &&
      setTimeout(() => {
        timedOut = true;
        child.kill('SIGTERM');
      }, timeout);
    const take = (chunk) => {
      output += chunk;
      onOutput?.(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    const finish = (code) => {
      clearTimeout(timer);
      done({ code, output, stdout, timedOut });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      finish(-1);
    });
    child.on('close', (code) => finish(code ?? -1));
  });
}

/** Like {@link attempt}, but a failure is a {@link Problem} that shows the command and the end of its output. */
export async function run(program, args, options = {}) {
  const result = await attempt(program, args, options);
  if (result.code === 0) return result;
  const how = result.timedOut ? 'was stopped: it took too long' : `failed (exit code ${result.code})`;
  throw new Problem(`${[program, ...args].join(' ')}\n${how}:\n${tail(result.output)}`);
}
