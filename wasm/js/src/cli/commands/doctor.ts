/** `edgeseal doctor`: what changes for a project that signs with another package. */
import { realpathSync, statSync } from 'node:fs';
import { type Command, exitCodes, UsageError } from '../command.js';
import { examine, type Report } from '../doctor/examine.js';
import { packages } from '../doctor/packages.js';
import { countFindings, writeReport } from '../doctor/write-report.js';
import { type Io, printable, wrap } from '../output.js';

/** The command. */
export const command: Command = {
  name: 'doctor',
  operands: ['[FOLDER]'],
  about:
    'Looks at a project that signs for CloudFront with @aws-sdk/cloudfront-signer, aws-cloudfront-sign, aws-sdk 2 or botocore, and says what each place becomes and what is wrong there today. It reads JavaScript, TypeScript, Python and package.json below FOLDER (this folder when left out), runs nothing, changes nothing, and prints no secrets.',
  options: {
    check: { kind: 'switch', help: 'exit code 1 when something must change or is a danger, for CI' },
    diff: { kind: 'switch', help: 'write a diff of the imports that change by themselves, for git apply' },
  },
  examples: [
    ['this project', 'edgeseal doctor'],
    ['change the imports of @aws-sdk/cloudfront-signer', 'edgeseal doctor --diff | git apply'],
    ['let CI fail on what must change', 'edgeseal doctor services/api --check'],
  ],
  run(given, io) {
    if (given.on('diff') && io.json) {
      throw new UsageError('--diff and --json do not go together', 'ask twice');
    }
    const report = examine(folderAt(given.operands[0] ?? '.'));
    const { change, danger } = countFindings(report.findings);
    if (given.on('diff')) writeDiff(report, io);
    else if (io.json) io.value(forPrograms(report));
    else writeReport(report, io);
    return given.on('check') && change + danger > 0 ? exitCodes.denied : exitCodes.ok;
  },
};

function folderAt(path: string): string {
  try {
    const folder = realpathSync(path);
    if (statSync(folder).isDirectory()) return folder;
  } catch {
    throw new UsageError(
      `there is no folder ${printable(path.slice(0, 200))}`,
      'name the folder of a project',
    );
  }
  throw new UsageError(`${printable(path.slice(0, 200))} is no folder`, 'name the folder of a project');
}

function writeDiff(report: Report, io: Io): void {
  for (const line of report.diff.split(/(?<=\n)/)) if (line !== '') io.line(line.replace(/\n$/, ''));
  for (const file of report.withheld) {
    io.remark(
      wrap(
        `${printable(file)} is left out: a line beside the import may hold a secret or control characters`,
        io.width,
      ),
    );
  }
  if (report.byHand > 0) {
    io.remark(
      wrap(`left out, since a hand is needed: ${report.byHand}; edgeseal doctor shows where`, io.width),
    );
  }
  if (report.diff === '') io.remark('no import changes by itself');
}

/** The report as `schema/doctor-report.schema.json` describes it. */
function forPrograms({ findings, packages: uses, filesRead, skipped, installer }: Report): object {
  const counts = countFindings(findings);
  return {
    version: 1,
    mustChange: counts.change + counts.danger > 0,
    counts,
    findings,
    packages: uses.map((use) => ({
      ...use,
      becomes: packages[use.name].becomes,
      guide: packages[use.name].guide,
    })),
    installer,
    filesRead,
    skipped,
  };
}
