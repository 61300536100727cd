// How a signature was made and written down.

import { createHash, createHmac } from 'node:crypto';
import {
  broken,
  canned,
  cannedUrl,
  custom,
  customCookies,
  customUrl,
  EC_ID,
  EC_RING,
  encode,
  github,
  OPENSSL_PAGE,
  SITE,
  sdkUrl,
  sign,
  URL_CANNED,
} from './kit.mjs';

const page = `${SITE}/path/to/my/file.mov`;
const text = canned(page);
const ANSWERS = 'https://taourl.com/read-2395310.html';
const TROUBLESHOOTING = 'https://devgem.io/posts/troubleshooting-403-errors-in-aws-cloudfront-signed-urls';

/** ASN.1 DER of two integers as r and s of 32 bytes each, as WebCrypto gives them. */
function raw(der) {
  const integer = (at) => {
    const length = der[at + 1];
    const bytes = der.subarray(at + 2, at + 2 + length);
    const whole = Buffer.alloc(32);
    const digits = bytes.subarray(Math.max(0, length - 32));
    digits.copy(whole, 32 - digits.length);
    return { whole, end: at + 2 + length };
  };
  const r = integer(2);
  return Buffer.concat([r.whole, integer(r.end).whole]);
}

const ecdsa = { Expires: undefined, 'Key-Pair-Id': EC_ID };
const plain = (bytes) => bytes.toString('base64');

export const signatures = () => [
  broken(
    'kms-sha-256-without-hash-algorithm',
    'missing-hash-algorithm',
    github('hashicorp/terraform-provider-aws', 23115),
    'A KMS key signed, which can only use SHA-256, and the URL does not say so.',
    { url: cannedUrl(page, { signature: sign(text, { hash: 'sha256' }) }) },
  ),
  broken(
    'ecdsa-sha-256-cookies',
    'missing-hash-algorithm',
    github('aws/aws-sdk-java-v2', 6543),
    'Cookies were signed with SHA256withECDSA, without the CloudFront-Hash-Algorithm cookie.',
    {
      url: page,
      cookies: [
        customCookies(custom(`${SITE}/path/*`), {
          signature: sign(custom(`${SITE}/path/*`), { key: 'ec-pkcs8.pem', hash: 'sha256' }),
          id: EC_ID,
        }),
      ],
      keys: EC_RING,
    },
  ),
  broken(
    'hash-algorithm-announced-only',
    'wrong-hash-algorithm',
    github('sivchari/kumo', 768, 'pull'),
    'Hash-Algorithm=SHA256 was added to the URL while the signer still signs with SHA-1.',
    { url: cannedUrl(page, { with: { 'Hash-Algorithm': 'SHA256' } }) },
  ),
  broken(
    'hash-algorithm-with-a-dash',
    'hash-algorithm-name',
    URL_CANNED,
    'The value is SHA-256, as the algorithm is usually written, and CloudFront wants SHA256.',
    {
      url: cannedUrl(page, {
        signature: sign(text, { hash: 'sha256' }),
        with: { 'Hash-Algorithm': 'SHA-256' },
      }),
    },
  ),
  broken(
    'webcrypto-ecdsa',
    'raw-ecdsa-signature',
    github('aws/aws-sdk-net', 4468, 'pull'),
    'WebCrypto signed, whose ECDSA signatures are r and s in a row, and CloudFront wants ASN.1 DER.',
    {
      url: cannedUrl(page, {
        signature: raw(sign(text, { key: 'ec-pkcs8.pem' })),
        with: { 'Key-Pair-Id': ecdsa['Key-Pair-Id'] },
      }),
      keys: EC_RING,
    },
  ),
  broken(
    'pss-padding',
    'rsa-pss-signature',
    github('aws/aws-sdk-net', 4468, 'pull'),
    'KMS was asked for RSASSA_PSS_SHA_256; CloudFront verifies PKCS #1 v1.5 only.',
    {
      url: cannedUrl(page, {
        signature: sign(text, {
          hash: 'sha256',
          options: ['rsa_padding_mode:pss', 'rsa_pss_saltlen:digest'],
        }),
        with: { 'Hash-Algorithm': 'SHA256' },
      }),
    },
  ),
  broken(
    'hex-digits',
    'hex-signature',
    URL_CANNED,
    'The signature was written in hexadecimal in place of base64.',
    { url: cannedUrl(page, { with: { Signature: sign(text).toString('hex') } }) },
  ),
  broken(
    'hmac-with-the-private-key',
    'hmac-signature',
    ANSWERS,
    'The policy was "signed" by HMAC-SHA1 with the text of the private key, as an answer on the web shows.',
    {
      url: customUrl(page, custom(page), {
        signature: createHmac('sha1', 'the text of a private key').update(custom(page)).digest(),
      }),
      keys: {},
    },
  ),
  broken(
    'signed-the-base64-text',
    'signed-base64',
    ANSWERS,
    'The policy was encoded first and the encoded text was signed.',
    { url: customUrl(page, custom(page), { signed: encode(custom(page)) }) },
  ),
  broken(
    'hashed-twice',
    'signed-digest',
    github('hashicorp/terraform-provider-aws', 23115),
    'The SHA-1 sum of the policy was passed as the message to a function that hashes it once more.',
    { url: cannedUrl(page, { signed: createHash('sha1').update(text).digest() }) },
  ),
  broken(
    'openssl-base64-wraps-lines',
    'line-break-in-value',
    github('awsdocs/amazon-cloudfront-developer-guide', 81, 'pull'),
    'openssl base64 without -A breaks its output into lines of 64 letters.',
    {
      url: cannedUrl(page, { with: { Signature: encode(sign(text)).replace(/.{64}/g, '$&%0A') } }),
    },
  ),
  broken(
    'base64url',
    'base64url',
    TROUBLESHOOTING,
    'The signature is in base64url, where / becomes _ and padding goes, as an article recommends.',
    { url: cannedUrl(page, { with: { Signature: sign(text).toString('base64url') } }) },
  ),
  broken(
    'plus-became-a-space',
    'plus-became-space',
    github('cloudflare/cloudflare-docs', 4911, 'pull'),
    'The signature is in plain base64; a web framework read its + as a space and passed it on.',
    {
      url: cannedUrl(page, {
        with: {
          Signature: plain(sign(text)).replaceAll('+', '%20').replaceAll('/', '%2F').replaceAll('=', '%3D'),
        },
      }),
    },
  ),
  broken(
    'plain-base64',
    'standard-base64',
    github('jasonsims/aws-cloudfront-sign', 6, 'pull'),
    'The signer did not replace + = / by - _ ~ in the signature.',
    {
      url: cannedUrl(page, { with: { Signature: encodeURIComponent(plain(sign(text))) } }),
      options: { strict: true },
    },
  ),
  broken(
    'padding-left-out',
    'padding-dropped',
    OPENSSL_PAGE,
    'The padding at the end of the signature was trimmed.',
    {
      url: cannedUrl(page, { with: { Signature: encode(sign(text)).replace(/_+$/, '') } }),
      options: { strict: true },
    },
  ),
  broken(
    'escaped-again-by-the-app',
    'double-encoded',
    github('philipphecht/react-native-doc-viewer', 97),
    'The app escaped the whole signed URL once more: every % became %25.',
    {
      url: sdkUrl(page).replace(/Signature=[^&]+/, (signature) =>
        signature.replaceAll('~', '%7E').replaceAll('%', '%25'),
      ),
    },
  ),
];
