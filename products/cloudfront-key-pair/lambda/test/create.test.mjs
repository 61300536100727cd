import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { awsError, Crash } from './fake-aws.mjs';
import { countCalls, failAt, generatePrivateKey, properties, publicPem, World } from './world.mjs';

const nothing = { secrets: 0, groups: 0, keys: 0 };
const onePair = { secrets: 1, groups: 1, keys: 1 };
const calls = await countCalls(
  () => new World(),
  (world) => world.create(),
);
const promotion = calls.lastIndexOf('PutSecretValue');
const everyCall = calls.map((operation, index) => ({ operation, index }));

test('a create makes key, group and secret, and answers with their ids', async () => {
  const world = new World();
  const answer = await world.create();
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  const [group] = world.aws.groups.values();
  const [secret] = world.aws.secrets.values();
  assert.deepEqual(answer.Data, {
    CloudFrontPublicKeyId: world.current.keyPairId,
    CloudFrontKeyGroupId: group.id,
    PrivateKeySecretArn: secret.arn,
  });
  assert.equal(group.config.Name, properties.KeyGroupName);
  assert.deepEqual(world.items, [world.current.keyPairId]);
  assert.equal(world.pending, 0);
});

test('the secret holds the private half of the key that CloudFront was given', async () => {
  const world = new World();
  await world.create();
  const { keyPairId, privateKey, algorithm } = world.current;
  assert.equal(algorithm, 'ECDSA-P256');
  const text = Buffer.from('what is signed');
  const signature = sign('sha256', text, privateKey);
  assert.ok(verify('sha256', text, world.aws.keys.get(keyPairId).config.EncodedKey, signature));
});

for (const [algorithm, kind] of [
  ['RSA-2048', { type: 'rsa', modulusLength: 2048 }],
  ['ECDSA-P256', { type: 'ec', namedCurve: 'prime256v1' }],
]) {
  test(`a ${algorithm} key is of the kind that CloudFront accepts`, () => {
    const key = generatePrivateKey(algorithm);
    assert.match(key, /^-----BEGIN PRIVATE KEY-----\n/);
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(key);
    assert.equal(asymmetricKeyType, kind.type);
    assert.equal(asymmetricKeyDetails.modulusLength, kind.modulusLength);
    assert.equal(asymmetricKeyDetails.namedCurve, kind.namedCurve);
    assert.match(publicPem(key), /^-----BEGIN PUBLIC KEY-----\n[\s\S]*-----END PUBLIC KEY-----\n$/);
    assert.ok(createPublicKey(publicPem(key)));
  });
}

for (const { operation, index } of everyCall) {
  for (const when of ['before', 'after']) {
    test(`a create whose call ${index} (${operation}) fails ${when} taking effect is whole or not at all`, async () => {
      const world = new World();
      failAt(world.aws, index, when, () => awsError('InternalError'));
      const answer = await world.create();
      if (answer.Status === 'SUCCESS') {
        assert.ok(index >= promotion, 'signers had no key yet');
        assert.deepEqual(world.count, onePair);
        assert.equal(answer.Data.CloudFrontPublicKeyId, world.current.keyPairId);
        return;
      }
      assert.match(answer.Reason, /^\[aws-call-failed\] \w+ failed with InternalError/);
      assert.deepEqual(world.count, nothing);
      const rollback = await world.delete();
      assert.equal(rollback.Status, 'SUCCESS', rollback.Reason);
      assert.equal(rollback.PhysicalResourceId, answer.PhysicalResourceId);
    });

    test(`a create that dies ${when} call ${index} (${operation}) makes one pair when tried again`, async () => {
      const world = new World();
      failAt(world.aws, index, when, () => new Crash());
      assert.equal(await world.create(), undefined);
      const answer = await world.create();
      assert.equal(answer.Status, 'SUCCESS', answer.Reason);
      assert.deepEqual(world.count, onePair);
      assert.deepEqual(world.items, [world.current.keyPairId]);
      assert.equal(world.pending, 0);
      assert.deepEqual(world.aws.violations, []);
    });

    test(`a create that died ${when} call ${index} (${operation}) and is not tried again can be deleted`, async () => {
      const world = new World();
      failAt(world.aws, index, when, () => new Crash());
      await world.create();
      const answer = await world.delete();
      assert.equal(answer.Status, 'SUCCESS', answer.Reason);
      assert.deepEqual(world.count, nothing);
    });
  }
}

test('a create that is delivered twice answers the same both times and makes one pair', async () => {
  const world = new World();
  const first = await world.create();
  const second = await world.create();
  assert.deepEqual(second.Data, first.Data);
  assert.deepEqual(world.count, onePair);
});

test('a create under a key group name that is taken fails, leaves the other group, and makes nothing', async () => {
  const world = new World();
  const { PublicKey } = world.aws.CreatePublicKey({
    PublicKeyConfig: {
      CallerReference: 'x',
      Name: 'x',
      EncodedKey: publicPem(generatePrivateKey('ECDSA-P256')),
    },
  });
  const config = { Name: properties.KeyGroupName, Items: [PublicKey.Id], Comment: 'somebody else' };
  world.aws.CreateKeyGroup({ KeyGroupConfig: config });
  const answer = await world.create();
  assert.equal(answer.Status, 'FAILED');
  assert.match(answer.Reason, /^\[key-group-name-taken\] .*team-signers/);
  assert.deepEqual(world.count, { secrets: 0, groups: 1, keys: 1 });
});

test("a create whose secret name is another owner's fails and does not touch that secret", async () => {
  const world = new World();
  world.aws.CreateSecret({
    Name: properties.SecretName,
    Tags: [{ Key: 'edgeseal:owner', Value: 'another' }],
  });
  const answer = await world.create();
  assert.match(answer.Reason, /^\[secret-name-taken\]/);
  assert.deepEqual(world.count, { secrets: 1, groups: 0, keys: 0 });
});

test('a create believes a denial only after the rights of the new role had time to arrive', async () => {
  const world = new World();
  let denials = 3;
  world.aws.before = async () => {
    denials -= 1;
    if (denials >= 0) throw awsError('AccessDeniedException');
  };
  assert.equal((await world.create()).Status, 'SUCCESS');
  assert.equal(world.slept, 9_000);

  const denied = new World();
  denied.aws.before = async () => {
    throw awsError('AccessDeniedException');
  };
  assert.match((await denied.create()).Reason, /CreateSecret failed with AccessDeniedException/);
});

test('a create that runs out of time answers, and takes back what it made', async () => {
  for (const slowCall of [2, 5, 8]) {
    const world = new World();
    const start = world.aws.now;
    world.aws.after = async (index) => {
      if (index === slowCall) world.aws.now = new Date(start.getTime() + 140_000);
    };
    const answer = await world.create();
    assert.match(answer.Reason, /^\[out-of-time\]/);
    assert.deepEqual(world.count, nothing);
  }
});

test("a customer's KMS key is used for the secret", async () => {
  const world = new World();
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9';
  await world.create({ SecretKmsKeyArn: arn });
  const [secret] = world.aws.secrets.values();
  assert.equal(secret.kmsKeyId, arn);
});
