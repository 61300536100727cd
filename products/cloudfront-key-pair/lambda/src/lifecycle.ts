import type { Context } from './context';
import { describe, isAws, KeyPairError } from './errors';
import { missing } from './plan';
import { createFirst, rotate, settle } from './rotation';

/** What CloudFormation reads with `Fn::GetAtt`. Never anything secret. */
export interface Outputs {
  CloudFrontPublicKeyId: string;
  CloudFrontKeyGroupId: string;
  PrivateKeySecretArn: string;
}

const DENIED = ['AccessDenied', 'AccessDeniedException'];
const DENIED_TRIES = 5;

/** Makes pair, public key, key group and secret; what was made is taken back when a later part fails. */
export async function create(ctx: Context, requestId: string): Promise<Outputs> {
  const { rotationToken, revocationToken } = ctx.settings;
  const tokens = [`rotate:${rotationToken}`, `revoke:${revocationToken}`];
  try {
    await whileDenied(ctx, () => createFirst(ctx, { id: requestId, revoke: false, tokens, undo: true }));
    return await outputs(ctx);
  } catch (error) {
    ctx.extendDeadline();
    const finished = await undo(ctx, requestId);
    if (finished) return finished;
    throw error;
  }
}

/** A new role's rights take some seconds to reach every service, so the first refusals are not believed. */
async function whileDenied<T>(ctx: Context, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isAws(error, ...DENIED) || attempt === DENIED_TRIES) throw error;
      await ctx.deps.sleep(3_000);
    }
  }
}

/** Takes everything back, unless another invocation for the same request has completed the pair by now. */
async function undo(ctx: Context, requestId: string): Promise<Outputs | undefined> {
  try {
    const complete = (await ctx.secret.find()) && !(await ctx.secret.forbidPromotion(requestId));
    if (complete) return await outputs(ctx);
    await remove(ctx);
  } catch (error) {
    ctx.deps.log({ level: 'warn', event: 'create-undo-incomplete', reason: describe(error) });
  }
  return undefined;
}

/**
 * Renames the group, re-encrypts the secret, and makes a new key only when a token asks for one that was not
 * answered yet. A rollback brings back a token that was, so it never rotates.
 */
export async function update(
  ctx: Context,
  requestId: string,
  old: Record<string, unknown>,
): Promise<Outputs> {
  const { settings } = ctx;
  if (!(await ctx.secret.find())) throw missing();
  const current = await ctx.secret.current();
  if (!current) throw missing();
  if (old.SecretName !== settings.secretName) {
    throw new KeyPairError(
      'invalid-property',
      'SecretName cannot be changed. Create a new stack for a new name.',
    );
  }
  await ctx.secret.useKmsKey();
  await ctx.keys.updateGroup(async () => ({ name: settings.keyGroupName }));
  const wanted = (kind: 'rotate' | 'revoke', token: string, before: unknown) => {
    const isNew =
      token !== '' && token !== (before ?? '') && !current.appliedTokens.includes(`${kind}:${token}`);
    return isNew ? [`${kind}:${token}`] : [];
  };
  const revoke = wanted('revoke', settings.revocationToken, old.RevocationToken);
  const tokens = [...wanted('rotate', settings.rotationToken, old.RotationToken), ...revoke];
  const repeated = current.rotationId === requestId;
  if (tokens.length > 0 || repeated) {
    await rotate(ctx, { id: requestId, revoke: revoke.length > 0, tokens, undo: true });
  } else {
    await settle(ctx, current);
  }
  return outputs(ctx);
}

/** Removes group, keys and secret, in the order that CloudFront allows. Nothing there counts as removed. */
export async function remove(ctx: Context): Promise<void> {
  const group = await ctx.keys.ownedGroup();
  if (group) await ctx.keys.deleteGroup(group.id);
  for (const key of await ctx.keys.ownedKeys()) await ctx.keys.deleteKey(key.id);
  await ctx.secret.remove();
}

/** The scheduled rotation. It is not taken back when it fails, because Lambda tries the same event again. */
export async function scheduled(ctx: Context, eventId: string): Promise<void> {
  if (!(await ctx.secret.find())) throw missing();
  await rotate(ctx, { id: eventId, revoke: false, tokens: [], undo: false });
}

async function outputs(ctx: Context): Promise<Outputs> {
  const [secret, current, group] = [
    await ctx.secret.find(),
    await ctx.secret.current(),
    await ctx.keys.ownedGroup(),
  ];
  if (!secret || !current || !group) throw missing();
  return {
    CloudFrontPublicKeyId: current.keyPairId,
    CloudFrontKeyGroupId: group.id,
    PrivateKeySecretArn: secret.arn,
  };
}
