import { BASE, canned, custom, EC, EXPIRES, encode, entry, ID, RSA, START, sign } from './kit.mjs';
import * as S from './sources.mjs';

const until = { expires: EXPIRES };
const image = `${BASE}/image.jpg`;

function pairs(text, isCanned, hash, signature) {
  const set = [
    isCanned ? ['CloudFront-Expires', String(EXPIRES)] : ['CloudFront-Policy', encode(text)],
    ['CloudFront-Signature', signature],
    ['CloudFront-Key-Pair-Id', ID],
  ];
  return hash === 'SHA256' ? [...set, ['CloudFront-Hash-Algorithm', 'SHA256']] : set;
}

function signed(id, about, resource, terms, { policyText, key = RSA, hash = 'SHA1', number, isCanned = policyText === undefined }) {
  const text = policyText ?? canned(resource);
  const signature = encode(sign(key, hash, text));
  const expected =
    key === RSA
      ? { cookies: pairs(text, isCanned, hash, signature) }
      : { cookiesFrame: pairs(text, isCanned, hash, '{signature}'), signedByOpenssl: pairs(text, isCanned, hash, signature) };
  return entry(id, ...about, { case: number, op: 'sign', resource, terms, key: key.private, publicKey: key.public, keyPairId: ID, hash, policyText: text, ...expected });
}

function refused(id, about, resource, terms, error, number) {
  return entry(id, ...about, { case: number, op: 'sign', resource, terms, key: RSA.private, publicKey: RSA.public, keyPairId: ID, hash: 'SHA1', error });
}

function signCases() {
  return [
    signed('canned', ['one exact URL', 'a canned policy, so CloudFront-Expires', S.COOKIE_CANNED], image, until, {}),
    signed('canned-sha256', ['one exact URL with SHA-256', 'a fourth cookie names the hash', S.RUBY], image, until, { number: 7, hash: 'SHA256' }),
    signed('ip', ['an IP range', 'a custom policy, so no CloudFront-Expires', `${S.COOKIE_CUSTOM}; ${S.RS}`], image, { ...until, ipAddress: '10.0.0.0/8' }, { number: 6, policyText: custom(image, { ip: '10.0.0.0/8' }) }),
    signed('start', ['a start of validity', 'a custom policy', S.COOKIE_CUSTOM], image, { ...until, notBefore: START }, { number: 6, policyText: custom(image, { start: START }) }),
    signed('wildcard', ['a resource with *', 'a canned policy would fit only the URL with the star itself', 'aws/aws-sdk-js issue 2870; AWS CLI Command Reference: cloudfront sign-cookies'], `${BASE}/images/*`, until, { number: 43, policyText: custom(`${BASE}/images/*`) }),
    signed('wildcard-sha256', ['a resource with * and SHA-256', 'a fourth cookie names the hash', S.COOKIE_CUSTOM], `${BASE}/images/*`, until, { number: 7, hash: 'SHA256', policyText: custom(`${BASE}/images/*`) }),
    signed('query-wildcard', ['a resource with ? as a wildcard in the query', 'a canned policy has no wildcards', S.COOKIE_CUSTOM], `${BASE}/a?part=?`, until, { number: 43, policyText: custom(`${BASE}/a?part=?`) }),
    signed('ec', ['ECDSA', 'the signature is DER and random', S.RUBY], `${BASE}/images/*`, until, { number: 8, key: EC, hash: 'SHA256', policyText: custom(`${BASE}/images/*`) }),
    refused('any-protocol', ['a resource with *://', 'AWS asks for http:// or https:// in cookies', S.COOKIE_CUSTOM], '*://h.example/*', until, 'invalid-resource', 44),
    refused('everything', ['the resource *', 'AWS asks for http:// or https:// in cookies', S.COOKIE_CUSTOM], '*', until, 'invalid-resource', 44),
    refused('path-only', ['a resource without a host', 'AWS asks for http:// or https://', S.COOKIE_CUSTOM], '/images/*', until, 'invalid-resource'),
    refused('fragment', ['a fragment', 'clients never send it', 'RFC 9110, section 4.2.5'], `${image}#top`, until, 'invalid-resource', 50),
    refused('reserved', ['an exact URL with a reserved parameter', 'CloudFront keeps the name for itself', S.CHOOSE], `${image}?Expires=1`, until, 'reserved-parameter', 21),
    refused('no-expiry', ['no expiry', 'AWS requires DateLessThan', S.COOKIE_CUSTOM], `${BASE}/images/*`, { expires: 0 }, 'invalid-time', 10),
    refused('reversed', ['a start behind the expiry', 'the cookies would never be valid', S.RS], `${BASE}/images/*`, { ...until, notBefore: EXPIRES }, 'invalid-window', 10),
  ];
}

function setCookieCases() {
  const set = pairs(canned(image), true, 'SHA1', encode(sign(RSA, 'SHA1', canned(image))));
  const base = { resource: image, terms: until, key: RSA.private, publicKey: RSA.public, keyPairId: ID, hash: 'SHA1' };
  const source = `${S.COOKIE_CANNED}; RFC 6265`;
  const lines = (id, what, why, attributes, tail) =>
    entry(`set-${id}`, what, why, source, { op: 'set-cookie', ...base, attributes, setCookie: set.map(([name, value]) => `${name}=${value}${tail}`) });
  const bad = (id, what, why, attributes) =>
    entry(`set-refused-${id}`, what, why, source, { op: 'set-cookie', ...base, attributes, error: 'invalid-cookie-attribute' });
  return [
    lines('default', 'no attributes given', 'AWS recommends Secure, HttpOnly and no lifetime', {}, '; Path=/; Secure; HttpOnly; SameSite=Lax'),
    lines('all', 'every attribute', 'their order is fixed', { domain: 'example.com', path: '/images/', maxAge: 3600, sameSite: 'None' }, '; Domain=example.com; Path=/images/; Max-Age=3600; Secure; HttpOnly; SameSite=None'),
    lines('strict', 'SameSite=Strict', 'by option', { sameSite: 'Strict' }, '; Path=/; Secure; HttpOnly; SameSite=Strict'),
    lines('bare', 'everything switched off', 'by option', { secure: false, httpOnly: false, sameSite: null }, '; Path=/'),
    bad('path-star', 'a path with *', 'a cookie path has no wildcards, though an AWS example shows one', { path: '/images/*' }),
    bad('path-relative', 'a path without a slash', 'browsers ignore it', { path: 'images' }),
    bad('path-semicolon', 'a path with a semicolon', 'it would add an attribute', { path: '/; Domain=example.org' }),
    bad('domain-cloudfront', 'the domain of a distribution', 'cloudfront.net is on the public suffix list', { domain: 'd111111abcdef8.cloudfront.net' }),
    bad('domain-semicolon', 'a domain with a semicolon', 'it would add an attribute', { domain: 'example.com; Secure' }),
    bad('domain-single', 'a domain of one label', 'browsers refuse it', { domain: 'localhost' }),
    bad('domain-empty-label', 'a domain with an empty label', 'browsers refuse it', { domain: 'example..com' }),
    bad('same-site-none', 'SameSite=None without Secure', 'browsers refuse it', { sameSite: 'None', secure: false }),
    bad('max-age-zero', 'a lifetime of 0', 'it deletes the cookie', { maxAge: 0 }),
  ];
}

function readCases() {
  const read = (id, what, why, headers, found, conflict = false) =>
    entry(`read-${id}`, what, why, `${S.CHOOSE}; RFC 6265`, { op: 'read', headers, found, conflict });
  return [
    read('one-header', 'all in one header', 'the usual form', ['theme=dark; CloudFront-Expires=1; CloudFront-Signature=s; CloudFront-Key-Pair-Id=K'], { 'CloudFront-Expires': '1', 'CloudFront-Signature': 's', 'CloudFront-Key-Pair-Id': 'K' }),
    read('many-headers', 'one header each', 'HTTP/2 clients send them apart', ['CloudFront-Policy=p', 'CloudFront-Signature=s', 'CloudFront-Key-Pair-Id=K', 'CloudFront-Hash-Algorithm=SHA256'], { 'CloudFront-Policy': 'p', 'CloudFront-Signature': 's', 'CloudFront-Key-Pair-Id': 'K', 'CloudFront-Hash-Algorithm': 'SHA256' }),
    read('no-spaces', 'no spaces between', 'some clients leave them out', ['CloudFront-Policy=p;CloudFront-Signature=s'], { 'CloudFront-Policy': 'p', 'CloudFront-Signature': 's' }),
    read('quoted', 'a value in quotes', 'RFC 6265 allows them', ['CloudFront-Policy="p"'], { 'CloudFront-Policy': 'p' }),
    read('equals-in-value', 'an equals sign in the value', 'only the first one separates', ['CloudFront-Policy=a=b'], { 'CloudFront-Policy': 'a=b' }),
    read('other-case', 'a name in other letter case', 'cookie names have case', ['cloudfront-policy=p'], {}),
    read('longer-name', 'a longer name', 'it is another cookie', ['CloudFront-Policy2=p; XCloudFront-Policy=p'], {}),
    read('conflict', 'a cookie twice with different values', 'two cookie paths can overlap; AWS does not say which counts', ['CloudFront-Policy=a; CloudFront-Policy=b'], { 'CloudFront-Policy': 'b' }, true),
    read('repeated', 'a cookie twice with one value', 'no harm', ['CloudFront-Policy=a', 'CloudFront-Policy=a'], { 'CloudFront-Policy': 'a' }),
    read('none', 'no cookies', 'nothing to find', [], {}),
  ];
}

export function cookieCases() {
  return [...signCases(), ...setCookieCases(), ...readCases()];
}
