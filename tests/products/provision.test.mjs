// Every product is created, used, updated to its next version, and deleted on the emulator.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { productNames, readProduct, readVersion, templatePath } from '../../products/tools/lib/products.mjs';
import { cases, ownKeyPair } from './support/cases.mjs';
import { clientsFor } from './support/clients.mjs';
import { startEmulator } from './support/emulator.mjs';
import { added, inventory } from './support/inventory.mjs';
import { observed, takeRecording, writeObservedActions } from './support/observed-actions.mjs';
import { placesWithKeys } from './support/scan.mjs';
import {
  createStack,
  deleteStack,
  makeTemplateBucket,
  stackResources,
  updateStack,
} from './support/stacks.mjs';

let emulator;
let clients;
const observations = {};
const keysSeen = [ownKeyPair.privateKey];

before(async () => {
  emulator = await startEmulator();
  clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
});
after(() => emulator?.stop());

/** The first and the last version; the same one twice when there is only one. */
function versionsOf(product) {
  const { versions } = readProduct(product);
  const text = (version) => ({ ...version, text: readFileSync(templatePath(product, version.name), 'utf8') });
  return [text(versions[0]), text(versions.at(-1))];
}

/** What a stack keeps on purpose when it is deleted, as lines of the inventory. */
async function keptOnDelete(stack, product, version) {
  const kinds = {
    'AWS::S3::Bucket': 'bucket',
    'AWS::DynamoDB::Table': 'table',
    'AWS::SecretsManager::Secret': 'secret',
  };
  const { Resources } = readVersion(product, version);
  const resources = await stackResources(clients.cloudformation, stack);
  return resources
    .filter(({ LogicalResourceId, ResourceType }) => {
      return Resources[LogicalResourceId]?.DeletionPolicy === 'Retain' && kinds[ResourceType];
    })
    .map(({ ResourceType, PhysicalResourceId }) => `${kinds[ResourceType]} ${PhysicalResourceId}`)
    .sort();
}

async function step(product, name, run) {
  await takeRecording(emulator);
  const result = await run();
  observations[product] ??= {};
  observations[product][name] = observed(await takeRecording(emulator));
  return result;
}

for (const product of productNames()) {
  test(`${product} is created with its example answers, updated, and deleted with nothing left`, async () => {
    const [first, last] = versionsOf(product);
    const stack = `SC-111122223333-pp-${product}`;
    const parameters = { ...first.exampleParameters, ...(await cases[product].first(clients)) };
    const start = await inventory(emulator, clients);

    const created = await step(product, 'create', () => createStack(clients, stack, first.text, parameters));
    assertOutputs(product, first.name, created.outputs);
    await noteKey(created.outputs);

    const changed = { ...parameters, ...last.exampleParameters, ...withoutExamples(parameters, first) };
    Object.assign(changed, await cases[product].change(clients));
    const beforeUpdate = new Set(await inventory(emulator, clients));
    const updated = await step(product, 'update', () => updateStack(clients, stack, last.text, changed));
    assertOutputs(product, last.name, updated.outputs);
    await noteKey(updated.outputs);
    const afterUpdate = new Set(await inventory(emulator, clients));
    for (const line of beforeUpdate) {
      assert.ok(afterUpdate.has(line), `the update of ${product} lost or replaced ${line}`);
    }

    const kept = await keptOnDelete(stack, product, last.name);
    await step(product, 'delete', () => deleteStack(clients, stack));
    const left = added(start, await inventory(emulator, clients));
    assert.deepEqual(left, kept, 'only what the template retains may be left');
  });
}

/** The parameters that were given on top of the examples of a version. */
function withoutExamples(parameters, version) {
  const given = Object.entries(parameters).filter(
    ([name, value]) => version.exampleParameters[name] !== value,
  );
  return Object.fromEntries(given);
}

/** Remembers the private key that a product keeps, to look for it elsewhere. */
async function noteKey({ PrivateKeySecretArn }) {
  if (!PrivateKeySecretArn) return;
  const { SecretString } = await clients.secrets.send(
    new GetSecretValueCommand({ SecretId: PrivateKeySecretArn }),
  );
  const { privateKey } = JSON.parse(SecretString);
  assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  keysSeen.push(privateKey);
}

function assertOutputs(product, version, outputs) {
  const { Outputs } = readVersion(product, version);
  const unconditional = Object.keys(Outputs).filter((name) => !Outputs[name].Condition);
  for (const name of unconditional) assert.ok(outputs[name], `${product} has no output ${name}`);
}

test('what was called during every life is recorded for the launch roles', () => {
  assert.deepEqual(Object.keys(observations).sort(), productNames());
  const { create, update, delete: remove } = observations['cloudfront-key-pair'];
  assert.ok(create.launchRole.includes('iam:CreateRole'));
  assert.ok(create.launchRole.includes('lambda:InvokeFunction'));
  assert.ok(create.functions.includes('cloudfront:CreateKeyGroup'));
  assert.ok(update.functions.includes('cloudfront:UpdateKeyGroup'));
  assert.ok(remove.functions.includes('secretsmanager:DeleteSecret'));
  writeObservedActions(observations);
});

/** Rights of the key pair function that no ordinary life calls for, and what they are for. */
const unseenRights = {
  'kms:Decrypt': 'Secrets Manager asks for it in the name of the caller when SecretKmsKeyArn is given',
  'kms:GenerateDataKey': 'as kms:Decrypt',
  'logs:CreateLogStream': 'Lambda itself writes the log with the rights of the role',
  'logs:PutLogEvents': 'as logs:CreateLogStream',
  'secretsmanager:TagResource': 'needed by CreateSecret with tags, which is one call',
  'secretsmanager:UpdateSecret': 'when SecretKmsKeyArn changes',
};

test('the role of the key pair function grants what it calls, and nothing else without a reason', () => {
  const { Resources } = readVersion('cloudfront-key-pair', '1.0.0');
  const [{ PolicyDocument }] = Resources.KeyPairFunctionRole.Properties.Policies;
  const granted = PolicyDocument.Statement.flatMap((statement) => statement.Action);
  const steps = Object.values(observations['cloudfront-key-pair']);
  const called = steps.flatMap((seen) => seen.functions);
  assert.deepEqual(granted.filter((action) => !called.includes(action)).sort(), Object.keys(unseenRights));
  assert.deepEqual(
    called.filter((action) => !granted.includes(action)),
    [],
  );
});

test('no private key is anywhere but in a secret', async () => {
  assert.ok(keysSeen.length >= 7);
  assert.deepEqual(await placesWithKeys(emulator, clients, keysSeen), []);
});
