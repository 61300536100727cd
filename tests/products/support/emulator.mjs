// Starts ministack on a free loopback port, and stops it for certain.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const launcher = join(here, '..', 'ministack_launcher.py');

/** The account of every test; ministack takes a twelve-digit access key as the root user of that account. */
export const account = '111122223333';
export const region = 'us-east-1';

/** The interpreter of the environment that `node scripts/setup.mjs` makes. */
function emulatorPython() {
  const python = join(root, '.cache', 'venv-emulator', 'bin', 'python');
  if (existsSync(python)) return python;
  throw new Error('The emulator is not installed. Run: node scripts/setup.mjs');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A running emulator. AUTH is on, so every call of a product's function is checked against the role that the product
 * gives it.
 * @returns {Promise<{ endpoint: string, output: () => string, workspace: string, processGroup: number,
 *   stop: () => Promise<void> }>} `output` is all it printed so far, the logs of functions included
 */
export async function startEmulator() {
  const port = await freePort();
  const workspace = mkdtempSync(join(tmpdir(), 'edgeseal-emulator-'));
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(emulatorPython(), [launcher], {
    cwd: workspace,
    env: {
      PATH: process.env.PATH,
      HOME: workspace,
      TMPDIR: workspace,
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      LOG_LEVEL: 'DEBUG',
      // The runtime of a real function brings the AWS SDK; here the checkout does.
      NODE_PATH: join(root, 'node_modules'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const note = (chunk) => {
    output += chunk;
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const closed = new Promise((resolve) => child.once('close', resolve));
  // Functions are children of the emulator, in its process group: they are stopped with it.
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // the group is gone already
    }
  };
  const onExit = () => {
    signal('SIGKILL');
    rmSync(workspace, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  const stop = async () => {
    signal('SIGTERM');
    await Promise.race([closed, sleep(3_000, undefined, { ref: false })]);
    signal('SIGKILL');
    await closed;
    process.off('exit', onExit);
    rmSync(workspace, { recursive: true, force: true });
  };
  try {
    await healthy(endpoint, child);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${output.split('\n').slice(-30).join('\n')}`);
  }
  return { endpoint, output: () => output, workspace, processGroup: child.pid, stop };
}

async function healthy(endpoint, child) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error('The emulator ended before it was ready.');
    try {
      const answer = await fetch(`${endpoint}/_ministack/health`);
      if (answer.ok) return;
    } catch {
      // not listening yet
    }
    await sleep(100);
  }
  throw new Error('The emulator was not ready in a minute.');
}
