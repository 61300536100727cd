/** The matrix: what the test run found, kept in matrix.json, and the table that the README shows of it. */
import { readFileSync, writeFileSync } from 'node:fs';

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
const readme = at('README.md');
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

/**
 * What another run found otherwise than what is recorded, in words.
 * @param {Row} found
 * @param {Row | undefined} recorded
 * @param {{ drifts?: boolean }} cell
 */
export function differences(found, recorded, { drifts = false } = {}) {
  if (recorded === undefined) return [`${found.id} is not recorded`];
  const { size, ...facts } = found;
  const wrong = Object.entries(facts)
    .filter(([name]) => !(drifts && name === 'version'))
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(recorded[name]))
    .map(([name, value]) => [name, JSON.stringify(value), JSON.stringify(recorded[name])]);
  const off = Object.entries(size)
    .filter(([name, bytes]) => Math.abs(bytes - recorded.size[name]) > sizeTolerance * recorded.size[name])
    .map(([name, bytes]) => [`size.${name}`, bytes, recorded.size[name]]);
  return [...wrong, ...off].map(([name, is, was]) => `${found.id}: ${name} is ${is}, recorded is ${was}`);
}

const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
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

const start = '<!-- runtimes: written by EDGESEAL_MATRIX=write npm test -- --only runtimes -->';
const end = '<!-- end of runtimes -->';

/** The part of a document between the marks. */
function marks(document) {
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error('the document has no place for the table');
  return [from + start.length, to];
}

/** The table that the README shows. */
export function shownTable(document = readFileSync(readme, 'utf8')) {
  return document.slice(...marks(document)).trim();
}

/** Puts the table into the README. */
export function showTable(text) {
  const document = readFileSync(readme, 'utf8');
  const [from, to] = marks(document);
  writeFileSync(readme, `${document.slice(0, from)}\n\n${text}\n\n${document.slice(to)}`);
}
