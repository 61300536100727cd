import { EdgesealError } from '../errors.js';
import { checkOptions, optionalText, requiredText } from '../options.js';
import type {
  CryptoChoice,
  HashAlgorithm,
  SignCookiesOptions,
  SignedCookies,
  SignUrlOptions,
  SignUrlsOptions,
} from '../signer.js';
import { type AwsAccess, clientConfig, load, regionOf } from './clients.js';
import { type AwsCall, awsError } from './errors.js';
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
  /** One endpoint for every AWS service, for local stand-ins. */
  endpoint?: string;
  /** Hears of new keys and of refreshes that failed. */
  onEvent?: (event: KeyEvent) => void;
  /** Fetches the secret in another way, for tests and other stores. */
  fetchSecret?: FetchSecret;
  /** The clock in milliseconds, for tests. */
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
  'endpoint',
  'onEvent',
  'fetchSecret',
  'clock',
];

/**
 * Assumes the integration role, reads the private key, and gives a signer that keeps up with rotation.
 *
 * @throws {EdgesealError} `role-denied`, `secret-denied`, `secret-not-found`, `secret-malformed`, `aws-credentials`,
 *   `aws-clock-skew`, `aws-unavailable`, `missing-package`, and what `Signer.fromPem` throws.
 *
 * @example
 * const signer = await createSigner({ integrationRoleArn, privateKeySecretArn });
 * const url = await signer.signUrl({ url: 'https://files.example.com/download/a.pdf', expires: '15m' });
 */
export async function createSigner(options: CreateSignerOptions): Promise<AwsSigner> {
  checkOptions(options, optionNames, 'createSigner');
  const secretArn = requiredText(options.privateKeySecretArn, 'privateKeySecretArn');
  const maxAge = options.maxAge ?? 300;
  if (!(typeof maxAge === 'number' && maxAge >= 1)) {
    throw new EdgesealError('invalid-argument', 'maxAge must be a number of seconds from 1', {
      field: 'maxAge',
    });
  }
  const source = new KeySource({
    fetchSecret: options.fetchSecret ?? fromSecretsManager(secretArn, accessOf(options, secretArn)),
    call: secretCall(secretArn),
    keyPairId: optionalText(options.keyPairId, 'keyPairId'),
    hash: options.hash,
    crypto: options.crypto,
    maxAge,
    onEvent: options.onEvent ?? (() => undefined),
    clock: options.clock ?? (() => performance.now()),
  });
  await source.refresh();
  return new AwsSigner(source);
}

function accessOf(options: CreateSignerOptions, secretArn: string): AwsAccess {
  return {
    roleArn: optionalText(options.integrationRoleArn, 'integrationRoleArn'),
    externalId: optionalText(options.externalId, 'externalId'),
    sessionName: optionalText(options.sessionName, 'sessionName'),
    region: optionalText(options.region, 'region') ?? regionOf(secretArn),
    endpoint: optionalText(options.endpoint, 'endpoint'),
  };
}

const secretCall = (secretArn: string): AwsCall => ({
  action: 'secretsmanager:GetSecretValue',
  resource: secretArn,
  denied: 'secret-denied',
  missing: 'secret-not-found',
});

const roleCall = (roleArn: string): AwsCall => ({
  action: 'sts:AssumeRole',
  resource: roleArn,
  denied: 'role-denied',
  missing: 'role-denied',
});

/** One client for the life of the signer: it keeps connections, and renews the role's credentials by itself. */
function fromSecretsManager(secretArn: string, access: AwsAccess): FetchSecret {
  let client: Promise<(id: string) => ReturnType<FetchSecret>> | undefined;
  return async () => {
    client ??= connect(access).catch((thrown) => {
      client = undefined;
      throw thrown;
    });
    return (await client)(secretArn);
  };
}

async function connect(access: AwsAccess): Promise<(id: string) => ReturnType<FetchSecret>> {
  const { GetSecretValueCommand, SecretsManagerClient } = await load(
    () => import('@aws-sdk/client-secrets-manager'),
  );
  const client = new SecretsManagerClient(await clientConfig(access));
  return async (id) => {
    await assumeRole(client, access);
    const { SecretString, VersionId } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return { text: SecretString, version: VersionId };
  };
}

/** Resolves the credentials by themselves, so that a refusal of the role is told from one of the secret. */
async function assumeRole(
  client: { config: { credentials: () => Promise<unknown> } },
  access: AwsAccess,
): Promise<void> {
  if (access.roleArn === undefined) return;
  try {
    await client.config.credentials();
  } catch (thrown) {
    throw awsError(thrown, roleCall(access.roleArn));
  }
}
