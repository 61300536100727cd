/** The edge validator: the real viewer-request handler, fed with the event that CloudFront would make. */
import {
  type CloudFrontHeaders,
  type CloudFrontRequest,
  type CloudFrontResponse,
  createViewerRequestHandler,
  type EdgeKey,
  type ViewerRequestHandler,
} from '../edge/index.js';
import type { Answer } from './answer.js';
import type { Word } from './decision.js';
import { toEvent, type Viewer } from './viewer.js';

/** A request that goes on to the origin. */
export interface Onward {
  uri: string;
  query: string;
  headers: CloudFrontHeaders;
  word: Word;
}

/** Runs the handler and listens to its log, which says why. */
export class Validator {
  readonly #handler: ViewerRequestHandler;
  #line = '';

  constructor(policy: string | object, keys: Record<string, EdgeKey>, now: () => number) {
    this.#handler = createViewerRequestHandler({
      policy,
      keys,
      now,
      sampleAllowed: 1,
      log: (line) => {
        this.#line = line;
      },
    });
  }

  /** What the handler makes of a request, given the query that CloudFront lets it see. */
  async run(viewer: Viewer, query: string): Promise<Onward | { answer: Answer; word: Word }> {
    this.#line = '';
    const running = this.#handler(toEvent(viewer, query));
    // The handler decides and logs before it first waits, so the line belongs to this request.
    const word = readLine(this.#line);
    const result = await running;
    if ('status' in result) return { answer: toAnswer(result), word };
    const { uri, querystring, headers } = result as CloudFrontRequest;
    return { uri, query: querystring, headers, word };
  }
}

function readLine(line: string): Word {
  const { decision, rule, reason, message, detail } = JSON.parse(line) as Word;
  return { decision, by: 'viewer-request', ...given({ rule, reason, message, detail }) };
}

/** The properties that have a value. */
function given<T extends object>(all: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function toAnswer(response: CloudFrontResponse): Answer {
  const headers = Object.entries(response.headers ?? {}).map(([name, values]) => [
    name,
    values.map(({ value }) => value).join(', '),
  ]);
  return {
    status: Number(response.status),
    ...given({ statusText: response.statusDescription }),
    headers: {
      server: 'CloudFront',
      'x-cache': 'LambdaGeneratedResponse from cloudfront',
      ...Object.fromEntries(headers),
    },
    body: response.body ?? '',
  };
}
