/** What verifying and explaining share: which request, and which keys are trusted. */
import type { VerifierOptions, VerifyOptions } from '../index.js';
import { type Given, type Options, UsageError } from './command.js';
import { findKeyPairId, readBytes, readText, readVariable } from './material.js';
import { instant, present } from './terms.js';

/** Options of {@link readVerifierOptions} and {@link readRequest}. */
export const requestOptions: Options = {
  'public-key': {
    kind: 'list',
    value: '[ID=]FILE',
    help: 'trusted public key and its key-pair id; may be repeated; - reads stdin',
  },
  'public-key-env': { kind: 'list', value: '[ID=]NAME', help: 'the same from an environment variable' },
  'key-pair-id': {
    kind: 'value',
    value: 'ID',
    help: 'id of the public key that is given without one; $EDGESEAL_KEY_PAIR_ID when left out',
  },
  cookie: { kind: 'list', value: 'HEADER', help: 'a Cookie request header; may be repeated' },
  ip: { kind: 'value', value: 'ADDRESS', help: "the viewer's address, for policies with an IP condition" },
  now: { kind: 'value', value: 'TIME', help: 'judge as if it were this time' },
  strict: { kind: 'switch', help: 'refuse every form that AWS does not document' },
  'require-resource': { kind: 'switch', help: 'refuse a policy without a resource, which opens everything' },
  'legacy-scheme-wildcard': { kind: 'switch', help: 'let http*:// match both schemes, as of old' },
};

/** The fields of errors that belong to {@link requestOptions}. */
export const requestFields = {
  url: 'URL',
  now: '--now',
  clientIp: '--ip',
  cookies: '--cookie',
  hosts: '--host',
  publicKey: '--public-key',
  keyPairId: '--public-key',
} as const;

/** The trusted keys and the switches. */
export async function readVerifierOptions(given: Given): Promise<VerifierOptions> {
  const keys: Record<string, string | Uint8Array> = {};
  const add = (id: string, key: string | Uint8Array) => {
    if (Object.hasOwn(keys, id)) throw new UsageError('two public keys have the same key-pair id');
    keys[id] = key;
  };
  for (const text of given.list('public-key')) {
    const [id, file] = splitId(text, given);
    add(id, await readBytes(file, '--public-key'));
  }
  for (const text of given.list('public-key-env')) {
    const [id, name] = splitId(text, given);
    add(id, readVariable(name, '--public-key-env'));
  }
  return {
    keys,
    strict: given.on('strict'),
    requireResource: given.on('require-resource'),
    legacySchemeWildcard: given.on('legacy-scheme-wildcard'),
  };
}

function splitId(text: string, given: Given): [id: string, source: string] {
  const [, id, source] = /^([A-Z0-9]{1,64})=(.+)$/s.exec(text) ?? [];
  if (id !== undefined && source !== undefined) return [id, source];
  const other = findKeyPairId(given);
  if (other !== undefined) return [other, text];
  throw new UsageError(
    'it is not known to which key-pair id the public key belongs',
    'write it in front, as in --public-key K2JCJMDEHXQW5F=key.public.pem, or give --key-pair-id ID',
  );
}

/** The request to judge. */
export async function readRequest(given: Given): Promise<VerifyOptions> {
  const [operand = ''] = given.operands;
  const url = operand === '-' ? await readText('-', 'URL') : operand;
  const cookies = given.list('cookie').map((header) => header.replace(/^cookie:\s*/i, ''));
  return {
    url,
    ...(cookies.length > 0 ? { cookies } : {}),
    ...present('clientIp', given.text('ip')),
    ...present('now', instant(given.text('now'))),
  };
}
