/** Stable codes of every refusal this function makes; they lead the Reason that CloudFormation shows. */
export type Code =
  | 'invalid-property'
  | 'invalid-request'
  | 'key-group-name-taken'
  | 'public-key-name-taken'
  | 'secret-name-taken'
  | 'key-pair-missing'
  | 'key-group-missing'
  | 'rotation-in-progress'
  | 'too-many-live-keys'
  | 'key-group-in-use'
  | 'key-mismatch'
  | 'aws-call-failed'
  | 'out-of-time'
  | 'internal-error';

/** An error whose message was written here, word for word, and so is safe to show. */
export class KeyPairError extends Error {
  constructor(
    readonly code: Code,
    message: string,
  ) {
    super(message);
    this.name = 'KeyPairError';
  }
}

/**
 * An AWS call that failed. Only the operation and the exception's name are kept: an AWS message may quote its
 * input, and the input of some calls here is a private key.
 */
export class AwsCallError extends KeyPairError {
  constructor(
    readonly operation: string,
    readonly awsName: string,
  ) {
    super(
      'aws-call-failed',
      `${operation} failed with ${awsName}. Check the function's role and the account's quotas, then try again.`,
    );
  }
}

/** Longest reason sent, in characters; the whole response must stay under 4,096 bytes. */
const MAX_REASON = 900;

/** The sentence for CloudFormation and for the log. An error that was not written here shows only its class. */
export function describe(error: unknown): string {
  if (error instanceof KeyPairError) {
    return `[${error.code}] ${error.message}`.slice(0, MAX_REASON);
  }
  return `[internal-error] Unexpected ${safeName(error)}. Nothing more is shown, because it could hold key material.`;
}

/** The exception's name, if it looks like a name at all. */
export function safeName(error: unknown): string {
  const name = error instanceof Error ? error.name : 'Error';
  return /^[A-Za-z][A-Za-z0-9._]{0,79}$/.test(name) ? name : 'Error';
}

export function isAws(error: unknown, ...names: string[]): boolean {
  return error instanceof AwsCallError && names.includes(error.awsName);
}

/** Runs one AWS call and turns its failure into an `AwsCallError`. */
export async function call<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof KeyPairError) throw error;
    throw new AwsCallError(operation, safeName(error));
  }
}
