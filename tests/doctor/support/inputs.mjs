/** What the old packages are asked to sign, in one run with Edgeseal. */

/** The end of every link: 2036-01-01. */
export const expires = 2_082_758_400;

/** URLs on which every package agrees with Edgeseal. */
export const plainUrls = [
  'https://files.example.com/a.pdf',
  'https://files.example.com/',
  'https://files.example.com/a.pdf?x=1&y=2',
  'https://files.example.com/a.pdf?x=1&x=2',
  'https://files.example.com/dir/a-b_c.~d(1)!.pdf',
  'https://files.example.com:8443/a',
  'http://files.example.com/a',
];

/** URLs that version 2 of the AWS SDK breaks. */
export const brokenByVersion2 = [
  'https://files.example.com/a b.pdf',
  'https://files.example.com/\u00e9.pdf',
  'https://FILES.example.com/a',
  'https://files.example.com/a?flag',
  'https://files.example.com/a?x=b/c',
  'https://files.example.com/a?x=b+c',
  'https://files.example.com',
];

/** URLs that aws-cloudfront-sign breaks. */
export const brokenByCloudfrontSign = [
  'https://files.example.com/a b.pdf',
  'https://files.example.com/\u00e9.pdf',
  'https://files.example.com/a?flag',
  'https://files.example.com/a?x=b%20c',
  'https://files.example.com/a?x=b/c',
];

/** A URL with a parameter that CloudFront keeps for itself. */
export const reservedUrl = 'https://files.example.com/a?Expires=1';

/** A custom policy. */
export const policy = {
  Statement: [
    {
      Resource: 'https://files.example.com/*',
      Condition: {
        DateLessThan: { 'AWS:EpochTime': expires },
        IpAddress: { 'AWS:SourceIp': '203.0.113.0/24' },
      },
    },
  ],
};
