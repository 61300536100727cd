/** The rehearsal catalog as a process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.mjs';

const patience = 10_000;

/**
 * Starts the catalog on a free port.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ endpoint: string, stop: () => Promise<void> }>}
 */
export async function startRehearsal(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const lines = createInterface({ input: child.stdout });
  const endpoint = await Promise.race([
    once(lines, 'line').then(([line]) => line),
    closed.then(() => undefined),
  ]);
  if (endpoint === undefined) {
    process.off('exit', onExit);
    throw new Problem(`the rehearsal catalog did not start:\n${errors}`);
  }
  return {
    endpoint,
    async stop() {
      child.kill('SIGINT');
      await Promise.race([closed, sleep(patience, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await closed;
      process.off('exit', onExit);
    },
  };
}
