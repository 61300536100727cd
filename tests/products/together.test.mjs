// The modules provisioned one by one, wired by their outputs as a team would, and used through the role that the
// application assumes. Then the ways in which provisioning goes wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  CreateKeyGroupCommand,
  CreatePublicKeyCommand,
  GetDistributionConfigCommand,
} from '@aws-sdk/client-cloudfront';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { readProduct, templatePath } from '../../products/tools/lib/products.mjs';
import { ownKeyPair } from './support/cases.mjs';
import { clientsFor } from './support/clients.mjs';
import { account, region, startEmulator } from './support/emulator.mjs';
import { inventory } from './support/inventory.mjs';
import { placesWithKeys } from './support/scan.mjs';
import { signUrl, trustedKeys, verdictOn } from './support/signed-url.mjs';
import { createStack, deleteStack, makeTemplateBucket, StackFailed, updateStack } from './support/stacks.mjs';

let emulator;
let clients;
const keysSeen = [ownKeyPair.privateKey];

before(async () => {
  emulator = await startEmulator();
  clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
  await makeApplicationRole();
});
after(() => emulator?.stop());

const template = (product, version = '1.0.0') => readFileSync(templatePath(product, version), 'utf8');
const examples = (product) => readProduct(product).versions[0].exampleParameters;

/** The role that the team's application runs as, before any product is provisioned. */
async function makeApplicationRole() {
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
  };
  const may = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
  for (const RoleName of ['orders-api', 'billing-api']) {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [may] });
    await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'assume', PolicyDocument }));
  }
}

/** Credentials of a role, assumed with others. */
async function assume(credentials, RoleArn) {
  const sts = new STSClient({ endpoint: emulator.endpoint, region, credentials, maxAttempts: 1 });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  };
}

const root = { accessKeyId: account, secretAccessKey: 'none' };
const applicationRole = (name) => assume(root, `arn:aws:iam::${account}:role/${name}`);

async function rejected(promise) {
  return promise.then(
    () => assert.fail('it should have failed'),
    (error) => error,
  );
}

/** What each module answered. */
const outputs = {};

test('the modules fit together: key pair, bucket, distribution, table and role, each fed with outputs', async () => {
  const provision = async (product, parameters) => {
    const answers = { ...examples(product), ...parameters };
    Object.assign(outputs, (await createStack(clients, product, template(product), answers)).outputs);
  };
  await provision('cloudfront-key-pair', { PropagationWaitSeconds: '0' });
  await provision('s3-bucket', {});
  const { S3BucketName, CloudFrontKeyGroupId } = outputs;
  await provision('cloudfront-distribution', { S3BucketName, CloudFrontKeyGroupId });
  await provision('dynamodb-metadata-table', { DeletionProtection: 'false' });
  const { PrivateKeySecretArn, DynamoDbTableArn } = outputs;
  await provision('iam-integration-role', { PrivateKeySecretArn, DynamoDbTableArn });
  const config = await clients.cloudfront.send(
    new GetDistributionConfigCommand({ Id: outputs.CloudFrontDistributionId }),
  );
  const { DefaultCacheBehavior, CacheBehaviors } = config.DistributionConfig;
  for (const behaviour of [DefaultCacheBehavior, ...CacheBehaviors.Items]) {
    assert.deepEqual(behaviour.TrustedKeyGroups.Items, [CloudFrontKeyGroupId], behaviour.PathPattern);
  }
});

test('the application role assumes the integration role, reads the key and signs; another role may not', async () => {
  const credentials = await assume(await applicationRole('orders-api'), outputs.IntegrationRoleArn);
  const secrets = new SecretsManagerClient({
    endpoint: emulator.endpoint,
    region,
    credentials,
    maxAttempts: 1,
  });
  const SecretId = outputs.PrivateKeySecretArn;
  const secret = JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString);
  keysSeen.push(secret.privateKey);
  const signed = signUrl(`${outputs.DownloadBaseUrl}report.pdf`, secret, Math.floor(Date.now() / 1000) + 600);
  assert.equal(
    verdictOn(signed, await trustedKeys(clients.cloudfront, outputs.CloudFrontKeyGroupId)),
    'good',
  );

  const put = new PutSecretValueCommand({ SecretId, SecretString: '{}' });
  assert.match((await rejected(secrets.send(put))).name, /^AccessDenied/);
  const stranger = await applicationRole('billing-api');
  assert.match((await rejected(assume(stranger, outputs.IntegrationRoleArn))).name, /^AccessDenied/);
});

test('the integration role writes and reads records, and deletes none', async () => {
  const credentials = await assume(await applicationRole('orders-api'), outputs.IntegrationRoleArn);
  const table = new DynamoDBClient({ endpoint: emulator.endpoint, region, credentials, maxAttempts: 1 });
  const TableName = outputs.DynamoDbTableName;
  const Key = { objectKey: { S: 'report.pdf' } };
  await table.send(new PutItemCommand({ TableName, Item: { ...Key, size: { N: '12' } } }));
  const { Item } = await table.send(new GetItemCommand({ TableName, Key }));
  assert.equal(Item.size.N, '12');
  assert.match((await rejected(table.send(new DeleteItemCommand({ TableName, Key })))).name, /^AccessDenied/);
});

test('the bucket is updated to its next version, keeps its objects, and lets only the one distribution in', async () => {
  const Bucket = outputs.S3BucketName;
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'report.pdf', Body: 'kept' }));
  const changed = { ...examples('s3-bucket'), CloudFrontDistributionId: outputs.CloudFrontDistributionId };
  const updated = await updateStack(clients, 's3-bucket', template('s3-bucket', '1.1.0'), changed);
  assert.equal(updated.outputs.S3BucketName, Bucket);
  const object = await clients.s3.send(new GetObjectCommand({ Bucket, Key: 'report.pdf' }));
  assert.equal(await object.Body.transformToString(), 'kept');
  const { Policy } = await clients.s3.send(new GetBucketPolicyCommand({ Bucket }));
  assert.ok(Policy.includes(`distribution/${outputs.CloudFrontDistributionId}`), Policy);
  assert.doesNotMatch(Policy, /DeleteObject/);
});

test('taken apart in the order of the README, nothing is left but what is retained', async () => {
  for (const product of [
    'iam-integration-role',
    'dynamodb-metadata-table',
    'cloudfront-distribution',
    's3-bucket',
    'cloudfront-key-pair',
  ]) {
    await deleteStack(clients, product);
  }
  const left = await inventory(emulator, clients);
  assert.deepEqual(left, [
    'bucket edgeseal-test-templates',
    `bucket ${outputs.S3BucketName}`,
    'role billing-api',
    'role orders-api',
    `table ${outputs.DynamoDbTableName}`,
  ]);
});

for (const [what, arn] of [
  ['another region', 'arn:aws:acm:eu-west-1:111122223333:certificate/1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9'],
  ['another service', 'arn:aws:iam:us-east-1:111122223333:server-certificate/1b2c3d4e'],
  ['nowhere', 'certificate'],
]) {
  test(`a certificate ARN of ${what} is refused before anything is made`, async () => {
    const start = await inventory(emulator, clients);
    const product = 'cloudfront-distribution';
    const answers = { ...examples(product), AcmCertificateArn: arn };
    const failure = await rejected(createStack(clients, product, template(product), answers));
    assert.equal(failure.name, 'ValidationError');
    assert.match(failure.message, /AcmCertificateArn/);
    assert.deepEqual(await inventory(emulator, clients), start);
  });
}

test('the edge validator is refused outside us-east-1', async () => {
  const elsewhere = clientsFor({ ...emulator, region: 'eu-west-1' });
  const product = 'edge-validator';
  const failure = await rejected(
    createStack({ ...elsewhere, s3: clients.s3 }, product, template(product), examples(product)),
  );
  assert.match(failure.message, /Lambda@Edge functions live in us-east-1/);
});

/** Products whose name can be taken, and what takes it. */
const takers = {
  's3-bucket': async () => {
    const other = clientsFor({ ...emulator, account: '444455556666' });
    await other.s3.send(new CreateBucketCommand({ Bucket: 'taken-by-another' }));
    return { BucketName: 'taken-by-another' };
  },
  'dynamodb-metadata-table': async () => ({ TableName: outputs.DynamoDbTableName }),
  'private-key-secret': async () => {
    const answers = { ...examples('private-key-secret'), PrivateKey: ownKeyPair.privateKey };
    await createStack(clients, 'first-secret', template('private-key-secret'), answers);
    return answers;
  },
};

for (const [product, take] of Object.entries(takers)) {
  test(`${product} under a name that is taken fails and leaves nothing of its own`, async () => {
    const answers = { ...examples(product), ...(await take()) };
    const start = await inventory(emulator, clients);
    const failure = await rejected(createStack(clients, 'late', template(product), answers));
    assert.ok(failure instanceof StackFailed, failure.message);
    assert.match(failure.status, /^ROLLBACK_COMPLETE$/);
    await deleteStack(clients, 'late');
    assert.deepEqual(await inventory(emulator, clients), start);
  });
}

test('the whole set in one stack, when one part fails half way, leaves nothing of any part', async () => {
  const KeyGroupConfig = { Name: 'SC-whole-signers', Items: [await somePublicKey()] };
  await clients.cloudfront.send(new CreateKeyGroupCommand({ KeyGroupConfig }));
  const start = await inventory(emulator, clients);
  const answers = { ...examples('signed-urls-stack'), PropagationWaitSeconds: '0' };
  const failure = await rejected(createStack(clients, 'SC-whole', template('signed-urls-stack'), answers));
  assert.equal(failure.status, 'ROLLBACK_COMPLETE');
  assert.match(failure.message, /\[key-group-name-taken\] .*SC-whole-signers/);
  await deleteStack(clients, 'SC-whole');
  assert.deepEqual(await inventory(emulator, clients), start);
});

async function somePublicKey() {
  const PublicKeyConfig = { CallerReference: 'other', Name: 'other', EncodedKey: ownKeyPair.publicKey };
  return (await clients.cloudfront.send(new CreatePublicKeyCommand({ PublicKeyConfig }))).PublicKey.Id;
}

test('after all of it, no private key is anywhere but in a secret', async () => {
  assert.equal(keysSeen.length, 2);
  assert.deepEqual(await placesWithKeys(emulator, clients, keysSeen), []);
});
