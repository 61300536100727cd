/** The report for people: each finding with its place, then a table. */
import { type Io, printable, wrap } from '../output.js';
import type { PackageUse, Report } from './examine.js';
import type { Finding, Severity } from './findings.js';
import { packages } from './packages.js';

const styles = { change: 'yellow', danger: 'red', advice: 'dim' } as const;
const severities: readonly Severity[] = ['danger', 'change', 'advice'];

/** How many findings of each severity there are. */
export function countFindings(findings: readonly Finding[]): Record<Severity, number> {
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { danger: of('danger'), change: of('change'), advice: of('advice') };
}

/** Writes it. */
export function writeReport(report: Report, io: Io): void {
  const { findings } = report;
  if (report.packages.length === 0) writeNone(io);
  for (const finding of findings) writeFinding(finding, io);
  if (report.packages.length > 0) writePackages(report.packages, io);
  writeSummary(report, io);
}

function writeNone(io: Io): void {
  io.line(
    wrap(
      'No source here signs for CloudFront with @aws-sdk/cloudfront-signer, aws-cloudfront-sign, CloudFront.Signer of aws-sdk 2, or CloudFrontSigner of botocore: there is nothing to move.',
      io.width,
    ),
  );
  io.line();
  io.line('To start with Edgeseal:');
  io.line('  npm install edgeseal');
  io.line('  npx edgeseal keygen      # a key pair, and what to do with it at AWS');
  io.line('  npx edgeseal sign URL --key cloudfront-key.pem --key-pair-id ID');
  io.line();
}

function writeFinding(finding: Finding, io: Io): void {
  const { file, line, column, severity, code } = finding;
  const subject =
    finding.call === undefined || finding.message.includes(finding.call) ? '' : `${finding.call}: `;
  io.line(
    `${io.paint('bold', printable(`${file}:${line}:${column}`))}  ${io.paint(styles[severity], severity)}  ${code}`,
  );
  io.line(wrap(printable(subject + finding.message), io.width, '  '));
  if (finding.replacement === undefined) io.line(fixText(printable(finding.fix), io.width));
  else io.line(`  ${io.paint('green', `+ ${printable(finding.replacement)}`)}`);
  io.line();
}

function fixText(fix: string, width: number): string {
  return wrap(`-> ${fix}`, width - 3, '  ').replaceAll('\n', '\n   ');
}

function writePackages(uses: readonly PackageUse[], io: Io): void {
  const rows = uses.map(({ name, asked, locked, uses: count }) => [
    packages[name].title,
    versionsOf(locked.length > 0 ? locked : asked.map(({ range }) => range)),
    String(count),
    packages[name].becomes,
  ]);
  const head = ['package', 'version', 'uses', 'becomes'];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const written = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  io.line(io.paint('bold', written(head)));
  for (const row of rows) io.line(written(row));
  io.line();
}

/** The first version, and how many others there are. */
function versionsOf(versions: readonly string[]): string {
  const [first, ...others] = new Set(versions);
  if (first === undefined) return '-';
  return `${printable(first.slice(0, 10))}${others.length === 0 ? '' : ` +${others.length}`}`;
}

function writeSummary(report: Report, io: Io): void {
  const counts = countFindings(report.findings);
  const kinds = severities.map((severity) => `${counts[severity]} ${severity}`).join(', ');
  const read = report.filesRead === 1 ? '1 file read' : `${report.filesRead} files read`;
  const passedOver = report.skipped.filter(({ reason }) => reason !== 'link');
  const skipped =
    passedOver.length === 0 ? '' : `, ${passedOver.length} not (too large, binary or unreadable)`;
  const found = report.findings.length === 0 ? '' : `${kinds}; `;
  io.line(wrap(`${found}${read}${skipped}.`, io.width));
  if (report.diff !== '') {
    io.line(
      wrap('edgeseal doctor --diff | git apply makes the replacements that need no thought.', io.width),
    );
  }
  if (report.findings.length > 0) io.line('More: docs/migrate.md in the repository of Edgeseal.');
}
