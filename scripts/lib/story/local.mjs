/** The world of the story on this machine: an emulator for AWS, the rehearsal catalog, and the local edge. */
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientsFor } from '../../../tests/products/support/clients.mjs';
import { account, region, startEmulator } from '../../../tests/products/support/emulator.mjs';
import { pythonEnvironment } from '../setup/python.mjs';
import { FollowingEdge } from './edge.mjs';
import { programs } from './programs.mjs';
import { startRehearsal } from './rehearsal.mjs';

/** What the edge's bucket client and the publisher find in the environment: the root user of the account. */
const environment = {
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SESSION_TOKEN: undefined,
  AWS_REGION: region,
  AWS_PROFILE: undefined,
};

/** Whom the portfolio is for. */
const developerRole = 'team-orders-developer';

function replaceEnvironment(change) {
  const before = Object.fromEntries(Object.keys(change).map((name) => [name, process.env[name]]));
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return before;
}

async function assume(endpoint, role) {
  const credentials = { accessKeyId: account, secretAccessKey: 'none' };
  const sts = new STSClient({ endpoint, region, credentials });
  const RoleArn = `arn:aws:iam::${account}:role/${role}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'story' }));
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  };
}

/**
 * Starts it all. See {@link import('./steps.mjs').World} for what a world has.
 * @param {{ port?: number, page?: string }} [options] a port for the edge, a free one unless told otherwise; and the
 *   origin of a page that may use it
 */
export async function openLocalWorld({ port, page } = {}) {
  const program = await programs(['edgeseal-rehearsal', 'portfolio']);
  const before = replaceEnvironment(environment);
  const running = [];
  const stop = async () => {
    while (running.length > 0) await running.pop().stop();
    replaceEnvironment(before);
  };
  try {
    await pythonEnvironment('emulator');
    const emulator = await startEmulator();
    running.push(emulator);
    const { endpoint } = emulator;
    const endpoints = ['--cloudformation-endpoint', endpoint, '--iam-endpoint', endpoint];
    const catalog = await startRehearsal(program['edgeseal-rehearsal'], ['--account', account, ...endpoints]);
    running.push(catalog);
    await makeDeveloperRole(catalog.endpoint);
    return worldOf({ emulator, catalog, portfolio: program.portfolio, running, port, page, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The role is the catalog's to know: there developers ask for products. */
async function makeDeveloperRole(endpoint) {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const command = new CreateRoleCommand({ RoleName: developerRole, AssumeRolePolicyDocument });
  await clientsFor({ endpoint }).iam.send(command);
}

function worldOf({ emulator, catalog, portfolio, running, port, page, stop }) {
  const { endpoint } = emulator;
  const admin = clientsFor(emulator);
  const origin = 'https://files.example.com';
  let edge;
  return {
    account,
    region,
    admin,
    endpoint,
    origin,
    certificate: `arn:aws:acm:${region}:${account}:certificate/1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9`,
    propagationWait: 0,
    hasValidator: true,
    portfolio: {
      program: portfolio,
      env: { ...environment, AWS_ENDPOINT_URL: catalog.endpoint, AWS_ENDPOINT_URL_IAM: endpoint },
    },
    developerArn: `arn:aws:iam::${account}:role/${developerRole}`,
    async developer() {
      const credentials = await assume(catalog.endpoint, developerRole);
      return new ServiceCatalogClient({ endpoint: catalog.endpoint, region, credentials });
    },
    application: (role) => assume(endpoint, role),
    /** Puts the distribution's behaviour on a port of this machine. */
    async serve({ S3BucketName, CloudFrontKeyGroupId }) {
      const bucket = { name: S3BucketName, endpoint };
      edge = new FollowingEdge({
        cloudfront: admin.cloudfront,
        keyGroupId: CloudFrontKeyGroupId,
        origin,
        bucket,
        port,
        page,
      });
      running.push(edge);
      return (await edge.current()).url;
    },
    servedAt: async () => (await edge.current()).url,
    send: (url, options) => edge.send(url, options),
    stop,
  };
}
