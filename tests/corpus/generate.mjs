// Writes corpus.json: broken signed URLs and cookies, each with its true cause and where people complained of it.
//
//   node tests/corpus/generate.mjs           writes it
//   node tests/corpus/generate.mjs --check   fails when the file on disk differs
//
// The entries stand in source/*.mjs with their true causes. They are built by the peers that people used, and then
// broken as those people broke them; Edgeseal has no part in it.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cookies } from './source/cookies.mjs';
import { keyIds } from './source/keys.mjs';
import { keptSignatures } from './source/kit.mjs';
import { policies } from './source/policies.mjs';
import { resources } from './source/resources.mjs';
import { signatures } from './source/signatures.mjs';
import { times } from './source/times.mjs';
import { changes, encodings } from './source/urls.mjs';

const about =
  'Broken signed URLs and cookies: what people complained of, and its true cause. Read README.md.';
const entries = [times, keyIds, signatures, policies, resources, encodings, changes, cookies].flatMap(
  (make) => make(),
);
const ids = entries.map(({ id }) => id);
const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
if (repeated) throw new Error(`the id ${repeated} appears twice`);

const corpus = fileURLToPath(new URL('corpus.json', import.meta.url));
const files = [{ file: corpus, text: `${JSON.stringify({ about, entries }, null, 2)}\n` }, keptSignatures()];
if (process.argv.includes('--check')) {
  const stale = files.filter(({ file, text }) => readFileSync(file, 'utf8') !== text);
  for (const { file } of stale)
    console.error(`${path.relative(process.cwd(), file)} is not what its source says`);
  if (stale.length > 0) {
    console.error('run: node tests/corpus/generate.mjs');
    process.exitCode = 1;
  }
} else {
  for (const { file, text } of files) writeFileSync(file, text);
}
console.log(`${entries.length} entries`);
