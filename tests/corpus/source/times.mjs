// Expiry, start and clocks.

import {
  botocoreUrl,
  broken,
  canned,
  cannedUrl,
  cookieHeader,
  custom,
  customUrl,
  EXPIRES,
  github,
  KNOWLEDGE_CENTER,
  NOW,
  SITE,
  sdkCookies,
  sdkUrl,
  sign,
  URL_CANNED,
  URL_CUSTOM,
} from './kit.mjs';

const hour = 3600;
const photo = `${SITE}/user-photos/1234/companyLogo.jpeg`;

/** A canned URL of a signer that writes the expiry as it was given. */
const withExpiry = (url, expires) =>
  cannedUrl(url, { signed: canned(url, expires), with: { Expires: expires } });

export const times = () => [
  broken(
    'date-now-plus-30000',
    'expires-in-milliseconds',
    github('aws/aws-sdk-js', 2236),
    'The expiry was Date.now() + 30000, which counts milliseconds.',
    { url: withExpiry(photo, NOW * 1000 + 30_000), keys: {} },
  ),
  broken(
    'cookie-policy-in-milliseconds',
    'expires-in-milliseconds',
    github('aws/aws-sdk-js', 3407),
    'A policy for signed cookies had its EpochTime in milliseconds.',
    {
      url: `${SITE}/users/9dbb70d7/a.jpg`,
      cookies: [
        cookieHeader(
          sdkCookies({ policy: custom(`${SITE}/users/9dbb70d7/*`, { expires: NOW * 1000 + 86_400_000 }) }),
        ),
      ],
    },
  ),
  broken(
    'time-time-is-a-float',
    'epoch-is-fraction',
    github('boto/boto', 3021),
    "Python's time.time() + 3600 is a float, and went into the URL and the policy as it was.",
    { url: withExpiry(`${SITE}/report.pdf`, `${EXPIRES}.25`) },
  ),
  broken(
    'epoch-in-quotes',
    'epoch-is-text',
    URL_CUSTOM,
    'The expiry came from a form as a string and was written into the policy in quotes.',
    { url: customUrl(`${SITE}/a/b.mp4`, custom(`${SITE}/a/*`, { expires: String(EXPIRES) })) },
  ),
  broken(
    'iso-date-as-expires',
    'epoch-is-text',
    github('aws/aws-sdk-js-v3', 4516),
    'A date that works for the AWS SDK, an ISO string, was put into the Expires parameter by another signer.',
    { url: withExpiry(`${SITE}/a.jpg`, '2026-01-01T18:53:20.000Z') },
  ),
  broken(
    'invalid-date',
    'epoch-is-null',
    github('aws-samples/amazon-cloudfront-signed-urls-using-lambda-secretsmanager', 8),
    'The expiry was 25/06/2026, day before month; JavaScript read it as no date, and JSON wrote null.',
    {
      url: customUrl(
        `${SITE}/assets/Leadershipprinciples.mp4`,
        custom(`${SITE}/assets/*`, {
          expires: Math.round(new Date('25/06/2026 19:50:00 GMT').getTime() / 1000),
        }),
      ),
    },
  ),
  broken(
    'date-of-the-documentation',
    'expired',
    github('boto/boto3', 1720),
    'The date of the example in the documentation was never changed.',
    { url: botocoreUrl(`${SITE}/hello.txt`, { expires: NOW - 200 * 24 * hour }) },
  ),
  broken(
    'local-time-behind-utc',
    'expired',
    github('jasonsims/aws-cloudfront-sign', 41),
    'A server five hours behind UTC wrote its wall clock, plus one hour, as if it were UTC.',
    { url: sdkUrl(`${SITE}/lesson.mp4`, { expires: NOW - 5 * hour + hour }), keys: {} },
  ),
  broken(
    'start-in-local-time',
    'not-yet-valid',
    github('papermerge/papermerge-core', 367, 'pull'),
    'A server nine hours ahead of UTC wrote its wall clock as the start of validity.',
    { url: sdkUrl(`${SITE}/scan.pdf`, { start: NOW + 9 * hour, expires: NOW + 10 * hour }) },
  ),
  broken(
    'signer-clock-ahead',
    'clock-skew',
    KNOWLEDGE_CENTER,
    'The policy starts at the time of signing, and the clock of the signing server is 90 seconds ahead.',
    { url: sdkUrl(`${SITE}/scan.pdf`, { start: NOW + 90 }) },
  ),
  broken(
    'expires-is-a-lifetime',
    'expires-is-duration',
    github('aws/aws-sdk-js', 2308),
    'The lifetime, 3000 seconds, was passed as the moment of expiry.',
    { url: withExpiry(`${SITE}/downloads/a.zip`, 3000) },
  ),
  broken(
    'expires-computed-twice',
    'expires-differs',
    URL_CANNED,
    'The time was taken once for the policy and once more for the URL, a second later.',
    {
      url: cannedUrl(`${SITE}/a.jpg`, { signature: sign(canned(`${SITE}/a.jpg`, EXPIRES - 1)) }),
    },
  ),
];
