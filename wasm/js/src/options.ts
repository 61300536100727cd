import { EdgesealError } from './errors.js';

/** Refuses anything but an object whose keys are known, so that a misspelt option is no silent default. */
export function checkOptions(options: unknown, known: readonly string[], call: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new EdgesealError('invalid-argument', `${call} takes one object with options`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new EdgesealError(
      'invalid-argument',
      `${call} has no option ${JSON.stringify(name.slice(0, 40))}`,
      {
        field: name.slice(0, 40),
        hint: `its options are ${known.join(', ')}`,
      },
    );
  }
}

/** A string option that must be there. */
export function requiredText(value: unknown, field: string): string {
  if (typeof value === 'string' && value.length > 0) return value;
  throw new EdgesealError('invalid-argument', `${field} must be a non-empty string`, { field });
}

/** A string option that may be left out. */
export function optionalText(value: unknown, field: string): string | undefined {
  return value === undefined || value === null ? undefined : requiredText(value, field);
}

/** A switch that may be left out. */
export function optionalFlag(value: unknown, field: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new EdgesealError('invalid-argument', `${field} must be true or false`, { field });
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
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  throw new EdgesealError('invalid-argument', `${field} must be PEM text, or PEM or DER bytes`, { field });
}
