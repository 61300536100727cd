/** What every function of this package throws, and nothing else. */
export class EdgesealError extends Error {
  override readonly name = 'EdgesealError';
  /** Stable code, such as `url-too-long`; see the list in the documentation. */
  readonly code: string;
  /** The option at fault, where there is one. */
  readonly field?: string;
  /** What to do next, where there is something to say. */
  readonly hint?: string;

  constructor(code: string, message: string, details: { field?: string; hint?: string } = {}) {
    super(message);
    this.code = code;
    if (details.field !== undefined) this.field = details.field;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}

/** Runs a call into the core and turns what it throws into an {@link EdgesealError}. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw asEdgesealError(thrown);
  }
}

/** The core throws JSON texts; anything else is a fault inside, reported without its details. */
export function asEdgesealError(thrown: unknown): EdgesealError {
  if (thrown instanceof EdgesealError) return thrown;
  if (typeof thrown === 'string') {
    const { code, message, ...details } = JSON.parse(thrown) as {
      code: string;
      message: string;
      field?: string;
      hint?: string;
    };
    return new EdgesealError(code, message, details);
  }
  return new EdgesealError('internal', 'an internal fault; the call had no effect', {
    hint: 'please report it, with the options you passed and without the key',
  });
}
