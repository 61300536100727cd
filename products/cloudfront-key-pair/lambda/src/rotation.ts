import type { PublicKey } from './cloudfront';
import type { Context } from './context';
import { describe, isAws } from './errors';
import { publicPem } from './keys';
import { abandoned, inProgress, itemsWith, missing, type Rotation, successor } from './plan';
import type { CurrentValue, PendingValue } from './secret';

/** Makes the very first pair: stored as pending, then key and group, then readable by signers. */
export async function createFirst(ctx: Context, request: Rotation): Promise<CurrentValue> {
  await ctx.secret.ensure();
  const current = await ctx.secret.current();
  if (current) {
    await ctx.secret.clearPending(current.rotationId);
    return current;
  }
  const pending = await begin(ctx, request, undefined);
  const keyPairId = await ctx.keys.ensureKey(keyName(ctx, request.id), publicPem(pending.privateKey));
  await ctx.keys.ensureGroup(ctx.settings.keyGroupName, [keyPairId]);
  const value = successor(ctx, request, pending, keyPairId, undefined, []);
  await promote(ctx, value);
  await ctx.secret.clearPending(request.id);
  return value;
}

/**
 * Replaces the signing key without breaking a live URL: the group trusts the new key first, signers get it after
 * that, and the key it replaces stays in the group. Safe to repeat after a crash at any point.
 */
export async function rotate(ctx: Context, request: Rotation): Promise<CurrentValue> {
  const current = await ctx.secret.current();
  if (!current) throw missing();
  if (current.rotationId === request.id) {
    await settle(ctx, current);
    return current;
  }
  const value = await replace(ctx, request, current);
  await settleAfter(ctx, value, request.revoke);
  return value;
}

async function replace(ctx: Context, request: Rotation, current: CurrentValue): Promise<CurrentValue> {
  try {
    const pending = await begin(ctx, request, current);
    const keyPairId = await ctx.keys.ensureKey(keyName(ctx, request.id), publicPem(pending.privateKey));
    const before = await trust(ctx, request, current, keyPairId);
    step(ctx, 'key-trusted', keyPairId);
    await ctx.deps.sleep(ctx.settings.propagationWaitSeconds * 1000);
    const value = successor(ctx, request, pending, keyPairId, current, before);
    await promote(ctx, value);
    step(ctx, 'key-promoted', keyPairId);
    return value;
  } catch (error) {
    if (!request.undo) throw error;
    ctx.extendDeadline();
    const promoted = await undo(ctx, request.id, describe(error));
    if (promoted) return promoted;
    throw error;
  }
}

/** Finds the pair that an earlier try of this rotation stored, or stores a new one if there is room for it. */
async function begin(
  ctx: Context,
  request: Rotation,
  current: CurrentValue | undefined,
): Promise<PendingValue> {
  const { id } = request;
  const mine = await ctx.secret.pendingOf(id);
  if (mine) return mine;
  const other = await ctx.secret.pending();
  if (other?.rotationId === id) return other;
  if (other && other.rotationId !== current?.rotationId && !abandoned(ctx, new Date(other.startedAt))) {
    throw inProgress();
  }
  if (current) await itemsWith(ctx, request, current, await ctx.keys.requireGroup(), 'the new key');
  if (other) await ctx.secret.clearPending(other.rotationId);
  const { algorithm } = ctx.settings;
  const privateKey = ctx.deps.generatePrivateKey(algorithm);
  const value = { privateKey, algorithm, rotationId: id, startedAt: ctx.deps.now().toISOString() };
  try {
    await ctx.secret.putPending(value);
    return value;
  } catch (error) {
    const stored = isAws(error, 'ResourceExistsException') ? await ctx.secret.pendingOf(id) : undefined;
    if (stored) return stored;
    throw error;
  }
}

/**
 * Puts the new key in front of the group's others, less those whose URLs have all expired. The ETag of the group is
 * what two rotations at once compete for; the one that comes second meets a key it does not know and stops.
 * Returns the group's items as they were.
 */
async function trust(
  ctx: Context,
  request: Rotation,
  current: CurrentValue,
  newKey: string,
): Promise<string[]> {
  let before: string[] = [];
  await ctx.keys.updateGroup(async (group) => {
    before = group.items.filter((id) => id !== newKey);
    return { items: await itemsWith(ctx, request, current, group, newKey) };
  });
  return before;
}

/** A lost answer to an earlier promotion of the same rotation shows as a version that exists: then it is done. */
async function promote(ctx: Context, value: CurrentValue): Promise<void> {
  try {
    await ctx.secret.promote(value);
  } catch (error) {
    const done =
      isAws(error, 'ResourceExistsException') &&
      (await ctx.secret.current())?.rotationId === value.rotationId;
    if (!done) throw error;
  }
}

/**
 * Takes back what a failed rotation did, unless signers already have the new key: then the current value is returned.
 * Another invocation may be at work on the same request, so its promotion is made impossible first. What cannot be
 * taken back now was never used to sign, and is cleared away by a later rotation.
 */
async function undo(ctx: Context, id: string, why: string): Promise<CurrentValue | undefined> {
  ctx.deps.log({ level: 'warn', event: 'rotation-undo', reason: why });
  try {
    if (!(await ctx.secret.forbidPromotion(id))) return await ctx.secret.current();
    const name = keyName(ctx, id);
    const made = (await ctx.keys.ownedKeys()).filter((key) => key.name === name);
    for (const key of made) await distrust(ctx, key);
    await ctx.secret.clearPending(id);
  } catch (error) {
    ctx.deps.log({ level: 'warn', event: 'rotation-undo-incomplete', reason: describe(error) });
  }
  return undefined;
}

async function distrust(ctx: Context, key: PublicKey): Promise<void> {
  await ctx.keys.updateGroup(async (group) => ({ items: group.items.filter((id) => id !== key.id) }));
  await ctx.keys.deleteKey(key.id);
}

/** A finished rotation whose tidying failed is still a success, unless tidying is what was asked for. */
async function settleAfter(ctx: Context, value: CurrentValue, strict: boolean): Promise<void> {
  try {
    await settle(ctx, value);
  } catch (error) {
    if (strict) throw error;
    ctx.deps.log({ level: 'warn', event: 'rotation-tidy-incomplete', reason: describe(error) });
  }
}

/** Brings group and keys in line with what the secret says, and clears away what dead rotations left. */
export async function settle(ctx: Context, current: CurrentValue): Promise<void> {
  await ctx.secret.clearPending(current.rotationId);
  const owned = await ctx.keys.ownedKeys();
  const stay = new Set([current.keyPairId, ...current.previousKeys.map((key) => key.keyPairId)]);
  const dropped = new Set(current.droppedKeyPairIds);
  const gone = owned.filter(
    (key) => !stay.has(key.id) && (dropped.has(key.id) || abandoned(ctx, key.createdAt)),
  );
  const goneIds = new Set(gone.map((key) => key.id));
  await ctx.keys.updateGroup(async (group) => {
    // A rotation that finished in the meantime has put the group in order itself, and may have revoked this very key.
    if ((await ctx.secret.current())?.rotationId !== current.rotationId) return {};
    const items = group.items.filter((id) => !goneIds.has(id));
    return { items: items.includes(current.keyPairId) ? items : [current.keyPairId, ...items] };
  });
  for (const key of gone) {
    await ctx.keys.deleteKey(key.id);
    step(ctx, 'key-deleted', key.id);
  }
}

function keyName(ctx: Context, rotationId: string): string {
  return `edgeseal-${ctx.identity}-${rotationId.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}`;
}

function step(ctx: Context, event: string, keyPairId: string): void {
  ctx.deps.log({ level: 'info', event, keyPairId });
}
