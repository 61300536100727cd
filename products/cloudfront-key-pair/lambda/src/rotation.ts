import type { KeyGroup, PublicKey } from './cloudfront';
import type { Context } from './context';
import { describe, isAws, KeyPairError } from './errors';
import { publicPem } from './keys';
import type { CurrentValue, PendingValue, RetiredKey } from './secret';
import { MARGIN_HOURS, MAX_KEYS_IN_GROUP } from './settings';

/** One wish for a new key. */
export interface Rotation {
  /** The same for every try of one operation: CloudFormation's RequestId, or the id of the scheduled event. */
  id: string;
  /** Take every earlier key out at once, live URLs or not: the answer to a leaked key. */
  revoke: boolean;
  /** Tokens that this rotation answers. */
  tokens: string[];
}

/**
 * Longer than any invocation can run (Lambda's own limit is 15 minutes): what is older and unfinished belongs to a
 * rotation that died, so it may be cleared away.
 */
const ABANDONED_AFTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
const TOKENS_KEPT = 20;

/** Makes the very first pair: stored as pending, then key and group, then readable by signers. */
export async function createFirst(ctx: Context, request: Rotation): Promise<CurrentValue> {
  await ctx.secret.ensure();
  const current = await ctx.secret.current();
  if (current) {
    await ctx.secret.clearPending(current.rotationId);
    return current;
  }
  const pending = await begin(ctx, request.id, undefined);
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
    const pending = await begin(ctx, request.id, current);
    const keyPairId = await ctx.keys.ensureKey(keyName(ctx, request.id), publicPem(pending.privateKey));
    const before = await trust(ctx, request, current, keyPairId);
    step(ctx, 'key-trusted', keyPairId);
    await ctx.deps.sleep(ctx.settings.propagationWaitSeconds * 1000);
    const value = successor(ctx, request, pending, keyPairId, current, before);
    await promote(ctx, value);
    step(ctx, 'key-promoted', keyPairId);
    return value;
  } catch (error) {
    ctx.extendDeadline();
    const promoted = await undo(ctx, request.id, describe(error));
    if (promoted) return promoted;
    throw error;
  }
}

/** Finds the pair that an earlier try of this rotation stored, or stores a new one. */
async function begin(ctx: Context, id: string, current: CurrentValue | undefined): Promise<PendingValue> {
  const mine = await ctx.secret.pendingOf(id);
  if (mine) return mine;
  const other = await ctx.secret.pending();
  if (other && other.rotationId !== current?.rotationId && !abandoned(ctx, new Date(other.startedAt))) {
    throw inProgress();
  }
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
    const stale = await staleKeys(ctx, current, group, newKey);
    const expired = new Set(split(ctx, current).expired.map((key) => key.keyPairId));
    const stay = before.filter((id) => !expired.has(id) && !stale.has(id));
    if (request.revoke) return { items: [newKey, ...stay].slice(0, MAX_KEYS_IN_GROUP) };
    if (stay.length + 1 > MAX_KEYS_IN_GROUP) throw tooMany(ctx, current);
    return { items: [newKey, ...stay] };
  });
  return before;
}

/** Keys of ours in the group that no finished rotation knows. Throws when one is young: then a rotation is running. */
async function staleKeys(
  ctx: Context,
  current: CurrentValue,
  group: KeyGroup,
  newKey: string,
): Promise<Set<string>> {
  const known = new Set([newKey, ...knownKeys(current)]);
  const unknown = group.items.filter((id) => !known.has(id));
  if (unknown.length === 0) return new Set();
  const owned = (await ctx.keys.ownedKeys()).filter((key) => unknown.includes(key.id));
  if (owned.some((key) => !abandoned(ctx, key.createdAt))) throw inProgress();
  return new Set(owned.map((key) => key.id));
}

function knownKeys(current: CurrentValue): string[] {
  return [
    current.keyPairId,
    ...current.previousKeys.map((key) => key.keyPairId),
    ...current.droppedKeyPairIds,
  ];
}

/** The retired keys that can still have a live URL, and those that cannot. */
function split(ctx: Context, current: CurrentValue): { live: RetiredKey[]; expired: RetiredKey[] } {
  const now = ctx.deps.now();
  const isLive = (key: RetiredKey) => lastUrlExpires(ctx, key) > now;
  return {
    live: current.previousKeys.filter(isLive),
    expired: current.previousKeys.filter((key) => !isLive(key)),
  };
}

function lastUrlExpires(ctx: Context, key: RetiredKey): Date {
  return new Date(Date.parse(key.retiredAt) + (ctx.settings.maxUrlLifetimeHours + MARGIN_HOURS) * HOUR_MS);
}

function successor(
  ctx: Context,
  request: Rotation,
  pending: PendingValue,
  keyPairId: string,
  current: CurrentValue | undefined,
  groupBefore: string[],
): CurrentValue {
  const rotatedAt = ctx.deps.now().toISOString();
  const retired = current
    ? [{ keyPairId: current.keyPairId, retiredAt: rotatedAt }, ...split(ctx, current).live]
    : [];
  const previousKeys = request.revoke ? [] : retired;
  const stay = new Set(previousKeys.map((key) => key.keyPairId));
  const ours = new Set(current ? knownKeys(current) : []);
  return {
    keyPairId,
    privateKey: pending.privateKey,
    algorithm: pending.algorithm,
    rotatedAt,
    ...(current && !request.revoke ? { previousKeyPairId: current.keyPairId } : {}),
    previousKeys,
    droppedKeyPairIds: groupBefore.filter((id) => ours.has(id) && !stay.has(id)),
    rotationId: request.id,
    appliedTokens: [...(current?.appliedTokens ?? []), ...request.tokens].slice(-TOKENS_KEPT),
  };
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
 * Takes back what a failed rotation did, unless signers already have the new key: that is returned instead. What
 * cannot be taken back now was never used to sign, and is cleared away by a later rotation.
 */
async function undo(ctx: Context, id: string, why: string): Promise<CurrentValue | undefined> {
  ctx.deps.log({ level: 'warn', event: 'rotation-undo', reason: why });
  try {
    const current = await ctx.secret.current();
    if (current?.rotationId === id) return current;
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
    const items = group.items.filter((id) => !goneIds.has(id));
    return { items: items.includes(current.keyPairId) ? items : [current.keyPairId, ...items] };
  });
  for (const key of gone) {
    await ctx.keys.deleteKey(key.id);
    step(ctx, 'key-deleted', key.id);
  }
}

function abandoned(ctx: Context, since: Date): boolean {
  return ctx.deps.now().getTime() - since.getTime() >= ABANDONED_AFTER_MS;
}

function keyName(ctx: Context, rotationId: string): string {
  return `edgeseal-${ctx.identity}-${rotationId.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}`;
}

function step(ctx: Context, event: string, keyPairId: string): void {
  ctx.deps.log({ level: 'info', event, keyPairId });
}

export function missing(): KeyPairError {
  return new KeyPairError(
    'key-pair-missing',
    'The secret of this stack is gone or is not its own any more, so the key pair cannot be changed. Delete the stack.',
  );
}

function inProgress(): KeyPairError {
  return new KeyPairError(
    'rotation-in-progress',
    'Another rotation of this key pair is running, or stopped in the last 15 minutes. Try again after that.',
  );
}

function tooMany(ctx: Context, current: CurrentValue): KeyPairError {
  const free = split(ctx, current).live.map((key) => lastUrlExpires(ctx, key).toISOString());
  const when = free.sort()[0];
  return new KeyPairError(
    'too-many-live-keys',
    `The group may hold ${MAX_KEYS_IN_GROUP} keys and all can still have live URLs` +
      `${when ? `; the next one is free at ${when}` : ''}. Wait, lower MaxUrlLifetimeHours, or revoke with RevocationToken.`,
  );
}
