/** Running cases against a rule file, with the handler that a bundle has. */
import { generateKeyPairSync } from 'node:crypto';
import {
  type CloudFrontHeaders,
  createViewerRequestHandler,
  type ViewerRequestEvent,
  type ViewerRequestHandler,
} from '../edge/index.js';
import { EdgesealError } from '../errors.js';
import { Signer } from '../signer.js';
import type { Case, Expectation, Signing } from './cases.js';
import type { EdgePublicKey } from './keys.js';

/** One value that was expected, and another one that was found. */
export interface Difference {
  field: string;
  expected: string;
  found: string;
}

/** What became of a case. */
export interface CaseResult {
  case: Case;
  /** Empty when everything is as expected. */
  differences: Difference[];
  /** The request as it was sent, without its signature. */
  request: string;
  /** What was decided, and why. */
  decision: string;
  reason?: string;
  /** The reason in words. */
  message?: string;
  rule?: string;
}

/** What the log says about a request, and what the handler answered. */
interface Outcome {
  decision: string;
  reason?: string;
  message?: string;
  detail?: string;
  rule?: string;
  answer: Partial<Record<'status' | 'uri' | 'querystring' | 'body', string>>;
  headers: CloudFrontHeaders;
}

/** The id that signs where neither rules nor keys name one. */
const testId = 'KTESTONLY';

/** Runs cases. Requests that a case signs are signed with a key made for this run, which stands for every trusted key. */
export class CaseRunner {
  readonly #signers = new Map<string, Signer>();
  readonly #privateKey: string;
  readonly #ids: readonly string[];
  readonly #scheme: string;
  readonly #own: ViewerRequestHandler;
  readonly #recorded: ViewerRequestHandler;
  #now = 0;
  #line = '';

  /** @param rules the rule file as JSON */
  constructor(rules: string, keys: readonly EdgePublicKey[]) {
    const pair = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    this.#privateKey = pair.privateKey;
    const facts = JSON.parse(rules) as { mode: string; scheme: string; rules: { keyPairIds: string[] }[] };
    this.#scheme = facts.scheme === 'http' ? 'http' : 'https';
    const given = keys.map(({ keyPairId }) => keyPairId);
    const named = facts.rules.flatMap(({ keyPairIds }) => keyPairIds);
    this.#ids = given.length > 0 ? given : named.length > 0 ? [...new Set(named)] : [testId];
    // Behind a key group the edge has keys only where it is given some, and that makes a difference.
    const trusted = facts.mode === 'standalone' || given.length > 0 ? this.#ids : [];
    const enabled = new Map(keys.map((key) => [key.keyPairId, key.enabled]));
    const own = trusted.map((id) => [id, { publicKey: pair.publicKey, enabled: enabled.get(id) ?? true }]);
    const recorded = keys.map(({ keyPairId, spki, enabled }) => [keyPairId, { publicKey: spki, enabled }]);
    this.#own = this.#handler(rules, Object.fromEntries(own));
    this.#recorded = this.#handler(rules, Object.fromEntries(recorded));
  }

  #handler(policy: string, keys: Record<string, { publicKey: string | Uint8Array; enabled: boolean }>) {
    return createViewerRequestHandler({
      policy,
      keys,
      memo: false,
      sampleAllowed: 1,
      now: () => this.#now,
      log: (line) => {
        this.#line = line;
      },
    });
  }

  /** Runs one case. @throws {EdgesealError} when its request cannot be signed as it asks */
  async run(given: Case): Promise<CaseResult> {
    const event = this.#event(given);
    this.#now = given.now;
    const signed = given.signed !== undefined || given.cookies !== undefined;
    const outcome = await this.#outcome(signed ? this.#own : this.#recorded, event);
    const { decision, reason, rule } = outcome;
    const message = [outcome.message, outcome.detail].filter(Boolean).join(' ');
    return {
      case: given,
      differences: compare(given.expect, outcome),
      request: `${given.method} ${given.path}${given.querystring === '' ? '' : `?${given.querystring}`}`,
      decision,
      ...(reason === undefined ? {} : { reason, message }),
      ...(rule === undefined ? {} : { rule }),
    };
  }

  async #outcome(handler: ViewerRequestHandler, event: ViewerRequestEvent): Promise<Outcome> {
    const answer = await handler(event);
    const said = JSON.parse(this.#line) as Outcome;
    return { ...said, answer: answer as Outcome['answer'], headers: answer.headers ?? {} };
  }

  #event(given: Case): ViewerRequestEvent {
    const { method, host, path, clientIp } = given;
    const headers: Record<string, { key: string; value: string }[]> = {
      host: [{ key: 'Host', value: host }],
    };
    const cookies =
      given.cookies === undefined ? [] : [['cookie', this.#cookies(given, given.cookies)] as const];
    for (const [key, value] of [...given.headers, ...cookies])
      headers[key] = [...(headers[key] ?? []), { key, value }];
    const target = given.signed === undefined ? given : this.#signedTarget(given, given.signed);
    const querystring = [target.querystring, given.append]
      .filter((part) => part !== undefined && part !== '')
      .join('&');
    const request = {
      clientIp,
      method,
      uri: given.signed?.options['url'] === undefined ? target.path : path,
      querystring,
      headers,
    };
    return { Records: [{ cf: { config: { eventType: 'viewer-request', requestId: 'test' }, request } }] };
  }

  #signedTarget(given: Case, { options, ...who }: Signing): { path: string; querystring: string } {
    const query = given.querystring === '' ? '' : `?${given.querystring}`;
    const { url, resource, ...others } = options;
    const signed = this.#signing(given, () =>
      this.#signer(who).signUrl({
        ...(others as { expires: number }),
        url: this.#absolute(given, url ?? `${given.path}${query}`),
        ...(resource === undefined ? {} : { resource: this.#absolute(given, resource) }),
      }),
    );
    const { pathname, search } = new URL(signed);
    return { path: pathname, querystring: search.slice(1) };
  }

  #cookies(given: Case, { options, ...who }: Signing): string {
    const { resource = `${given.path}`, ...others } = options;
    const terms = others as { expires: number };
    return this.#signing(
      given,
      () =>
        this.#signer(who).signCookies({ ...terms, resource: this.#absolute(given, resource) }).cookieHeader,
    );
  }

  #signing(given: Case, sign: () => string): string {
    try {
      return sign();
    } catch (thrown) {
      const { message, hint } = thrown as EdgesealError;
      const words = `${given.place}: the request cannot be signed: ${message}`;
      throw new EdgesealError('invalid-cases', words, hint === undefined ? {} : { hint });
    }
  }

  #signer({ keyPairId = this.#ids[0] ?? testId, hash = 'SHA256' }: Omit<Signing, 'options'>): Signer {
    const name = `${keyPairId} ${hash}`;
    const known = this.#signers.get(name);
    if (known !== undefined) return known;
    const signer = Signer.fromPem({ keyPairId, privateKey: this.#privateKey, hash });
    this.#signers.set(name, signer);
    return signer;
  }

  /** A path stands for a URL on the host of the case. */
  #absolute({ host }: Case, url: unknown): string {
    return typeof url === 'string' && url.startsWith('/')
      ? `${this.#scheme}://${host}${url}`
      : (url as string);
  }
}

function compare(expect: Expectation, { decision, reason, rule, answer, headers }: Outcome): Difference[] {
  const { status, uri, querystring, body } = answer;
  const found: Record<string, string | undefined> = {
    decision,
    reason,
    status,
    rule,
    uri,
    querystring,
    body,
  };
  const { headers: wanted = {}, ...fields } = expect;
  const rows: [field: string, expected: string | null, found: string | undefined][] = Object.entries(
    fields,
  ).map(([field, value]) => [field, value, found[field]]);
  for (const [name, value] of Object.entries(wanted)) {
    const values = headers[name]?.map((entry) => entry.value).join(', ');
    rows.push([`header ${name}`, value, values]);
  }
  return rows
    .filter(([, expected, got]) => expected !== (got ?? null))
    .map(([field, expected, got]) => ({ field, expected: expected ?? absent, found: got ?? absent }));
}

const absent = '(absent)';
