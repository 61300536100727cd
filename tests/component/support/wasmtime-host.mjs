/** The component under wasmtime, in a Python process that is asked line by line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Refusal } from './refusal.mjs';

const root = new URL('../../../', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));

/** The component file. */
export const componentFile = path('component/dist/edgeseal.wasm');

/** The Python that has wasmtime. */
export const python = path('.cache/venv-component/bin/python');

/** The version of wasmtime that the requirements pin. */
export function wasmtimeVersion() {
  const [, version] = /^wasmtime==(\S+)$/m.exec(
    readFileSync(path('tests/requirements/component.in'), 'utf8'),
  );
  return version;
}

const toJson = (_, value) =>
  value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value;
const fromJson = (_, value) => (value === null ? undefined : value);

/** Starts the process; see {@link import('./jco-host.mjs').jcoHost} for what it answers. */
export function wasmtimeHost() {
  if (!existsSync(python)) throw new Error('wasmtime is missing: npm run setup -- component');
  const script = path('tests/component/support/wasmtime_host.py');
  const child = spawn(python, [script, componentFile], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaints += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let queue = Promise.resolve();

  async function ask(interfaceName, name, args) {
    child.stdin.write(`${JSON.stringify({ interface: interfaceName, name, args }, toJson)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process ended: ${complaints}`);
    const answer = JSON.parse(value, fromJson);
    if (answer.refused) throw new Refusal(answer.refused);
    if (answer.fault) throw new Error(answer.fault);
    return answer.ok;
  }

  return {
    call(interfaceName, name, ...args) {
      // One question at a time, whatever order tests ask in.
      const answer = queue.then(() => ask(interfaceName, name, args));
      queue = answer.catch(() => {});
      return answer;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
