/** `edgeseal edge build`: makes the zip file of the edge validator. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, packBundle } from '../../edge-build/bundle.js';
import { bakeRules } from '../../edge-build/rules.js';
import { type Command, exitCodes, type Given, UsageError } from '../command.js';
import { countFindings, type RuleFile, readRules, ruleOptions, showFindings } from '../edge-rules.js';
import { columns, type Io, printable, wrap } from '../output.js';

/** The command. */
export const command: Command = {
  name: 'edge build',
  operands: [],
  about:
    'Checks a rule file and packs it, with the public keys, into a zip file for a Lambda@Edge viewer-request function: index.js, whose handler is the function, and its WebAssembly module. The same input gives the same bytes on every machine. An error in the rule file ends with exit code 2; warnings do not, unless --strict is given.',
  options: {
    ...ruleOptions,
    out: { kind: 'value', value: 'DIR', help: 'folder for edge.zip; dist when left out' },
    strict: { kind: 'switch', help: 'let warnings end the build, too' },
    memo: { kind: 'value', value: 'N', help: 'good signatures to remember; 256 when left out, 0 for none' },
    'sample-allowed': {
      kind: 'value',
      value: 'SHARE',
      help: 'share of the allowed requests to log, from 0 (when left out) to 1',
    },
  },
  examples: [
    [
      'a bundle with the keys in keys/K2JCJMDEHXQW5F.pem',
      'edgeseal edge build --policy edge.yaml --keys keys/ --out dist/',
    ],
    ['behind a key group, where CloudFront has the keys', 'edgeseal edge build --policy edge.yaml'],
  ],
  fields: { keys: '--keys', policy: '--policy' },
  async run(given, io) {
    const memo = readNumber(given, 'memo', 256, (value) => Number.isInteger(value) && value <= 65_536);
    const sampleAllowed = readNumber(given, 'sample-allowed', 0, (value) => value <= 1);
    const file = await readRules(given);
    showFindings(file, io);
    const { findings, keys } = file;
    if (!file.usable || (given.on('strict') && findings.some(({ severity }) => severity === 'warning'))) {
      return refuse(file, io);
    }
    const bundle = packBundle({ rules: bakeRules(file.text), keys, memo, sampleAllowed });
    const path = join(given.text('out') ?? 'dist', 'edge.zip');
    await write(path, bundle.zip);
    const { sha256, sizes } = bundle;
    if (io.json) {
      const ids = keys.map(({ keyPairId, algorithm, enabled }) => ({ keyPairId, algorithm, enabled }));
      io.value({ zip: path, codeSha256: sha256, sizes, keys: ids, findings });
    } else report(path, bundle, file, io);
    return exitCodes.ok;
  },
};

function refuse({ name, findings }: RuleFile, io: Io): number {
  if (io.json) io.value({ findings });
  else
    io.failure(
      wrap(
        `edgeseal edge build: nothing was built: ${printable(name)} has ${countFindings(findings)}`,
        io.width,
      ),
    );
  return exitCodes.usage;
}

function report(path: string, { sha256, sizes }: Bundle, { keys }: RuleFile, io: Io): void {
  const ids = keys.map(
    ({ keyPairId, algorithm, enabled }) => `${keyPairId} (${algorithm}${enabled ? '' : ', disabled'})`,
  );
  const key = `edge/${Buffer.from(sha256, 'base64').toString('hex')}.zip`;
  io.line(io.paint('bold', printable(path)));
  io.line(
    columns(
      [
        ['keys', ids.length > 0 ? ids.join(', ') : 'none: CloudFront has them'],
        ['raw', `${kilobytes(sizes.code)} of code, ${kilobytes(sizes.module)} of WebAssembly`],
        ['gzip', kilobytes(sizes.gzip)],
        ['zip', kilobytes(sizes.zip)],
        ['CodeSha256', sha256],
      ],
      io.width,
    ),
  );
  io.remark('\nNext, put it into a bucket in us-east-1, under a key that no other build has:\n');
  io.remark(`  aws s3 cp ${printable(path)} \\\n    s3://BUCKET/${key}\n`);
  io.remark('and give bucket, key and CodeSha256 to the edge validator product.');
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function readNumber(
  given: Given,
  option: string,
  otherwise: number,
  fits: (value: number) => boolean,
): number {
  const text = given.text(option);
  if (text === undefined) return otherwise;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (fits(value)) return value;
  throw new UsageError(
    `--${option}: ${printable(text.slice(0, 40))} is out of range`,
    command.options[option]?.help,
  );
}

/** The file appears whole or not at all. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(join(path, '..'), { recursive: true });
    const draft = `${path}.${process.pid}.part`;
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(
      `--out: ${printable(path)} cannot be written (${code})`,
      undefined,
      'unwritable-file',
    );
  }
}
