// Builds the rehearsal catalog once, starts it as a process, and stops it for certain.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs } from '../../../scripts/lib/story/programs.mjs';

/** The account and region of every test unless it says otherwise. */
export const account = '111122223333';
export const region = 'us-east-1';

let built;

/** The path of the program, compiled when its sources have changed. */
export function program() {
  built ??= programs(['edgeseal-rehearsal']).then((paths) => paths['edgeseal-rehearsal']);
  return built;
}

/**
 * A running catalog.
 * @param {string[]} [args]
 * @returns {Promise<{ endpoint: string, pid: number, kill: () => Promise<void>, stop: () => Promise<number | null> }>}
 *   `stop` ends it as Ctrl-C does and answers its exit code; `kill` gives it no chance to finish
 */
export async function startRehearsal(args = []) {
  const child = spawn(await program(), ['--account', account, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const end = async (signal) => {
    child.kill(signal);
    await Promise.race([closed, sleep(10_000, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await closed;
    process.off('exit', onExit);
    return child.exitCode;
  };
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => line),
    closed.then(() => undefined),
  ]);
  if (first === undefined) {
    process.off('exit', onExit);
    throw new Error(`The rehearsal catalog did not start:\n${errors}`);
  }
  return { endpoint: first, pid: child.pid, stop: () => end('SIGINT'), kill: () => end('SIGKILL') };
}

/** Calls one operation and answers its status and document. */
export async function call(endpoint, operation, body, key = account) {
  const scope = `${key}/20260101/${region}/servicecatalog/aws4_request`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `AWS242ServiceCatalogService.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, document: await answer.json() };
}

/** Like {@link call}, for a call that must succeed. */
export async function must(endpoint, operation, body, key) {
  const { status, document } = await call(endpoint, operation, body, key);
  if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(document)}`);
  return document;
}

/** Puts a template into the built-in store and answers its URL. */
export async function putTemplate(endpoint, key, text) {
  const scope = `${account}/20260101/${region}/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  for (const [path, body] of [
    ['artifacts', ''],
    [`artifacts/${key}`, text],
  ]) {
    const answer = await fetch(`${endpoint}/${path}`, { method: 'PUT', headers: { authorization }, body });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }
  return `${endpoint}/artifacts/${key}`;
}

/** Waits until a record is at rest, and answers it. */
export async function settled(endpoint, recordId) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const answer = await must(endpoint, 'DescribeRecord', { Id: recordId });
    if (['SUCCEEDED', 'FAILED'].includes(answer.RecordDetail.Status)) return answer;
    await sleep(50);
  }
  throw new Error(`Record ${recordId} did not come to rest.`);
}
