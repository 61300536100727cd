/** The bucket behind the distribution: from a request to an answer of S3. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, write } from '../answer.js';
import { denied, type Word } from '../decision.js';
import {
  allowedOrigin,
  applyPolicy,
  type CorsSettings,
  corsHeaders,
  corsMaxAge,
  corsMethods,
} from '../response-headers.js';
import type { Onward } from '../validator.js';
import { header, type Viewer } from '../viewer.js';
import { keyOf } from './key.js';
import { methodNotAllowed, notGranted, OriginProblem, storeFailed, toAnswer } from './problem.js';
import type { Store } from './store.js';
import { CheckedBody, feed, readPromise } from './upload.js';

/** One request on its way through the edge. */
export interface Exchange {
  viewer: Viewer;
  request: IncomingMessage;
  response: ServerResponse;
  /** Says what to do when the connection turns out to hold no HTTP after the head of this request. */
  onBroken(revoke: (problem: OriginProblem) => void): void;
  /** Lets a viewer that waits for `100 Continue` send its body. */
  welcomeBody(): void;
}

/** Answers requests from a store. */
export class Origin {
  readonly #store: Store;
  readonly #cors: CorsSettings | undefined;

  constructor(store: Store, cors: CorsSettings | undefined) {
    this.#store = store;
    this.#cors = cors;
  }

  /** Answers a request that passed the edge, and says what came of it. Never throws. */
  async answer(onward: Onward, exchange: Exchange): Promise<Word> {
    const { response, viewer } = exchange;
    applyPolicy(response, this.#cors, header(viewer.headers, 'origin'));
    response.setHeader('server', 'AmazonS3');
    response.setHeader('x-amz-request-id', viewer.requestId.slice(0, 16));
    response.setHeader('x-cache', 'Miss from cloudfront');
    response.setHeader('via', '1.1 edgeseal-dev (CloudFront)');
    try {
      return await this.#run(onward, exchange);
    } catch (thrown) {
      return refuse(thrown, onward.word, exchange);
    }
  }

  async #run(onward: Onward, exchange: Exchange): Promise<Word> {
    const { viewer, request, response } = exchange;
    switch (viewer.method) {
      case 'GET':
      case 'HEAD':
        await this.#store.get(keyOf(onward.uri), request, response);
        return { ...onward.word, ...sent(response, viewer.method) };
      case 'PUT':
        return this.#put(onward, exchange);
      case 'OPTIONS':
        write(response, this.#preflight(viewer), viewer.method);
        return { ...onward.word, by: 'origin', decision: 'respond' };
      case 'DELETE':
        throw notGranted();
      default:
        throw methodNotAllowed();
    }
  }

  async #put(onward: Onward, exchange: Exchange): Promise<Word> {
    const key = keyOf(onward.uri);
    const promised = readPromise(onward.headers);
    const checked = new CheckedBody(promised);
    exchange.welcomeBody();
    exchange.onBroken((problem) => checked.revoke(problem));
    feed(exchange.request, checked);
    const etag = await this.#store.put(key, promised, checked);
    const headers: Record<string, string> = { etag, 'x-amz-server-side-encryption': 'AES256' };
    if (promised.sha256 !== undefined) headers['x-amz-checksum-sha256'] = promised.sha256;
    write(exchange.response, { status: 200, headers, body: '' }, 'PUT');
    return { ...onward.word, bytes: promised.length };
  }

  /** What a bucket answers a preflight; the products give bucket and distribution the same origins. */
  #preflight(viewer: Viewer): Answer {
    const origin = header(viewer.headers, 'origin');
    const method = header(viewer.headers, 'access-control-request-method');
    const asked = (header(viewer.headers, 'access-control-request-headers') ?? '').split(',');
    const names = asked.map((name) => name.trim()).filter(Boolean);
    if (origin === undefined || method === undefined) {
      throw new OriginProblem(
        400,
        'BadRequest',
        'Insufficient information. Origin request header needed.',
        'not-a-preflight',
      );
    }
    if (this.#cors === undefined) {
      throw new OriginProblem(
        403,
        'AccessForbidden',
        'CORSResponse: CORS is not enabled for this bucket.',
        'cors-not-enabled',
      );
    }
    const known = corsHeaders.map((name) => name.toLowerCase());
    const allowed =
      allowedOrigin(this.#cors, origin) !== undefined &&
      corsMethods.some((name) => name === method) &&
      names.every((name) => known.includes(name.toLowerCase()));
    if (!allowed) {
      throw new OriginProblem(
        403,
        'AccessForbidden',
        'CORSResponse: This CORS request is not allowed.',
        'cors-not-allowed',
      );
    }
    const headers = {
      'access-control-allow-methods': corsMethods.join(', '),
      'access-control-allow-headers': corsHeaders.join(', '),
      'access-control-max-age': String(corsMaxAge),
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    };
    return { status: 200, headers, body: '' };
  }
}

function sent(response: ServerResponse, method: string): { bytes?: number } {
  const length = Number(response.getHeader('content-length'));
  return method === 'GET' && response.statusCode < 300 && Number.isSafeInteger(length)
    ? { bytes: length }
    : {};
}

/** Answers a refusal, unless the viewer is gone. */
function refuse(thrown: unknown, word: Word, exchange: Exchange): Word {
  const { request, response, viewer } = exchange;
  const rule = word.rule === undefined ? {} : { rule: word.rule };
  if (!(thrown instanceof OriginProblem) && request.destroyed && !request.complete) {
    const sentence = 'The viewer went away before the body was complete; nothing was stored.';
    return { ...denied('origin', 'viewer-gone', sentence), ...rule };
  }
  const problem = thrown instanceof OriginProblem ? thrown : storeFailed(thrown);
  const said = { ...denied('origin', problem.reason, problem.message, problem.detail), ...rule };
  // A broken connection has had its answer already.
  if (request.socket.writableEnded) return { ...said, status: problem.status };
  if (response.headersSent) response.destroy();
  else write(response, toAnswer(problem), viewer.method);
  return said;
}
