import type * as types from './interfaces/edgeseal-core-types.js';

export * as deciding from './interfaces/edgeseal-core-deciding.js';
export * as signing from './interfaces/edgeseal-core-signing.js';
export * as verifying from './interfaces/edgeseal-core-verifying.js';
export type { types };

/** What is thrown where the WIT answers with an error. */
export interface EdgesealComponentError extends Error {
  /** The stable code, as in the payload. */
  readonly code: string;
  /** The record of the WIT. */
  readonly payload: types.Error;
}
