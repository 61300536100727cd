/** `edgeseal explain --from-log`: why the requests of a log were refused. */
import { EdgesealError, Verifier } from '../index.js';
import { currentSeconds, toSeconds } from '../time.js';
import { exitCodes, type Given, type Options, UsageError } from './command.js';
import { type AnalyseOptions, analyse } from './logs/analyse.js';
import { checkInputs } from './logs/inputs.js';
import type { LogReport } from './logs/report.js';
import { writeReport } from './logs/write.js';
import type { Io } from './output.js';
import { readVerifierOptions } from './request.js';
import { instant } from './terms.js';

/** The switch that makes files out of the operands. */
export const logSwitch = 'from-log';

/** Options of {@link explainLog}; `--host` is {@link Command}'s own and means a filter here. */
export const logOptions: Options = {
  [logSwitch]: {
    kind: 'switch',
    help: 'read CloudFront access logs and Lambda@Edge logs, and group their refusals by cause',
  },
  since: {
    kind: 'value',
    value: 'TIME',
    help: 'with --from-log: only requests from this time on; 2h means two hours ago',
  },
  until: { kind: 'value', value: 'TIME', help: 'with --from-log: only requests before this time' },
  top: { kind: 'value', value: 'N', help: 'with --from-log: list the N most frequent causes' },
  'redact-ip': { kind: 'switch', help: 'with --from-log: show no addresses' },
  'log-fields': {
    kind: 'value',
    value: 'NAMES',
    help: 'with --from-log: the order of the fields in files that do not name them',
  },
};

/** Options of one request, which a log has many of. */
const ofOneRequest = ['cookie', 'ip', 'now'];

/** Reads the logs that the operands name. */
export async function explainLog(given: Given, io: Io): Promise<number> {
  const misplaced = ofOneRequest.find((name) => given.list(name).length > 0);
  if (misplaced !== undefined) {
    throw new UsageError(`--${misplaced} and --from-log do not go together`, 'a log line says that itself');
  }
  await checkInputs(given.operands);
  const options = await readVerifierOptions(given);
  const verifier = new Verifier(options);
  const report = await analyse({
    ...readFilters(given),
    inputs: given.operands,
    explain: (request) => verifier.explain(request),
    redactIp: given.on('redact-ip'),
    top: readTop(given.text('top')),
    fieldOrder: given
      .text('log-fields')
      ?.split(/[\s,]+/)
      .filter(Boolean),
    progress: (bytes, lines) =>
      io.progress(`${Math.floor(bytes / 1e6)} MB, ${lines.toLocaleString('en-US')} lines`),
  });
  io.progress('');
  refuseNothing(report);
  if (io.json) io.value(report);
  else writeReport(report, Object.keys(options.keys).length > 0, io);
  return report.files.damaged.length > 0 ? exitCodes.usage : exitCodes.ok;
}

/** Options of a log mean nothing without one. */
export function refuseLogOptions(given: Given): void {
  const misplaced = Object.keys(logOptions).find((name) => given.list(name).length > 0);
  if (misplaced === undefined) return;
  throw new UsageError(`--${misplaced} goes with --from-log`, 'write edgeseal explain --from-log FILE...');
}

function readFilters(given: Given): Pick<AnalyseOptions, 'since' | 'until' | 'hosts'> {
  const since = readTime(given, 'since');
  const until = readTime(given, 'until');
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError('--since is not before --until', 'swap them');
  }
  return { since, until, hosts: new Set(given.list('host').map((host) => host.toLowerCase())) };
}

/** A time; a duration counts back from now, since a log has only the past. */
function readTime(given: Given, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const now = currentSeconds();
  const time = secondsOf(text, `--${name}`, now);
  return /^\d+[a-z]+$/i.test(text) ? now - (time - now) : time;
}

function secondsOf(text: string, option: string, now: number): number {
  try {
    return toSeconds(instant(text), 'now', now);
  } catch (thrown) {
    if (!(thrown instanceof EdgesealError)) throw thrown;
    throw new UsageError(`${option} is no time that can be read`, thrown.hint, thrown.code);
  }
}

function readTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError('--top must be a whole number from 1', 'for example --top 5');
}

/** Refuses files in which no line is of a log, rather than to say that nothing was refused. */
function refuseNothing({ lines, files }: LogReport): void {
  if (lines.unreadable === 0 || lines.requests + lines.edge + lines.filtered + lines.other > 0) return;
  const [first] = lines.unreadableExamples;
  const place = first === undefined ? '' : `; ${first.file}:${first.line}: ${first.reason}`;
  throw new UsageError(
    `nothing in ${files.read === 1 ? 'the file' : `the ${files.read} files`} is a line of a log${place}`,
    'a file without a #Fields line needs --log-fields "date time c-ip ..."',
    'no-log',
  );
}
