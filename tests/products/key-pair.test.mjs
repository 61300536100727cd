// The key pair product in use: URLs signed with the key from the secret, rotations that keep old URLs alive, and
// failures that leave nothing. Authorization is on, so the function works with nothing but the rights of its role.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateDistributionCommand,
  DeleteDistributionCommand,
  DeleteKeyGroupCommand,
  DeletePublicKeyCommand,
  GetKeyGroupCommand,
  GetPublicKeyCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { CreatePolicyCommand, DeletePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { templatePath } from '../../products/tools/lib/products.mjs';
import { allLogs, invoke } from './support/api.mjs';
import { clientsFor } from './support/clients.mjs';
import { startEmulator } from './support/emulator.mjs';
import { inventory } from './support/inventory.mjs';
import { placesWithKeys } from './support/scan.mjs';
import { signUrl, trustedKeys, verdictOn } from './support/signed-url.mjs';
import {
  createStack,
  deleteStack,
  describeStack,
  makeTemplateBucket,
  StackFailed,
  stackResources,
  updateStack,
} from './support/stacks.mjs';

const template = readFileSync(templatePath('cloudfront-key-pair', '1.0.0'), 'utf8');
const url = 'https://files.example.com/download/report.pdf';
const expires = Math.floor(Date.now() / 1000) + 3600;
const answers = { KeyGroupName: 'team-signers', PropagationWaitSeconds: '0' };

let emulator;
let clients;
const keysSeen = new Set();

before(async () => {
  emulator = await startEmulator();
  clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
});
after(() => emulator?.stop());

async function readSecret({ PrivateKeySecretArn }) {
  const answer = await clients.secrets.send(new GetSecretValueCommand({ SecretId: PrivateKeySecretArn }));
  const value = JSON.parse(answer.SecretString);
  keysSeen.add(value.privateKey);
  return value;
}

const keysOf = ({ CloudFrontKeyGroupId }) => trustedKeys(clients.cloudfront, CloudFrontKeyGroupId);

async function functionName(stack) {
  const resources = await stackResources(clients.cloudformation, stack);
  return resources.find((resource) => resource.LogicalResourceId === 'KeyPairFunction').PhysicalResourceId;
}

/** What EventBridge sends when the rule's time has come. */
async function scheduledRotation(stack, id) {
  const event = { version: '0', id, source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
  return invoke(emulator, await functionName(stack), event);
}

/** Runs `use` with a stack that is deleted after it, and checks that nothing of it is left. */
async function withStack(name, parameters, use) {
  const start = await inventory(emulator, clients);
  try {
    await use(await createStack(clients, name, template, parameters));
  } finally {
    await deleteStack(clients, name);
  }
  assert.deepEqual(await inventory(emulator, clients), start);
}

async function rejected(promise) {
  return promise.then(
    () => assert.fail('the stack should have failed'),
    (error) => error,
  );
}

for (const Algorithm of ['RSA-2048', 'ECDSA-P256']) {
  test(`a URL signed with the ${Algorithm} key of the secret is good for the keys that CloudFront holds`, async () => {
    await withStack('signing', { ...answers, Algorithm }, async ({ outputs }) => {
      const secret = await readSecret(outputs);
      assert.equal(secret.algorithm, Algorithm);
      assert.equal(secret.keyPairId, outputs.CloudFrontPublicKeyId);
      const signed = signUrl(url, secret, expires);
      const keys = await keysOf(outputs);
      assert.equal(verdictOn(signed, keys), 'good');
      assert.equal(verdictOn(signed.replace('report', 'payroll'), keys), 'bad-signature');
    });
  });
}

test('an old URL stays good through two rotations, one on demand and one by schedule', async () => {
  await withStack('rotating', answers, async ({ outputs }) => {
    const first = await readSecret(outputs);
    const oldUrl = signUrl(url, first, expires);

    const updated = await updateStack(clients, 'rotating', template, { ...answers, RotationToken: 'one' });
    assert.equal(updated.outputs.CloudFrontKeyGroupId, outputs.CloudFrontKeyGroupId);
    assert.equal(updated.outputs.PrivateKeySecretArn, outputs.PrivateKeySecretArn);
    const second = await readSecret(outputs);
    assert.notEqual(second.keyPairId, first.keyPairId);
    assert.equal(second.keyPairId, updated.outputs.CloudFrontPublicKeyId);
    assert.equal(second.previousKeyPairId, first.keyPairId);
    assert.equal(verdictOn(oldUrl, await keysOf(outputs)), 'good');

    assert.equal((await scheduledRotation('rotating', 'event-1')).error, undefined);
    const third = await readSecret(outputs);
    assert.equal(third.previousKeyPairId, second.keyPairId);
    const keys = await keysOf(outputs);
    assert.deepEqual(Object.keys(keys), [third.keyPairId, second.keyPairId, first.keyPairId]);
    for (const secret of [first, second, third])
      assert.equal(verdictOn(signUrl(url, secret, expires), keys), 'good');
    assert.equal(verdictOn(oldUrl, keys), 'good');

    assert.equal((await scheduledRotation('rotating', 'event-1')).error, undefined);
    assert.equal((await readSecret(outputs)).keyPairId, third.keyPairId, 'one event rotates once');
  });
});

test('a revocation makes every URL signed before it bad', async () => {
  await withStack('leaked', answers, async ({ outputs }) => {
    const leaked = await readSecret(outputs);
    await updateStack(clients, 'leaked', template, { ...answers, RevocationToken: 'leak-1' });
    const keys = await keysOf(outputs);
    assert.equal(verdictOn(signUrl(url, leaked, expires), keys), 'unknown-key');
    assert.equal(verdictOn(signUrl(url, await readSecret(outputs), expires), keys), 'good');
    assert.equal(Object.keys(keys).length, 1);
  });
});

test('another KeyGroupName renames the group, and its keys and URLs stay as they are', async () => {
  await withStack('renamed', answers, async ({ outputs }) => {
    const signed = signUrl(url, await readSecret(outputs), expires);
    const renamed = await updateStack(clients, 'renamed', template, { ...answers, KeyGroupName: 'new-name' });
    assert.deepEqual(renamed.outputs, outputs);
    const { KeyGroup } = await clients.cloudfront.send(
      new GetKeyGroupCommand({ Id: outputs.CloudFrontKeyGroupId }),
    );
    assert.equal(KeyGroup.KeyGroupConfig.Name, 'new-name');
    assert.equal(verdictOn(signed, await keysOf(outputs)), 'good');
  });
});

test('a create under a name that is taken fails half way, says so, and leaves nothing of its own', async () => {
  await withStack('first-come', answers, async ({ outputs }) => {
    const start = await inventory(emulator, clients);
    const failure = await rejected(createStack(clients, 'late', template, answers));
    assert.ok(failure instanceof StackFailed, failure.message);
    assert.equal(failure.status, 'ROLLBACK_COMPLETE');
    assert.match(failure.message, /KeyPair: .*\[key-group-name-taken\] .*team-signers/);
    await deleteStack(clients, 'late');
    assert.deepEqual(await inventory(emulator, clients), start);
    assert.equal(verdictOn(signUrl(url, await readSecret(outputs), expires), await keysOf(outputs)), 'good');
  });
});

test('an update whose rename is refused rolls back, and the key goes on signing', async () => {
  await withStack('holder', { ...answers, KeyGroupName: 'held' }, async () => {
    await withStack('asker', answers, async ({ outputs }) => {
      const before = await readSecret(outputs);
      const changed = { ...answers, KeyGroupName: 'held', RotationToken: 'one' };
      const failure = await rejected(updateStack(clients, 'asker', template, changed));
      assert.equal(failure.status, 'UPDATE_ROLLBACK_COMPLETE');
      assert.match(failure.message, /\[key-group-name-taken\]/);
      assert.deepEqual(await readSecret(outputs), before);
      const again = await updateStack(clients, 'asker', template, { ...answers, RotationToken: 'one' });
      assert.notEqual(again.outputs.CloudFrontPublicKeyId, before.keyPairId, 'the token was not used up');
    });
  });
});

test('a create that loses a right half way is undone, step by step', async () => {
  const statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'cloudfront:CreateKeyGroup', Resource: '*' },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  const { Policy } = await clients.iam.send(
    new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument }),
  );
  const start = await inventory(emulator, clients);
  const parameters = { ...answers, PermissionsBoundaryArn: Policy.Arn };
  const failure = await rejected(createStack(clients, 'bounded', template, parameters));
  assert.match(failure.message, /\[aws-call-failed\] CreateKeyGroup failed with AccessDenied/);
  await deleteStack(clients, 'bounded');
  assert.deepEqual(await inventory(emulator, clients), start);
  await clients.iam.send(new DeletePolicyCommand({ PolicyArn: Policy.Arn }));
});

test('the answers that the form refuses are refused before anything is made', async () => {
  for (const wrong of [
    { KeyGroupName: '' },
    { KeyGroupName: 'no spaces' },
    { Algorithm: 'RSA-4096' },
    { RotationSchedule: 'weekly' },
    { MaxUrlLifetimeHours: '0' },
    { SecretKmsKeyArn: 'alias/mine' },
  ]) {
    const failure = await rejected(createStack(clients, 'refused', template, { ...answers, ...wrong }));
    assert.equal(failure.name, 'ValidationError');
    assert.match(failure.message, new RegExp(Object.keys(wrong)[0]));
  }
});

test('a schedule too short for the lifetime of URLs is refused with the shortest that works', async () => {
  const parameters = { ...answers, RotationSchedule: 'rate(1 day)' };
  const failure = await rejected(createStack(clients, 'hasty', template, parameters));
  assert.match(failure.message, /\[invalid-property\] RotationSchedule rate\(1 day\) is too short/);
  await deleteStack(clients, 'hasty');
});

/** The least that a distribution must have, with the group on its only behaviour. */
function distribution(keyGroup) {
  return {
    CallerReference: 'trusting',
    Comment: '',
    Enabled: true,
    Origins: {
      Quantity: 1,
      Items: [{ Id: 'o', DomainName: 'origin.example.com', CustomOriginConfig: origin }],
    },
    DefaultCacheBehavior: {
      TargetOriginId: 'o',
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      TrustedKeyGroups: keyGroup
        ? { Enabled: true, Quantity: 1, Items: [keyGroup] }
        : { Enabled: false, Quantity: 0 },
    },
  };
}
const origin = { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' };

test('a stack whose group a distribution trusts cannot be deleted, and says why', async () => {
  const start = await inventory(emulator, clients);
  const { cloudfront, secrets } = clients;
  const { outputs } = await createStack(clients, 'trusted', template, answers);
  const config = distribution(outputs.CloudFrontKeyGroupId);
  const made = await cloudfront.send(new CreateDistributionCommand({ DistributionConfig: config }));

  const failure = await rejected(deleteStack(clients, 'trusted'));
  assert.equal(failure.status, 'DELETE_FAILED');
  assert.match(failure.message, /\[key-group-in-use\] .*Remove that distribution/);
  const { keyPairId } = await readSecret(outputs);
  assert.equal(verdictOn(signUrl(url, await readSecret(outputs), expires), await keysOf(outputs)), 'good');

  // The emulator goes on to delete the function that the key pair depends on, so this delete cannot be tried again here.
  const without = { ...distribution(undefined), Enabled: false };
  const update = { Id: made.Distribution.Id, IfMatch: made.ETag, DistributionConfig: without };
  const { ETag } = await cloudfront.send(new UpdateDistributionCommand(update));
  await cloudfront.send(new DeleteDistributionCommand({ Id: made.Distribution.Id, IfMatch: ETag }));
  const group = { Id: outputs.CloudFrontKeyGroupId };
  const groupTag = (await cloudfront.send(new GetKeyGroupCommand(group))).ETag;
  await cloudfront.send(new DeleteKeyGroupCommand({ ...group, IfMatch: groupTag }));
  const keyTag = (await cloudfront.send(new GetPublicKeyCommand({ Id: keyPairId }))).ETag;
  await cloudfront.send(new DeletePublicKeyCommand({ Id: keyPairId, IfMatch: keyTag }));
  const SecretId = outputs.PrivateKeySecretArn;
  await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await deleteStack(clients, 'trusted', { RetainResources: ['KeyPair'] });
  assert.deepEqual(await inventory(emulator, clients), start);
});

test('a call that is neither CloudFormation nor the schedule is refused', async () => {
  await withStack('asked', answers, async () => {
    const { error, payload } = await invoke(emulator, await functionName('asked'), {
      action: 'give me the key',
    });
    assert.ok(error);
    assert.match(payload.errorMessage, /Only CloudFormation and an EventBridge schedule/);
  });
});

test('the log tells what happened, and a stack shows its private key nowhere', async () => {
  await withStack('watched', answers, async ({ outputs }) => {
    await readSecret(outputs);
    await updateStack(clients, 'watched', template, { ...answers, RotationToken: 'one' });
    await readSecret(outputs);
    const logs = await allLogs(emulator);
    assert.match(logs, /"event":"cloudformation-create"/);
    assert.match(logs, /"event":"key-promoted"/);
    assert.doesNotMatch(logs, /cfn-response/);
    assert.deepEqual(await placesWithKeys(emulator, clients, [...keysSeen]), []);
    assert.ok(await describeStack(clients.cloudformation, 'watched'));
  });
});

test('after all of it, no private key is anywhere, and no stack is left', async () => {
  assert.ok(keysSeen.size >= 10);
  assert.deepEqual(await placesWithKeys(emulator, clients, [...keysSeen]), []);
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({}));
  assert.deepEqual(Stacks, []);
});
