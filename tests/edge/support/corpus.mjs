/** The events in `events/`, in the structure of *Lambda@Edge event structure* (CloudFront Developer Guide), and what to expect. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../events/', import.meta.url);

/** The rules that the expectations are about. */
export const corpusPolicy = {
  version: 1,
  mode: 'behind-key-group',
  rules: [
    {
      name: 'upload',
      path: '/upload/*',
      methods: ['PUT'],
      stripPrefix: '/upload',
      upload: { maxBytes: '25MB', contentTypes: ['image/*'] },
      cors: { origins: ['https://app.example.com'] },
    },
    {
      name: 'download',
      path: '/download/*',
      stripPrefix: '/download',
      query: { allow: ['v', 'response-content-disposition'] },
    },
  ],
};

/** By file: the path that the request goes on with, or the status and the reason of the answer. */
const expectations = {
  delete: [405, 'method-not-allowed'],
  download: '/cat.png',
  'download-8-kb': '/cat.png',
  'download-cookie-crumbs': '/cat.png',
  'download-duplicate-parameter': [400, 'duplicate-query-parameter'],
  'download-escaped-name': '/annual%20report%20%C3%A9.pdf',
  'download-head': '/cat.png',
  'download-ipv6': '/cat.png',
  'download-too-long': [414, 'uri-too-long'],
  'download-malformed-escape': [400, 'malformed-path'],
  'download-malformed-query-escape': [400, 'malformed-query'],
  'download-range': '/cat.png',
  'download-traversal': [400, 'malformed-path'],
  'download-with-body': [400, 'body-not-allowed'],
  elsewhere: [403, 'no-rule'],
  'options-alone': [405, 'method-not-allowed'],
  upload: '/cat.png',
  'upload-chunked': [411, 'length-required'],
  'upload-preflight': [204],
  'upload-preflight-foreign': [403, 'cors-origin-not-allowed'],
  'upload-too-large': [413, 'too-large'],
  'upload-truncated-body': '/cat.png',
  'upload-two-lengths': [400, 'ambiguous-length'],
  'upload-with-body': '/cat.png',
  'upload-without-length': [411, 'length-required'],
  'upload-wrong-type': [415, 'type-not-allowed'],
};

/** Every event with its name and its expectation: `uri`, or `status` and `reason`. */
export const corpus = readdirSync(folder).map((file) => {
  const name = file.replace(/\.json$/, '');
  const expected = expectations[name];
  if (expected === undefined) throw new Error(`nothing is expected of ${file}`);
  const expectation =
    typeof expected === 'string' ? { uri: expected } : { status: expected[0], reason: expected[1] };
  return { name, ...expectation, event: () => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) };
});
