/** Reads logs and counts why requests were refused. */
import { shown } from '../material.js';
import { filesOf } from './inputs.js';
import { DamagedInput, openInput, readLines } from './line-source.js';
import type { LogReport } from './report.js';
import { Tally, type TallyOptions } from './tally.js';

/** What to read and how. */
export interface AnalyseOptions extends TallyOptions {
  /** Files, folders, and `-` for stdin. */
  inputs: readonly string[];
  /** Is told from time to time how far it has come. */
  progress(bytes: number, lines: number): void;
}

/** Progress is told after this many bytes. */
const progressStep = 16_777_216;

/** Reads everything. @throws {UsageError} for a folder that cannot be read. */
export async function analyse(options: AnalyseOptions): Promise<LogReport> {
  const tally = new Tally(options);
  let bytes = 0;
  for await (const file of filesOf(options.inputs)) {
    tally.open(file === '-' ? 'stdin' : shown(file));
    try {
      await readLines(openInput(file), tally, (more) => {
        const before = Math.floor(bytes / progressStep);
        bytes += more;
        if (Math.floor(bytes / progressStep) > before) options.progress(bytes, tally.lines);
      });
    } catch (thrown) {
      if (!(thrown instanceof DamagedInput)) throw thrown;
      tally.damaged(thrown.message);
    }
  }
  return tally.report();
}
