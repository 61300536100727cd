// What a rotation is to do, worked out from what is there. Nothing here changes anything.
import type { KeyGroup } from './cloudfront';
import type { Context } from './context';
import { KeyPairError } from './errors';
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
  /** Take a failed rotation back, because nobody will try it again. */
  undo: boolean;
}

/**
 * Longer than any invocation can run (Lambda's own limit is 15 minutes): what is older and unfinished belongs to a
 * rotation that died, so it may be cleared away.
 */
const ABANDONED_AFTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
const TOKENS_KEPT = 20;

/** What the group is to hold while the new key is on its way in. Throws when there is no room for it. */
export async function itemsWith(
  ctx: Context,
  request: Rotation,
  current: CurrentValue,
  group: KeyGroup,
  newKey: string,
): Promise<string[]> {
  const stale = await staleKeys(ctx, current, group, newKey);
  const expired = new Set(split(ctx, current).expired.map((key) => key.keyPairId));
  const stay = group.items.filter((id) => id !== newKey && !expired.has(id) && !stale.has(id));
  if (request.revoke) return [newKey, ...stay].slice(0, MAX_KEYS_IN_GROUP);
  if (stay.length + 1 > MAX_KEYS_IN_GROUP) throw tooMany(ctx, current);
  return [newKey, ...stay];
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

export function successor(
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

export function abandoned(ctx: Context, since: Date): boolean {
  return ctx.deps.now().getTime() - since.getTime() >= ABANDONED_AFTER_MS;
}

export function missing(): KeyPairError {
  return new KeyPairError(
    'key-pair-missing',
    'The secret of this stack is gone or is not its own any more, so the key pair cannot be changed. Delete the stack.',
  );
}

export function inProgress(): KeyPairError {
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
