import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError, Crash } from './fake-aws.mjs';
import { countCalls, failAt, World } from './world.mjs';

async function created(changes) {
  const world = new World();
  const answer = await world.create(changes);
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  return world;
}

const rotateNow = (world) => world.update({ RotationToken: 'one' });
const calls = await countCalls(created, rotateNow);
const everyCall = calls.map((operation, index) => ({ operation, index }));

test('a rotation gives signers a new key and keeps the one before in the group', async () => {
  const world = await created();
  const first = world.current;
  const answer = await rotateNow(world);
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  assert.notEqual(world.current.keyPairId, first.keyPairId);
  assert.notEqual(world.current.privateKey, first.privateKey);
  assert.equal(world.current.previousKeyPairId, first.keyPairId);
  assert.deepEqual(world.items, [world.current.keyPairId, first.keyPairId]);
  assert.equal(answer.Data.CloudFrontPublicKeyId, world.current.keyPairId);
  assert.deepEqual(world.aws.violations, []);
});

test('signers get the new key only after the group had time to reach the edge', async () => {
  const world = await created();
  const order = [];
  world.aws.after = async (_index, operation) => order.push([operation, world.slept]);
  await rotateNow(world);
  const trusted = order.find(([operation]) => operation === 'UpdateKeyGroup');
  const promoted = order.findLast(([operation]) => operation === 'PutSecretValue');
  assert.deepEqual([trusted[1], promoted[1]], [0, 60_000]);
});

test('the key before the previous one goes at the next rotation, once its URLs have expired', async () => {
  const world = await created();
  const keys = [world.current.keyPairId];
  for (const id of ['event-1', 'event-2', 'event-3']) {
    world.aws.advanceHours(24 * 30);
    await world.schedule(id);
    keys.unshift(world.current.keyPairId);
    assert.deepEqual(world.items, keys.slice(0, 2));
    assert.equal(world.count.keys, 2);
  }
  assert.deepEqual(world.aws.violations, []);
});

test('rotations that follow each other at once keep every key that can have a live URL', async () => {
  const world = await created();
  const keys = [world.current.keyPairId];
  for (const id of ['event-1', 'event-2', 'event-3', 'event-4']) {
    await world.schedule(id);
    keys.unshift(world.current.keyPairId);
  }
  assert.deepEqual(world.items, keys);
  await assert.rejects(
    world.schedule('event-5'),
    /\[too-many-live-keys\] .* the next one is free at 2026-01-08T01/,
  );
  assert.deepEqual(world.items, keys);
  assert.equal(world.count.keys, 5);
  assert.equal(world.pending, 0);
  world.aws.advanceHours(170);
  await world.schedule('event-6');
  assert.deepEqual(world.items, [world.current.keyPairId, keys[0]]);
  assert.deepEqual(world.aws.violations, []);
});

test('a scheduled event that is delivered twice rotates once', async () => {
  const world = await created();
  await world.schedule('event-1');
  const after = world.current;
  await world.schedule('event-1');
  assert.deepEqual(world.current, after);
  assert.equal(world.count.keys, 2);
});

test('a rollback, which brings the earlier token back, rotates nothing', async () => {
  const world = await created({ RotationToken: 'a' });
  await world.update({ RotationToken: 'b' }, { RotationToken: 'a' }, 'update-1');
  const after = world.current;
  const answer = await world.update({ RotationToken: 'a' }, { RotationToken: 'b' }, 'rollback-1');
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  assert.deepEqual(world.current, after);
});

test('an update that changes no token rotates nothing, and neither does clearing the token', async () => {
  const world = await created({ RotationToken: 'a' });
  const before = world.current;
  await world.update({ RotationToken: 'a', MaxUrlLifetimeHours: '24' }, { RotationToken: 'a' }, 'update-1');
  await world.update({ RotationToken: '' }, { RotationToken: 'a' }, 'update-2');
  assert.deepEqual(world.current, before);
});

test('a change of algorithm applies from the next rotation on', async () => {
  const world = await created();
  await world.update({ Algorithm: 'RSA-2048' });
  assert.equal(world.current.algorithm, 'ECDSA-P256');
  await world.update({ Algorithm: 'RSA-2048', RotationToken: 'one' }, { Algorithm: 'RSA-2048' }, 'update-2');
  assert.equal(world.current.algorithm, 'RSA-2048');
});

test('a revocation gives signers a new key and then takes every earlier key out, live URLs or not', async () => {
  const world = await created();
  for (const id of ['event-1', 'event-2', 'event-3', 'event-4']) await world.schedule(id);
  world.aws.revoking = true;
  const answer = await world.update({ RevocationToken: 'leak-1' });
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  assert.deepEqual(world.items, [world.current.keyPairId]);
  assert.equal(world.count.keys, 1);
  assert.deepEqual(world.aws.violations, []);
});

test('a revocation whose tidying fails says so, and the rollback completes it', async () => {
  const world = await created();
  const first = world.current.keyPairId;
  world.aws.revoking = true;
  let puts = 0;
  world.aws.before = async (_index, operation) => {
    if (operation === 'PutSecretValue') puts += 1;
    if (operation === 'UpdateKeyGroup' && puts === 2) throw awsError('ServiceUnavailable');
  };
  const answer = await world.update({ RevocationToken: 'leak-1' });
  assert.equal(answer.Status, 'FAILED');
  assert.ok(world.items.includes(first));
  world.aws.before = async () => {};
  await world.update({ RevocationToken: '' }, { RevocationToken: 'leak-1' }, 'rollback-1');
  assert.deepEqual(world.items, [world.current.keyPairId]);
  assert.deepEqual(world.aws.violations, []);
});

for (const { operation, index } of everyCall) {
  for (const when of ['before', 'after']) {
    test(`a rotation whose call ${index} (${operation}) fails ${when} taking effect is whole or not at all`, async () => {
      const world = await created();
      const first = world.current.keyPairId;
      failAt(world.aws, index, when, () => awsError('InternalError'));
      const answer = await rotateNow(world);
      const rotated = world.current.keyPairId !== first;
      assert.deepEqual(world.items, rotated ? [world.current.keyPairId, first] : [first]);
      assert.equal(world.count.keys, rotated ? 2 : 1);
      if (!rotated) assert.equal(answer.Status, 'FAILED');
      world.aws.before = world.aws.after = async () => {};
      const rollback = await world.update({}, { RotationToken: 'one' }, 'rollback-1');
      assert.equal(rollback.Status, 'SUCCESS', rollback.Reason);
      assert.equal(world.pending, 0);
      assert.deepEqual(world.aws.violations, []);
    });

    test(`a rotation that dies ${when} call ${index} (${operation}) is completed by its retry`, async () => {
      const world = await created();
      const first = world.current.keyPairId;
      failAt(world.aws, index, when, () => new Crash());
      assert.equal(await rotateNow(world), undefined);
      const answer = await rotateNow(world);
      assert.equal(answer.Status, 'SUCCESS', answer.Reason);
      assert.deepEqual(world.items, [world.current.keyPairId, first]);
      assert.equal(world.count.keys, 2);
      assert.equal(world.pending, 0);
      assert.deepEqual(world.aws.violations, []);
    });

    test(`what a rotation leaves that died ${when} call ${index} (${operation}) is cleared by a later one`, async () => {
      const world = await created();
      const first = world.current.keyPairId;
      failAt(world.aws, index, when, () => new Crash());
      await rotateNow(world);
      const between = world.current.keyPairId;
      world.aws.advanceHours(1);
      await world.schedule('event-1');
      const before = between === first ? [first] : [between, first];
      assert.deepEqual(world.items, [world.current.keyPairId, ...before]);
      assert.equal(world.count.keys, world.items.length);
      assert.equal(world.pending, 0);
      assert.deepEqual(world.aws.violations, []);
    });
  }
}

for (const { operation, index } of everyCall) {
  test(`a rotation that begins during another's call ${index} (${operation}) breaks nothing`, async () => {
    const world = await created();
    const first = world.current.keyPairId;
    let inner;
    let begun = false;
    const start = world.aws.calls.length;
    world.aws.before = async (called) => {
      if (begun || called - start !== index) return;
      begun = true;
      inner = await world.schedule('event-1').then(
        () => 'rotated',
        (error) => error.message,
      );
    };
    const outer = await rotateNow(world);
    world.aws.before = async () => {};
    assert.ok(begun);
    const won = outer.Status === 'SUCCESS' || inner === 'rotated';
    assert.ok(won, `${outer.Reason} / ${inner}`);
    for (const lost of [outer.Reason, inner]) {
      if (lost && lost !== 'rotated') assert.match(lost, /^\[rotation-in-progress\]/);
    }
    assert.equal(world.items[0], world.current.keyPairId);
    assert.ok(world.items.includes(first));
    assert.deepEqual(world.aws.violations, []);
    world.aws.advanceHours(1);
    await world.schedule('event-2');
    assert.deepEqual(new Set(world.items), new Set(world.aws.keys.keys()));
    assert.deepEqual(world.aws.violations, []);
  });
}

test('a key that an administrator added to the group by hand stays there', async () => {
  const world = await created();
  const config = {
    CallerReference: 'hand',
    Name: 'hand',
    EncodedKey: [...world.aws.keys.values()][0].config.EncodedKey,
  };
  const { PublicKey } = world.aws.CreatePublicKey({ PublicKeyConfig: config });
  const [group] = world.aws.groups.values();
  group.config.Items.push(PublicKey.Id);
  await world.schedule('event-1');
  assert.ok(world.items.includes(PublicKey.Id));
  assert.equal(world.items.length, 3);
});

test('a rotation after the secret was deleted by hand fails with what to do', async () => {
  const world = await created();
  world.aws.secrets.clear();
  await assert.rejects(world.schedule(), /^Error: \[key-pair-missing\]/);
  assert.match((await rotateNow(world)).Reason, /^\[key-pair-missing\]/);
});

test('a rotation after the group was deleted by hand fails and leaves the secret as it was', async () => {
  const world = await created();
  const before = world.current;
  world.aws.groups.clear();
  await assert.rejects(world.schedule(), /\[key-group-missing\]/);
  assert.deepEqual(world.current, before);
  assert.equal(world.pending <= 1, true);
});
