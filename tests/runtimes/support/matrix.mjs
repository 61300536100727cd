/** The matrix: what the test run found, kept in matrix.json, and the table that the README shows of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { placeFor } from './place.mjs';
import { kilobytes } from './sizes.mjs';

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} runtime
 * @property {string} version
 * @property {string} form
 * @property {string} api
 * @property {Record<'sign' | 'verify' | 'decide', number>} passed
 * @property {import('./sizes.mjs').Size} size
 *
 * @typedef {Record<string, { empty: number, start: number }>} ColdStarts median milliseconds by cell
 */

const at = (path) => new URL(`../../../${path}`, import.meta.url);
const matrixFile = at('tests/runtimes/matrix.json');
const coldStartFile = at('bench/runtimes/results.json');

/** Compilers and zlib differ a little from machine to machine. */
const sizeTolerance = 0.1;

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @returns {Row[]} */
export const recordedRows = () => json(matrixFile);
/** @returns {{ machine: string[], cells: ColdStarts }} */
export const recordedStarts = () => json(coldStartFile);
export const recordRows = (rows) => writeFileSync(matrixFile, `${JSON.stringify(rows, null, 2)}\n`);
export const recordStarts = (starts) => writeFileSync(coldStartFile, `${JSON.stringify(starts, null, 2)}\n`);

/** Where the README shows the table. */
export const place = placeFor('runtimes');

/**
 * What another run found otherwise than what is recorded, in words.
 * @param {Omit<Row, 'id'> & { id?: string }} found
 * @param {typeof found | undefined} recorded
 * @param {{ drifts?: boolean }} cell
 */
export function differences(found, recorded, { drifts = false } = {}) {
  const name = found.id ?? found.runtime;
  if (recorded === undefined) return [`${name} is not recorded`];
  const { size, ...facts } = found;
  const wrong = Object.entries(facts)
    .filter(([field]) => !(drifts && field === 'version'))
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(recorded[field]))
    .map(([field, value]) => [field, JSON.stringify(value), JSON.stringify(recorded[field])]);
  const off = Object.entries(size)
    .filter(([kind, bytes]) => Math.abs(bytes - recorded.size[kind]) > sizeTolerance * recorded.size[kind])
    .map(([kind, bytes]) => [`size.${kind}`, bytes, recorded.size[kind]]);
  return [...wrong, ...off].map(([field, is, was]) => `${name}: ${field} is ${is}, recorded is ${was}`);
}

const starts = (times) =>
  times === undefined
    ? 'not measured'
    : `${(times.start / times.empty).toFixed(2)}× (+${Math.round(times.start - times.empty)} ms)`;

/**
 * The table as Markdown.
 * @param {Row[]} rows
 * @param {{ machine: string[], cells: ColdStarts }} bench
 */
export function table(rows, { machine, cells }) {
  const lines = rows.map(({ id, runtime, version, form, api, passed, size }) =>
    [
      runtime,
      version,
      form,
      api === 'sync' ? 'sync' : `\`${api}\``,
      ...['sign', 'verify', 'decide'].map((group) => passed[group]),
      `${kilobytes(size.gzip)} (${kilobytes(size.raw)})`,
      starts(cells[id]),
    ].join(' | '),
  );
  return [
    '| Runtime | Version | Form | API | Sign | Verify | Decide | Loads, gzip (raw) | Cold start |',
    '|---|---|---|---|--:|--:|--:|--:|--:|',
    ...lines.map((line) => `| ${line} |`),
    '',
    `Cold starts: ${machine.join('; ')}.`,
  ].join('\n');
}
