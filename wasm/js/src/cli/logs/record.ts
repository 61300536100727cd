/** What the readers make of a log line. */

/**
 * One request of an access log. Every text is as the log has it: one character for each byte, still encoded; a field
 * that the log does not have, or fills with a hyphen, is missing.
 */
export interface AccessRecord {
  kind: 'access';
  /** The time at which CloudFront finished its answer, in seconds since 1970. */
  time: number | undefined;
  status: number;
  method: string | undefined;
  scheme: string | undefined;
  /** The `Host` header of the viewer. */
  host: string | undefined;
  /** The domain name of the distribution. */
  distribution: string | undefined;
  path: string | undefined;
  /** Undefined where the log has no such field; empty where the request had no query. */
  query: string | undefined;
  /** Undefined where the log has no such field; empty where none were sent, or none are logged. */
  cookie: string | undefined;
  clientIp: string | undefined;
  resultType: string | undefined;
  detailedResultType: string | undefined;
}

/** One decision of the edge handler. */
export interface EdgeRecord {
  kind: 'edge';
  time: number | undefined;
  allowed: boolean;
  reason: string;
  message: string;
  status: number;
  method: string | undefined;
  path: string | undefined;
  clientIp: string | undefined;
}

/**
 * What one line is: a record, a request that was not refused, or something to count. `runtime` is what Lambda itself
 * writes, `foreign` is what another program wrote into the same log.
 */
export type Reading =
  | AccessRecord
  | EdgeRecord
  | { kind: 'passed'; status: number }
  | { kind: 'comment' | 'runtime' | 'foreign' }
  | { kind: 'unreadable'; why: string };

/** The status with which CloudFront refuses for a signature. */
export const refusal = 403;
