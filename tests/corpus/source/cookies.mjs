// What is peculiar to signed cookies.

import {
  broken,
  CHOOSE,
  COOKIE_CUSTOM,
  cookieHeader,
  custom,
  customCookies,
  EXPIRES,
  encode,
  github,
  ID,
  SITE,
  sdkCookies,
  sign,
} from './kit.mjs';

const page = `${SITE}/images/circle.png`;
const policy = custom(`${SITE}/images/*`);

export const cookies = () => [
  broken(
    'canned-cookies-for-a-folder',
    'wildcard-in-canned-policy',
    github('aws/aws-sdk-js', 2169),
    'Cookies were signed with url and expires for https://.../*: a canned policy, which knows no wildcards.',
    { url: page, cookies: [cookieHeader(sdkCookies({ url: `${SITE}/*` }))] },
  ),
  broken(
    'a-cookie-is-missing',
    'incomplete',
    github('jasonsims/aws-cloudfront-sign', 35),
    'Only two of the three cookies reached the browser.',
    {
      url: page,
      cookies: [
        cookieHeader({ 'CloudFront-Policy': encode(policy), 'CloudFront-Signature': encode(sign(policy)) }),
      ],
    },
  ),
  broken(
    'a-parameter-named-policy',
    'url-hides-cookies',
    CHOOSE,
    'The application has a parameter of its own named Policy, so CloudFront takes the URL for a signed one.',
    { url: `${page}?Policy=gold`, cookies: [customCookies(policy)] },
  ),
  broken(
    'expires-cookie-next-to-policy',
    'policy-and-expires',
    github('aws/aws-sdk-php', 1177),
    'CloudFront-Expires was set together with CloudFront-Policy.',
    {
      url: page,
      cookies: [customCookies(policy, { 'CloudFront-Expires': String(EXPIRES) })],
      options: { strict: true },
    },
  ),
  broken(
    'setcookie-encodes',
    'double-encoded',
    'https://mnm.at/markus/2015/04/05/serving-private-content-through-cloudfront-using-signed-cookies/',
    "PHP's setcookie encoded values that had been encoded for a URL already.",
    {
      url: page,
      cookies: [
        cookieHeader(
          Object.fromEntries(
            Object.entries(sdkCookies({ policy })).map(([name, value]) => [
              name,
              value.replaceAll('~', '%257E').replaceAll('_', '%255F'),
            ]),
          ),
        ),
      ],
    },
  ),
  broken(
    'lower-case-cookie-names',
    'parameter-case',
    COOKIE_CUSTOM,
    'A framework wrote the names of the cookies in small letters.',
    {
      url: page,
      cookies: [
        cookieHeader({
          'cloudfront-policy': encode(policy),
          'cloudfront-signature': encode(sign(policy)),
          'cloudfront-key-pair-id': ID,
        }),
      ],
      keys: {},
    },
  ),
  broken(
    'cookies-of-another-user-folder',
    'wrong-path',
    COOKIE_CUSTOM,
    'The cookies of one folder were sent with a request for another.',
    { url: `${SITE}/video/a.mp4`, cookies: [customCookies(policy)] },
  ),
  broken(
    'cookies-outlived-their-policy',
    'expired',
    COOKIE_CUSTOM,
    'The browser kept the cookies for a day; their policy lasted an hour.',
    { url: page, cookies: [customCookies(policy)], now: EXPIRES + 3 * 3600 },
  ),
];
