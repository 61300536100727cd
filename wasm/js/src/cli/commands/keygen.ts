/** `edgeseal keygen`: makes a key pair. */
import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, exitCodes, type Given, UsageError } from '../command.js';
import { readPassphrase, shown, signingKeyOptions } from '../material.js';
import { type Io, printable } from '../output.js';
import { suggest } from '../suggest.js';

const kinds = { rsa: 'RSA-2048', ec: 'ECDSA-P256' } as const;
type Kind = keyof typeof kinds;

/** The command. */
export const command: Command = {
  name: 'keygen',
  operands: ['[rsa|ec]'],
  about:
    'Makes a key pair that CloudFront accepts: RSA-2048 (the default), or ECDSA P-256, which signs faster and makes shorter URLs. The private key is written so that only you can read it; a file that exists is never overwritten.',
  options: {
    out: {
      kind: 'value',
      value: 'NAME',
      help: 'start of the file names: NAME.pem and NAME.public.pem (default: cloudfront-key)',
    },
    'passphrase-env': {
      ...(signingKeyOptions['passphrase-env'] as Command['options'][string]),
      help: 'encrypt the private key with the passphrase in this environment variable',
    },
  },
  examples: [
    ['make cloudfront-key.pem and cloudfront-key.public.pem', 'edgeseal keygen'],
    ['an ECDSA pair under another name', 'edgeseal keygen ec --out keys/uploads-2026'],
  ],
  run(given, io) {
    const kind = readKind(given.operands[0] ?? 'rsa');
    const name = given.text('out') ?? 'cloudfront-key';
    const files = { privateKey: `${name}.pem`, publicKey: `${name}.public.pem` };
    const pair = generate(kind, readPassphrase(given));
    writeNew(files.privateKey, pair.privateKey, 0o600);
    try {
      writeNew(files.publicKey, pair.publicKey, 0o644);
    } catch (thrown) {
      rmSync(files.privateKey, { force: true });
      throw thrown;
    }
    report(kind, files, given, io);
    return exitCodes.ok;
  },
};

function readKind(text: string): Kind {
  const kind = Object.keys(kinds).find((known) => known === text.toLowerCase());
  if (kind !== undefined) return kind as Kind;
  const near = suggest(text, Object.keys(kinds));
  throw new UsageError(
    'the kind of key must be rsa or ec',
    near === undefined
      ? 'CloudFront takes RSA-2048 and ECDSA P-256'
      : `did you mean edgeseal keygen ${near}?`,
  );
}

function generate(kind: Kind, passphrase: string | undefined): { privateKey: string; publicKey: string } {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const privateKeyEncoding = {
    type: 'pkcs8',
    format: 'pem',
    ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
  } as const;
  return kind === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
    : generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding });
}

/** Writes a file that must not be there yet, readable as asked from its first moment. */
function writeNew(file: string, text: string, mode: number): void {
  try {
    writeFileSync(file, text, { mode, flag: 'wx' });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const [what, hint] =
      code === 'EEXIST'
        ? ['exists already, and nothing was written', 'choose another name with --out NAME']
        : code === 'ENOENT'
          ? ['is in a folder that does not exist', 'make the folder first']
          : ['cannot be written', undefined];
    throw new UsageError(`${shown(file)} ${what}`, hint, 'unwritable-file');
  }
}

function report(kind: Kind, files: { privateKey: string; publicKey: string }, given: Given, io: Io): void {
  const encrypted = given.text('passphrase-env') !== undefined;
  const label = basename(files.privateKey, '.pem').replaceAll(/[^A-Za-z0-9_-]/g, '-');
  const next = [
    `KEY=$(cat ${shellWord(files.publicKey)})`,
    'aws cloudfront create-public-key --public-key-config \\',
    `  "CallerReference=$(date +%s),Name=${label},EncodedKey=$KEY"`,
  ];
  if (io.json) {
    io.value({ algorithm: kinds[kind], ...files, encrypted, next: next.join('\n') });
    return;
  }
  io.line(`Made a key pair for CloudFront (${kinds[kind]}).`);
  io.line();
  io.line(
    `  private key  ${shown(files.privateKey)}  ${io.paint('yellow', encrypted ? 'encrypted' : 'keep it secret')}`,
  );
  io.line(`  public key   ${shown(files.publicKey)}`);
  io.line();
  io.line('Next, give the public key to CloudFront, and put it into a key group:');
  io.line();
  for (const line of next) io.line(`  ${line}`);
  io.line();
  io.line('The Id in the answer is the key-pair id to sign with.');
}

/** A file name as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
}
