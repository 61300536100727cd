/**
 * Enforce at the edge what a CloudFront signature cannot say: method, size, type, path and lifetime.
 *
 * @packageDocumentation
 */
export { EdgesealError } from '../errors.js';
export { ready } from '../ready.js';
export type {
  CloudFrontBody,
  CloudFrontHeaders,
  CloudFrontRequest,
  CloudFrontResponse,
  ViewerRequestEvent,
} from './event.js';
export {
  createViewerRequestHandler,
  type EdgeKey,
  type ViewerRequestHandler,
  type ViewerRequestHandlerOptions,
} from './handler.js';
export type { LogSink } from './log.js';
