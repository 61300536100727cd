/** Why one request of an access log was refused, as far as the log can tell. */
import { isIP } from 'node:net';
import { EdgesealError } from '../../errors.js';
import type { Cause, ExplainOptions, Explanation, ViewerRequest } from '../../index.js';
import { cookiesOf, type Target, targetsOf, textOf } from './encoding.js';
import { named, type Own, own } from './own-causes.js';
import type { AccessRecord } from './record.js';
import { isHostName } from './redact.js';

/** Who refused: the check of the signature, something else, or nobody can tell. */
export type Blame = 'signature' | 'other' | 'unclear';

/** What came of one refused request. */
export interface Finding {
  blame: Blame;
  /** Stable code: one of `edgeseal explain`, or one of the log's own. */
  code: string;
  sentence: string;
  fix: string;
  target: Target;
  keyPairId: string | undefined;
  /** The log leaves open how the query was written, and the answer depends on it. */
  encodingUnsure: boolean;
}

/** Explains one request. */
export type Explain = (options: ExplainOptions) => Explanation;

/** No request has so much of it, not even with every byte encoded: CloudFront takes URLs of 8,192 bytes. */
const longestField = 32_768;

/** Real-time logs keep this much of a Cookie header. */
const longestCookie = 800;

/**
 * Finds out about one refused request.
 *
 * @param hosts host names under which the URL may have been signed
 */
export function judge(record: AccessRecord, explain: Explain, hosts: Iterable<string> = []): Finding {
  const fields = [record.path, record.query, record.cookie];
  const tooLong = fields.some((field) => (field?.length ?? 0) > longestField);
  const targets = targetsOf(
    record.path?.slice(0, longestField) ?? '',
    record.query?.slice(0, longestField) ?? '',
  );
  const [target = { path: '', query: '' }] = targets;
  const cookies = record.cookie ? cookiesOf(record.cookie) : undefined;
  const keyPairId = keyPairIdOf(target.query, cookies);
  const finish = ({ blame, code, sentence, fix }: Own, read = target, encodingUnsure = false): Finding => ({
    blame,
    code,
    sentence,
    fix,
    target: read,
    keyPairId,
    encodingUnsure,
  });
  const inTheLog = named(record.detailedResultType ?? record.resultType);
  if (inTheLog !== undefined) return finish(inTheLog);
  const request = circumstances(record, cookies, hosts);
  if (request === undefined) return finish(own.logLacksFields);
  if (tooLong) return finish(own.notExplainable);
  const answers = targets.map((read) => ({ read, ...answerFor(read, request, explain) }));
  const [first, second] = answers;
  if (first === undefined) return finish(own.notExplainable);
  const chosen = second?.signatureFits && !first.signatureFits ? second : first;
  const unsure = second !== undefined && first.cause.code !== second.cause.code && !chosen.signatureFits;
  const cause = withTheLog(chosen.cause, record);
  const disputed = unsure && first.cause.blame !== second.cause.blame;
  return finish(disputed ? { ...cause, blame: 'unclear' } : cause, chosen.read, unsure);
}

/** What the log tells besides path and query; undefined where it does not tell enough. */
interface Circumstances {
  request: Pick<ViewerRequest, 'scheme' | 'host'>;
  rest: Omit<ExplainOptions, 'request' | 'url'>;
  cookiesCut: boolean;
}

function circumstances(
  record: AccessRecord,
  cookies: string | undefined,
  hosts: Iterable<string>,
): Circumstances | undefined {
  const { time, path, query, scheme: protocol, distribution } = record;
  const host = record.host ?? distribution;
  if (time === undefined || path === undefined || query === undefined || host === undefined) return undefined;
  const scheme = schemes.get(protocol?.toLowerCase() ?? '');
  const ip = record.clientIp !== undefined && isIP(record.clientIp) > 0 ? record.clientIp : undefined;
  const otherHosts = [...new Set([...(distribution === undefined ? [] : [distribution]), ...hosts])].filter(
    (other) => other !== host && isHostName(other),
  );
  return {
    request: { host: textOf(host), ...(scheme === undefined ? {} : { scheme }) },
    rest: {
      now: time,
      ...(cookies === undefined ? {} : { cookies }),
      ...(ip === undefined ? {} : { clientIp: ip }),
      hosts: otherHosts,
    },
    cookiesCut: (record.cookie?.length ?? 0) >= longestCookie,
  };
}

/** The scheme of a URL for each protocol of a log. */
const schemes: ReadonlyMap<string, 'http' | 'https'> = new Map([
  ['http', 'http'],
  ['ws', 'http'],
  ['https', 'https'],
  ['wss', 'https'],
  ['grpcs', 'https'],
]);

interface Answer {
  cause: Own;
  signatureFits: boolean;
}

function answerFor(target: Target, { request, rest, cookiesCut }: Circumstances, explain: Explain): Answer {
  let explanation: Explanation;
  try {
    explanation = explain({ ...rest, request: { ...request, ...target } });
  } catch (thrown) {
    if (thrown instanceof EdgesealError && thrown.code !== 'internal')
      return { cause: own.notExplainable, signatureFits: false };
    throw thrown;
  }
  const { verdict, checks } = explanation;
  const signatureFits = checks.some(({ id, outcome }) => id === 'signature' && outcome === 'pass');
  if (verdict.allowed) return { cause: own.signatureGood, signatureFits };
  const likeliest = likeliestOf(explanation);
  if (verdict.reason === 'ip-unknown') return { cause: own.addressNotLogged, signatureFits };
  if (likeliest === undefined || verdict.reason === 'malformed-request')
    return { cause: own.notExplainable, signatureFits };
  const fromCookies = !/(?:^|&)(?:Signature|Policy|Expires|Key-Pair-Id)=/.test(target.query);
  if (cookiesCut && fromCookies) return { cause: own.cookiesCut, signatureFits };
  // Without a credential nothing says that this path needs one, and without a key nothing says that it was good.
  const unclear = verdict.reason === 'missing-credentials' || likeliest.code === 'no-public-key';
  const said = [target.path, target.query, explanation.policyText ?? '', ...[rest.cookies ?? []].flat()];
  const sentence = repeats(likeliest.sentence, said) ? verdict.message : likeliest.sentence;
  return { cause: { blame: unclear ? 'unclear' : 'signature', ...likeliest, sentence }, signatureFits };
}

/** Causes in a policy whose remedies loosen nothing. */
const ofTime: ReadonlySet<string> = new Set([
  'expired',
  'expires-is-duration',
  'not-yet-valid',
  'clock-skew',
]);

/**
 * The cause that counts. Anybody can send a policy of his own making: what it says is not to be mended as long as
 * nothing shows that a trusted key signed it, or an IP condition would be dropped for the sake of forged links.
 */
function likeliestOf({ causes }: Explanation): Cause | undefined {
  const [first] = causes;
  const unproven = causes.find(({ code }) => code === 'tampered-or-other-key' || code === 'unknown-key');
  return first !== undefined && ofTime.has(first.code) ? first : (unproven ?? first);
}

/** Words of a request that may be repeated: the names that CloudFront defines. */
const harmless =
  /^(?:Expires|Policy|Signature|Key-Pair-Id|Hash-Algorithm|Statement|Resource|Condition|EpochTime|DateLessThan|DateGreaterThan|IpAddress|SourceIp|CloudFront|SHA1|SHA256)$/;

/** Whether a sentence repeats a word of the request, which may be a secret. */
function repeats(sentence: string, said: readonly string[]): boolean {
  const words = sentence.split(/[^A-Za-z0-9_-]+/).filter((word) => word.length > 3 && !harmless.test(word));
  return words.some((word) => said.some((text) => text.includes(word)));
}

/** What is unclear from the request alone may be clear from who answered. */
function withTheLog(cause: Own, { resultType, detailedResultType }: AccessRecord): Own {
  if (cause.blame === 'signature') return cause;
  const generated = [resultType, detailedResultType].some((type) => type?.endsWith('GeneratedResponse'));
  return generated ? own.edgeFunction : cause;
}

function keyPairIdOf(query: string, cookies: string | undefined): string | undefined {
  return (
    /(?:^|&)Key-Pair-Id=([^&]*)/.exec(query)?.[1] ??
    /(?:^|;\s*)CloudFront-Key-Pair-Id=([^;]*)/.exec(cookies ?? '')?.[1]
  );
}
