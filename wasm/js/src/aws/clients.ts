/** The AWS SDK, loaded when it is first needed. Its packages are optional peers of this one. */
import { awsError } from './errors.js';

/** How to reach AWS. Endpoints and profiles come from the environment as well, as everywhere in the AWS SDK. */
export interface AwsAccess {
  /** The role to assume; the default credentials when left out. */
  roleArn?: string | undefined;
  externalId?: string | undefined;
  sessionName?: string | undefined;
  region?: string | undefined;
  /** One endpoint for every service, for local stand-ins. */
  endpoint?: string | undefined;
}

const loading = {
  action: 'loading the AWS SDK',
  resource: 'the package',
  denied: 'aws-unavailable',
  missing: 'missing-package',
};

/** Client options: region, endpoint, and credentials that renew themselves before they expire. */
export async function clientConfig(access: AwsAccess): Promise<Record<string, unknown>> {
  const base = {
    ...(access.region === undefined ? {} : { region: access.region }),
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
  };
  if (access.roleArn === undefined) return base;
  const { fromTemporaryCredentials } = await load(() => import('@aws-sdk/credential-providers'));
  const credentials = fromTemporaryCredentials({
    params: {
      RoleArn: access.roleArn,
      RoleSessionName: access.sessionName ?? 'edgeseal',
      ...(access.externalId === undefined ? {} : { ExternalId: access.externalId }),
    },
    clientConfig: base,
  });
  return { ...base, credentials };
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
