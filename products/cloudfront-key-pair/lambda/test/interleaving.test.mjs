import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { awsError } from './fake-aws.mjs';
import { World } from './world.mjs';

const seed = 20261124;

/** Every AWS call waits for the scheduler, so that the calls of several invocations mix in any order. */
function mix(world, scheduler, failing = new Set()) {
  const start = world.aws.calls.length;
  world.aws.before = async (index) => {
    await scheduler.schedule(Promise.resolve());
    if (failing.has(index - start)) throw awsError('InternalError');
  };
}

async function sound(world, first) {
  assert.deepEqual(world.aws.violations, []);
  assert.equal(world.items.filter((id) => id === world.current.keyPairId).length, 1);
  assert.ok(world.items.includes(first));
  world.aws.before = async () => {};
  world.aws.advanceHours(1);
  await world.schedule('afterwards');
  assert.deepEqual(new Set(world.items), new Set(world.aws.keys.keys()), 'nothing half made is left');
  assert.equal(world.pending, 0);
  assert.deepEqual(world.aws.violations, []);
}

test('three rotations at once, in any order of their calls, leave signers with a key that is trusted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = new World();
      await world.create();
      const first = world.current.keyPairId;
      mix(world, scheduler);
      const all = [
        world.schedule('event-1'),
        world.schedule('event-2'),
        world.update({ RotationToken: 'one' }),
      ];
      await scheduler.waitFor(Promise.allSettled(all));
      await sound(world, first);
    }),
    { seed, numRuns: 150 },
  );
});

test('two rotations at once with AWS failing at any two calls break no promise', async () => {
  const calls = fc.uniqueArray(fc.nat({ max: 45 }), { minLength: 1, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), calls, async (scheduler, failing) => {
      const world = new World();
      await world.create();
      const first = world.current.keyPairId;
      mix(world, scheduler, new Set(failing));
      const all = [world.schedule('event-1'), world.update({ RotationToken: 'one' })];
      await scheduler.waitFor(Promise.allSettled(all));
      await sound(world, first);
    }),
    { seed, numRuns: 150 },
  );
});

test('the same event delivered twice at once rotates once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = new World();
      await world.create();
      const first = world.current.keyPairId;
      mix(world, scheduler);
      await scheduler.waitFor(Promise.allSettled([world.schedule('event-1'), world.schedule('event-1')]));
      assert.ok(world.items.length <= 2, `${world.items}`);
      await sound(world, first);
    }),
    { seed, numRuns: 150 },
  );
});
