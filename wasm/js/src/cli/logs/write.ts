/** The report for people. */
import { columns, type Io, printable, wrap } from '../output.js';
import type { Count } from './distinct.js';
import type { Example, Group } from './groups.js';
import type { LogReport } from './report.js';

/** Writes the report. */
export function writeReport(report: LogReport, withKeys: boolean, io: Io): void {
  summary(report, io);
  for (const { title, remark, blame } of sections) {
    const groups = report.groups.filter((group) => group.blame === blame);
    if (groups.length === 0) continue;
    io.line();
    io.line(io.paint('bold', title));
    if (remark !== undefined) io.line(wrap(remark, io.width, '  '));
    for (const group of groups) writeGroup(group, io);
  }
  if (report.others > 0) {
    io.line();
    io.line(`${number(report.others)} more refusals, by other causes`);
  }
  remarks(report, withKeys, io);
}

const sections: readonly { title: string; blame: Group['blame']; remark?: string }[] = [
  { title: 'Refused by the signature check', blame: 'signature' },
  {
    title: 'Cannot tell',
    blame: 'unclear',
    remark: 'The log does not show whether the signature or something else was refused.',
  },
  { title: 'Refused by something else', blame: 'other' },
  { title: 'Refused by the edge handler', blame: 'edge' },
];

function summary({ files, lines, requests, edge }: LogReport, io: Io): void {
  io.line(`${plural(files.read, 'file')}, ${plural(lines.total, 'line')}`);
  const rows: [string, number][] = [];
  if (lines.requests > 0 || lines.edge === 0) {
    const { refused } = requests;
    rows.push(
      ['requests', lines.requests],
      ['  allowed', requests.allowed],
      ['  refused (403)', refused.total],
      ['    by the signature check', refused.bySignature],
      ['    by something else', refused.byOther],
      ['    cannot tell', refused.unclear],
      ['  answered otherwise', requests.otherwise],
    );
  }
  if (lines.edge > 0) {
    rows.push(['decisions of the edge', lines.edge], ['  refused', edge.refused]);
  }
  if (lines.filtered > 0) rows.push(['outside the filters', lines.filtered]);
  if (lines.other > 0) rows.push(['other lines', lines.other]);
  if (lines.unreadable > 0) rows.push(['lines not read', lines.unreadable]);
  const width = Math.max(...rows.map(([, count]) => number(count).length));
  for (const [name, count] of rows) io.line(`  ${name.padEnd(26)}  ${number(count).padStart(width)}`);
}

function writeGroup(group: Group, io: Io): void {
  const share = `${(group.share * 100).toFixed(1)} %`;
  io.line();
  io.line(`  ${io.paint('bold', group.code)}  ${number(group.count)}, ${share}`);
  if (group.sentence !== '') io.line(wrap(printable(group.sentence), io.width, '    '));
  const rows: [string, string][] = [];
  if (group.fix !== undefined) rows.push(['Remedy:', printable(group.fix)]);
  if (group.firstSeen !== undefined && group.lastSeen !== undefined)
    rows.push(['Seen:', between(group.firstSeen, group.lastSeen)]);
  rows.push(['From:', `${counted(group.clients, 'client')}, ${counted(group.paths, 'path')}`]);
  if (group.keyPairIds.length > 0)
    rows.push(['Key:', `${group.keyPairIds.join(', ')}${group.moreKeyPairIds ? ' and more' : ''}`]);
  if (group.encodingUnsure > 0)
    rows.push([
      'Unsure:',
      `${number(group.encodingUnsure)}: the log leaves open how the path and query were encoded`,
    ]);
  rows.push(['Example:', exampleHead(group.example)]);
  io.line(columns(rows, io.width, '    '));
  const { url, hiddenParameters } = group.example;
  for (const piece of pieces(printable(url), io.width - 14)) io.line(`${' '.repeat(14)}${piece}`);
  if (hiddenParameters > 0)
    io.line(`${' '.repeat(14)}and ${plural(hiddenParameters, 'other parameter')} not shown`);
}

function exampleHead({ file, line, time, method, clientIp, status }: Example): string {
  const facts = [time, clientIp, method, String(status)].filter((fact) => fact !== undefined);
  return `${file}:${line} ${facts.join(' ')}`;
}

function remarks({ files, lines, groups }: LogReport, withKeys: boolean, io: Io): void {
  const texts: string[] = [];
  if (!withKeys && groups.some(({ code }) => code === 'no-public-key'))
    texts.push('No public key was given, so no signature was checked; --public-key names one.');
  if (groups.some(({ code }) => code === 'not-signed'))
    texts.push(
      'Requests without a signed URL may have had signed cookies, which a log has only where cookie logging is on; and not every path needs a signature.',
    );
  if (groups.some(({ source }) => source === 'edge') && groups.some(({ source }) => source === 'access'))
    texts.push('A request that the edge handler refused may stand in both logs; it is counted in both.');
  for (const { file, reason } of files.damaged)
    texts.push(`Damaged: ${file} ${reason}; it was counted up to there.`);
  if (files.moreDamaged > 0) texts.push(`${plural(files.moreDamaged, 'more file')} could not be read whole.`);
  for (const { file, line, reason } of lines.unreadableExamples)
    texts.push(`Not read: ${file}:${line}: ${reason}.`);
  if (texts.length === 0) return;
  io.line();
  for (const text of texts) io.line(wrap(text, io.width));
}

/** Two times; the date of the second only where it is another. */
function between(first: string, last: string): string {
  const show = (time: string) => time.replace('T', ' ').replace('Z', '');
  if (first === last) return `${show(first)} UTC`;
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${show(first)} to ${sameDay ? show(last).slice(11) : show(last)} UTC`;
}

function counted({ count, approximate }: Count, what: string): string {
  return `${approximate ? 'about ' : ''}${plural(count, what)}`;
}

function plural(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** Breaks a URL, where it can at a sign that ends a part of it. */
function pieces(url: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const parts = url
    .split(/(?<=[&?/])/)
    .flatMap((part) => part.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? []);
  for (const part of parts) {
    if (line !== '' && line.length + part.length > width) {
      lines.push(line);
      line = '';
    }
    line += part;
  }
  return [...lines, line];
}
