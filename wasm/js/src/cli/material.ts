/** Reading keys and texts from files, environment variables and stdin. Never from arguments, and never echoed. */
import { type FileHandle, open } from 'node:fs/promises';
import { type Given, type Options, UsageError } from './command.js';
import { type Io, printable } from './output.js';

const maxBytes = 1_048_576;
const keyPairIdVariable = 'EDGESEAL_KEY_PAIR_ID';
let stdinTaken = false;

/** The options by which a signing command takes its key. */
export const signingKeyOptions: Options = {
  key: { kind: 'value', value: 'FILE', help: 'private key, PEM or DER; - reads stdin' },
  'key-env': { kind: 'value', value: 'NAME', help: 'environment variable that holds the private key' },
  'passphrase-env': { kind: 'value', value: 'NAME', help: 'environment variable that holds its passphrase' },
  'key-pair-id': {
    kind: 'value',
    value: 'ID',
    help: 'id of the CloudFront public key; $EDGESEAL_KEY_PAIR_ID when left out',
  },
  hash: { kind: 'value', value: 'NAME', help: 'SHA256 (default) or SHA1' },
};

/** The fields of errors that belong to {@link signingKeyOptions}. */
export const signingKeyFields = {
  privateKey: '--key',
  passphrase: '--passphrase-env',
  keyPairId: '--key-pair-id',
  hash: '--hash',
} as const;

/** The private key that the options name. The caller wipes it. */
export async function readSigningKey(given: Given, io: Io): Promise<Buffer> {
  const file = given.text('key');
  const variable = given.text('key-env');
  if (file !== undefined && variable !== undefined) {
    throw new UsageError('--key and --key-env do not go together', 'name one source of the private key');
  }
  if (variable !== undefined) return Buffer.from(readVariable(variable, '--key-env'));
  if (file !== undefined) return readBytes(file, '--key', (mode) => warnIfOpen(file, mode, io));
  throw new UsageError(
    'there is no private key',
    'name it with --key FILE, --key-env NAME, or --key - for stdin',
  );
}

/** The passphrase, where an option names one. */
export function readPassphrase(given: Given): string | undefined {
  const variable = given.text('passphrase-env');
  return variable === undefined ? undefined : readVariable(variable, '--passphrase-env');
}

/** The key-pair id, from its option or from the environment. */
export function findKeyPairId(given: Given): string | undefined {
  return given.text('key-pair-id') ?? (process.env[keyPairIdVariable] || undefined);
}

/** As {@link findKeyPairId}, for commands that cannot do without. */
export function readKeyPairId(given: Given): string {
  const id = findKeyPairId(given);
  if (id !== undefined) return id;
  throw new UsageError(
    'there is no key-pair id',
    'give --key-pair-id ID or set EDGESEAL_KEY_PAIR_ID; CloudFront shows the id of a public key, such as K2JCJMDEHXQW5F',
  );
}

/** The value of an environment variable. */
export function readVariable(name: string, option: string): string {
  const value = process.env[name];
  if (value) return value;
  // The name is not repeated: it may be the secret itself, given by mistake.
  throw new UsageError(
    `${option}: there is no such environment variable, or it is empty`,
    'give the name of a variable that is exported, not its value',
  );
}

/** A file or stdin as text, without the white space around it. */
export async function readText(file: string, option: string): Promise<string> {
  const bytes = await readBytes(file, option);
  return bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
}

/** A file or stdin, of a size that makes sense. */
export async function readBytes(
  file: string,
  option: string,
  onMode?: (mode: number) => void,
): Promise<Buffer> {
  if (file === '-') return readStdin(option);
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const facts = await handle.stat();
    if (facts.isFile()) onMode?.(facts.mode);
    return await collect(handle.createReadStream({ autoClose: false }), `${option}: ${shown(file)}`);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${option}: ${shown(file)} ${whyUnreadable(thrown)}`, undefined, 'unreadable-file');
  } finally {
    await handle?.close();
  }
}

async function readStdin(option: string): Promise<Buffer> {
  if (stdinTaken) throw new UsageError(`${option}: stdin was read already`, 'use - once');
  stdinTaken = true;
  return collect(process.stdin, `${option}: stdin`);
}

async function collect(stream: AsyncIterable<unknown>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    chunks.push(bytes);
    if (size > maxBytes) throw new UsageError(`${what} is too large to be meant`);
  }
  if (size === 0) throw new UsageError(`${what} is empty`);
  const whole = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  return whole;
}

function whyUnreadable(thrown: unknown): string {
  const code = (thrown as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read',
    EISDIR: 'is a folder',
    ENAMETOOLONG: 'is no file name',
  };
  return words[code ?? ''] ?? 'cannot be read';
}

/** A file name, short and safe for a terminal. */
export function shown(file: string): string {
  return printable(file.length > 120 ? `${file.slice(0, 117)}...` : file);
}

/** Warns of a private key that other users can read. */
export function warnIfOpen(file: string, mode: number, io: Io): void {
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const permissions = (mode & 0o777).toString(8);
  io.remark(
    `${io.paintRemark('yellow', 'warning')} other users can read ${shown(file)} (mode ${permissions})\n  run: chmod 600 ${shown(file)}`,
  );
}
