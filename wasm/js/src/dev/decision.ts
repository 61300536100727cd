/** What the local edge says about each request. */

/** Who decided. */
export type DecidedBy = 'distribution' | 'key-group' | 'viewer-request' | 'origin';

/** A request and what came of it. It never holds a signature, a cookie or a query string. */
export interface EdgeDecision {
  /** When the request came, as RFC 3339 text. */
  time: string;
  requestId: string;
  method: string;
  /** The path without the query. */
  path: string;
  decision: 'allow' | 'deny' | 'respond';
  /** Whose word was the last one. */
  by: DecidedBy;
  /** The rule of the policy, when one fitted. */
  rule?: string;
  /** Stable code of a refusal, such as `too-large`. */
  reason?: string;
  /** One sentence for a person. */
  message?: string;
  /** More of it. */
  detail?: string;
  /** The HTTP status; absent when the viewer went away before there was one. */
  status?: number;
  /** Bytes of the object that were stored or sent. */
  bytes?: number;
}

/** The part of a decision that a stage knows. */
export type Word = Pick<EdgeDecision, 'decision' | 'by'> &
  Partial<Pick<EdgeDecision, 'rule' | 'reason' | 'message' | 'detail' | 'status' | 'bytes'>>;

/** A refusal. */
export function denied(by: DecidedBy, reason: string, message: string, detail?: string): Word {
  return { decision: 'deny', by, reason, message, ...(detail === undefined ? {} : { detail }) };
}
