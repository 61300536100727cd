// What the broken requests are made with: the peers themselves where there are any (the AWS SDK for JavaScript, botocore,
// OpenSSL), and CloudFront's encodings spelled out for those who wrote their own signer. Nothing here is Edgeseal's.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..', '..');
const keys = path.join(root, 'tests', 'keys');
const keptFile = path.join(here, 'kept-signatures.json');

export const ID = 'K2JCJMDEHXQW5F';
export const EC_ID = 'K36X4X2EO997HM';
export const OTHER_ID = 'K1A7LLOTHERKEY';
export const HOST = 'd111111abcdef8.cloudfront.net';
export const SITE = `https://${HOST}`;
/** 2026-01-01T17:53:20Z, the time of every request that does not say otherwise. */
export const NOW = 1767290000;
/** An hour later. */
export const EXPIRES = NOW + 3600;

/** The trusted keys, by key-pair id. */
const RSA_RING = { [ID]: 'rsa-public.pem' };
export const EC_RING = { [EC_ID]: 'ec-public.pem' };
export const TWO_KEYS = { [ID]: 'rsa-public.pem', [OTHER_ID]: 'other-rsa-public.pem' };

// Signatures with a random part are kept, so that a second run changes nothing.
const kept = JSON.parse(readFileSync(keptFile, 'utf8'));
const used = {};

const openssl = (args, input) => execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] });

/** OpenSSL's signature over a text. */
export function sign(text, { key = 'rsa-pkcs8.pem', hash = 'sha1', options = [] } = {}) {
  const make = () =>
    openssl(
      [
        'dgst',
        `-${hash}`,
        ...options.flatMap((option) => ['-sigopt', option]),
        '-sign',
        path.join(keys, key),
      ],
      text,
    );
  if (key !== 'ec-pkcs8.pem' && options.length === 0) return make();
  const name = [key, hash, ...options, createHash('sha256').update(text).digest('hex')].join(' ');
  used[name] = kept[name] ?? make().toString('base64');
  return Buffer.from(used[name], 'base64');
}

/** The signatures that this run used. */
export function keptSignatures() {
  const sorted = Object.fromEntries(Object.entries(used).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { file: keptFile, text: `${JSON.stringify(sorted, null, 2)}\n` };
}

/** CloudFront's base64: standard, then + = / become - _ ~. */
export const encode = (bytes) =>
  Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** The exact text of a canned policy. */
export const canned = (url, expires = EXPIRES) =>
  `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;

/** A custom policy, written by JSON.stringify as most people do. */
export function custom(resource, { expires = EXPIRES, start, ip } = {}) {
  const Condition = {
    DateLessThan: { 'AWS:EpochTime': expires },
    ...(start === undefined ? {} : { DateGreaterThan: { 'AWS:EpochTime': start } }),
    ...(ip === undefined ? {} : { IpAddress: { 'AWS:SourceIp': ip } }),
  };
  return JSON.stringify({ Statement: [{ Resource: resource, Condition }] });
}

const attach = (url, parts) =>
  `${url}${url.includes('?') ? '&' : '?'}${Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}`;

/**
 * A hand-written signer of canned policies: `signed` is the text it signs, `url` what it hands out.
 * `with` replaces or adds parameters.
 */
export function cannedUrl(url, { signed = canned(url), signature = sign(signed), with: changed = {} } = {}) {
  return attach(url, { Expires: EXPIRES, Signature: encode(signature), 'Key-Pair-Id': ID, ...changed });
}

/** A hand-written signer of custom policies: `signed` is the text it signs, `policy` the one it hands out. */
export function customUrl(
  url,
  policy,
  { signed = policy, signature = sign(signed), with: changed = {} } = {},
) {
  return attach(url, { Policy: encode(policy), Signature: encode(signature), 'Key-Pair-Id': ID, ...changed });
}

/** A `Cookie` header with what these values are the cookies of. */
export const cookieHeader = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

/** Cookies of a hand-written signer of custom policies. */
export const customCookies = (policy, { signature = sign(policy), id = ID, ...others } = {}) =>
  cookieHeader({
    'CloudFront-Policy': encode(policy),
    'CloudFront-Signature': encode(signature),
    'CloudFront-Key-Pair-Id': id,
    ...others,
  });

const sdkKey = () => ({ keyPairId: ID, privateKey: readFileSync(path.join(keys, 'rsa-pkcs8.pem'), 'utf8') });
const moment = (seconds) => new Date(seconds * 1000).toISOString();

/** A URL signed by `@aws-sdk/cloudfront-signer`. */
export const sdkUrl = (url, { expires = EXPIRES, start, ip, policy, ...others } = {}) =>
  getSignedUrl({
    ...sdkKey(),
    url,
    ...(policy === undefined
      ? {
          dateLessThan: moment(expires),
          ...(start === undefined ? {} : { dateGreaterThan: moment(start) }),
          ...(ip === undefined ? {} : { ipAddress: ip }),
        }
      : { policy }),
    ...others,
  });

/** Cookies signed by `@aws-sdk/cloudfront-signer`, by name. */
export const sdkCookies = (what) =>
  getSignedCookies({ ...sdkKey(), ...what, ...(what.policy ? {} : { dateLessThan: moment(EXPIRES) }) });

const scratch = mkdtempSync(path.join(tmpdir(), 'corpus-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** A URL signed by botocore's `CloudFrontSigner`. */
export function botocoreUrl(url, { expires = EXPIRES, ...others } = {}) {
  const key = path.join(scratch, 'key.pem');
  writeFileSync(key, openssl(['rsa', '-traditional', '-in', path.join(keys, 'rsa-pkcs8.pem')], ''), {
    mode: 0o600,
  });
  const order = { kind: 'canned', url, expires, keyPairId: ID, ...others };
  const python = path.join(root, '.cache', 'venv-aws', 'bin', 'python');
  const script = path.join(root, 'tests', 'differential', 'support', 'botocore_signer.py');
  return JSON.parse(
    execFileSync(python, [script, key], {
      input: `${JSON.stringify(order)}\n`,
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
}

/** One entry of the corpus, its fields in a fixed order. */
export function broken(id, cause, source, story, { url, ...input }) {
  const { keys: ring = RSA_RING, now = NOW, ...rest } = input;
  return { id, story, source, cause, input: { url, ...rest, now, keys: ring } };
}

/** The AWS pages that entries cite. */
const guide = (page) => `https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/${page}.html`;
export const URL_CANNED = guide('private-content-creating-signed-url-canned-policy');
export const URL_CUSTOM = guide('private-content-creating-signed-url-custom-policy');
export const COOKIE_CUSTOM = guide('private-content-setting-signed-cookie-custom-policy');
export const CHOOSE = guide('private-content-choosing-signed-urls-cookies');
export const SIGNERS = guide('private-content-trusted-signers');
export const OPENSSL_PAGE = guide('private-content-linux-openssl');
export const KNOWLEDGE_CENTER =
  'https://repost.aws/knowledge-center/cloudfront-troubleshoot-signed-url-cookies';
export const github = (repository, number, kind = 'issues') =>
  `https://github.com/${repository}/${kind}/${number}`;
