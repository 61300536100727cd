/** Results as text for a terminal and as Markdown for bench/README.md. */
import { cpus, loadavg, totalmem } from 'node:os';

const digits = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** One row as three words. */
export const cells = ({ name, micros, ratio }) => [name, `${digits(micros)} µs`, `${digits(ratio)}×`];

/** A group as lines for the terminal. */
export function lines(title, rows) {
  return [
    title,
    ...rows.map((row) => {
      const [name, time, ratio] = cells(row);
      return `  ${name.padEnd(30)} ${time.padStart(12)} ${ratio.padStart(8)}`;
    }),
  ];
}

/** Where and when it was measured. */
export function machine() {
  const processors = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return [
    `${processors.length} × ${processors[0]?.model.trim() || 'unknown processor'}, ${memory} GiB`,
    `${process.platform} ${process.arch}, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
    `load average at the start ${loadavg()[0].toFixed(1)}, ${new Date().toISOString().slice(0, 10)}`,
  ];
}

/** All results as Markdown. */
export function markdown(results, where) {
  const groups = results.flatMap(({ title, groups: list }) => [
    `### ${title}`,
    '',
    '| Work | By | Median time | Compared with the first |',
    '|---|---|---:|---:|',
    ...list.flatMap(({ title: work, rows }) =>
      rows.map((row, index) => `| ${[index === 0 ? work : '', ...cells(row)].join(' | ')} |`),
    ),
    '',
  ]);
  return [...where.map((line) => `- ${line}`), '', ...groups].join('\n').trimEnd();
}

const start = '<!-- results: written by npm run bench -- --write -->';
const end = '<!-- end of results -->';

/** Puts the results between their marks in a document. */
export function placed(document, results) {
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error('the document has no place for results');
  return `${document.slice(0, from)}${start}\n\n${results}\n\n${document.slice(to)}`;
}
