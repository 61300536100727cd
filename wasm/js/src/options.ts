import { EdgesealError } from './errors.js';

/** Far beyond anything CloudFront takes, and small enough to be looked at. */
const maxLength = 1_048_576;

/**
 * Copies the options out of the caller's object. Refuses anything but an object whose keys are known, so that a
 * misspelt option is no silent default; each getter runs once, and one that throws is a bad argument.
 */
export function readOptions<T extends object>(
  options: unknown,
  known: readonly (keyof T & string)[],
  call: string,
): { [Name in keyof T]?: unknown } {
  return reading(call, () => {
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new EdgesealError('invalid-argument', `${call} takes one object with options`);
    }
    for (const name of Object.keys(options)) {
      if ((known as readonly string[]).includes(name)) continue;
      throw new EdgesealError(
        'invalid-argument',
        `${call} has no option ${JSON.stringify(name.slice(0, 40))}`,
        {
          field: name.slice(0, 40),
          hint: `its options are ${known.join(', ')}`,
        },
      );
    }
    const given = options as { [Name in keyof T]?: unknown };
    const copy: { [Name in keyof T]?: unknown } = {};
    for (const name of known) copy[name] = given[name];
    return copy;
  });
}

/** Reads what a caller passed; a getter or proxy of theirs that throws is a bad argument. */
export function reading<T>(call: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof EdgesealError) throw thrown;
    throw new EdgesealError('invalid-argument', `${call} cannot read its options: a getter or a proxy threw`);
  }
}

/** A string that must be there. */
export function requiredText(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.length === 0) {
    throw new EdgesealError('invalid-argument', `${field} must be a non-empty string`, { field });
  }
  return wellFormed(value, field);
}

/** A string that may be left out. */
export function optionalText(value: unknown, field: string): string | undefined {
  return value === undefined || value === null ? undefined : requiredText(value, field);
}

/** Refuses text that would change on its way into the core, and text nobody should have to read. */
export function wellFormed(value: string, field: string): string {
  if (value.length > maxLength) {
    throw new EdgesealError('invalid-argument', `${field} is longer than ${maxLength} characters`, { field });
  }
  if (/\p{Surrogate}/u.test(value)) {
    throw new EdgesealError('invalid-argument', `${field} has half of a surrogate pair`, { field });
  }
  return value;
}

/** A list of strings. `what` says in words what it must be. */
export function textList(value: unknown, field: string, what: string): string[] {
  const list = reading(field, () => (Array.isArray(value) ? Array.from(value as unknown[]) : undefined));
  if (list === undefined || !list.every((item) => typeof item === 'string')) {
    throw new EdgesealError('invalid-argument', `${field} must be ${what}`, { field });
  }
  for (const item of list) wellFormed(item, field);
  return list;
}

/** A switch that may be left out. */
export function optionalFlag(value: unknown, field: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new EdgesealError('invalid-argument', `${field} must be true or false`, { field });
}

/** A count that may be left out. Whether it is too large for its purpose is for the core to say. */
export function optionalCount(value: unknown, field: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new EdgesealError('invalid-argument', `${field} must be a whole number`, { field });
}

/** One of a few words. */
export function oneOf<T extends string>(
  value: unknown,
  allowed: readonly T[],
  otherwise: T,
  field: string,
): T {
  if (value === undefined) return otherwise;
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  throw new EdgesealError('invalid-argument', `${field} must be ${allowed.join(' or ')}`, { field });
}

/** Key material as bytes of our own, which may be wiped. */
export function keyBytes(value: unknown, field: string): Uint8Array {
  if (typeof value === 'string' && value.length <= maxLength) return new TextEncoder().encode(value);
  const bytes = copyBytes(value);
  if (bytes !== undefined) return bytes;
  throw new EdgesealError('invalid-argument', `${field} must be PEM text, or PEM or DER bytes`, { field });
}

/** A copy of bytes, unless they are detached, too many or no bytes at all. */
function copyBytes(value: unknown): Uint8Array | undefined {
  try {
    return value instanceof Uint8Array && value.length <= maxLength ? Uint8Array.from(value) : undefined;
  } catch {
    return undefined;
  }
}

/** As {@link readOptions}, for options that are read in place. */
export function checkOptions(options: unknown, known: readonly string[], call: string): void {
  readOptions<Record<string, unknown>>(options, known, call);
}
