// A team's stacks on the emulator, made from the products, and the credentials that its application runs with.
import { readFileSync } from 'node:fs';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { readProduct, templatePath } from '../../../products/tools/lib/products.mjs';
import { clientsFor } from '../../products/support/clients.mjs';
import { account, region, startEmulator } from '../../products/support/emulator.mjs';
import { createStack, makeTemplateBucket, updateStack } from '../../products/support/stacks.mjs';
import { startProxy } from './proxy.mjs';

export { account, region };
export const externalId = 'orders-4711';
/** The application's role, another one that is let in nowhere, and one without the right to assume any. */
const roles = { 'orders-api': '*', 'billing-api': '*', visitor: undefined };

const newest = (product) => readProduct(product).versions.at(-1).name;
const template = (product) => readFileSync(templatePath(product, newest(product)), 'utf8');
const examples = (product) => readProduct(product).versions.at(-1).exampleParameters;

/** An emulator with the application's roles in it, behind a proxy. */
export async function startTeam() {
  const emulator = await startEmulator();
  const clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
  for (const [RoleName, Resource] of Object.entries(roles)) await makeRole(clients, RoleName, Resource);
  const proxy = await startProxy(emulator.endpoint);
  const provision = async (product, parameters, name = product) => {
    const answers = { ...examples(product), ...parameters };
    return (await createStack(clients, name, template(product), answers)).outputs;
  };
  const update = async (product, parameters, name = product) => {
    const answers = { ...examples(product), ...parameters };
    return (await updateStack(clients, name, template(product), answers)).outputs;
  };
  return {
    emulator,
    clients,
    proxy,
    provision,
    update,
    environmentOf: (role) => environmentOf(emulator, role),
    /** From here on this process has the credentials of a role, as a program on AWS has. */
    runAs: async (role) => void Object.assign(process.env, await environmentOf(emulator, role)),
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

async function makeRole({ iam }, RoleName, Resource) {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }],
  };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  if (Resource === undefined) return;
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'assume', PolicyDocument }));
}

/** The environment of a program that runs as a role. */
async function environmentOf({ endpoint }, role) {
  const credentials = { accessKeyId: account, secretAccessKey: 'none' };
  const sts = new STSClient({ endpoint, region, credentials });
  const RoleArn = `arn:aws:iam::${account}:role/${role}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'app' }));
  return {
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials.SessionToken,
    AWS_REGION: region,
  };
}
