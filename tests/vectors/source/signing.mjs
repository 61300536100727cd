import { BASE, canned, custom, EC, EXPIRES, encode, entry, ID, RSA, START, sign } from './kit.mjs';
import * as S from './sources.mjs';

/** The signing parameters in the order of AWS's documentation, around a signature. */
function frame(url, text, terms, hash, signature) {
  const isCanned = terms.notBefore === undefined && terms.ipAddress === undefined && terms.resource === undefined;
  const first = isCanned ? `Expires=${terms.expires}` : `Policy=${encode(text)}`;
  const last = hash === 'SHA256' ? '&Hash-Algorithm=SHA256' : '';
  const separator = url.includes('?') ? '&' : '?';
  return `${url}${separator}${first}&Signature=${signature}&Key-Pair-Id=${ID}${last}`;
}

function signed(id, about, input, terms, { canonical = input, policyText, key = RSA, hash = 'SHA1', upload, number }) {
  const text = policyText ?? canned(canonical, terms.expires);
  const signature = encode(sign(key, hash, text));
  const url = frame(canonical, text, terms, hash, signature);
  const expected = key === RSA ? { signedUrl: url } : { signedUrlFrame: frame(canonical, text, terms, hash, '{signature}'), signedByOpenssl: url };
  return entry(id, ...about, {
    case: number,
    url: input,
    terms,
    ...(upload === undefined ? {} : { upload }),
    key: key.private,
    publicKey: key.public,
    keyPairId: ID,
    hash,
    policyText: text,
    ...expected,
  });
}

function refused(id, about, url, terms, error, { number, upload, keyPairId = ID } = {}) {
  return entry(id, ...about, {
    case: number,
    url,
    terms,
    ...(upload === undefined ? {} : { upload }),
    key: RSA.private,
    publicKey: RSA.public,
    keyPairId,
    hash: 'SHA1',
    error,
  });
}

const until = { expires: EXPIRES };
const image = `${BASE}/image.jpg`;

function plainCases() {
  return [
    signed('canned', ['a canned policy', 'the plain case', `${S.URL_CANNED}; ${S.RS}`], image, until, { number: 1 }),
    signed('canned-sha256', ['a canned policy with SHA-256', 'Hash-Algorithm must say so', S.URL_CUSTOM], image, until, { number: 7, hash: 'SHA256' }),
    signed('own-query', ['a URL with a query', 'the separator becomes an ampersand', `${S.URL_CANNED}; ${S.RS}`], `${image}?size=large`, until, { number: 2 }),
    signed('start', ['a start of validity', 'a custom policy', `${S.URL_CUSTOM}; ${S.RS}`], image, { ...until, notBefore: START }, { number: 3, policyText: custom(image, { start: START }) }),
    signed('ip', ['an IP range', 'a custom policy', `${S.URL_CUSTOM}; ${S.RS}`], image, { ...until, ipAddress: '192.168.0.0/24' }, { number: 4, policyText: custom(image, { ip: '192.168.0.0/24' }) }),
    signed('bare-ip', ['one address', 'it becomes a range of one', S.JS], image, { ...until, ipAddress: '10.0.0.0' }, { number: 11, policyText: custom(image, { ip: '10.0.0.0/32' }) }),
    signed('resource', ['a resource of its own', 'a custom policy even with only an expiry', `${S.RS}; aws_cf_signer issue 8`], `${BASE}/images/photo1.jpg`, { ...until, resource: `${BASE}/images/*` }, { number: 5, policyText: custom(`${BASE}/images/*`) }),
    signed('all-terms', ['start, range and resource with SHA-256', 'everything at once', S.URL_CUSTOM], `${BASE}/images/photo1.jpg?v=2`, { ...until, notBefore: START, ipAddress: '203.0.113.0/24', resource: `${BASE}/images/*` }, { hash: 'SHA256', policyText: custom(`${BASE}/images/*`, { start: START, ip: '203.0.113.0/24' }) }),
  ];
}

function ecdsaCases() {
  return [
    signed('ec-canned', ['ECDSA with SHA-1', 'the signature is DER and random: it is verified, not compared', `${S.RS}; ${S.RUBY}`], image, until, { number: 8, key: EC }),
    signed('ec-canned-sha256', ['ECDSA with SHA-256', 'the signature is DER and random', 'aws/aws-sdk-java-v2 issues 6543 and 6841'], image, until, { number: 8, key: EC, hash: 'SHA256' }),
    signed('ec-custom-sha256', ['ECDSA with SHA-256 and a custom policy', 'the signature is DER and random', S.URL_CUSTOM], image, { ...until, notBefore: START }, { number: 8, key: EC, hash: 'SHA256', policyText: custom(image, { start: START }) }),
  ];
}

function encodingCases() {
  const about = (what, source) => [what, 'the text that is signed is the text that is emitted', source];
  return [
    signed('space', about('spaces', S.JS), `${BASE}/private content/My File.pdf`, until, { number: 12, canonical: `${BASE}/private%20content/My%20File.pdf` }),
    signed('escaped', about('escapes that are already there', S.JS), `${BASE}/private%20content/a.pdf`, until, { number: 13 }),
    signed('brackets', about('square brackets', S.JS), `${BASE}/path with spaces/file[1].pdf`, until, { number: 14, canonical: `${BASE}/path%20with%20spaces/file%5B1%5D.pdf` }),
    signed('equals-comma', about('equals signs and commas', 'aws/aws-sdk-js-v3 issue 8033'), `${BASE}/format=webp,height=2000`, until, { number: 15 }),
    signed('apostrophe', about('apostrophes in the query, a star escaped', 'aws/aws-sdk-js-v3 issue 8113'), `${BASE}/a.pdf?r=attachment; filename%2A=UTF-8''x.pdf`, until, { number: 16, canonical: `${BASE}/a.pdf?r=attachment;%20filename%2A=UTF-8%27%27x.pdf` }),
    signed('plus', about('plus and %20', 'aws/aws-sdk-js-v3 issue 8277'), `${BASE}/a?x=a+b&y=a%20b`, until, { number: 17 }),
    signed('non-ascii', about('letters outside ASCII', 'WHATWG URL, UTF-8 percent-encode'), `${BASE}/\u00e9/\u00fc.png?x=\u00e9`, until, { number: 18, canonical: `${BASE}/%C3%A9/%C3%BC.png?x=%C3%A9` }),
    signed('escaped-at', about('escapes of reserved characters', 'aws/aws-sdk-java-v2 pull request 3795'), `${BASE}/%40blob?v=1n1dm%2F01n1dm0`, until, { number: 19 }),
    signed('flag', about('a parameter without an equals sign', S.FLOCI), `${BASE}/a?flag`, until, { number: 22 }),
    signed('lone-question-mark', about('a question mark at the end', S.URL_CANNED), `${image}?`, until, { canonical: image }),
  ];
}

function uploadCases() {
  const about = (what) => [what, 'the constraints are part of what is signed', 'Edgeseal: a CloudFront policy covers no method, size or type'];
  return [
    signed('upload', about('an upload with constraints'), `${BASE}/upload/a.png`, until, { number: 49, upload: { method: 'PUT', maxBytes: 1000000, contentType: 'image/*' }, canonical: `${BASE}/upload/a.png?es-method=PUT&es-max-bytes=1000000&es-content-type=image/%2A` }),
    signed('upload-own-query', about('an upload with own parameters and an address'), `${BASE}/upload/a.png?x=1`, { ...until, ipAddress: '203.0.113.7' }, { hash: 'SHA256', upload: { method: 'POST' }, canonical: `${BASE}/upload/a.png?x=1&es-method=POST`, policyText: custom(`${BASE}/upload/a.png?x=1&es-method=POST`, { ip: '203.0.113.7/32' }) }),
    refused('upload-wildcard', about('constraints and a resource of its own'), `${BASE}/upload/a.png`, { ...until, resource: `${BASE}/upload/*` }, 'invalid-upload-constraint', { upload: { method: 'PUT' } }),
    refused('upload-own-constraint', about('a constraint in the URL itself'), `${BASE}/upload/a.png?es-method=PUT`, until, 'reserved-parameter'),
    refused('upload-own-constraint-escaped', about('an escaped constraint in the URL itself'), `${BASE}/upload/a.png?%65s-method=PUT`, until, 'reserved-parameter'),
  ];
}

function refusedCases() {
  return [
    refused('no-expiry', ['no expiry', 'AWS requires DateLessThan', `${S.URL_CUSTOM}; ${S.RS}`], image, { expires: 0 }, 'invalid-time', { number: 10 }),
    refused('reversed', ['a start behind the expiry', 'the URL would never be valid', S.RS], image, { ...until, notBefore: EXPIRES + 1 }, 'invalid-window', { number: 10 }),
    refused('dot-segments', ['dot segments', 'clients resolve them before they send the URL', 'WHATWG URL, path state'], `${BASE}/a/../b`, until, 'dot-segment', { number: 20 }),
    refused('reserved', ['a URL that is signed already', 'CloudFront keeps the names for itself', `${S.URL_CUSTOM}; ${S.GO}: validateURL`], `${image}?Expires=1&Signature=x&Key-Pair-Id=K`, until, 'reserved-parameter', { number: 21 }),
    refused('fragment', ['a fragment', 'clients never send it', 'RFC 9110, section 4.2.5'], `${image}#top`, until, 'fragment-in-url', { number: 50 }),
    refused('too-long-signed', ['a URL that is too long once it is signed', 'CloudFront answers 413 beyond 8,192 bytes', S.LIMITS], `${BASE}/${'a'.repeat(8000)}`, until, 'url-too-long'),
    refused('key-pair-id-empty', ['no key-pair id', 'CloudFront answers MissingKey', S.USE_URLS], image, until, 'invalid-key-pair-id', { keyPairId: '' }),
    refused('key-pair-id-pem', ['a PEM key as key-pair id', 'CloudFront answers MissingKey', S.SIGNERS], image, until, 'invalid-key-pair-id', { keyPairId: '-----BEGIN PUBLIC KEY-----' }),
    refused('key-pair-id-injection', ['a key-pair id with query characters', 'it would add a parameter', S.SIGNERS], image, until, 'invalid-key-pair-id', { keyPairId: 'K&Expires=9' }),
  ];
}

export function signingCases() {
  return [...plainCases(), ...ecdsaCases(), ...encodingCases(), ...uploadCases(), ...refusedCases()];
}
