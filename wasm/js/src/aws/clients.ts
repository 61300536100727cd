/** The AWS SDK, loaded when it is first needed. Its packages are optional peers of this one. */
import { optionalText, readOptions, requiredText } from '../options.js';
import { type AwsCall, awsError } from './errors.js';

/** Credentials of AWS, as its SDK has them. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** Credentials, or a function that fetches them whenever they are needed. */
export type AwsCredentialSource = AwsCredentials | (() => Promise<AwsCredentials>);

/** How to reach AWS. Endpoints and profiles come from the environment as well, as everywhere in the AWS SDK. */
export interface AwsAccess {
  /** The role to assume; the default credentials when left out. */
  roleArn?: string | undefined;
  /** The application's own credentials; what the SDK finds by itself when left out. */
  credentials?: AwsCredentialSource | undefined;
  externalId?: string | undefined;
  sessionName?: string | undefined;
  region?: string | undefined;
  /** One endpoint for every service, for local stand-ins. */
  endpoint?: string | undefined;
}

const loading: AwsCall = {
  action: 'loading the AWS SDK',
  resource: 'the package',
  denied: 'aws-unavailable',
  missing: 'missing-package',
};

const roleCall = (roleArn: string): AwsCall => ({
  action: 'sts:AssumeRole',
  resource: roleArn,
  denied: 'role-denied',
  missing: 'role-denied',
});

/** The options that say how to reach AWS, checked. */
export function readAccess(given: {
  integrationRoleArn?: unknown;
  externalId?: unknown;
  sessionName?: unknown;
  region?: unknown;
  endpoint?: unknown;
  credentials?: unknown;
}): AwsAccess {
  return {
    credentials: readCredentials(given.credentials),
    roleArn: optionalText(given.integrationRoleArn, 'integrationRoleArn'),
    externalId: optionalText(given.externalId, 'externalId'),
    sessionName: optionalText(given.sessionName, 'sessionName'),
    region: optionalText(given.region, 'region'),
    endpoint: optionalText(given.endpoint, 'endpoint'),
  };
}

const credentialNames = [
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'expiration',
  'accountId',
  'credentialScope',
] as const;

/** No message repeats any of them. */
function readCredentials(value: unknown): AwsCredentialSource | undefined {
  if (value === undefined || typeof value === 'function') return value as AwsCredentialSource | undefined;
  const given = readOptions<Record<string, unknown>>(value, credentialNames, 'credentials');
  for (const name of ['accessKeyId', 'secretAccessKey']) requiredText(given[name], `credentials.${name}`);
  optionalText(given['sessionToken'], 'credentials.sessionToken');
  return Object.fromEntries(
    Object.entries(given).filter(([, part]) => part !== undefined),
  ) as unknown as AwsCredentials;
}

/** Client options: region, endpoint, and credentials that renew themselves before they expire. */
export async function clientConfig(access: AwsAccess): Promise<Record<string, unknown>> {
  const base = {
    ...(access.region === undefined ? {} : { region: access.region }),
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
  };
  const own = access.credentials === undefined ? {} : { credentials: access.credentials };
  if (access.roleArn === undefined) return { ...base, ...own };
  const { fromTemporaryCredentials } = await load(() => import('@aws-sdk/credential-providers'));
  const credentials = fromTemporaryCredentials({
    params: {
      RoleArn: access.roleArn,
      RoleSessionName: access.sessionName ?? 'edgeseal',
      ...(access.externalId === undefined ? {} : { ExternalId: access.externalId }),
    },
    clientConfig: base,
    ...(access.credentials === undefined ? {} : { masterCredentials: access.credentials }),
  });
  return { ...base, credentials };
}

/** Resolves the credentials by themselves, so that a refusal of the role is told from one of the resource. */
export async function assumeRole(
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

/** Loads a package of the SDK, and says which one to install when it is not there. */
export async function load<T>(importer: () => Promise<T>): Promise<T> {
  try {
    return await importer();
  } catch (thrown) {
    throw awsError(thrown, loading);
  }
}

/** The region inside an ARN. */
export function regionOf(arn: string): string | undefined {
  const region = arn.split(':')[3];
  return region === '' ? undefined : region;
}
