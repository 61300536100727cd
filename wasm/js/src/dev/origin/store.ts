/** What keeps the objects. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CheckedBody, Promised } from './upload.js';

/** A place for objects: a folder or a bucket. */
export interface Store {
  /** For people. */
  readonly description: string;
  /** Gets ready. @throws {EdgesealError} when the place cannot be used. */
  open(): Promise<void>;
  /**
   * Answers a `GET` or `HEAD` of a key; conditions and ranges are in the request.
   *
   * @throws {OriginProblem}
   */
  get(key: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /**
   * Stores a body under a key, all of it or nothing, and answers its ETag.
   *
   * @throws {OriginProblem} and whatever the body throws.
   */
  put(key: string, promised: Promised, body: CheckedBody): Promise<string>;
  /** Lets go. */
  close(): void;
}
