// The text of a custom policy.

import {
  broken,
  custom,
  customCookies,
  customUrl,
  EXPIRES,
  encode,
  github,
  KNOWLEDGE_CENTER,
  OPENSSL_PAGE,
  SITE,
  sdkUrl,
  sign,
  URL_CUSTOM,
} from './kit.mjs';

const page = `${SITE}/video/movie.m3u8`;
const policy = custom(`${SITE}/video/*`);
const TROUBLESHOOTING = 'https://devgem.io/posts/troubleshooting-403-errors-in-aws-cloudfront-signed-urls';

/** As Python's json.dumps writes by default. */
const spaced = (text) => text.replaceAll('":', '": ').replaceAll(',"', ', "');
const withStatement = (...statements) => JSON.stringify({ Statement: statements });
const until = { DateLessThan: { 'AWS:EpochTime': EXPIRES } };

export const policies = () => [
  broken(
    'json-dumps-adds-spaces',
    'policy-changed',
    KNOWLEDGE_CENTER,
    'The compact policy was signed; the one in the URL was written again by json.dumps, which adds spaces.',
    { url: customUrl(page, spaced(policy), { signed: policy }) },
  ),
  broken(
    'pretty-printed-afterwards',
    'policy-changed',
    URL_CUSTOM,
    'The policy was signed as compact JSON and laid out over several lines before it was encoded.',
    { url: customUrl(page, JSON.stringify(JSON.parse(policy), null, 2), { signed: policy }) },
  ),
  broken(
    'echo-adds-a-line-break',
    'policy-changed',
    OPENSSL_PAGE,
    'A shell script signed the output of echo, with its line break, and encoded the policy without it.',
    { url: customUrl(page, policy, { signed: `${policy}\n` }) },
  ),
  broken(
    'python-dict-as-text',
    'policy-single-quotes',
    TROUBLESHOOTING,
    'The policy is str() of a Python dict, in single quotes, and no JSON.',
    { url: customUrl(page, policy.replaceAll('"', "'")) },
  ),
  broken(
    'policy-not-base64',
    'policy-not-base64',
    github('tellnes/node-cloudfront', 5, 'pull'),
    'The policy was percent-encoded into the URL without base64.',
    { url: customUrl(page, policy, { with: { Policy: encodeURIComponent(policy) } }) },
  ),
  broken(
    'two-statements',
    'several-statements',
    github('jasonsims/aws-cloudfront-sign', 38),
    'Two statements were put into one policy, for two folders.',
    {
      url: page,
      cookies: [
        customCookies(
          withStatement(
            { Resource: `${SITE}/video/*`, Condition: until },
            { Resource: `${SITE}/audio/*`, Condition: until },
          ),
        ),
      ],
    },
  ),
  broken(
    'bucket-policy',
    'iam-policy',
    github('jasonsims/aws-cloudfront-sign', 20),
    'A bucket policy, with Version, Effect and Principal, was signed as the policy of the URL.',
    {
      url: customUrl(
        page,
        JSON.stringify({
          Version: '2008-10-17',
          Id: 'PolicyForCloudFrontPrivateContent',
          Statement: [
            {
              Sid: '1',
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EXAMPLE' },
              Action: 's3:GetObject',
              Resource: 'arn:aws:s3:::my-bucket/*',
            },
          ],
        }),
      ),
    },
  ),
  broken(
    'no-expiry',
    'policy-without-expiry',
    github('boto/boto', 825, 'pull'),
    'A custom policy was built without an expiry, with nothing but an address range.',
    {
      url: customUrl(
        page,
        withStatement({ Resource: page, Condition: { IpAddress: { 'AWS:SourceIp': '192.0.2.0/24' } } }),
      ),
      clientIp: '192.0.2.7',
    },
  ),
  broken(
    'misspelt-epoch-time',
    'policy-key-name',
    github('access-company/antikythera', 131, 'pull'),
    'A key of the policy is misspelt: AWS:EpockTime.',
    { url: customUrl(page, policy.replace('AWS:EpochTime', 'AWS:EpockTime')), keys: {} },
  ),
  broken(
    'two-address-ranges',
    'policy-ip-form',
    URL_CUSTOM,
    'Two address ranges were written into one IpAddress condition.',
    { url: customUrl(page, custom(page, { ip: '192.0.2.0/24,198.51.100.0/24' })), clientIp: '192.0.2.7' },
  ),
  broken(
    'policy-undefined',
    'placeholder-value',
    github('aws/aws-sdk-js-v3', 4516),
    'The signer returned no policy for a canned one, and the cookie was set to the text undefined.',
    {
      url: page,
      cookies: [customCookies(policy, { 'CloudFront-Policy': 'undefined' })],
    },
  ),
  broken(
    'policy-built-after-signing',
    'policy-changed',
    github('distribution/distribution', 925),
    'The policy in the URL was built again, a second after the one that was signed.',
    {
      url: customUrl(page, policy, { signature: sign(custom(`${SITE}/video/*`, { expires: EXPIRES - 1 })) }),
    },
  ),
  broken(
    'expires-next-to-policy',
    'policy-and-expires',
    github('promaton/cloudfront-sign-rs', 12, 'pull'),
    'The signer puts Expires into URLs with a custom policy.',
    { url: `${sdkUrl(page, { policy })}&Expires=${EXPIRES}`, options: { strict: true } },
  ),
  broken(
    'policy-cut-by-the-shell',
    'incomplete',
    KNOWLEDGE_CENTER,
    'The URL was given to curl without quotes, and the shell cut it at the first &.',
    { url: `${page}?Policy=${encode(policy)}`, keys: {} },
  ),
];
