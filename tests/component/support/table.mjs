/** The table of the component in the README: what a run found, kept in matrix.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const readme = new URL('../../../README.md', import.meta.url);
const matrix = new URL('../matrix.json', import.meta.url);
const start = '<!-- component: written by EDGESEAL_MATRIX=write npm test -- --only component -->';
const end = '<!-- end of component -->';

/**
 * @typedef {object} Row
 * @property {string} runtime
 * @property {string} version
 * @property {Record<'sign' | 'verify' | 'decide', number>} passed
 * @property {{ raw: number, gzip: number }} size of what is loaded, in bytes
 */

/**
 * A row, with the sizes of the files that its host loads.
 * @param {Omit<Row, 'size'> & { files: (string | URL)[] }} found
 * @returns {Row}
 */
export function rowOf({ files, ...facts }) {
  const contents = files.map((file) => readFileSync(file));
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);
  const size = {
    raw: sum(contents.map(({ length }) => length)),
    gzip: sum(contents.map((bytes) => gzipSync(bytes, { level: 9 }).length)),
  };
  return { ...facts, size };
}

/** @returns {Row[]} what was written down last */
export const recorded = () => JSON.parse(readFileSync(matrix, 'utf8'));

const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;

/** The rows as Markdown. */
export function table(rows) {
  const lines = rows.map(({ runtime, version, passed: { sign, verify, decide }, size: { raw, gzip } }) =>
    [runtime, version, sign, verify, decide, `${kilobytes(gzip)} (${kilobytes(raw)})`].join(' | '),
  );
  return [
    '| Runtime | Version | Sign | Verify | Decide | Loads, gzip (raw) |',
    '|---|---|--:|--:|--:|--:|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

/** The document in three parts: up to the table, the table, and from there. */
function parts() {
  const document = readFileSync(readme, 'utf8');
  const [from, to] = [document.indexOf(start) + start.length, document.indexOf(end)];
  if (from < start.length || to < from) throw new Error('the README has no place for the table');
  return [document.slice(0, from), document.slice(from, to), document.slice(to)];
}

/** The table that the README shows. */
export const shown = () => parts()[1].trim();

/** Writes down what was found, and shows it. */
export function write(rows) {
  writeFileSync(matrix, `${JSON.stringify(rows, null, 2)}\n`);
  const [before, , after] = parts();
  writeFileSync(readme, `${before}\n\n${table(rows)}\n\n${after}`);
}
