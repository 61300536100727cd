/** `edgeseal edge init`: writes a rule file to start from, and its cases. */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type StarterMode, starterCases, starterRules } from '../../edge-build/starter.js';
import { type Command, exitCodes, UsageError } from '../command.js';
import { printable } from '../output.js';

/** The command. */
export const command: Command = {
  name: 'edge init',
  operands: [],
  about:
    'Writes edge.yaml, a commented rule file to start from, and cases.yaml, requests with the decisions that are expected. A file that is there is never overwritten.',
  options: {
    dir: { kind: 'value', value: 'DIR', help: 'folder to write to; this one when left out' },
    mode: {
      kind: 'value',
      value: 'NAME',
      help: 'behind-key-group, where CloudFront verifies signatures (when left out), or standalone',
    },
  },
  examples: [
    ['start in an empty folder', 'edgeseal edge init --dir edge'],
    ['without a key group', 'edgeseal edge init --mode standalone'],
  ],
  async run(given, io) {
    const mode = readMode(given.text('mode'));
    const folder = given.text('dir') ?? '.';
    const files = [
      [join(folder, 'edge.yaml'), starterRules(mode)],
      [join(folder, 'cases.yaml'), starterCases(mode)],
    ] as const;
    await writeNew(folder, files);
    const written = files.map(([path]) => path);
    if (io.json) io.value({ written });
    else {
      for (const path of written) io.line(printable(path));
      const there = folder === '.' ? '' : `cd ${printable(folder)} && `;
      io.remark(`\nNext: ${there}edgeseal edge test`);
    }
    return exitCodes.ok;
  },
};

function readMode(text = 'behind-key-group'): StarterMode {
  if (text === 'behind-key-group' || text === 'standalone') return text;
  throw new UsageError('--mode must be behind-key-group or standalone');
}

/** Writes all files or none. */
async function writeNew(folder: string, files: readonly (readonly [string, string])[]): Promise<void> {
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [path, text] of files) {
      const handle = await open(path, 'wx');
      written.push(path);
      await handle.writeFile(text);
      await handle.close();
    }
  } catch (thrown) {
    for (const path of written) await rm(path, { force: true });
    const { code, path = folder } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError(
        `${printable(path)} is there already, and is not overwritten`,
        'name another folder with --dir',
      );
    }
    throw new UsageError(`${printable(path)} cannot be written (${code ?? 'unknown'})`);
  }
}
