// A local edge for one test, and curl to call it with.
import { execFile } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalEdge } from 'edgeseal/dev';

/** The rules of the tests: images and texts of at most 1 kB, for at most an hour. */
export const rules = (mode, more = {}) => ({
  version: 1,
  mode,
  rules: [
    {
      name: 'upload',
      path: '/upload/*',
      methods: ['PUT'],
      stripPrefix: '/upload',
      upload: { maxBytes: 1000, contentTypes: ['image/*', 'text/plain'], ...more.upload },
      cors: { origins: ['https://app.example.com'], headers: ['content-type', 'x-amz-checksum-sha256'] },
    },
    {
      name: 'download',
      path: '/download/*',
      stripPrefix: '/download',
      cors: { origins: ['https://app.example.com'] },
    },
  ],
});

/** A folder that goes with the test. */
export async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'edgeseal-dev-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * A running edge over a fresh folder, stopped with the test.
 * @param {import('node:test').TestContext} t
 * @param {import('edgeseal/dev').LocalEdgeOptions} [options]
 */
export async function startEdge(t, options = {}) {
  const store = options.bucket === undefined ? (options.store ?? (await folder(t))) : undefined;
  const decisions = [];
  const edge = createLocalEdge({
    onDecision: (decision) => decisions.push(decision),
    ...options,
    ...(store === undefined ? {} : { store }),
  });
  await edge.start();
  t.after(() => edge.stop().catch(() => {}));
  const sign = (path, more = {}) => edge.signer.signUrl({ url: edge.origin + path, expires: '15m', ...more });
  return { edge, store, decisions, sign };
}

/**
 * Runs curl once.
 * @param {string[]} args the URL among them
 * @returns {Promise<{ status: number, headers: Record<string, string>, body: Buffer, text: string, exit: number }>}
 */
export function curl(...args) {
  return new Promise((done) => {
    const all = [
      '--silent',
      '--show-error',
      '--include',
      '--path-as-is',
      '--globoff',
      '--max-time',
      '60',
      ...args,
    ];
    execFile('curl', all, { encoding: 'buffer', maxBuffer: 2 ** 28 }, (error, out) => {
      let rest = out;
      let head = '';
      // An answer may come after "100 Continue".
      do {
        const end = rest.indexOf('\r\n\r\n');
        head = rest.subarray(0, Math.max(0, end)).toString('latin1');
        rest = rest.subarray(end + 4);
      } while (/^HTTP\/1\.1 100/.test(head));
      const [first = '', ...lines] = head.split('\r\n');
      done({
        exit: error === null ? 0 : error.code,
        status: Number(first.split(' ')[1] ?? 0),
        headers: Object.fromEntries(
          lines.map((line) => [
            line.slice(0, line.indexOf(':')).toLowerCase(),
            line.slice(line.indexOf(':') + 2),
          ]),
        ),
        body: rest,
        text: rest.toString('utf8'),
      });
    });
  });
}

/** Everything in a store, the private folder's incoming files included, without the folder of metadata. */
export function filesIn(store) {
  return readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(store.length + 1))
    .filter((file) => !file.startsWith(join('.edgeseal', 'objects')))
    .sort();
}

/** Waits until a condition holds, and gives up for good after a while. */
export async function until(condition) {
  for (let round = 0; round < 3000; round += 1) {
    if (await condition()) return;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error(`it never came true: ${condition}`);
}
