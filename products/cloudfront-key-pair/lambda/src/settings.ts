import { KeyPairError } from './errors';

export type Algorithm = 'RSA-2048' | 'ECDSA-P256';

/** What one operation works with, read from the resource properties or from the function's environment. */
export interface Settings {
  /** Identity of the owner: the stack's ARN. */
  owner: string;
  keyGroupName: string;
  secretName: string;
  /** ARN of a customer managed key, or `undefined` for the key that Secrets Manager provides. */
  secretKmsKeyArn: string | undefined;
  algorithm: Algorithm;
  /** Longest time, in hours, that a signed URL or cookie may stay valid. */
  maxUrlLifetimeHours: number;
  /** Time, in seconds, between trusting a new key and signing with it. */
  propagationWaitSeconds: number;
  rotationToken: string;
  revocationToken: string;
}

/**
 * The most public keys that one key group may hold.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const MAX_KEYS_IN_GROUP = 5;

/** Added to the URL lifetime before a retired key goes: covers signers that cache the secret, and clock skew. */
export const MARGIN_HOURS = 1;

type Source = Record<string, unknown>;

/** Reads and checks the properties; every message names the property and what it may be. */
export function parseSettings(source: Source): Settings {
  const settings: Settings = {
    owner: matching(source, 'Owner', /^arn:[^\s]{1,1000}$/, 'the ARN of the stack'),
    keyGroupName: matching(
      source,
      'KeyGroupName',
      /^[A-Za-z][A-Za-z0-9_-]{0,127}$/,
      '1 to 128 letters, digits, _ or -',
    ),
    secretName: matching(source, 'SecretName', /^[A-Za-z0-9/_+=.@-]{1,512}$/, 'a Secrets Manager name'),
    secretKmsKeyArn: text(source, 'SecretKmsKeyArn') || undefined,
    algorithm: algorithm(text(source, 'Algorithm') || 'RSA-2048'),
    maxUrlLifetimeHours: integer(source, 'MaxUrlLifetimeHours', 168, 1, 8760),
    propagationWaitSeconds: integer(source, 'PropagationWaitSeconds', 60, 0, 90),
    rotationToken: text(source, 'RotationToken'),
    revocationToken: text(source, 'RevocationToken'),
  };
  checkSchedule(text(source, 'RotationSchedule'), settings.maxUrlLifetimeHours);
  return settings;
}

/**
 * Reads only what a Delete needs, so that a stack whose other properties were refused can still be deleted.
 * `undefined` means that not even a name is there, so nothing was ever made.
 */
export function parseForDelete(source: Source): Settings | undefined {
  const { Owner, SecretName } = source;
  try {
    return parseSettings({ Owner, SecretName, KeyGroupName: 'deleted' });
  } catch {
    return undefined;
  }
}

/**
 * Refuses a schedule so short that the keys which must stay (every key that can still have a live URL) would not
 * fit in the group. A `cron` expression is not judged here: a rotation that does not fit is refused when it comes.
 */
function checkSchedule(schedule: string, lifetimeHours: number): void {
  const match = /^rate\((\d+) (hour|day)s?\)$/.exec(schedule);
  if (!match) return;
  const hours = Number(match[1]) * (match[2] === 'day' ? 24 : 1);
  const intervalsToKeep = Math.ceil((lifetimeHours + MARGIN_HOURS) / hours);
  if (intervalsToKeep + 1 <= MAX_KEYS_IN_GROUP) return;
  const shortest = Math.ceil((lifetimeHours + MARGIN_HOURS) / (MAX_KEYS_IN_GROUP - 1));
  throw new KeyPairError(
    'invalid-property',
    `RotationSchedule ${schedule} is too short for MaxUrlLifetimeHours ${lifetimeHours}: the group would need more ` +
      `than ${MAX_KEYS_IN_GROUP} keys. Rotate every ${shortest} hours or less often, or lower MaxUrlLifetimeHours.`,
  );
}

function text(source: Source, name: string): string {
  const value = source[name];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new KeyPairError('invalid-property', `${name} must be a string.`);
}

function matching(source: Source, name: string, pattern: RegExp, wanted: string): string {
  const value = text(source, name);
  if (pattern.test(value)) return value;
  throw new KeyPairError('invalid-property', `${name} must be ${wanted}.`);
}

function integer(source: Source, name: string, fallback: number, low: number, high: number): number {
  const value = text(source, name);
  if (value === '') return fallback;
  const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= low && number <= high) return number;
  throw new KeyPairError('invalid-property', `${name} must be a whole number from ${low} to ${high}.`);
}

function algorithm(value: string): Algorithm {
  if (value === 'RSA-2048' || value === 'ECDSA-P256') return value;
  throw new KeyPairError('invalid-property', 'Algorithm must be RSA-2048 or ECDSA-P256.');
}
