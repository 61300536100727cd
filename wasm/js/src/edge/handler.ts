import { EdgesealError, guarded } from '../errors.js';
import { checkOptions, keyBytes } from '../options.js';
import { readVerifyingKey } from '../platform/node/edge-key.js';
import { requireReady } from '../platform/node/loading.js';
import { EdgeCore } from '../wasm/edge.js';
import {
  type AllowDecision,
  type Decision,
  type DenyDecision,
  decide,
  type RespondDecision,
} from './decision.js';
import type {
  CloudFrontHeaders,
  CloudFrontRequest,
  CloudFrontResponse,
  ViewerRequestEvent,
} from './event.js';
import { type LogSink, logger } from './log.js';

/** A public key at the edge: SPKI as PEM text or DER bytes. */
export type EdgeKey = string | Uint8Array | { publicKey: string | Uint8Array; enabled?: boolean };

/** What {@link createViewerRequestHandler} takes. */
export interface ViewerRequestHandlerOptions {
  /** The rules: the content of a rule file, as an object or as JSON text. `edgeseal edge build` turns YAML into it. */
  policy: string | object;
  /** The public keys by key-pair id. */
  keys?: Record<string, EdgeKey>;
  /** How many good signatures to remember; 256 by default, 0 or `false` for none. */
  memo?: number | false;
  /** Takes the log lines; the console by default, which is CloudWatch Logs in Lambda@Edge. */
  log?: LogSink;
  /** The share of allowed requests to log, from 0 (the default) to 1. */
  sampleAllowed?: number;
  /** The clock, in seconds since 1970. */
  now?: () => number;
}

/** A viewer-request handler: the request to go on with, or the answer to give. */
export type ViewerRequestHandler = (
  event: ViewerRequestEvent,
) => Promise<CloudFrontRequest | CloudFrontResponse>;

/**
 * Makes a Lambda@Edge viewer-request handler from rules and public keys.
 *
 * The handler never throws: an internal fault refuses the request and says so in the log.
 *
 * @throws {EdgesealError} `invalid-rules`, `invalid-key`, `invalid-key-pair-id` or `invalid-argument`, at creation only.
 *
 * @example
 * export const handler = createViewerRequestHandler({ policy, keys: { K2JCJMDEHXQW5F: publicKeyPem } });
 */
export function createViewerRequestHandler(options: ViewerRequestHandlerOptions): ViewerRequestHandler {
  checkOptions(
    options,
    ['policy', 'keys', 'memo', 'log', 'sampleAllowed', 'now'],
    'createViewerRequestHandler',
  );
  requireReady();
  const core = createCore(options);
  const log = logger(options.log ?? ((line: string) => console.log(line)));
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const sample = sampleShare(options.sampleAllowed);
  return async (event) => {
    try {
      const request = event.Records[0]?.cf.request as CloudFrontRequest;
      const decision = decide(core, request, now());
      if (decision.kind === 'deny' || (sample > 0 && Math.random() < sample)) log(event, decision);
      return carryOut(request, decision);
    } catch (fault) {
      log(event, { kind: 'fault', fault });
      return answer(internalFault);
    }
  };
}

/** The decision core for rules and keys. */
export function createCore(options: Pick<ViewerRequestHandlerOptions, 'policy' | 'keys' | 'memo'>): EdgeCore {
  const rules = typeof options.policy === 'string' ? options.policy : JSON.stringify(options.policy);
  if (typeof rules !== 'string') {
    throw new EdgesealError('invalid-argument', 'policy must be an object or JSON text', { field: 'policy' });
  }
  const core = guarded(() => new EdgeCore(rules, memoSize(options.memo)));
  for (const [keyPairId, key] of Object.entries(options.keys ?? {})) {
    const entry = typeof key === 'object' && key !== null && 'publicKey' in key ? key : { publicKey: key };
    const host = readVerifyingKey(keyBytes(entry.publicKey, `keys.${keyPairId}`), `keys.${keyPairId}`);
    guarded(() => core.addKey(keyPairId, host));
    if (entry.enabled === false) core.setEnabled(keyPairId, false);
  }
  return core;
}

function memoSize(memo: unknown): number {
  if (memo === undefined) return 256;
  if (memo === false) return 0;
  if (typeof memo === 'number' && Number.isInteger(memo) && memo >= 0 && memo <= 65536) return memo;
  throw new EdgesealError('invalid-argument', 'memo must be false or a whole number up to 65536', {
    field: 'memo',
  });
}

function sampleShare(share: unknown): number {
  if (share === undefined) return 0;
  if (typeof share === 'number' && share >= 0 && share <= 1) return share;
  throw new EdgesealError('invalid-argument', 'sampleAllowed must be from 0 to 1', {
    field: 'sampleAllowed',
  });
}

function carryOut(request: CloudFrontRequest, decision: Decision): CloudFrontRequest | CloudFrontResponse {
  return decision.kind === 'allow' ? passOn(request, decision) : answer(decision);
}

function passOn(request: CloudFrontRequest, decision: AllowDecision): CloudFrontRequest {
  if (decision.uri !== undefined) request.uri = decision.uri;
  if (decision.querystring !== undefined) request.querystring = decision.querystring;
  if (decision.cookies?.length)
    request.headers['cookie'] = decision.cookies.map((value) => ({ key: 'Cookie', value }));
  else if (decision.cookies !== undefined) delete request.headers['cookie'];
  return request;
}

const statusNames: Record<number, string> = {
  200: 'OK',
  204: 'No Content',
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  411: 'Length Required',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
};

/** The answer to a fault inside: nothing of it, and no way through. */
const internalFault: DenyDecision = {
  kind: 'deny',
  status: 403,
  reason: 'internal',
  message: '',
  body: 'Forbidden',
  headers: [],
};

function answer({ status, body, headers }: DenyDecision | RespondDecision): CloudFrontResponse {
  const answered: CloudFrontHeaders = { 'cache-control': [{ key: 'Cache-Control', value: 'no-store' }] };
  for (const [key, value] of headers) {
    const name = key.toLowerCase();
    // The core sets Vary for CORS, which a rule's own must not undo. Of any other header the rule's is the last.
    const before = name === 'vary' ? (answered[name] ?? []) : [];
    answered[name] = [...before, { key, value }];
  }
  if (body !== '') answered['content-type'] ??= [{ key: 'Content-Type', value: 'text/plain; charset=utf-8' }];
  return {
    status: String(status),
    statusDescription: statusNames[status] ?? 'Forbidden',
    headers: answered,
    ...(body === '' ? {} : { body, bodyEncoding: 'text' as const }),
  };
}
