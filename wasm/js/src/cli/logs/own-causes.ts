/** Causes that a log shows and a request does not. */
import type { Blame } from './judge.js';

/** A cause with who is to blame. */
export interface Own {
  blame: Blame;
  code: string;
  sentence: string;
  fix: string;
}

const of = (blame: Blame, code: string, sentence: string, fix: string): Own => ({
  blame,
  code,
  sentence,
  fix,
});

/** The causes by name. */
export const own = {
  signatureGood: of(
    'other',
    'signature-good',
    'The signature, its times and the address are good, so something behind that check refused: the origin (S3 says 403 for an object that is not there), AWS WAF, or a function.',
    "Look at the origin's answer for this path, at the web ACL, and at the functions of the cache behavior.",
  ),
  edgeFunction: of(
    'other',
    'edge-function',
    'A function at the edge answered, and an access log does not say why.',
    "Read the function's own log as well; edgeseal explain --from-log takes the two together.",
  ),
  logLacksFields: of(
    'unclear',
    'log-lacks-fields',
    'The log does not have the fields in which the signature can be seen.',
    'Log date, time, c-ip, cs-method, cs-protocol, cs-uri-stem, cs-uri-query, x-host-header and sc-status.',
  ),
  addressNotLogged: of(
    'unclear',
    'address-not-logged',
    "The policy names the viewer's address, and the log does not have it.",
    'Log c-ip.',
  ),
  cookiesCut: of(
    'unclear',
    'cookies-cut',
    'The log has only the first 800 bytes of the cookies, which may have cut the signature.',
    'Use standard logs with cookie logging on to see whole cookies.',
  ),
  notExplainable: of(
    'unclear',
    'not-explainable',
    'The log line has characters, or a length, that no request can have had, so the request cannot be rebuilt from it.',
    'Try the URL itself with edgeseal explain.',
  ),
} as const;

const geo = of(
  'other',
  'geo-restriction',
  "The distribution refuses viewers from this viewer's country.",
  "Change the distribution's geographic restriction if this is not meant.",
);
const method = of(
  'other',
  'method-not-configured',
  'The cache behavior does not take this HTTP method.',
  'Allow the method on the cache behavior, or send another.',
);
const header = of(
  'other',
  'invalid-request',
  'CloudFront refused the request for a header or for the certificate, before any signature.',
  'Compare the Host header, the certificate and the headers of the request with the distribution.',
);
const origin = of(
  'other',
  'origin-failed',
  'CloudFront reports a failure of the origin.',
  "Look at the origin's own log.",
);

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html */
const byResultType: Readonly<Record<string, Own>> = {
  ClientGeoBlocked: geo,
  InvalidRequestMethod: method,
  InvalidRequestHeader: header,
  InvalidRequestCertificate: header,
  AbortedOrigin: origin,
  SlowReaderOriginError: origin,
};

/**
 * The cause that a result type names by itself. `Error` says nothing: signatures, AWS WAF and an origin's 403 all
 * leave it; AWS documents for neither `InvalidRequest` nor `InvalidRequestBlocked` what they mean here.
 */
export function named(resultType: string | undefined): Own | undefined {
  if (resultType === undefined) return undefined;
  if (/^Origin\w*Error$/.test(resultType)) return origin;
  return Object.hasOwn(byResultType, resultType) ? byResultType[resultType] : undefined;
}
