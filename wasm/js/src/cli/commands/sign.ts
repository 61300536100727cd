/** `edgeseal sign`: signs one URL. */
import { Signer, type UploadConstraints, Verifier } from '../../index.js';
import { type Command, exitCodes, type Given, UsageError } from '../command.js';
import {
  readKeyPairId,
  readPassphrase,
  readSigningKey,
  signingKeyFields,
  signingKeyOptions,
} from '../material.js';
import type { Io } from '../output.js';
import { present, readTerms, remarkSigned, termFields, termOptions } from '../terms.js';

/** The command. */
export const command: Command = {
  name: 'sign',
  operands: ['URL'],
  about:
    'Signs a URL on your CloudFront domain and writes it to stdout. An expiry alone makes a canned policy; anything more makes a custom one. The --upload options bind an upload to a method, a size and a type: the edge validator enforces them.',
  options: {
    ...signingKeyOptions,
    ...termOptions,
    resource: {
      kind: 'value',
      value: 'PATTERN',
      help: 'open this instead of the URL alone; * and ? are wildcards',
    },
    'upload-method': { kind: 'value', value: 'NAME', help: 'PUT (default) or POST' },
    'upload-max-bytes': {
      kind: 'value',
      value: 'N',
      help: 'largest body, in bytes; KiB, MiB and GiB may follow',
    },
    'upload-content-type': { kind: 'value', value: 'TYPE', help: 'media type, such as image/png or image/*' },
    'upload-sha256': { kind: 'value', value: 'HEX', help: 'SHA-256 of the body' },
    'upload-filename': { kind: 'value', value: 'NAME', help: 'file name to record' },
  },
  examples: [
    [
      'a download link for a quarter of an hour',
      "edgeseal sign 'https://files.example.com/download/a.pdf' \\\n    --key key.pem --key-pair-id K2JCJMDEHXQW5F --expires 15m",
    ],
    [
      'an upload of at most 10 MiB of any image type',
      "edgeseal sign 'https://files.example.com/upload/photo' --key key.pem \\\n    --expires 10m --upload-max-bytes 10MiB --upload-content-type 'image/*'",
    ],
    [
      'one signature for everything below /video/',
      "edgeseal sign 'https://files.example.com/video/1.ts' --key-env CF_KEY \\\n    --expires 2h --resource 'https://files.example.com/video/*'",
    ],
  ],
  fields: {
    ...signingKeyFields,
    ...termFields,
    url: 'URL',
    resource: '--resource',
    upload: '--upload-...',
    'upload.maxBytes': '--upload-max-bytes',
  },
  async run(given, io) {
    const [url = ''] = given.operands;
    const terms = await readTerms(given);
    const upload = readUpload(given);
    const signer = await openSigner(given, io);
    const signed = signer.signUrl({
      url,
      ...terms,
      ...present('resource', given.text('resource')),
      ...present('upload', upload),
    });
    const explanation = new Verifier({ keys: {} }).explain({ url: signed });
    if (io.json) {
      const { policyText, policy } = explanation;
      const { keyPairId, algorithm, hash } = signer;
      io.value({ url: signed, keyPairId, algorithm, hash, policy, policyText });
    } else {
      remarkSigned(explanation, signer, io);
      io.line(signed);
    }
    return exitCodes.ok;
  },
};

/** A signer with the key that the options name. No copy of the key stays here. */
export async function openSigner(given: Given, io: Io): Promise<Signer> {
  const keyPairId = readKeyPairId(given);
  const passphrase = readPassphrase(given);
  const hash = readHash(given.text('hash'));
  const privateKey = await readSigningKey(given, io);
  try {
    return Signer.fromPem({ keyPairId, privateKey, hash, ...present('passphrase', passphrase) });
  } finally {
    privateKey.fill(0);
  }
}

function readHash(text: string | undefined): 'SHA1' | 'SHA256' {
  const plain = (text ?? 'SHA256').toUpperCase().replace('-', '');
  if (plain === 'SHA1' || plain === 'SHA256') return plain;
  throw new UsageError('--hash must be SHA256 or SHA1', 'CloudFront knows no other');
}

function readUpload(given: Given): UploadConstraints | undefined {
  const method = given.text('upload-method')?.toUpperCase() as UploadConstraints['method'];
  const upload: UploadConstraints = {
    ...present('method', method),
    ...present('maxBytes', readSize(given.text('upload-max-bytes'))),
    ...present('contentType', given.text('upload-content-type')),
    ...present('sha256', given.text('upload-sha256')?.toLowerCase()),
    ...present('filename', given.text('upload-filename')),
  };
  return Object.keys(upload).length > 0 ? upload : undefined;
}

const units: Readonly<Record<string, number>> = { '': 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = '', unit = ''] = /^(\d{1,15})\s*([A-Za-z]*)$/.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  if (digits !== '' && factor !== undefined) return Number(digits) * factor;
  throw new UsageError(
    '--upload-max-bytes must be a number of bytes',
    'for example 1000000, 512KiB or 10MiB',
  );
}
