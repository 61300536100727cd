/** The distribution: from a viewer's request to an answer, or to a request for the origin. */
import type { EdgeKey } from '../edge/index.js';
import type { Answer } from './answer.js';
import { type Behaviour, behaviourFor } from './behaviours.js';
import { requestRefused } from './cloudfront.js';
import { denied, type Word } from './decision.js';
import { KeyGroup } from './key-group.js';
import { stripPrefix } from './prefix.js';
import { type Onward, Validator } from './validator.js';
import { header, type Viewer } from './viewer.js';

/** Bytes of a URL, and of request line and headers together. Source: *Quotas*, CloudFront Developer Guide. */
const maxUrlBytes = 8192;
const maxHeadBytes = 20_480;

/** What a distribution is made of. */
export interface DistributionSettings {
  /** Rules as JSON text or as an object; without them the prefix function stands in. */
  policy: string | object | undefined;
  keys: Record<string, EdgeKey>;
  scheme: 'http' | 'https';
  hideSigningParams: boolean;
  now: () => number;
}

/** What becomes of a request. */
export type Outcome = Onward | { answer: Answer; word: Word };

/** See the module. */
export class Distribution {
  readonly #keyGroup: KeyGroup | undefined;
  readonly #validator: Validator | undefined;
  readonly #settings: DistributionSettings;

  /** @throws {EdgesealError} for rules or keys that cannot be used. */
  constructor(settings: DistributionSettings) {
    const { policy, keys, scheme, now } = settings;
    this.#settings = settings;
    this.#validator = policy === undefined ? undefined : new Validator(forScheme(policy, scheme), keys, now);
    this.#keyGroup = isStandalone(policy) ? undefined : new KeyGroup(keys, scheme);
  }

  /** True when CloudFront checks signatures; false when the validator does. */
  get hasKeyGroup(): boolean {
    return this.#keyGroup !== undefined;
  }

  /** Judges a request in CloudFront's order: its own limits, methods, signature, then the function. */
  async judge(viewer: Viewer): Promise<Outcome> {
    const behaviour = behaviourFor(viewer.path);
    const refusal = refuseRequest(viewer, behaviour);
    if (refusal !== undefined) return refusal;
    let { query } = viewer;
    if (this.#keyGroup !== undefined) {
      const checked = this.#keyGroup.check(viewer, this.#settings.now());
      if ('answer' in checked) return checked;
      if (this.#settings.hideSigningParams) query = checked.rest;
    }
    return this.#validator !== undefined && behaviour.validated
      ? this.#validator.run(viewer, query)
      : runPrefixFunction(viewer, query);
  }
}

function isStandalone(policy: string | object | undefined): boolean {
  return policy !== undefined && (asObject(policy) as { mode?: unknown } | undefined)?.mode === 'standalone';
}

/** The rules with the scheme that viewers have here. Rules that cannot be read are left for the core to refuse. */
function forScheme(policy: string | object, scheme: 'http' | 'https'): string | object {
  const rules = asObject(policy);
  return rules === undefined ? policy : { ...rules, scheme };
}

function asObject(policy: string | object): object | undefined {
  if (typeof policy !== 'string') return policy ?? undefined;
  try {
    const value: unknown = JSON.parse(policy);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What CloudFront refuses whatever the signature says. */
function refuseRequest(viewer: Viewer, behaviour: Behaviour): { answer: Answer; word: Word } | undefined {
  const refuse = (status: number, reason: string, sentence: string) => ({
    answer: requestRefused(status, sentence, viewer.requestId),
    word: denied('distribution', reason, sentence),
  });
  const { path, query, method, headers } = viewer;
  if (path === '') return refuse(400, 'bad-request', 'Bad request.');
  if (Buffer.byteLength(path) + Buffer.byteLength(query) > maxUrlBytes || viewer.headBytes > maxHeadBytes) {
    return refuse(413, 'request-too-large', 'The URL or the headers are longer than CloudFront takes.');
  }
  if (viewer.host === '') {
    return refuse(403, 'unknown-host', 'The distribution has no such domain name.');
  }
  if (!behaviour.methods.includes(method)) {
    const sentence =
      'This distribution is not configured to allow the HTTP request method that was used for this request.';
    return refuse(403, 'method-not-in-behaviour', sentence);
  }
  if (method === 'GET' && hasBody(header(headers, 'content-length'), header(headers, 'transfer-encoding'))) {
    return refuse(403, 'body-in-get', 'Bad request. CloudFront takes no GET request with a body.');
  }
  return undefined;
}

function hasBody(length: string | undefined, encoding: string | undefined): boolean {
  return encoding !== undefined || (length !== undefined && Number(length) !== 0);
}

function runPrefixFunction(viewer: Viewer, query: string): Outcome {
  const result = stripPrefix(viewer.method, viewer.path);
  if (typeof result === 'string') {
    const word: Word = { decision: 'allow', by: 'viewer-request' };
    return { uri: result, query, headers: viewer.headers, word };
  }
  const { answer, code, message } = result;
  const headers = { server: 'CloudFront', 'x-cache': 'FunctionGeneratedResponse from cloudfront' };
  return {
    answer: { ...answer, headers: { ...headers, ...answer.headers } },
    word: denied('viewer-request', code, message),
  };
}
