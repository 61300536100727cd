// Writes the vector files that hold signatures: signing.json, cookies.json and verify.json.
//
//   node tests/vectors/generate.mjs           writes them
//   node tests/vectors/generate.mjs --check   fails when a file on disk differs
//
// The cases stand in source/*.mjs, expected values included. OpenSSL makes the signatures; Edgeseal has no part in it.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cookieCases } from './source/cookies.mjs';
import { keptSignatures } from './source/kit.mjs';
import { signingCases } from './source/signing.mjs';
import { verifyCases } from './source/verify.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const check = process.argv.includes('--check');

const vectors = [
  ['signing', 'Signing URLs: the exact URL for RSA, the exact frame for ECDSA', signingCases()],
  ['cookies', 'Signing cookies, writing Set-Cookie lines, and finding cookies in a request', cookieCases()],
  ['verify', 'Judging requests: allowed, or denied with one reason', verifyCases()],
];
const files = vectors.map(([name, about, cases]) => {
  const ids = cases.map((entry) => entry.id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated) throw new Error(`${name}: the id ${repeated} appears twice`);
  return { file: path.join(here, `${name}.json`), text: `${JSON.stringify({ about, cases }, null, 2)}\n` };
});

let stale = 0;
for (const { file, text } of [...files, keptSignatures()]) {
  if (!check) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    stale += 1;
    console.error(`${path.relative(process.cwd(), file)} is not what its source says`);
  }
}
if (stale > 0) {
  console.error('run: node tests/vectors/generate.mjs');
  process.exitCode = 1;
} else {
  for (const [name, , cases] of vectors) console.log(`${name}.json: ${cases.length} cases`);
}
