/**
 * A local edge: the products' distribution and its bucket on this machine, to build and test an application without
 * an AWS account.
 *
 * @packageDocumentation
 */
import { LocalEdge } from './local-edge.js';
import { type LocalEdgeOptions, readSettings } from './options.js';

export { EdgesealError } from '../errors.js';
export type { DecidedBy, EdgeDecision } from './decision.js';
export type { LocalEdge } from './local-edge.js';
export type { LocalEdgeOptions } from './options.js';
export type { BucketSettings } from './origin/bucket.js';
export type { CorsSettings } from './response-headers.js';

/**
 * Makes a local edge. It listens once its `start` is called.
 *
 * @throws {EdgesealError} `invalid-argument`, `open-to-everyone`, `key-mismatch`, or as `createViewerRequestHandler`
 *   and `Signer.fromPem`.
 *
 * @example
 * const edge = await createLocalEdge({ store: './files', policy }).start();
 * const url = edge.signer.signUrl({ url: `${edge.origin}/upload/a.txt`, expires: '5m' });
 * await fetch(url, { method: 'PUT', body: 'hello' });
 * await edge.stop();
 */
export function createLocalEdge(options: LocalEdgeOptions): LocalEdge {
  return new LocalEdge(readSettings(options));
}
