import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError, Crash } from './fake-aws.mjs';
import {
  countCalls,
  createHandler,
  failAt,
  MAX_RESPONSE_BYTES,
  parseSettings,
  properties,
  responseBody,
  responseUrl,
  stackId,
  World,
} from './world.mjs';

const nothing = { secrets: 0, groups: 0, keys: 0 };

async function created(changes) {
  const world = new World();
  await world.create(changes);
  return world;
}

test('a new KeyGroupName renames the group and keeps its id and its keys', async () => {
  const world = await created();
  const [before] = world.aws.groups.values();
  const [id, items] = [before.id, [...before.config.Items]];
  const answer = await world.update({ KeyGroupName: 'renamed' });
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  assert.equal(answer.Data.CloudFrontKeyGroupId, id);
  assert.equal(world.aws.groups.get(id).config.Name, 'renamed');
  assert.deepEqual(world.items, items);
});

test('a rename to a name that is taken fails and changes nothing', async () => {
  const world = await created();
  const [group] = world.aws.groups.values();
  const config = { Name: 'taken', Items: [...group.config.Items], Comment: 'somebody else' };
  world.aws.CreateKeyGroup({ KeyGroupConfig: config });
  const answer = await world.update({ KeyGroupName: 'taken' });
  assert.match(answer.Reason, /^\[key-group-name-taken\] .*taken/);
  assert.equal(group.config.Name, properties.KeyGroupName);
});

test('a rename that loses a race for the group is tried again on what is there now', async () => {
  const world = await created();
  const [group] = world.aws.groups.values();
  let races = 2;
  world.aws.before = async (_index, operation) => {
    if (operation === 'UpdateKeyGroup' && races > 0) {
      races -= 1;
      group.etag = `changed-by-another-${races}`;
    }
  };
  assert.equal((await world.update({ KeyGroupName: 'renamed' })).Status, 'SUCCESS');
  assert.equal(group.config.Name, 'renamed');
});

test('the physical id is the same for create, update and delete, so nothing is ever replaced', async () => {
  const world = await created();
  await world.update({ KeyGroupName: 'renamed', RotationToken: 'one' });
  await world.delete();
  const ids = new Set(world.responses.map((response) => response.PhysicalResourceId));
  assert.equal(ids.size, 1);
  assert.match([...ids][0], /^edgeseal-key-pair-[0-9a-f]{32}$/);
});

test('another SecretName is refused, because a secret cannot be renamed', async () => {
  const world = await created();
  const answer = await world.update({ SecretName: 'other' }, {});
  assert.equal(answer.Status, 'FAILED');
});

test('another KMS key is put on the secret', async () => {
  const world = await created();
  const SecretKmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9';
  await world.update({ SecretKmsKeyArn });
  const [secret] = world.aws.secrets.values();
  assert.equal(secret.kmsKeyId, SecretKmsKeyArn);
  await world.update({}, { SecretKmsKeyArn }, 'update-2');
  assert.equal(secret.kmsKeyId, 'alias/aws/secretsmanager');
});

const updateCalls = await countCalls(created, (world) => world.update({ KeyGroupName: 'renamed' }));
for (const [index, operation] of updateCalls.entries()) {
  for (const when of ['before', 'after']) {
    test(`an update whose call ${index} (${operation}) fails ${when} taking effect is undone by the rollback`, async () => {
      const world = await created();
      const before = world.current;
      failAt(world.aws, index, when, () => awsError('InternalError'));
      const answer = await world.update({ KeyGroupName: 'renamed' });
      assert.equal(answer.Status, 'FAILED');
      const rollback = await world.update({}, { KeyGroupName: 'renamed' }, 'rollback-1');
      assert.equal(rollback.Status, 'SUCCESS', rollback.Reason);
      assert.equal([...world.aws.groups.values()][0].config.Name, properties.KeyGroupName);
      assert.deepEqual(world.current, before);
    });
  }
}

async function createdAndRotated() {
  const world = await created();
  await world.schedule('event-1');
  await world.schedule('event-2');
  return world;
}

const deleteCalls = await countCalls(createdAndRotated, (world) => world.delete());
test('a delete takes the group first, then its keys, then the secret, and leaves nothing', async () => {
  const changes = deleteCalls.filter((operation) => operation.startsWith('Delete'));
  const keys = ['DeletePublicKey', 'DeletePublicKey', 'DeletePublicKey'];
  assert.deepEqual(changes, ['DeleteKeyGroup', ...keys, 'DeleteSecret']);
  const world = await createdAndRotated();
  assert.equal((await world.delete()).Status, 'SUCCESS');
  assert.deepEqual(world.count, nothing);
  assert.equal((await world.delete()).Status, 'SUCCESS');
});

for (const [index, operation] of deleteCalls.entries()) {
  for (const [kind, error] of [
    ['fails', () => awsError('InternalError')],
    ['dies', () => new Crash()],
  ]) {
    for (const when of ['before', 'after']) {
      test(`a delete that ${kind} ${when} call ${index} (${operation}) is completed by the next`, async () => {
        const world = await createdAndRotated();
        failAt(world.aws, index, when, error);
        const answer = await world.delete();
        if (kind === 'fails') assert.match(answer.Reason, /^\[aws-call-failed\]/);
        const again = await world.delete({}, 'delete-2');
        assert.equal(again.Status, 'SUCCESS', again.Reason);
        assert.deepEqual(world.count, nothing);
      });
    }
  }
}

test('a delete while a distribution trusts the group fails, says why, and removes nothing', async () => {
  const world = await created();
  world.aws.trusted.add([...world.aws.groups.keys()][0]);
  const answer = await world.delete();
  assert.match(answer.Reason, /^\[key-group-in-use\] .*Remove that distribution/);
  assert.deepEqual(world.count, { secrets: 1, groups: 1, keys: 1 });
});

test('a delete leaves the keys, groups and secret of another stack alone', async () => {
  const world = await created();
  const other = {
    ...world.event(
      'Create',
      { KeyGroupName: 'other', SecretName: 'edgeseal/other/1' },
      undefined,
      'create-2',
    ),
  };
  other.StackId = stackId.replace('SC-team', 'SC-other');
  await world.send(other);
  assert.deepEqual(world.count, { secrets: 2, groups: 2, keys: 2 });
  await world.delete();
  assert.deepEqual(world.count, { secrets: 1, groups: 1, keys: 1 });
  assert.equal([...world.aws.groups.values()][0].config.Name, 'other');
});

test('a create that was refused for its properties can be deleted', async () => {
  for (const changes of [{ KeyGroupName: 'not a name' }, { SecretName: '' }, { Algorithm: 'RSA-4096' }]) {
    const world = new World();
    const answer = await world.create(changes);
    assert.match(answer.Reason, /^\[invalid-property\]/);
    assert.equal(world.aws.calls.length, 0);
    assert.equal((await world.delete(changes)).Status, 'SUCCESS');
  }
});

for (const [changes, message] of [
  [{ KeyGroupName: '1st' }, /KeyGroupName must be 1 to 128/],
  [{ KeyGroupName: 'x'.repeat(129) }, /KeyGroupName must be/],
  [{ KeyGroupName: { Ref: 'x' } }, /KeyGroupName must be a string/],
  [{ Algorithm: 'RSA-4096' }, /Algorithm must be RSA-2048 or ECDSA-P256/],
  [{ MaxUrlLifetimeHours: '0' }, /MaxUrlLifetimeHours must be a whole number from 1 to 8760/],
  [{ MaxUrlLifetimeHours: '1e3' }, /MaxUrlLifetimeHours must be/],
  [{ PropagationWaitSeconds: '91' }, /PropagationWaitSeconds must be a whole number from 0 to 90/],
  [
    { RotationSchedule: 'rate(1 day)' },
    /RotationSchedule rate\(1 day\) is too short.* Rotate every 43 hours or less often/,
  ],
  [{ RotationSchedule: 'rate(42 hours)' }, /too short/],
]) {
  test(`the properties ${JSON.stringify(changes)} are refused with ${message.source}`, () => {
    assert.throws(() => parseSettings({ Owner: stackId, ...properties, ...changes }), {
      code: 'invalid-property',
      message,
    });
  });
}

for (const RotationSchedule of ['off', 'rate(43 hours)', 'rate(90 days)', 'cron(0 3 1 * ? *)', '']) {
  test(`the schedule "${RotationSchedule}" is accepted`, () => {
    assert.ok(parseSettings({ Owner: stackId, ...properties, RotationSchedule }));
  });
}

test('a reason never holds what an AWS message quotes, and neither does the log', async () => {
  const marker = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
  for (const name of ['InternalError', `-----BEGIN PRIVATE KEY----- ${marker}`]) {
    const world = new World();
    world.aws.before = async () => {
      throw awsError(name, `input was {"privateKey":"-----BEGIN PRIVATE KEY-----\n${marker}"}`);
    };
    const answer = await world.create();
    assert.equal(answer.Status, 'FAILED');
    const said = JSON.stringify(world.responses) + world.logs.join('\n');
    assert.ok(!said.includes(marker) && !said.includes('PRIVATE KEY'));
  }
});

test('no answer and no log line of a whole life holds a key or the response URL', async () => {
  const world = await createdAndRotated();
  await world.update({ RotationToken: 'one' });
  await world.delete();
  const said = world.responses.map((response) => response.body).join('\n') + world.logs.join('\n');
  assert.ok(world.logs.length > 3);
  assert.ok(!/PRIVATE KEY|BEGIN|X-Amz-Signature/.test(said));
  assert.ok(!said.includes(responseUrl));
});

test('an unexpected error is named by its class alone', async () => {
  const world = new World();
  world.aws.CreateSecret = () => ({
    get ARN() {
      throw new RangeError('holds -----BEGIN PRIVATE KEY-----');
    },
  });
  const answer = await world.create();
  assert.equal(
    answer.Reason,
    '[internal-error] Unexpected RangeError. Nothing more is shown, because it could hold key material.',
  );
});

test('an answer never exceeds what CloudFormation accepts, whatever its parts', () => {
  const event = new World().event('Create');
  for (const size of [0, 100, 4_000, 100_000]) {
    const body = responseBody(event, 'x'.repeat(900), { status: 'FAILED', reason: 'ä"\n'.repeat(size) });
    assert.ok(Buffer.byteLength(body) <= MAX_RESPONSE_BYTES);
    assert.equal(JSON.parse(body).RequestId, event.RequestId);
  }
});

test('an event that is neither CloudFormation nor a schedule is refused', async () => {
  const world = new World();
  await assert.rejects(world.send({ source: 'aws.s3', id: 'x' }), { code: 'invalid-request' });
  await assert.rejects(world.send({}), { code: 'invalid-request' });
  const answer = await world.send({ ...world.event('Create'), RequestType: 'Import' });
  assert.match(answer.Reason, /^\[invalid-request\]/);
});

test('a handler whose answer cannot be delivered fails, so that Lambda tries again', async () => {
  const world = new World();
  const deps = {
    cloudfront: world.aws.cloudfront,
    secrets: world.aws.secretsManager,
    now: () => world.aws.now,
    sleep: async () => {},
    log: () => {},
    respond: async () => {
      throw new Error('response not delivered');
    },
  };
  const handler = createHandler(deps, {});
  await assert.rejects(handler(world.event('Delete'), { getRemainingTimeInMillis: () => 180_000 }));
});
