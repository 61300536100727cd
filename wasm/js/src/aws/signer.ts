import { EdgesealError } from '../errors.js';
import { oneOf, optionalText, readOptions } from '../options.js';
import type {
  HashAlgorithm,
  SignCookiesOptions,
  SignedCookies,
  SignUrlOptions,
  SignUrlsOptions,
} from '../sign-options.js';
import type { CryptoChoice } from '../signer.js';
import {
  type AwsAccess,
  type AwsCredentialSource,
  assumeRole,
  clientConfig,
  load,
  readAccess,
  regionOf,
} from './clients.js';
import type { AwsCall } from './errors.js';
import { type FetchSecret, type KeyEvent, KeySource } from './key-source.js';

/** What {@link createSigner} takes. */
export interface CreateSignerOptions {
  /** The role that may read the key: an output of the iam-integration-role product. The default credentials when left out. */
  integrationRoleArn?: string;
  /** The secret with the key: an output of the key-pair or private-key-secret product. */
  privateKeySecretArn: string;
  /** The external id that the role asks for. */
  externalId?: string;
  /** The region of the secret; taken from its ARN by default. */
  region?: string;
  /** The name of the role session, as CloudTrail shows it. */
  sessionName?: string;
  /** The key-pair id, when the secret holds a bare key. */
  keyPairId?: string;
  /** `SHA256` unless you say otherwise. */
  hash?: HashAlgorithm;
  /** Who does the private-key operation. */
  crypto?: CryptoChoice;
  /** The age in seconds at which the key is fetched again; 300 by default. */
  maxAge?: number;
  /** How long reading the secret may take, in seconds; 10 by default. */
  timeout?: number;
  /** The application's own credentials; what the AWS SDK finds by itself when left out. */
  credentials?: AwsCredentialSource;
  /** One endpoint for every AWS service, for local stand-ins. */
  endpoint?: string;
  /** Hears of new keys and of refreshes that failed. */
  onEvent?: (event: KeyEvent) => void;
  /** Fetches the secret in another way, for tests and other stores. */
  fetchSecret?: FetchSecret;
  /** The clock in milliseconds since 1970, for tests. */
  clock?: () => number;
}

/** A signer whose key lives in Secrets Manager. The methods of `Signer`, with a promise each. */
export class AwsSigner {
  readonly #source: KeySource;

  /** @internal */
  constructor(source: KeySource) {
    this.#source = source;
  }

  /** Signs one URL; see `Signer.signUrl`. */
  async signUrl(options: SignUrlOptions): Promise<string> {
    return (await this.#source.signer()).signUrl(options);
  }

  /** Signs many URLs; see `Signer.signUrls`. */
  async signUrls(options: SignUrlsOptions): Promise<string[]> {
    return (await this.#source.signer()).signUrls(options);
  }

  /** Signs cookies; see `Signer.signCookies`. */
  async signCookies(options: SignCookiesOptions): Promise<SignedCookies> {
    return (await this.#source.signer()).signCookies(options);
  }

  /** The id of the key in use. */
  async keyPairId(): Promise<string> {
    return (await this.#source.signer()).keyPairId;
  }

  /** Fetches the key now, and fails when that fails. */
  async refresh(): Promise<void> {
    await this.#source.refresh();
  }

  /** How old the key is, in seconds. */
  ageSeconds(): number {
    return this.#source.ageSeconds() ?? 0;
  }
}

const optionNames = [
  'integrationRoleArn',
  'privateKeySecretArn',
  'externalId',
  'region',
  'sessionName',
  'keyPairId',
  'hash',
  'crypto',
  'maxAge',
  'timeout',
  'credentials',
  'endpoint',
  'onEvent',
  'fetchSecret',
  'clock',
] as const;

/**
 * Assumes the integration role, reads the private key, and gives a signer that keeps up with rotation.
 *
 * @throws {EdgesealError} `role-denied`, `secret-denied`, `secret-not-found`, `secret-malformed`, `aws-credentials`,
 *   `aws-clock-skew`, `aws-refused`, `aws-unavailable`, `missing-package`, `invalid-argument`, and what
 *   `Signer.fromPem` throws.
 *
 * @example
 * const signer = await createSigner({ integrationRoleArn, privateKeySecretArn });
 * const url = await signer.signUrl({ url: 'https://files.example.com/download/a.pdf', expires: '15m' });
 */
export async function createSigner(options: CreateSignerOptions): Promise<AwsSigner> {
  const given = readOptions<CreateSignerOptions>(options, optionNames, 'createSigner');
  const secretArn = readArn(given.privateKeySecretArn);
  const access = readAccess(given);
  const source = new KeySource({
    fetchSecret:
      optionalFunction<FetchSecret>(given.fetchSecret, 'fetchSecret') ??
      fromSecretsManager(secretArn, { ...access, region: access.region ?? regionOf(secretArn) }),
    call: secretCall(secretArn),
    keyPairId: optionalText(given.keyPairId, 'keyPairId'),
    hash: oneOf(given.hash, ['SHA1', 'SHA256'], 'SHA256', 'hash'),
    crypto: oneOf(given.crypto, ['auto', 'node', 'wasm'], 'auto', 'crypto'),
    maxAge: seconds(given.maxAge, 300, 'maxAge'),
    timeout: seconds(given.timeout, 10, 'timeout'),
    onEvent: optionalFunction<(event: KeyEvent) => void>(given.onEvent, 'onEvent') ?? (() => undefined),
    clock: optionalFunction<() => number>(given.clock, 'clock') ?? Date.now,
  });
  await source.refresh();
  return new AwsSigner(source);
}

/** A name instead of an ARN is an easy mistake. So is the secret itself, which must not get into a message. */
function readArn(value: unknown): string {
  const arn = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,600}$/;
  if (typeof value === 'string' && arn.test(value)) return value;
  throw new EdgesealError('invalid-argument', 'privateKeySecretArn must be the ARN of a secret', {
    field: 'privateKeySecretArn',
    hint: 'it is the output PrivateKeySecretArn of the key-pair or private-key-secret product',
  });
}

/** Longer than a timer can wait, and than anybody means. */
const mostSeconds = 1_000_000;

function seconds(value: unknown, otherwise: number, field: string): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && value >= 1 && value <= mostSeconds) return value;
  throw new EdgesealError(
    'invalid-argument',
    `${field} must be a number of seconds from 1 to ${mostSeconds}`,
    {
      field,
    },
  );
}

function optionalFunction<T>(value: unknown, field: string): T | undefined {
  if (value === undefined || typeof value === 'function') return value as T | undefined;
  throw new EdgesealError('invalid-argument', `${field} must be a function`, { field });
}

const secretCall = (secretArn: string): AwsCall => ({
  action: 'secretsmanager:GetSecretValue',
  resource: secretArn,
  denied: 'secret-denied',
  missing: 'secret-not-found',
});

/** One client for the life of the signer: it keeps connections, and renews the role's credentials by itself. */
function fromSecretsManager(secretArn: string, access: AwsAccess): FetchSecret {
  let client: Promise<FetchSecret> | undefined;
  return async (signal) => {
    client ??= connect(secretArn, access).catch((thrown) => {
      client = undefined;
      throw thrown;
    });
    return (await client)(signal);
  };
}

async function connect(secretArn: string, access: AwsAccess): Promise<FetchSecret> {
  const { GetSecretValueCommand, SecretsManagerClient } = await load(
    () => import('@aws-sdk/client-secrets-manager'),
  );
  const client = new SecretsManagerClient(await clientConfig(access));
  return async (abortSignal) => {
    await assumeRole(client, access);
    const command = new GetSecretValueCommand({ SecretId: secretArn });
    const { SecretString, VersionId } = await client.send(command, { abortSignal });
    return { text: SecretString, version: VersionId };
  };
}
