/** What S3 answers when it refuses. Source: *Error responses*, Amazon S3 API Reference. */
import { randomBytes } from 'node:crypto';
import { type Answer, escaped, newId } from '../answer.js';

/** A refusal of the origin. */
export class OriginProblem extends Error {
  override readonly name = 'OriginProblem';
  readonly status: number;
  /** S3's code, such as `BadDigest`. */
  readonly code: string;
  /** The code for the log, such as `checksum-mismatch`. */
  readonly reason: string;
  readonly detail: string | undefined;

  constructor(status: number, code: string, message: string, reason: string, detail?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.detail = detail;
  }
}

/** The refusal as S3 words it, with the ids that tell it apart from one of CloudFront. */
export function toAnswer(problem: OriginProblem): Answer {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const hostId = newId(56);
  return {
    status: problem.status,
    headers: {
      server: 'AmazonS3',
      'content-type': 'application/xml',
      'x-amz-request-id': requestId,
      'x-amz-id-2': hostId,
      'x-cache': 'Error from cloudfront',
    },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${problem.code}</Code><Message>${escaped(problem.message)}</Message><RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`,
  };
}

/** What a missing object looks like without the right to list the bucket. */
export const missing = (): OriginProblem =>
  new OriginProblem(
    403,
    'AccessDenied',
    'Access Denied',
    'no-such-object',
    'S3 answers 403 for a missing object, since the bucket does not let CloudFront list it',
  );

/** A method that the bucket policy does not grant. */
export const notGranted = (): OriginProblem =>
  new OriginProblem(
    403,
    'AccessDenied',
    'Access Denied',
    'not-granted',
    'the bucket policy grants GetObject and PutObject alone',
  );

/** A method that objects do not take. */
export const methodNotAllowed = (): OriginProblem =>
  new OriginProblem(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    'method-not-allowed',
  );

/** A body that ended early, or went on past its announced end. */
export const incompleteBody = (detail: string): OriginProblem =>
  new OriginProblem(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
    'incomplete-body',
    detail,
  );

/** A range that the object does not have. */
export const invalidRange = (): OriginProblem =>
  new OriginProblem(416, 'InvalidRange', 'The requested range is not satisfiable', 'invalid-range');

/** A condition of the request that does not hold. */
export const preconditionFailed = (): OriginProblem =>
  new OriginProblem(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    'precondition-failed',
  );

/** A fault of the store. The answer does not say which. */
export const storeFailed = (thrown: unknown): OriginProblem => {
  const { code, name } = thrown as { code?: unknown; name?: unknown };
  const kind = [code, name].find((word) => typeof word === 'string');
  return new OriginProblem(
    500,
    'InternalError',
    'We encountered an internal error. Please try again.',
    'store-failed',
    `the store answered ${kind ?? 'nothing known'}`,
  );
};

/** A key that cannot be stored. */
export const unusableKey = (detail: string): OriginProblem =>
  new OriginProblem(400, 'InvalidURI', "Couldn't parse the specified URI.", 'key-not-storable', detail);
