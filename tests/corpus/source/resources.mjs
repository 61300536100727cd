// What a custom policy is for, against what was asked for.

import {
  broken,
  COOKIE_CUSTOM,
  custom,
  customCookies,
  customUrl,
  github,
  HOST,
  SITE,
  sdkUrl,
  URL_CUSTOM,
} from './kit.mjs';

const REDIRECTS =
  'https://mnm.at/markus/2015/04/05/serving-private-content-through-cloudfront-using-signed-cookies/';
const ANSWERS = 'https://taourl.com/read-2395310.html';

export const resources = () => [
  broken(
    'bucket-as-host',
    'wrong-host',
    github('boto/boto3', 2048),
    "The policy names the S3 bucket's host, where the distribution's belongs.",
    { url: customUrl(`${SITE}/hello.txt`, custom('https://my-bucket.s3.amazonaws.com/hello.txt')) },
  ),
  broken(
    'cookies-for-the-distribution-domain',
    'wrong-host',
    github('jasonsims/aws-cloudfront-sign', 23),
    "The cookies are for the distribution's own domain, and viewers come by the alternate one.",
    { url: 'https://media.example.com/index.html', cookies: [customCookies(custom(`${SITE}/*`))] },
  ),
  broken(
    'wildcard-subdomain-for-the-bare-domain',
    'wrong-host',
    COOKIE_CUSTOM,
    'The resource is for *.example.com, and the request is for example.com itself.',
    { url: 'https://example.com/a.jpg', cookies: [customCookies(custom('https://*.example.com/*'))] },
  ),
  broken(
    'policy-for-http',
    'wrong-scheme',
    REDIRECTS,
    'The policy says http://, and CloudFront redirects to https:// before the file is asked for.',
    { url: `${SITE}/a.jpg`, cookies: [customCookies(custom(`http://${HOST}/*`))] },
  ),
  broken(
    'http-star',
    'legacy-scheme',
    github('aws-solutions-library-samples/video-on-demand-on-aws', 100),
    'The resource starts with http*://, as older examples do.',
    { url: `${SITE}/out/movie.m3u8`, cookies: [customCookies(custom(`http*://${HOST}/*`))] },
  ),
  broken(
    'path-as-resource',
    'resource-without-host',
    ANSWERS,
    'The resource is a bare path, as an answer on the web shows.',
    { url: customUrl(`${SITE}/private/file.txt`, custom('/private/file.txt')), keys: {} },
  ),
  broken(
    'question-mark-for-one-letter',
    'question-mark-in-path',
    github('boto/botocore', 3377),
    'A ? in the path was meant as the wildcard for one letter.',
    { url: customUrl(`${SITE}/example_2024.zip`, custom(`${SITE}/example_202?.zip`)) },
  ),
  broken(
    'cookies-for-one-file',
    'wrong-path',
    github('aws/aws-sdk-java-v2', 6127),
    'The signer takes no pattern for cookies, so they are for the first picture only.',
    { url: `${SITE}/images/post/2.jpg`, cookies: [customCookies(custom(`${SITE}/images/post/1.jpg`))] },
  ),
  broken(
    'wildcard-one-folder-too-deep',
    'wrong-path',
    URL_CUSTOM,
    'The * stands below a folder that the file is not in.',
    { url: customUrl(`${SITE}/videos/intro.mp4`, custom(`${SITE}/videos/2026/*`)) },
  ),
  broken(
    'capital-letter-in-the-policy',
    'path-case',
    URL_CUSTOM,
    'The folder is called photos, and the policy says Photos.',
    { url: customUrl(`${SITE}/photos/2026/a.jpg`, custom(`${SITE}/Photos/*`)) },
  ),
  broken(
    'primefaces-adds-a-parameter',
    'appended-parameter',
    github('aws/aws-sdk-java-v2', 5577),
    "A page component adds a parameter of its own to every picture's URL.",
    { url: `${sdkUrl(`${SITE}/graph.png`, { ip: '0.0.0.0/0' })}&pfdrid_c=true`, clientIp: '203.0.113.5' },
  ),
  broken(
    'url-values-encode-sorts',
    'reordered-query',
    URL_CUSTOM,
    'A client parsed the URL and wrote it again with its parameters in alphabetical order.',
    {
      url: customUrl(
        `${SITE}/thumb?height=200&src=a.jpg&width=300`,
        custom(`${SITE}/thumb?width=300&height=200&src=a.jpg`),
      ),
    },
  ),
  broken(
    'parameters-discarded',
    'dropped-parameter',
    github('jschneier/django-storages', 1004, 'pull'),
    'The policy was signed with response-content-disposition, and the link was built without it.',
    {
      url: customUrl(
        `${SITE}/teste.jpg`,
        custom(`${SITE}/teste.jpg?response-content-disposition=inline%3B%20filename%3D%22teste.jpg%22`),
      ),
    },
  ),
  broken(
    'resource-with-spaces',
    're-encoded-path',
    github('aws/aws-sdk-java-v2', 5862, 'pull'),
    'The policy holds the path as it is stored, with spaces and umlauts, and clients encode it.',
    {
      url: customUrl(
        `${SITE}/foo/specific%20space%2Bplus-%C3%BCspecial`,
        custom(`${SITE}/foo/specific space+plus-üspecial`),
      ),
    },
  ),
  broken(
    'query-encoded-after-signing',
    're-encoded-query',
    github('aws/aws-sdk-php', 404),
    'The policy holds the query unencoded, and the URL was encoded when it was written.',
    {
      url: customUrl(
        `${SITE}/object?response-content-disposition=attachment%3Bfilename%3Dfoobar.txt`,
        custom(`${SITE}/object?response-content-disposition=attachment;filename=foobar.txt`),
      ),
    },
  ),
  broken(
    'viewer-on-another-network',
    'wrong-ip',
    github('wpsharks/s2member', 791),
    'The URL is bound to the address that signed in, and the provider gave the viewer another one.',
    { url: sdkUrl(`${SITE}/stream.mp4`, { ip: '198.51.100.23' }), clientIp: '203.0.113.77' },
  ),
  broken(
    'loopback-range',
    'private-ip-range',
    github('jasonsims/aws-cloudfront-sign', 34),
    'A developer on his own machine bound the URL to 127.0.0.1, the address his server saw.',
    { url: sdkUrl(`${SITE}/stream.mp4`, { ip: '127.0.0.1/32' }), clientIp: '203.0.113.77' },
  ),
  broken(
    'address-behind-the-load-balancer',
    'private-ip-range',
    github('dylanvaughn/aws_cf_signer', 1),
    "The range is that of the company's own network, 10.52.176.0/24, which CloudFront never sees.",
    {
      url: customUrl(`${SITE}/logo.png`, custom(`${SITE}/*`, { ip: '10.52.176.0/24' })),
      clientIp: '203.0.113.77',
    },
  ),
  broken(
    'viewer-on-ipv6',
    'ipv6-viewer',
    URL_CUSTOM,
    'The URL is bound to an IPv4 address, and the viewer came over IPv6.',
    { url: sdkUrl(`${SITE}/stream.mp4`, { ip: '198.51.100.23' }), clientIp: '2001:db8::7' },
  ),
];
