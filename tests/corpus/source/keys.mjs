// Key-pair ids, and keys that do not belong together.

import {
  broken,
  canned,
  cannedUrl,
  EC_RING,
  github,
  ID,
  KNOWLEDGE_CENTER,
  OTHER_ID,
  SIGNERS,
  SITE,
  sdkUrl,
  sign,
  TWO_KEYS,
} from './kit.mjs';

const page = `${SITE}/test/test.mp3`;
const withId = (id, options = {}) => cannedUrl(page, { ...options, with: { 'Key-Pair-Id': id } });

export const keyIds = () => [
  broken(
    'key-pair-id-undefined',
    'placeholder-value',
    github('jasonsims/aws-cloudfront-sign', 2),
    'The option for the key-pair id was misnamed, and the URL says Key-Pair-Id=undefined.',
    { url: withId('undefined') },
  ),
  broken(
    'iam-access-key-id',
    'key-pair-id-is-access-key',
    github('aws/aws-sdk-php', 1228),
    'The id of an IAM access key was passed as the key-pair id.',
    { url: withId('AKIAIOSFODNN7EXAMPLE') },
  ),
  broken(
    'root-account-key-pair',
    'key-pair-id-is-root-account',
    github('commitdev/zero', 287),
    'The URL names a CloudFront key pair of the root account, and the distribution trusts key groups.',
    { url: withId('APKAJKE6G5ZZEXAMPLEQ') },
  ),
  broken(
    'key-group-id',
    'key-pair-id-is-key-group',
    SIGNERS,
    'The id of the key group was used in place of the id of the public key in it.',
    { url: withId('9f5f1e1c-4c6f-4b9f-8b0a-2f4a5c6d7e8f'), keys: {} },
  ),
  broken(
    'pem-as-key-pair-id',
    'key-pair-id-is-pem',
    github('jasonsims/aws-cloudfront-sign', 8),
    "The contents of the public key's file were passed as the key-pair id.",
    {
      url: withId(
        encodeURIComponent(
          '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n',
        ),
      ),
    },
  ),
  broken(
    'line-break-after-key-pair-id',
    'key-pair-id-form',
    KNOWLEDGE_CENTER,
    'The key-pair id was read from a file, with the line break at its end.',
    { url: withId(`${ID}%0A`) },
  ),
  broken(
    'id-of-the-other-key',
    'wrong-key-pair-id',
    KNOWLEDGE_CENTER,
    'After a rotation the new id was configured while the application still held the old private key.',
    { url: withId(OTHER_ID), keys: TWO_KEYS },
  ),
  broken(
    'key-not-in-the-group',
    'unknown-key',
    KNOWLEDGE_CENTER,
    'The public key was created, but never added to the key group of the cache behaviour.',
    { url: sdkUrl(page), keys: { [OTHER_ID]: 'other-rsa-public.pem' } },
  ),
  broken(
    'private-key-of-another-pair',
    'tampered-or-other-key',
    github('aws/aws-sdk-php', 1578),
    'The private key on the server belongs to no public key of the distribution.',
    { url: cannedUrl(page, { signature: sign(canned(page), { key: 'other-rsa.pem' }) }) },
  ),
  broken(
    'public-key-pasted-wrong',
    'tampered-or-other-key',
    SIGNERS,
    'The public key of another pair was pasted into the console when the key was created.',
    { url: sdkUrl(page), keys: { [ID]: 'other-rsa-public.pem' } },
  ),
  broken(
    'rsa-signature-for-an-ecdsa-key',
    'tampered-or-other-key',
    github('aws/aws-sdk-net', 4304),
    'The key group holds an ECDSA key under this id; an RSA key of the same application signed.',
    { url: withId(Object.keys(EC_RING)[0]), keys: EC_RING },
  ),
  broken(
    'key-pair-id-spelt-with-a-capital-d',
    'parameter-case',
    KNOWLEDGE_CENTER,
    'The parameter was called Key-Pair-ID, as the article on troubleshooting spells it.',
    { url: sdkUrl(page).replace('Key-Pair-Id=', 'Key-Pair-ID='), keys: {} },
  ),
];
