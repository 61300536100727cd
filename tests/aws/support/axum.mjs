// The axum example as a process: compiled, started, stopped for certain.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../../scripts/lib/process.mjs';
import { executablesOf } from '../../../scripts/lib/story/programs.mjs';

const name = 'edgeseal-example-axum';
let built;

/**
 * The path of the program, compiled when its sources have changed. EDGESEAL_BIN names a folder that has it already.
 *
 * A test of its own selects it, among the whole workspace, so that the crates below it are the ones that the suite
 * `rust` has compiled: with a selection of its own the AWS SDK would have other features, and be compiled again.
 */
function program() {
  const ready = process.env.EDGESEAL_BIN && join(process.env.EDGESEAL_BIN, name);
  if (ready && existsSync(ready)) return ready;
  const selected = ['--workspace', '--exclude', 'edgeseal-bindgen', '--test', 'starting'];
  built ??= run('cargo', ['test', '--no-run', ...selected, '--message-format', 'json']).then(
    ({ stdout }) => executablesOf(stdout)[name],
  );
  return built;
}

/** Starts the service. It has no more of an environment than it is given. */
async function launch(env) {
  const child = spawn(await program(), [], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].on('data', (chunk) => {
      output[stream] += chunk;
    });
  }
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const closed = once(child, 'close').finally(() => process.off('exit', onExit));
  return { child, output, closed };
}

/** Runs a service that is not expected to come up. */
export async function runService(env) {
  const { output, closed } = await launch(env);
  const [code] = await closed;
  return { code, ...output };
}

/**
 * A running service.
 * @param {Record<string, string>} env
 * @returns {Promise<{ url: string, log: () => string, stop: () => Promise<number | null> }>} `stop` ends it as a
 *   container's end does, and answers its exit code
 */
export async function startService(env) {
  const { child, output, closed } = await launch(env);
  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([once(lines, 'line').then(([line]) => line), closed.then(() => undefined)]);
  if (url === undefined) throw new Error(`The service did not start:\n${output.stderr}`);
  return {
    url,
    log: () => output.stderr,
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([closed, sleep(10_000, undefined, { ref: false })]);
      child.kill('SIGKILL');
      return (await closed)[0];
    },
  };
}
