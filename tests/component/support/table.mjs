/** The table of the component in the README: what a run found, kept in matrix.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { placeFor } from '../../runtimes/support/place.mjs';
import { kilobytes, sizeOf } from '../../runtimes/support/sizes.mjs';

const matrix = new URL('../matrix.json', import.meta.url);
const place = placeFor('component');

/**
 * @typedef {object} Row
 * @property {string} runtime
 * @property {string} version
 * @property {Record<'sign' | 'verify' | 'decide', number>} passed
 * @property {import('../../runtimes/support/sizes.mjs').Size} size of what is loaded
 */

/**
 * A row, with the sizes of the files that its host loads.
 * @param {Omit<Row, 'size'> & { files: (string | URL)[] }} found
 * @returns {Row}
 */
export const rowOf = ({ files, ...facts }) => ({
  ...facts,
  size: sizeOf(files.map((file) => readFileSync(file))),
});

/** @returns {Row[]} what was written down last */
export const recorded = () => JSON.parse(readFileSync(matrix, 'utf8'));

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

/** The table that the README shows. */
export const shown = place.shown;

/** Writes down what was found, and shows it. */
export function write(rows) {
  writeFileSync(matrix, `${JSON.stringify(rows, null, 2)}\n`);
  place.show(table(rows));
}
