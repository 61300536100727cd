// URLs under a canned policy, changed between signing and request.

import {
  botocoreUrl,
  broken,
  canned,
  cannedUrl,
  github,
  HOST,
  KNOWLEDGE_CENTER,
  SITE,
  sdkUrl,
  URL_CANNED,
} from './kit.mjs';

/** Signed as one URL, handed out as another. */
const moved = (signed, sent, options = {}) => cannedUrl(sent, { signed: canned(signed), ...options });

export const encodings = () => [
  broken(
    'blanks-in-the-file-name',
    're-encoded-path',
    github('aws/aws-sdk-php', 597),
    'The name with its blanks was signed; the signer encoded the URL it handed out.',
    { url: moved(`${SITE}/my file name.mp4`, `${SITE}/my%20file%20name.mp4`) },
  ),
  broken(
    'encoded-after-signing',
    're-encoded-path',
    github('aws/aws-sdk-js-v3', 8033),
    'The signer signed = and , in the path as they were and handed out %3D and %2C.',
    { url: moved(`${SITE}/img/format=webp,height=2000`, `${SITE}/img/format%3Dwebp%2Cheight%3D2000`) },
  ),
  broken(
    'apostrophes-of-a-file-name',
    're-encoded-path',
    github('aws/aws-sdk-js-v3', 8113),
    "The URL was signed with the apostrophes of filename*=UTF-8'', which browsers send as %27.",
    {
      url: moved(
        `${SITE}/a?response-content-disposition=attachment%3B%20filename*%3DUTF-8''r%C3%A9sum%C3%A9.pdf`,
        `${SITE}/a?response-content-disposition=attachment%3B%20filename*%3DUTF-8%27%27r%C3%A9sum%C3%A9.pdf`,
      ),
    },
  ),
  broken(
    'plus-signed-as-percent-20',
    're-encoded-path',
    github('aws/aws-sdk-js-v3', 8277),
    'The signer turned + in the query into %20 before it signed, and the client kept the +.',
    {
      url: moved(
        `${SITE}/a.pdf?response-content-disposition=inline%3B%20filename%3D%22My%20file.pdf%22`,
        `${SITE}/a.pdf?response-content-disposition=inline%3B+filename%3D%22My+file.pdf%22`,
      ),
    },
  ),
  broken(
    'escapes-decoded-by-the-signer',
    're-encoded-path',
    github('aws/aws-sdk-java-v2', 3791),
    'The signer handed out %40 and %2F decoded.',
    { url: moved(`${SITE}/path/to/%40blob?v=1n1dm%2F01n1dm0`, `${SITE}/path/to/@blob?v=1n1dm/01n1dm0`) },
  ),
  broken(
    'query-decoded-by-the-signer',
    're-encoded-path',
    github('aws/aws-sdk-php', 146),
    'The query was signed encoded and handed out decoded, but for its quotes and blanks.',
    {
      url: moved(
        `${SITE}/a?response-content-disposition=attachment%3B%20filename%3D%22example.jpg%22`,
        `${SITE}/a?response-content-disposition=attachment;%20filename=%22example.jpg%22`,
      ),
    },
  ),
  broken(
    'letters-outside-ascii',
    're-encoded-path',
    github('aws/aws-sdk-js', 2952),
    'botocore was given a file name with an accent, which it writes into the policy as \\u00e9.',
    { url: botocoreUrl(`${SITE}/resumé.pdf`).replace('é', '%C3%A9') },
  ),
  broken(
    'path-escaped-twice',
    're-encoded-path',
    github('envoyproxy/envoy', 35023),
    'A proxy escaped the path once more: %20 became %2520.',
    { url: moved(`${SITE}/test%20file`, `${SITE}/test%2520file`) },
  ),
  broken(
    'go-escapes-ampersands',
    'json-escaped',
    github('aws/aws-sdk-go', 2163),
    "Go's encoding/json wrote the & of the query as \\u0026, and that text was signed.",
    {
      url: cannedUrl(`${SITE}/up?key=one&value=two`, {
        signed: canned(`${SITE}/up?key=one&value=two`).replaceAll('&', '\\u0026'),
      }),
    },
  ),
  broken(
    'php-escapes-slashes',
    'json-escaped',
    URL_CANNED,
    "PHP's json_encode wrote every / as \\/, and that text was signed.",
    { url: cannedUrl(`${SITE}/a/b.jpg`, { signed: canned(`${SITE}/a/b.jpg`).replaceAll('/', '\\/') }) },
  ),
  broken(
    'canned-policy-with-spaces',
    'canned-policy-layout',
    KNOWLEDGE_CENTER,
    'The canned policy was signed with the spaces that json.dumps writes.',
    {
      url: cannedUrl(`${SITE}/a/b.jpg`, {
        signed: canned(`${SITE}/a/b.jpg`).replaceAll('":', '": ').replaceAll(',"', ', "'),
      }),
    },
  ),
  broken(
    'html-source-copied',
    'html-escaped',
    github('HumanSignal/label-studio', 4447, 'pull'),
    'The link was copied from the source of a page, where & is written &amp;.',
    { url: sdkUrl(`${SITE}/a.jpg?size=large`).replaceAll('&', '&amp;'), keys: {} },
  ),
];

export const changes = () => [
  broken(
    'signed-for-http',
    'wrong-scheme',
    URL_CANNED,
    'The URL was signed with http://, and the browser upgraded it to https://.',
    { url: moved(`http://${HOST}/a.jpg`, `${SITE}/a.jpg`) },
  ),
  broken(
    'signed-for-the-distribution-domain',
    'wrong-host',
    URL_CANNED,
    "The URL was signed for the distribution's own domain and handed out under the alternate one.",
    { url: moved(`${SITE}/a.jpg`, 'https://media.example.com/a.jpg'), hosts: [HOST, 'media.example.com'] },
  ),
  broken(
    'signed-for-the-bucket',
    'wrong-host',
    github('dreamonkey/laravel-cloudfront-url-signer', 5),
    "The signer was called with the bucket's URL, and the host was replaced afterwards.",
    {
      url: moved('https://my-bucket.s3.amazonaws.com/a.jpg', `${SITE}/a.jpg`),
      hosts: ['my-bucket.s3.amazonaws.com'],
    },
  ),
  broken(
    'shared-on-social-media',
    'appended-parameter',
    github('newhouse/url-tracking-stripper', 74),
    'The link was shared, and fbclid and utm_source were added to it.',
    { url: `${sdkUrl(`${SITE}/flyer.pdf`)}&utm_source=newsletter&fbclid=IwAR0exampleexample` },
  ),
  broken(
    'access-key-id-appended',
    'appended-parameter',
    github('boto/boto', 3245),
    'AWSAccessKeyId was appended to a CloudFront URL, on the advice of another thread.',
    { url: `${sdkUrl(`${SITE}/horizon.jpg?large=yes&license=yes`)}&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE` },
  ),
  broken(
    'cache-buster-in-front',
    'appended-parameter',
    github('jasonsims/aws-cloudfront-sign', 71),
    'A version number against caching was put in front of the other parameters.',
    { url: sdkUrl(`${SITE}/a.js?lang=en`).replace('?', '?version=20260101&') },
  ),
  broken(
    'second-question-mark',
    'second-question-mark',
    github('jasonsims/aws-cloudfront-sign', 10),
    'The signer appended its parameters with ? to a URL that had a query already.',
    {
      url: cannedUrl(`${SITE}/file.mov?response-content-disposition=attachment`).replace(
        '&Expires',
        '?Expires',
      ),
    },
  ),
  broken(
    'lone-question-mark',
    'trailing-question-mark',
    github('aws-samples/amazon-cloudfront-signed-urls-using-lambda-secretsmanager', 5),
    'The URL was signed with a ? and nothing behind it.',
    { url: moved(`${SITE}/sample.html?`, `${SITE}/sample.html`) },
  ),
  broken(
    'one-signature-for-a-folder',
    'wildcard-in-canned-policy',
    github('maxnachlinger/cloudfront-private-url-creator', 3),
    'A URL that ends in * was signed with a canned policy, and its signature was put on every file below.',
    { url: moved(`${SITE}/privates/42/*`, `${SITE}/privates/42/test/resource.obj`) },
  ),
  broken(
    'doubled-slash',
    'slashes',
    github('suitenumerique/drive', 361, 'pull'),
    'The base URL ended in / and the path began with one; a proxy made one slash of the two.',
    { url: moved(`${SITE}//media/file.pdf`, `${SITE}/media/file.pdf`) },
  ),
  broken(
    'slash-added-at-the-end',
    'slashes',
    URL_CANNED,
    'A web server redirected to the same URL with a / at the end of its path.',
    { url: moved(`${SITE}/folder`, `${SITE}/folder/`) },
  ),
  broken(
    'typed-in-capitals',
    'path-case',
    URL_CANNED,
    'The path was signed in small letters and typed in capitals.',
    { url: moved(`${SITE}/invoices/ab-12.pdf`, `${SITE}/Invoices/AB-12.pdf`) },
  ),
  broken(
    'email-wraps-the-line',
    'line-break-in-value',
    github('aws-samples/aws-security-hub-full-report-email', 4),
    'A mail server broke the long line, and the break became part of the signature.',
    { url: sdkUrl(`${SITE}/report.csv`).replace(/Signature=.{200}/, '$&%0D%0A') },
  ),
  broken(
    'email-cuts-the-link',
    'signature-cut-short',
    github('aws-samples/aws-security-hub-full-report-email', 4),
    'The mail program cut the link in the middle of the signature.',
    { url: sdkUrl(`${SITE}/report.csv`).replace(/(Signature=.{200}).*$/, '$1') },
  ),
  broken(
    'full-stop-of-the-sentence',
    'trailing-punctuation',
    'https://www.rfc-editor.org/rfc/rfc3986#appendix-C',
    'The link ended a sentence, and its full stop was taken for a part of it.',
    { url: `${cannedUrl(`${SITE}/report.csv`)}.` },
  ),
  broken(
    'signed-again',
    'signed-twice',
    URL_CANNED,
    'A URL that was signed already went through the signer a second time.',
    { url: sdkUrl(sdkUrl(`${SITE}/a.jpg`)) },
  ),
  broken(
    'segments-without-signature',
    'not-signed',
    github('jwplayer/jwplayer', 2662),
    "The playlist's URL is signed, and the player asks for its segments without any signature.",
    { url: `${SITE}/contents/videos/840d2/hls_840d2_00001.ts`, keys: {} },
  ),
  broken(
    'segments-with-the-playlists-signature',
    'tampered-or-other-key',
    github('videojs/video.js', 5247),
    "The player puts the query of the playlist's URL, under a canned policy, on every segment.",
    { url: sdkUrl(`${SITE}/hls/movie.m3u8`).replace('movie.m3u8', 'movie_00001.ts') },
  ),
  broken(
    's3-presigned-through-cloudfront',
    's3-presigned-url',
    github('aws/aws-sdk-js', 1753),
    'A presigned URL of S3 was made, with the distribution as its endpoint.',
    {
      url: `${SITE}/downloads/1234.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Fap-southeast-2%2Fs3%2Faws4_request&X-Amz-Date=20260101T175000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0123456789abcdef'.repeat(4)}`,
      keys: {},
    },
  ),
  broken(
    's3-query-authentication',
    's3-presigned-url',
    github('aws/aws-sdk-php', 97),
    'A URL with AWSAccessKeyId and an S3 signature of version 2 was sent to the distribution.',
    {
      url: `${SITE}/a.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1767293600&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D`,
      keys: {},
    },
  ),
];
