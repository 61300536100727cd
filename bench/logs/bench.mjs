/** Reading an access log: the command's reader against nothing but unpacking and splitting the same file. */
import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gzipSync } from 'node:zlib';
import { Verifier } from 'edgeseal';
import { request, standardLog } from '../../tests/logs/support/logs.mjs';
import { analyse } from '../../wasm/js/dist/esm/cli/logs/analyse.js';

const folder = mkdtempSync(join(tmpdir(), 'edgeseal-bench-logs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const lines = 20_000;
const verifier = new Verifier({ keys: {} });

/** A packed log in which one line of so many is a refusal. */
function logFile(every) {
  const file = join(folder, `${every}.gz`);
  const link = (index) =>
    `https://files.example.com/${index}?Expires=1&Signature=${'x'.repeat(342)}__&Key-Pair-Id=K2JCJMDEHXQW5F`;
  const requests = Array.from({ length: lines }, (_, index) =>
    request(link(index), { status: index % every === 0 ? 403 : 200 }),
  );
  writeFileSync(file, gzipSync(standardLog(requests)));
  return file;
}

async function countLines(file) {
  let count = 0;
  const reader = createInterface({ input: createReadStream(file).pipe(createGunzip()) });
  for await (const _ of reader) count += 1;
  return count;
}

const explainLog = (file) =>
  analyse({
    inputs: [file],
    explain: (options) => verifier.explain(options),
    since: undefined,
    until: undefined,
    hosts: new Set(),
    redactIp: false,
    top: undefined,
    fieldOrder: undefined,
    progress: () => {},
  });

const group = (title, every) => {
  const file = logFile(every);
  return {
    title,
    check: async () => {
      const { lines: counted, requests } = await explainLog(file);
      assert.equal(counted.total, await countLines(file));
      assert.equal(requests.refused.bySignature, lines / every);
    },
    contenders: [
      { name: 'gunzip and readline alone', run: () => countLines(file) },
      { name: 'explain --from-log', run: () => explainLog(file) },
    ],
  };
};

/** @type {import('../../scripts/lib/bench/measure.mjs').Bench} */
export default {
  title: 'Reading logs',
  groups: [
    group(`read a gzip log of ${lines} lines, one of 1000 refused`, 1000),
    group(`read a gzip log of ${lines} lines, one of 20 refused`, 20),
  ],
};
