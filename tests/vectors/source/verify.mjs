import { createHash } from 'node:crypto';
import { BASE, canned, cannedCredential, cookies, credential, custom, EC, EXPIRES, encode, entry, HOST, ID, NOW, OTHER, query, RSA, START, sign, signBlock } from './kit.mjs';
import * as S from './sources.mjs';

const image = `${BASE}/image.jpg`;
const trusted = [{ id: ID, file: RSA.public, enabled: true }];

/** One case: the request differs from a plain GET of /image.jpg in what is given. */
function judged(id, about, request, expect, { number, keys = trusted, now = NOW, options = {} } = {}) {
  return entry(id, ...about, {
    case: number,
    request: { method: 'GET', scheme: 'https', host: HOST, path: '/image.jpg', query: '', cookies: [], clientIp: null, ...request },
    keys,
    now,
    options: { strict: false, requireResource: false, legacySchemeWildcard: false, ...options },
    expect,
  });
}

/** What an allowed request is told, with the defaults of most cases. */
const allowed = (more = {}) => ({ allowed: true, source: 'url', kind: 'custom', hash: 'SHA1', keyPairId: ID, query: '', remaining: EXPIRES - NOW, warnings: [], ...more });
const plain = (more = {}) => allowed({ kind: 'canned', ...more });
const denied = (reason) => ({ allowed: false, reason });

const good = () => cannedCredential(image);
const wild = (options = {}) => credential(custom(`${BASE}/*`), options);

function cannedCases() {
  const about = (what, why, source = S.URL_CANNED) => [what, why, source];
  return [
    judged('canned', about('a canned signed URL', 'the plain case'), { query: query(good()) }, plain(), { number: 1 }),
    judged('canned-query', about('a canned signed URL with own parameters', 'they are part of what was signed'), { query: query(cannedCredential(`${image}?size=large`), 'size=large') }, plain({ query: 'size=large' }), { number: 2 }),
    judged('canned-sha256', about('SHA-256', 'Hash-Algorithm says so', S.URL_CUSTOM), { query: query(cannedCredential(image, { hash: 'SHA256' })) }, plain({ hash: 'SHA256' }), { number: 7 }),
    judged('canned-explicit-sha1', about('Hash-Algorithm=SHA1', 'what is assumed anyway', S.URL_CUSTOM), { query: `${query(good())}&Hash-Algorithm=SHA1` }, plain(), { number: 38 }),
    judged('canned-ec', about('ECDSA with SHA-1', 'DER, and the hash shorter than the order of the curve', `${S.RS}; ${S.RUBY}`), { query: query(cannedCredential(image, { key: EC })) }, plain(), { number: 8, keys: [{ id: ID, file: EC.public, enabled: true }] }),
    judged('canned-ec-sha256', about('ECDSA with SHA-256', 'DER', S.RUBY), { query: query(cannedCredential(image, { key: EC, hash: 'SHA256' })) }, plain({ hash: 'SHA256' }), { number: 8, keys: [{ id: ID, file: EC.public, enabled: true }] }),
    judged('canned-encoded', about('a path with escapes', 'it is compared as it stands', 'aws/aws-sdk-java-v2 pull request 3795'), { path: '/%40blob', query: query(cannedCredential(`${BASE}/%40blob?v=1n1dm%2F01n1dm0`), 'v=1n1dm%2F01n1dm0') }, plain({ query: 'v=1n1dm%2F01n1dm0' }), { number: 19 }),
    judged('canned-dot-segments', about('dot segments that were signed as they stand', 'AWS documents no normalisation', S.JS), { path: '/a/../b', query: query(cannedCredential(`${BASE}/a/../b`)) }, plain(), { number: 20 }),
    judged('canned-other-escape', about('another spelling of the same character', 'the text differs from what was signed', 'aws/aws-sdk-js-v3 issue 8033'), { path: '/format%3Dwebp', query: query(cannedCredential(`${BASE}/format=webp`)) }, denied('bad-signature'), { number: 15 }),
    judged('canned-plus-for-20', about('plus for %20', 'they are different bytes', 'aws/aws-sdk-js-v3 issue 8277'), { query: query(cannedCredential(`${image}?y=a%20b`), 'y=a+b') }, denied('bad-signature'), { number: 17 }),
    judged('canned-flag', about('a parameter without an equals sign', 'it stays as it is', S.FLOCI), { query: query(cannedCredential(`${image}?flag`), 'flag') }, plain({ query: 'flag' }), { number: 22 }),
    judged('canned-flag-rewritten', about('a parameter that gained an equals sign', 'the text differs from what was signed', S.FLOCI), { query: query(cannedCredential(`${image}?flag`), 'flag=') }, denied('bad-signature'), { number: 22 }),
    judged('canned-empty-components', about('empty components in the query', 'they are kept when the signing parameters are taken out', S.FLOCI), { query: query(cannedCredential(`${image}?&color=blue&&`), '&color=blue&&') }, plain({ query: '&color=blue&&' }), { number: 23 }),
    judged('canned-upper-case-host', about('a Host header in upper case', 'host names have no case', S.FLOCI), { host: HOST.toUpperCase(), query: query(good()) }, plain()),
    judged('canned-default-port', about('a Host header with the default port', 'it means the same host', 'RFC 9110, section 4.2.3'), { host: `${HOST}:443`, query: query(good()) }, plain()),
    judged('canned-star-literal', about('a star in a canned resource', 'it is a character, no wildcard', S.URL_CANNED), { path: '/images/a.jpg', query: query(cannedCredential(`${BASE}/images/*`)) }, denied('bad-signature'), { number: 43 }),
    judged('canned-scheme', about('http for https', 'the rebuilt policy differs'), { scheme: 'http', query: query(good()) }, denied('bad-signature'), { number: 48 }),
    judged('canned-scheme-unknown', about('a scheme nobody knows', 'a Lambda@Edge event does not tell it, so both are tried', 'CloudFront Developer Guide: Lambda@Edge event structure'), { scheme: null, query: query(good()) }, plain(), { number: 48 }),
    judged('canned-scheme-unknown-http', about('a scheme nobody knows, signed for http', 'both are tried', 'CloudFront Developer Guide: Lambda@Edge event structure'), { scheme: null, query: query(cannedCredential(`http://${HOST}/image.jpg`)) }, plain(), { number: 48 }),
    judged('canned-other-host', about('another host', 'the rebuilt policy differs'), { host: 'www.example.com', query: query(good()) }, denied('bad-signature')),
    judged('canned-other-path', about('another path', 'the rebuilt policy differs'), { path: '/other.jpg', query: query(good()) }, denied('bad-signature')),
    judged('canned-other-expiry', about('a later Expires', 'the rebuilt policy differs'), { query: query({ ...good(), Expires: String(EXPIRES + 1) }) }, denied('bad-signature')),
    judged('canned-put', about('PUT with a URL that was signed for a download', 'a CloudFront signature says nothing of the method', 'CloudFront Developer Guide: Values that you specify (allowed HTTP methods)'), { method: 'PUT', query: query(good()) }, plain(), { number: 49 }),
  ];
}

function parameterCases() {
  const about = (what, why, source = S.URL_CUSTOM) => [what, why, source];
  const parts = good();
  const reordered = `Key-Pair-Id=${ID}&Signature=${parts.Signature}&Expires=${parts.Expires}`;
  const own = cannedCredential(`${image}?a=1&b=2`);
  const between = `Key-Pair-Id=${ID}&a=1&Signature=${own.Signature}&Expires=${own.Expires}&b=2`;
  const star = credential(custom(`${BASE}/image*`));
  return [
    judged('order-free', about('the signing parameters in another order', 'the order is free'), { query: reordered }, plain(), { number: 25 }),
    judged('order-mixed', about('own parameters between and behind', 'the order is free'), { query: between }, plain({ query: 'a=1&b=2' }), { number: 25 }),
    judged('appended', about('an own parameter added after signing', 'CloudFront answers 403', S.USE_URLS), { query: `${query(parts)}&x=1` }, denied('bad-signature'), { number: 26 }),
    judged('appended-custom', about('an own parameter added to an exact custom policy', 'the resource does not name it', S.USE_URLS), { query: `${query(credential(custom(image)))}&x=1` }, denied('resource-mismatch'), { number: 26 }),
    judged('appended-wildcard', about('an own parameter added under a resource that ends in *', 'the resource covers it'), { query: `${query(star)}&x=1` }, allowed({ query: 'x=1' }), { number: 26 }),
    judged('reordered-own', about('own parameters in another order', 'the resource is compared as text', S.USE_URLS), { query: query(own, 'b=2&a=1') }, denied('bad-signature'), { number: 26 }),
    judged('escaped-name', about('a reserved name with an escape in it', 'it counts, since it may be decoded on the way', S.FLOCI), { query: query(parts).replace('Expires', '%45xpires') }, plain(), { number: 24 }),
    judged('escaped-name-alone', about('one reserved name with an escape, and good cookies', 'it is a signed URL, so cookies are not looked at', `${S.CHOOSE}; ${S.FLOCI}`), { query: '%45xpires=123', cookies: [cookies(wild())] }, denied('missing-key-pair-id'), { number: 24 }),
    judged('other-case-name', about('Key-Pair-ID for Key-Pair-Id', 'names are case-sensitive', S.QUERY), { query: query(parts).replace('Key-Pair-Id', 'Key-Pair-ID') }, denied('missing-key-pair-id')),
    judged('escaped-signature', about('a signature whose ~ were written %7E', 'WHATWG serialisers write them so; values are decoded once', 'jasonsims/aws-cloudfront-sign issue 74'), { query: query({ ...parts, Signature: parts.Signature.replaceAll('~', '%7E').replaceAll('_', '%5f') }) }, plain(), { number: 46 }),
    judged('escaped-policy', about('a policy whose _ were written %5F', 'values are decoded once', 'jasonsims/aws-cloudfront-sign issue 74'), { query: query({ ...star, Policy: star.Policy.replaceAll('_', '%5F').replace('e', '%65') }) }, allowed(), { number: 46 }),
    judged('escaped-twice', about('a signature that was escaped twice', 'values are decoded once', 'jasonsims/aws-cloudfront-sign issue 74'), { query: query({ ...parts, Signature: parts.Signature.replaceAll('_', '%255F') }) }, denied('malformed-signature'), { number: 46 }),
    judged('policy-and-expires', about('Policy and Expires together', 'AWS does not say which counts; some signers always write both', 'jasonsims/aws-cloudfront-sign 3.x; Not documented by AWS'), { query: `${query(star)}&Expires=${EXPIRES}` }, allowed({ warnings: ['policy-and-expires'] }), { number: 47 }),
    judged('policy-and-expires-strict', about('Policy and Expires together, strict', 'AWS does not say which counts', 'Not documented by AWS'), { query: `${query(star)}&Expires=${EXPIRES}` }, denied('ambiguous-policy'), { number: 47, options: { strict: true } }),
    judged('duplicate-expires', about('Expires twice', 'AWS does not say which counts', 'Not documented by AWS'), { query: `${query(parts)}&Expires=${EXPIRES}` }, denied('duplicate-parameter')),
    judged('duplicate-signature', about('Signature twice', 'AWS does not say which counts', 'Not documented by AWS'), { query: `Signature=AAAA&${query(parts)}` }, denied('duplicate-parameter')),
    judged('nothing', about('neither signing parameters nor cookies', 'CloudFront answers MissingKey', S.USE_URLS), { query: 'size=large' }, denied('missing-credentials')),
    judged('no-key-pair-id', about('no key-pair id', 'CloudFront answers MissingKey', S.USE_URLS), { query: query({ ...parts, 'Key-Pair-Id': '' }) }, denied('missing-key-pair-id')),
    judged('no-signature', about('no signature', 'nothing vouches for the policy', S.USE_URLS), { query: `Expires=${EXPIRES}&Key-Pair-Id=${ID}` }, denied('missing-signature')),
    judged('no-policy', about('neither a policy nor an expiry', 'there is nothing to check', S.USE_URLS), { query: `Signature=${parts.Signature}&Key-Pair-Id=${ID}` }, denied('missing-policy')),
    judged('expires-text', about('an expiry that is no number', 'CloudFront answers MalformedPolicy', S.URL_CANNED), { query: query({ ...parts, Expires: 'soon' }) }, denied('malformed-policy')),
    judged('expires-fraction', about('an expiry with a fraction', 'whole seconds only', S.FLOCI), { query: query({ ...parts, Expires: `${EXPIRES}.5` }) }, denied('malformed-policy'), { number: 35 }),
    judged('expires-leading-zero', about('an expiry with a leading zero', 'the rebuilt policy has none', S.URL_CANNED), { query: query({ ...parts, Expires: `0${EXPIRES}` }) }, denied('malformed-policy')),
    judged('expires-sign', about('an expiry with a sign', 'the rebuilt policy has none', S.URL_CANNED), { query: query({ ...parts, Expires: `%2B${EXPIRES}` }) }, denied('malformed-policy')),
    judged('signature-not-base64', about('a signature that is no base64', 'it is denied, never an error', S.FLOCI), { query: query({ ...parts, Signature: 'not*base64' }) }, denied('malformed-signature'), { number: 36 }),
    judged('signature-plain-base64', about('a signature in plain base64', 'AWS does not say whether CloudFront takes it', 'Not documented by AWS'), { query: query({ ...parts, Signature: parts.Signature.replaceAll('_', '=') }) }, plain({ warnings: ['non-standard-base64'] })),
    judged('signature-plain-base64-strict', about('a signature in plain base64, strict', 'AWS does not say whether CloudFront takes it', 'Not documented by AWS'), { query: query({ ...parts, Signature: parts.Signature.replaceAll('_', '=') }) }, denied('non-standard-form'), { options: { strict: true } }),
    judged('signature-unpadded', about('a signature without its padding', 'AWS does not say whether CloudFront takes it', 'Not documented by AWS'), { query: query({ ...parts, Signature: parts.Signature.replaceAll('_', '') }) }, plain({ warnings: ['non-standard-base64'] })),
    judged('signature-short', about('a signature with a byte missing', 'it does not fit', S.URL_CANNED), { query: query({ ...parts, Signature: encode(sign(RSA, 'SHA1', canned(image)).subarray(0, 255)) }) }, denied('bad-signature')),
    judged('signature-long', about('a signature with a byte too many', 'it does not fit', S.URL_CANNED), { query: query({ ...parts, Signature: encode(Buffer.concat([sign(RSA, 'SHA1', canned(image)), Buffer.from([0])])) }) }, denied('bad-signature')),
  ];
}

function policyCases() {
  const about = (what, why, source = S.URL_CUSTOM) => [what, why, source];
  const of = (text, more = {}) => ({ query: query(credential(text)), ...more });
  const statement = (inner) => `{"Statement":[${inner}]}`;
  const condition = `"Condition":{"DateLessThan":{"AWS:EpochTime":${EXPIRES}}}`;
  const spaced = `{\r\n   "Statement": [{ \r\n      "Resource": "${BASE}/*",\r\n      "Condition": { "DateLessThan": { "AWS:EpochTime": ${EXPIRES} } }\r\n   }]\r\n}\r\n`;
  const tampered = credential(custom(`${BASE}/public/*`));
  return [
    judged('custom', about('a custom policy', 'the plain case'), of(custom(`${BASE}/*`)), allowed()),
    judged('custom-white-space', about('white space and line breaks in the policy', "the signature covers the bytes as they stand; AWS's own example has them", `${S.URL_CUSTOM}; aws/aws-sdk-java-v2: SigningUtils.buildCustomPolicy`), of(spaced), allowed(), { number: 37 }),
    judged('custom-reserialised', about('the policy with its white space taken out', 'the bytes differ from what was signed', S.URL_CUSTOM), { query: query({ ...credential(spaced), Policy: encode(spaced.replaceAll(/\s/g, '')) }) }, denied('bad-signature'), { number: 37 }),
    judged('custom-condition-order', about('conditions in another order', 'their order is of no account', S.GO), of(`{"Statement":[{"Resource":"${BASE}/*","Condition":{"IpAddress":{"AWS:SourceIp":"203.0.113.0/24"},"DateGreaterThan":{"AWS:EpochTime":${START}},"DateLessThan":{"AWS:EpochTime":${EXPIRES}}}}]}`, { clientIp: '203.0.113.5' }), allowed(), { number: 3 }),
    judged('custom-other-resource', about('a policy for another path', 'the resource does not cover the request'), of(custom(`${BASE}/other/*`)), denied('resource-mismatch')),
    judged('custom-tampered', about('a policy that was widened', 'the signature does not fit'), { query: query({ ...tampered, Policy: encode(custom(`${BASE}/*`)) }) }, denied('bad-signature')),
    judged('custom-climbing', about('a path that climbs out of the wildcard', 'an origin that resolves it would serve something outside', 'Not documented by AWS'), of(custom(`${BASE}/public/*`), { path: '/public/../image.jpg' }), denied('resource-mismatch'), { number: 20 }),
    judged('custom-hello-world', about('* within the path', 'documented example'), of(custom('https://www.example.com/hello*world'), { host: 'www.example.com', path: '/hello-world' }), allowed(), { number: 27 }),
    judged('custom-hello-query', about('* does not reach into the query', 'documented example'), { host: 'www.example.com', path: '/hello', query: query(credential(custom('https://www.example.com/hello*world')), 'world') }, denied('resource-mismatch'), { number: 27 }),
    judged('custom-everything', about('the resource *', 'it matches anything'), of(custom('*')), allowed(), { number: 28 }),
    judged('custom-any-protocol', about('the resource *://', 'both schemes'), of(custom(`*://${HOST}/*`), { scheme: 'http' }), allowed(), { number: 28 }),
    judged('custom-no-protocol', about('a resource that starts with * and has no protocol', 'both schemes; the root only'), of(custom(`*${HOST}`), { path: '/' }), allowed(), { number: 28 }),
    judged('custom-query-wildcard', about('? in the query', 'exactly one character', S.FLOCI), { path: '/file.jpg', query: query(credential(custom(`${BASE}/file.jpg?license=?`)), 'license=x') }, allowed({ query: 'license=x' }), { number: 29 }),
    judged('legacy-question-mark', about('a resource with \\?', 'AWS documented it until 2023', 'CloudFront Developer Guide of June 2023: Creating a signed URL using a custom policy'), { query: query(credential(custom(`${image}\\?size=*`)), 'size=large') }, allowed({ query: 'size=large', warnings: ['escaped-question-mark'] }), { number: 30 }),
    judged('legacy-question-mark-strict', about('a resource with \\?, strict', 'AWS now says not to write the backslash'), { query: query(credential(custom(`${image}\\?size=*`)), 'size=large') }, denied('non-standard-form'), { number: 30, options: { strict: true } }),
    judged('question-mark', about('a resource with a plain ?', 'what AWS documents now'), { query: query(credential(custom(`${image}?size=*`)), 'size=large') }, allowed({ query: 'size=large' }), { number: 30 }),
    judged('no-resource', about('no resource', 'it opens every file of every distribution that trusts the key'), of(custom(null)), allowed({ warnings: ['no-resource'] }), { number: 31 }),
    judged('no-resource-required', about('no resource where one is required', 'the verifier may forbid it'), of(custom(null)), denied('non-standard-form'), { number: 31, options: { requireResource: true } }),
    judged('two-statements', about('two statements', 'AWS allows only one', `${S.URL_CUSTOM}; ${S.FLOCI}`), of(statement(`{"Resource":"${BASE}/*",${condition}},{"Resource":"${BASE}/*",${condition}}`)), denied('malformed-policy'), { number: 32 }),
    judged('statement-object', about('Statement as an object', 'AWS documented it until 2023', 'CloudFront Developer Guide of June 2023: Creating a signed URL using a custom policy'), of(`{"Statement":{"Resource":"${BASE}/*",${condition}}}`), allowed({ warnings: ['statement-is-object'] }), { number: 33 }),
    judged('statement-object-strict', about('Statement as an object, strict', 'AWS now documents an array'), of(`{"Statement":{"Resource":"${BASE}/*",${condition}}}`), denied('non-standard-form'), { number: 33, options: { strict: true } }),
    judged('epoch-fraction', about('an expiry with a fraction', 'whole seconds only', S.FLOCI), of(custom(`${BASE}/*`, { expires: `${EXPIRES}.5` })), denied('malformed-policy'), { number: 35 }),
    judged('epoch-string', about('an expiry in quotes', 'AWS asks for a number without quotes', `${S.URL_CUSTOM}; ${S.FLOCI}`), of(custom(`${BASE}/*`, { expires: `"${EXPIRES}"` })), denied('malformed-policy'), { number: 35 }),
    judged('epoch-missing', about('no expiry', 'DateLessThan is required'), of(statement(`{"Resource":"${BASE}/*","Condition":{}}`)), denied('malformed-policy'), { number: 35 }),
    judged('epoch-milliseconds', about('an expiry in milliseconds', 'CloudFront answers MalformedPolicy', 'aws/aws-sdk-js issue 2236'), of(custom(`${BASE}/*`, { expires: EXPIRES * 1000 })), denied('malformed-policy'), { number: 35 }),
    judged('epoch-milliseconds-canned', about('a canned expiry in milliseconds', 'CloudFront answers MalformedPolicy', 'aws/aws-sdk-js issue 2236'), { query: query(cannedCredential(`${BASE}/image.jpg`, { expires: EXPIRES * 1000 })) }, denied('malformed-policy'), { number: 35 }),
    judged('epoch-after-2038', about('an expiry later than AWS documents', 'it is not documented that CloudFront refuses it, so it is reported'), of(custom(`${BASE}/*`, { expires: 2_208_988_800 })), allowed({ remaining: 2_208_988_800 - NOW, warnings: ['late-expiry'] }), { number: 35 }),
    judged('epoch-after-2038-strict', about('an expiry later than AWS documents, strict', 'beyond what AWS documents'), of(custom(`${BASE}/*`, { expires: 2_208_988_800 })), denied('non-standard-form'), { number: 35, options: { strict: true } }),
    judged('policy-not-base64', about('a policy that is no base64', 'it is denied, never an error', S.FLOCI), { query: query({ ...wild(), Policy: 'not*base64' }) }, denied('malformed-policy'), { number: 36 }),
    judged('policy-not-json', about('a policy that is no JSON', 'CloudFront answers MalformedPolicy', S.FLOCI), of('hello'), denied('malformed-policy'), { number: 36 }),
    judged('policy-empty', about('an empty policy', 'CloudFront answers MalformedPolicy', S.FLOCI), { query: `Policy=&Signature=AAAA&Key-Pair-Id=${ID}` }, denied('malformed-policy'), { number: 36 }),
    judged('legacy-scheme', about('a resource with http*://', 'AWS no longer documents it', 'aws-solutions/video-on-demand-on-aws issue 100'), of(custom(`http*://${HOST}/*`)), denied('resource-mismatch')),
    judged('legacy-scheme-allowed', about('a resource with http*:// where the verifier allows it', 'older signers write it', 'aws-solutions/video-on-demand-on-aws issue 100'), of(custom(`http*://${HOST}/*`)), allowed({ warnings: ['legacy-scheme-wildcard'] }), { options: { legacySchemeWildcard: true } }),
    judged('canned-text-as-policy', about('the text of a canned policy, sent as a custom one', 'the bytes are the same, so it opens the same URL'), of(canned(image)), allowed()),
    judged('custom-scheme', about('http for https', 'the protocol differs'), of(custom(`${BASE}/*`), { scheme: 'http' }), denied('resource-mismatch'), { number: 48 }),
  ];
}

function timeCases() {
  const about = (what, why, source = S.URL_CUSTOM) => [what, why, source];
  const window = () => query(credential(custom(`${BASE}/*`, { start: START })));
  return [
    judged('last-second', about('one second before the expiry', 'still valid'), { query: query(good()) }, plain({ remaining: 1 }), { number: 34, now: EXPIRES - 1 }),
    judged('at-expiry', about('the second of DateLessThan', 'the name says less than; AWS does not state it', `${S.FLOCI}; Not documented by AWS`), { query: query(good()) }, denied('expired'), { number: 34, now: EXPIRES }),
    judged('expired', about('long after the expiry', 'expired'), { query: query(good()) }, denied('expired'), { now: EXPIRES + 86400 }),
    judged('at-start', about('the second of DateGreaterThan', 'no access on or before that second', `${S.URL_CUSTOM}; ${S.FLOCI}`), { query: window() }, denied('not-yet-valid'), { number: 34, now: START }),
    judged('after-start', about('one second after the start', 'valid'), { query: window() }, allowed({ remaining: EXPIRES - START - 1 }), { number: 34, now: START + 1 }),
    judged('before-start', about('before the start', 'not valid yet'), { query: window() }, denied('not-yet-valid'), { now: START - 1 }),
    judged('epoch-zero', about('a clock at 0', 'a clock that was never set must not open what has a start'), { query: window() }, denied('not-yet-valid'), { now: 0 }),
    judged('bad-signature-first', about('expired and badly signed', 'nothing in a policy is believed before its signature'), { path: '/other.jpg', query: query(good()) }, denied('bad-signature'), { now: EXPIRES }),
  ];
}

function addressCases() {
  const about = (what, why, source = S.URL_CUSTOM) => [what, why, source];
  const from = (clientIp, ip) => ({ clientIp, query: query(credential(custom(`${BASE}/*`, { ip }))) });
  return [
    judged('ip-inside', about('an address in the range', 'valid', S.FLOCI), from('203.0.113.5', '203.0.113.0/24'), allowed(), { number: 45 }),
    judged('ip-outside', about('an address outside the range', 'denied', S.FLOCI), from('198.51.100.5', '203.0.113.0/24'), denied('ip-mismatch'), { number: 45 }),
    judged('ip-v6', about('an IPv6 viewer', 'policies hold IPv4 only', S.FLOCI), from('2001:db8::1', '203.0.113.0/24'), denied('ip-mismatch'), { number: 45 }),
    judged('ip-unknown', about('an address nobody knows', 'denied', S.FLOCI), from(null, '203.0.113.0/24'), denied('ip-unknown'), { number: 45 }),
    judged('ip-any', about('0.0.0.0/0 with IPv4', 'every IPv4 viewer', S.FLOCI), from('198.51.100.5', '0.0.0.0/0'), allowed(), { number: 45 }),
    judged('ip-any-v6', about('0.0.0.0/0 with IPv6', 'IPv6 is no IPv4', 'Not documented by AWS'), from('2001:db8::1', '0.0.0.0/0'), denied('ip-mismatch'), { number: 45 }),
    judged('ip-host-bits', about('a range with host bits', 'they are masked', 'aws/aws-sdk-java-v2: CustomSignerRequest documentation'), from('192.168.0.77', '192.168.0.1/24'), allowed(), { number: 45 }),
    judged('ip-host-bits-outside', about('a range with host bits, another network', 'denied', 'aws/aws-sdk-java-v2: CustomSignerRequest documentation'), from('192.168.1.1', '192.168.0.1/24'), denied('ip-mismatch'), { number: 45 }),
    judged('ip-bare', about('an address without bits', 'one address', 'jasonsims/aws-cloudfront-sign'), from('203.0.113.7', '203.0.113.7'), allowed({ warnings: ['bare-ip'] }), { number: 45 }),
    judged('ip-mapped', about('an IPv4 viewer in IPv6 notation', 'a dual-stack socket writes IPv4 viewers so', 'RFC 4291, section 2.5.5.2'), from('::ffff:203.0.113.5', '203.0.113.0/24'), allowed(), { number: 45 }),
    judged('ip-single', about('a range of one', 'that address alone', S.URL_CUSTOM), from('203.0.113.8', '203.0.113.7/32'), denied('ip-mismatch'), { number: 45 }),
  ];
}

function keyCases() {
  const about = (what, why, source = S.SIGNERS) => [what, why, source];
  const sha1 = good();
  const sha256 = cannedCredential(image, { hash: 'SHA256' });
  const both = [{ id: 'KOTHER', file: OTHER.public, enabled: true }, ...trusted];
  return [
    judged('sha256-flag-sha1-signature', about('Hash-Algorithm=SHA256 over a SHA-1 signature', 'the hash is part of the check', `${S.KUMO}; ${S.FLOCI}`), { query: `${query(sha1)}&Hash-Algorithm=SHA256` }, denied('bad-signature'), { number: 38 }),
    judged('sha256-signature-no-flag', about('a SHA-256 signature without Hash-Algorithm', 'SHA-1 is assumed', S.URL_CUSTOM), { query: query({ Expires: sha256.Expires, Signature: sha256.Signature, 'Key-Pair-Id': ID }) }, denied('bad-signature'), { number: 38 }),
    judged('sha512', about('Hash-Algorithm=SHA512', 'AWS documents SHA1 and SHA256', `${S.URL_CUSTOM}; ${S.KUMO}`), { query: `${query(sha1)}&Hash-Algorithm=SHA512` }, denied('unknown-hash-algorithm'), { number: 38 }),
    judged('sha256-lower-case', about('Hash-Algorithm=sha256', 'AWS documents upper case', S.FLOCI), { query: `${query(sha1)}&Hash-Algorithm=sha256` }, denied('unknown-hash-algorithm'), { number: 38 }),
    judged('hash-empty', about('an empty Hash-Algorithm', 'AWS documents SHA1 and SHA256', S.URL_CUSTOM), { query: `${query(sha1)}&Hash-Algorithm=` }, denied('unknown-hash-algorithm'), { number: 38 }),
    judged('unknown-key', about('a key-pair id that is not trusted', 'CloudFront answers Unknown Key'), { query: query({ ...sha1, 'Key-Pair-Id': 'KNOBODY' }) }, denied('unknown-key')),
    judged('key-id-case', about('the key-pair id in lower case', 'ids are compared as text'), { query: query({ ...sha1, 'Key-Pair-Id': ID.toLowerCase() }) }, denied('unknown-key')),
    judged('no-keys', about('no trusted keys', 'an empty ring refuses everything'), { query: query(sha1) }, denied('unknown-key'), { keys: [] }),
    judged('disabled-key', about('a key that is switched off', 'rotation'), { query: query(sha1) }, denied('key-disabled'), { keys: [{ ...trusted[0], enabled: false }] }),
    judged('several-keys', about('several trusted keys', 'the id picks one'), { query: query(sha1) }, plain(), { keys: both }),
    judged('other-keys-signature', about("another trusted key's signature under this id", 'the id decides which key must fit'), { query: query(cannedCredential(image, { key: OTHER })) }, denied('bad-signature'), { keys: both }),
    judged('other-keys-id', about('a good signature under the id of another trusted key', 'the id decides which key must fit'), { query: query({ ...sha1, 'Key-Pair-Id': 'KOTHER' }) }, denied('bad-signature'), { keys: both }),
    judged('rsa-signature-ec-key', about('an RSA signature for an ECDSA key', 'it does not fit'), { query: query(sha1) }, denied('bad-signature'), { keys: [{ id: ID, file: EC.public, enabled: true }] }),
    judged('ec-signature-rsa-key', about('an ECDSA signature for an RSA key', 'it does not fit'), { query: query(cannedCredential(image, { key: EC })) }, denied('bad-signature')),
    judged('ec-trailing-byte', about('a byte behind the DER of an ECDSA signature', 'one signature must have one form', 'ITU-T X.690'), { query: query({ ...cannedCredential(image, { key: EC }), Signature: encode(Buffer.concat([sign(EC, 'SHA1', canned(image)), Buffer.from([0])])) }) }, denied('bad-signature'), { number: 8, keys: [{ id: ID, file: EC.public, enabled: true }] }),
  ];
}

/** PKCS#1 v1.5 blocks that a careless verifier takes for good, over SHA-1 and SHA-256. */
function paddingCases() {
  const source = 'RFC 8017, section 9.2; Project Wycheproof, rsa_signature_2048_sha256';
  const prefixes = { SHA1: '3021300906052b0e03021a05000414', SHA256: '3031300d060960864801650304020105000420' };
  const digest = (hash) => createHash(hash).update(canned(image)).digest();
  const block = (tail, { lead = '0001', filler = 0xff } = {}) =>
    Buffer.concat([Buffer.from(lead, 'hex'), Buffer.alloc(256 - 3 - tail.length, filler), Buffer.from([0]), tail]);
  const judgedBlock = (id, hash, what, why, signed, expect) => {
    const parts = { Expires: String(EXPIRES), Signature: encode(signBlock(signed)), 'Key-Pair-Id': ID };
    const full = hash === 'SHA1' ? parts : { ...parts, 'Hash-Algorithm': hash };
    return judged(`padding-${id}-${hash.toLowerCase()}`, [`${what}, ${hash}`, why, source], { query: query(full) }, expect);
  };
  return Object.entries(prefixes).flatMap(([hash, prefix]) => {
    const info = Buffer.concat([Buffer.from(prefix, 'hex'), digest(hash.toLowerCase())]);
    const without = (text) => Buffer.concat([Buffer.from(text, 'hex'), digest(hash.toLowerCase())]);
    const missingNull = { SHA1: '301f300706052b0e03021a0414', SHA256: '302f300b06096086480165030402010420' }[hash];
    const longForm = { SHA1: '308121300906052b0e03021a05000414', SHA256: '308131300d060960864801650304020105000420' }[hash];
    const wrongOid = { SHA1: '3021300906052b0e03021b05000414', SHA256: '3031300d060960864801650304020205000420' }[hash];
    const early = Buffer.concat([Buffer.from('0001ffffffffffffffff00', 'hex'), info]);
    const refused = (id, what, why, signed) => judgedBlock(id, hash, what, why, signed, denied('bad-signature'));
    return [
      judgedBlock('good', hash, 'a block as the standard has it', 'it must verify, or the others would show nothing', block(info), plain({ hash })),
      refused('missing-null', 'a DigestInfo without its NULL', 'one message must have one block', block(without(missingNull))),
      refused('long-form', 'a DigestInfo with a long-form length', 'it is BER, not DER', block(without(longForm))),
      refused('wrong-oid', 'a DigestInfo that names another hash', 'the hash is part of what is signed', block(without(wrongOid))),
      refused('no-digest-info', 'the bare hash', 'the hash must be named', block(digest(hash.toLowerCase()))),
      refused('trailing', 'few filler bytes and garbage behind the hash', "Bleichenbacher's forgery of 2006", Buffer.concat([early, Buffer.alloc(256 - early.length, 0x5a)])),
      refused('filler', 'a filler of zeroes', 'the filler is ff', block(info, { filler: 0 })),
      refused('type-two', 'block type 2', 'that is for encryption', block(info, { lead: '0002' })),
    ];
  });
}

function cookieCases() {
  const about = (what, why, source = S.CHOOSE) => [what, why, source];
  const from = { source: 'cookie' };
  const exact = good();
  const bad = query({ ...exact, Signature: 'AAAA' });
  const star = (resource, more = {}) => ({ cookies: [cookies(credential(custom(resource)))], ...more });
  return [
    judged('cookie-canned', about('canned cookies for this URL', 'the plain case', S.COOKIE_CANNED), { cookies: [cookies(exact)] }, plain(from)),
    judged('cookie-custom', about('custom cookies', 'the plain case', S.COOKIE_CUSTOM), star(`${BASE}/*`), allowed(from), { number: 43 }),
    judged('cookie-custom-ip', about('custom cookies with a range', 'no CloudFront-Expires among them', `${S.COOKIE_CUSTOM}; ${S.RS}`), { clientIp: '10.1.2.3', cookies: [cookies(credential(custom(`${BASE}/*`, { ip: '10.0.0.0/8' })))] }, allowed(from), { number: 6 }),
    judged('cookie-sha256', about('canned cookies with SHA-256', 'a fourth cookie names the hash', S.RUBY), { cookies: [cookies(cannedCredential(image, { hash: 'SHA256' }))] }, plain({ ...from, hash: 'SHA256' }), { number: 7 }),
    judged('cookie-ec', about('custom cookies with ECDSA', 'DER', S.RUBY), { cookies: [cookies(credential(custom(`${BASE}/*`), { key: EC, hash: 'SHA256' }))] }, allowed({ ...from, hash: 'SHA256' }), { number: 8, keys: [{ id: ID, file: EC.public, enabled: true }] }),
    judged('cookie-canned-query', about('canned cookies and a URL with a query', 'the query is part of the URL', S.COOKIE_CANNED), { query: 'size=large', cookies: [cookies(cannedCredential(`${image}?size=large`))] }, plain({ ...from, query: 'size=large' })),
    judged('cookie-canned-other', about('canned cookies for another URL', 'a canned policy fits one URL', S.COOKIE_CANNED), { path: '/other.jpg', cookies: [cookies(exact)] }, denied('bad-signature')),
    judged('cookie-canned-star', about('canned cookies whose resource has a star', 'the policy is rebuilt from the URL, which has none', 'aws/aws-sdk-js issue 2870'), { path: '/x', cookies: [cookies(cannedCredential(`${BASE}/*`))] }, denied('bad-signature'), { number: 43 }),
    judged('cookie-split', about('one Cookie header for each', 'HTTP/2 clients send them apart', 'RFC 9113, section 8.2.3'), { cookies: ['theme=dark', ...cookies(exact).split('; ')] }, plain(from)),
    judged('cookie-other-cookies', about('other cookies around', 'they are passed over', 'RFC 6265, section 5.4'), { cookies: [`a=1; ${cookies(exact)}; b=2`] }, plain(from)),
    judged('cookie-other-case', about('cookie names in lower case', 'names have case'), { cookies: [cookies(exact).replaceAll('CloudFront-', 'cloudfront-')] }, denied('missing-credentials')),
    judged('cookie-conflict', about('one cookie twice with different values', 'AWS does not say which counts', 'Not documented by AWS'), { cookies: [`${cookies(exact)}; CloudFront-Signature=AAAA`] }, denied('duplicate-parameter')),
    judged('cookie-repeated', about('all cookies twice with one value', 'no harm', 'RFC 6265, section 5.4'), { cookies: [cookies(exact), cookies(exact)] }, plain(from)),
    judged('cookie-incomplete', about('a cookie is missing', 'there is no key to check with'), { cookies: [`CloudFront-Expires=${EXPIRES}; CloudFront-Signature=${exact.Signature}`] }, denied('missing-key-pair-id')),
    judged('cookie-other-host', about('cookies for another host', 'the resource does not cover it', S.COOKIE_CUSTOM), star('https://www.example.com/*'), denied('resource-mismatch')),
    judged('cookie-everything', about('cookies with the resource *', 'AWS asks for http:// or https:// in cookies', `${S.COOKIE_CUSTOM}; ${S.FLOCI}`), star('*'), denied('malformed-policy'), { number: 44 }),
    judged('cookie-any-protocol', about('cookies with *://', 'AWS asks for http:// or https:// in cookies', `${S.COOKIE_CUSTOM}; ${S.FLOCI}`), star(`*://${HOST}/*`), denied('malformed-policy'), { number: 44 }),
    judged('cookie-all-https', about('cookies with https://*', 'it starts with https://', S.FLOCI), star('https://*'), allowed(from), { number: 44 }),
    judged('cookie-no-resource', about('cookies without a resource', 'they open everything', S.COOKIE_CUSTOM), { cookies: [cookies(credential(custom(null)))] }, allowed({ ...from, warnings: ['no-resource'] }), { number: 31 }),
    judged('url-expires-only', about('Expires alone in the URL, and good cookies', 'the URL counts as signed, so cookies are not looked at', `${S.CHOOSE}; ${S.FLOCI}`), star(`${BASE}/*`, { query: `Expires=${EXPIRES}` }), denied('missing-key-pair-id'), { number: 41 }),
    judged('url-hash-only', about('Hash-Algorithm alone in the URL, and good cookies', 'the URL counts as signed', S.FLOCI), star(`${BASE}/*`, { query: 'Hash-Algorithm=SHA1' }), denied('missing-key-pair-id'), { number: 41 }),
    judged('url-bad-cookies-good', about('a bad signed URL and good cookies', 'a signed URL wins over cookies, even a bad one'), star(`${BASE}/*`, { query: bad }), denied('bad-signature'), { number: 42 }),
    judged('url-good-cookies-bad', about('a good signed URL and bad cookies', 'a signed URL wins over cookies'), { query: query(exact), cookies: ['CloudFront-Policy=e30_; CloudFront-Signature=AAAA; CloudFront-Key-Pair-Id=KNOBODY'] }, plain(), { number: 42 }),
  ];
}

function hostileCases() {
  const about = (what, why) => [what, why, 'CloudFront rebuilds a canned policy from the request: Use signed URLs, CloudFront Developer Guide'];
  const signedUrl = cannedCredential(`${BASE}/public?next=/secret`);
  return [
    judged('host-takes-path', about('a Host header with part of the URL in it', 'the parts would join to another signed URL'), { host: `${HOST}/public?next=`, path: '/secret', query: query(signedUrl) }, denied('malformed-request')),
    judged('host-empty', about('no host', 'it is no request for a signed URL'), { host: '', query: query(good()) }, denied('malformed-request')),
    judged('path-takes-query', about('a path with a question mark', 'it is no path'), { path: '/public?next=/secret', query: query(signedUrl) }, denied('malformed-request')),
    judged('path-quote', about('quotes in the path of a canned policy', 'they would end the resource early'), { path: '/a","x":"', query: query(good()) }, denied('malformed-request')),
    judged('path-space', about('a space in the path', 'no request has one'), { path: '/a b', query: query(good()) }, denied('malformed-request')),
    judged('path-fragment', about('a hash sign in the path', 'clients never send it'), { path: '/image.jpg#top', query: query(good()) }, denied('malformed-request'), { number: 50 }),
  ];
}

export function verifyCases() {
  return [
    ...cannedCases(),
    ...parameterCases(),
    ...policyCases(),
    ...timeCases(),
    ...addressCases(),
    ...keyCases(),
    ...paddingCases(),
    ...cookieCases(),
    ...hostileCases(),
  ];
}
