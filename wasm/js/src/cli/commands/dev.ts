/** `edgeseal dev`: runs a local edge. */
import { createLocalEdge, type LocalEdge, type LocalEdgeOptions } from '../../dev/index.js';
import { makeSamples } from '../../dev/sample.js';
import { idOf } from '../../dev/signing.js';
import { readPublicKeys } from '../../edge-build/keys.js';
import { bakeRules, lintRules } from '../../edge-build/rules.js';
import type { SignerOptions, TrustedKey } from '../../index.js';
import { type Command, exitCodes, type Given, UsageError } from '../command.js';
import { type Announcement, announce, decisionLine } from '../dev-report.js';
import { countFindings, readSource, showFindings } from '../edge-rules.js';
import { findKeyPairId, readBytes, readPassphrase, shown, warnIfOpen } from '../material.js';
import type { Io } from '../output.js';
import { present } from '../terms.js';

const usualPort = 8787;

/** The command. */
export const command: Command = {
  name: 'dev',
  operands: [],
  about:
    'Runs the distribution and its bucket on this machine, so that an application can be built and tested without an AWS account: it checks signatures as CloudFront does, then your rules, and keeps uploads in a folder or a bucket. It prints signed URLs to try and a line for each request, until Ctrl-C.',
  options: {
    policy: {
      kind: 'value',
      value: 'FILE',
      help: 'rule file, YAML or JSON; without one the prefix function stands in',
    },
    keys: {
      kind: 'value',
      value: 'PATH',
      help: 'trusted public keys: a folder with ID.pem for each, or a JSON file',
    },
    store: { kind: 'value', value: 'FOLDER', help: 'keep the objects as files of this folder' },
    s3: { kind: 'value', value: 'BUCKET', help: 'keep the objects in this bucket; needs @aws-sdk/client-s3' },
    'endpoint-url': { kind: 'value', value: 'URL', help: 'where the bucket is, for emulators' },
    port: { kind: 'value', value: 'N', help: `port (default: ${usualPort}; 0 takes a free one)` },
    'sign-with': {
      kind: 'value',
      value: 'FILE',
      help: 'private key for the sample URLs, trusted as well; one is made when left out',
    },
    'key-pair-id': { kind: 'value', value: 'ID', help: 'id of the public key that belongs to --sign-with' },
    'passphrase-env': {
      kind: 'value',
      value: 'NAME',
      help: 'environment variable that holds the passphrase of --sign-with',
    },
    origin: {
      kind: 'value',
      value: 'URL',
      help: 'stand in for this origin, such as https://files.example.com: URLs signed for it are taken',
    },
    'host-name': { kind: 'value', value: 'NAME', help: 'a name for local URLs, such as files.localhost' },
    'cors-origin': {
      kind: 'list',
      value: 'ORIGIN',
      help: 'let pages of this origin in, as CorsAllowedOrigins does; may be repeated',
    },
    'cors-credentials': { kind: 'switch', help: 'let those pages send cookies' },
    'hide-signing-params': {
      kind: 'switch',
      help: 'keep the signing parameters from the rules; AWS does not say whether CloudFront does',
    },
    listen: { kind: 'value', value: 'ADDRESS', help: 'IP address to listen on (default: 127.0.0.1)' },
    'i-know': { kind: 'switch', help: 'with --listen 0.0.0.0 or ::, confirm that every network may connect' },
  },
  examples: [
    ['files in a folder, rules from a file', 'edgeseal dev --policy edge.yaml --store ./files'],
    [
      'with the URLs that your application signs for its real domain',
      'edgeseal dev --policy edge.yaml --store ./files --keys keys/ \\\n    --origin https://files.example.com',
    ],
    ['objects in a local S3', 'edgeseal dev --s3 uploads --endpoint-url http://127.0.0.1:4566'],
  ],
  fields: {
    store: '--store',
    bucket: '--s3',
    'bucket.endpoint': '--endpoint-url',
    port: '--port',
    origin: '--origin',
    hostName: '--host-name',
    listen: '--listen',
    signWith: '--sign-with',
    privateKey: '--sign-with',
    passphrase: '--passphrase-env',
    keyPairId: '--key-pair-id',
    policy: '--policy',
    keys: '--keys',
    'cors.origins': '--cors-origin',
    'cors.credentials': '--cors-credentials',
  },
  async run(given, io) {
    const keys = readKeys(given);
    const signWith = await readSigner(given, keys, io);
    const ids = [...new Set([...Object.keys(keys), ...(signWith === undefined ? [] : [signWith.keyPairId])])];
    const policy = await readPolicy(given, ids, io);
    const stopped = stopSignal();
    const edge = await createLocalEdge({
      ...place(given),
      ...present('policy', policy),
      ...present('signWith', signWith),
      keys,
      port: readPort(given.text('port')),
      hideSigningParams: given.on('hide-signing-params'),
      allowAnyAddress: given.on('i-know'),
      ...present('listen', given.text('listen')),
      ...present('origin', given.text('origin')),
      ...present('hostName', given.text('host-name')),
      ...present('cors', readCors(given)),
      onDecision: (decision) => io.line(decisionLine(decision, io)),
    }).start();
    signWith?.privateKey.fill(0);
    await welcome(edge, policy, signWith === undefined, io);
    await stopped;
    await edge.stop();
    return exitCodes.ok;
  },
};

async function welcome(
  edge: LocalEdge,
  policy: string | undefined,
  throwaway: boolean,
  io: Io,
): Promise<void> {
  const announcement: Announcement = {
    edge,
    hasPolicy: policy !== undefined,
    throwaway,
    samples: await makeSamples(edge, policy),
  };
  io.line(announce(announcement, io));
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}

/** Where the objects are. */
function place(given: Given): Pick<LocalEdgeOptions, 'store' | 'bucket'> {
  const store = given.text('store');
  const name = given.text('s3');
  const endpoint = given.text('endpoint-url');
  if ((store === undefined) === (name === undefined)) {
    throw new UsageError(
      store === undefined ? 'there is no place for the objects' : '--store and --s3 do not go together',
      'give --store FOLDER, or --s3 BUCKET',
    );
  }
  if (name !== undefined) return { bucket: { name, ...present('endpoint', endpoint) } };
  if (endpoint !== undefined)
    throw new UsageError('--endpoint-url goes with --s3', 'name the bucket with --s3 BUCKET');
  return { store: store ?? '' };
}

/** The public keys, from the same folder or file that `edgeseal edge build` takes. */
function readKeys(given: Given): Record<string, TrustedKey> {
  const path = given.text('keys');
  const keys = path === undefined ? [] : readPublicKeys(path);
  return Object.fromEntries(
    keys.map(({ keyPairId, spki, enabled }) => [keyPairId, { publicKey: spki, enabled }]),
  );
}

type GivenSigner = SignerOptions & { privateKey: Buffer };

async function readSigner(
  given: Given,
  keys: Record<string, TrustedKey>,
  io: Io,
): Promise<GivenSigner | undefined> {
  const file = given.text('sign-with');
  if (file === undefined) return undefined;
  const privateKey = await readBytes(file, '--sign-with', (mode) => warnIfOpen(file, mode, io));
  const material = { privateKey, ...present('passphrase', readPassphrase(given)) };
  const keyPairId = findKeyPairId(given) ?? idOf(keys, material);
  if (keyPairId !== undefined) return { keyPairId, ...material };
  throw new UsageError(
    'the key-pair id of --sign-with is not known',
    'give --key-pair-id ID, or put its public key into the folder of --keys',
  );
}

/** The rules as JSON. What the linter has to say goes to stderr; an error ends it all. */
async function readPolicy(given: Given, keyPairIds: string[], io: Io): Promise<string | undefined> {
  const name = given.text('policy');
  if (name === undefined) return undefined;
  const text = await readSource(name, '--policy');
  const findings = lintRules(text, keyPairIds.length > 0 ? keyPairIds : undefined);
  showFindings({ name, findings }, io);
  if (!findings.some(({ severity }) => severity === 'error')) return bakeRules(text);
  throw new UsageError(
    `${shown(name)}: ${countFindings(findings)}`,
    'correct the errors; edgeseal edge build says the same of this file',
    'invalid-rules',
  );
}

function readPort(text: string | undefined): number {
  if (text === undefined) return usualPort;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError('--port must be a number up to 65535');
}

function readCors(given: Given): LocalEdgeOptions['cors'] {
  const origins = given.list('cors-origin');
  const credentials = given.on('cors-credentials');
  if (origins.length > 0) return { origins, credentials };
  if (credentials) throw new UsageError('--cors-credentials goes with --cors-origin');
  return undefined;
}
