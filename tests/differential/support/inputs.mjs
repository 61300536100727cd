/** Generated inputs of the AWS signer: the ordinary ones, and every kind that has broken a signer before. */
import fc from 'fast-check';

const weighted = (...pairs) => fc.oneof(...pairs.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const someOf = (...values) => fc.constantFrom(...values);

const niceText = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 });
const anyText = fc.string({ unit: 'grapheme', maxLength: 6 });
const brokenText = fc.string({ unit: 'binary', maxLength: 4 });
const escaped = weighted(
  [4, someOf('%20', '%2f', '%2F', '%7E', '%25', '%C3%A9', '%c3%a9', '%E2%82%AC', '%3F', '%23', '%00', '%2B')],
  [1, someOf('%', '%%', '%2', '%zz', '%C3', '%FF', '%ED%A0%80', '%F8%80', '%u0041')],
);
const special = someOf(
  ...' +!*\'()~;:@&=$,[]{}|\\^`"<>'.split(''),
  'é',
  '日本',
  '🦀',
  '\u0000',
  '\n',
  '\t',
  '\u007f',
  '\u2028',
  '\ufeff',
);
const piece = weighted([4, niceText], [3, escaped], [3, special], [2, anyText]);
const pieces = fc.array(piece, { maxLength: 4 }).map((list) => list.join(''));

const scheme = weighted(
  [12, someOf('https://', 'http://')],
  [
    1,
    someOf(
      'ws://',
      'wss://',
      'HTTPS://',
      'http*://',
      '*://',
      'ftp://',
      'rtmp://',
      '//',
      'https:',
      'https:/',
      '',
    ),
  ],
);
const host = weighted(
  [8, someOf('d111111abcdef8.cloudfront.net', 'files.example.com', 'a.b')],
  [
    1,
    someOf(
      'D111.CloudFront.NET',
      'h.example:8443',
      'h.example:443',
      '*.example.com',
      'user:pw@h.example',
      'ä.example',
      '[::1]',
      '10.0.0.1',
      'h ost',
      '"h"',
      '',
      '*',
    ),
  ],
);
const path = weighted(
  [8, fc.array(pieces, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`)],
  [1, someOf('', '/', '//', '/a/../b', '/./a', '/%2e%2e/b', '/a//b', '/*', '/a?b?c')],
);
const reserved = someOf(
  'Expires',
  'Policy',
  'Signature',
  'Key-Pair-Id',
  'Hash-Algorithm',
  '%45xpires',
  'Key%2DPair%2DId',
);
const nearlyReserved = someOf(
  'expires',
  'Key-Pair-ID',
  'Policy2',
  'X-Expires',
  'response-content-disposition',
  'filename*',
);
const name = weighted([30, pieces], [5, nearlyReserved], [1, reserved]);
const parameter = weighted(
  [8, fc.tuple(name, pieces).map(([left, right]) => `${left}=${right}`)],
  [2, name],
  [1, someOf('', '=', '=x', 'a==b', 'a=b=c')],
);
const query = weighted(
  [3, fc.constant('')],
  [6, fc.array(parameter, { minLength: 1, maxLength: 4 }).map((list) => `?${list.join('&')}`)],
  [1, someOf('?', '?&', '??', '?a=1&&b=2', '?a=1&', '?&a=1')],
);
const fragment = weighted([12, fc.constant('')], [1, someOf('#', '#top', '#a?b=/c')]);

/** Absolute URLs, and some texts that are none. */
export const url = weighted(
  [60, fc.tuple(scheme, host, path, query, fragment).map((parts) => parts.join(''))],
  [1, brokenText.map((text) => `https://h.example/${text}?${text}=${text}`)],
  [1, anyText],
);

const moment = fc.date({
  min: new Date('1969-06-01T00:00:00Z'),
  max: new Date('2040-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const dateForms = [
  (date) => date,
  (date) => date.toISOString(),
  (date) => date.toISOString().slice(0, 10),
  (date) => date.toISOString().slice(0, 16),
  (date) => date.toUTCString(),
  (date) => date.toString(),
  (date) => date.toLocaleDateString('en-US'),
  (date) => date.getTime(),
  (date) => date.getTime() + 0.499,
  (date) => Math.floor(date.getTime() / 1000),
  (date) => String(date.getFullYear()),
];
const oddDate = someOf(
  0,
  -0,
  1,
  499,
  500,
  -1,
  -500,
  -86_400_000,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  8.64e15,
  8.64e15 + 1,
  '',
  ' ',
  '0',
  'now',
  'tomorrow',
  '15m',
  '1767290400',
  '2026-13-01',
  '2026-02-30',
  'Sat, 01 Jan 2028 00:00:00 GMT',
  '2028-01-01T00:00:00+05:30',
  'January 1, 2028',
  '+275760-09-13T00:00:00.000Z',
  null,
  undefined,
);

/** Dates in every form that `new Date()` takes, and some that it does not. */
export const date = weighted(
  [10, fc.tuple(moment, someOf(...dateForms)).map(([at, form]) => form(at))],
  [3, oddDate],
  [1, fc.constant(new Date(Number.NaN))],
);

/** IPv4 addresses and ranges, and the ways to get them wrong. */
export const ip = weighted(
  [6, fc.ipV4()],
  [4, fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`)],
  [
    3,
    someOf(
      '',
      '0.0.0.0/0',
      '10.0.0.0/',
      '/24',
      '/',
      '10.0.0.0/-1',
      '10.0.0.0/33',
      '10.0.0.256',
      '10.0.0.-1',
      '10.0.0',
      '10.0.0.0.0',
      '1..2.3',
      '010.0.0.1',
      '0x0a.0.0.1',
      '1e1.0.0.1',
      ' 10.0.0.1',
      '10.0.0.1/24/8',
      '10.0.0.1/08',
      '10.0.0.1/1e1',
      '10.0.0.1/ 8',
      '::1',
      '2001:db8::/32',
      'localhost',
      '10.0.0.0/8,11.0.0.0/8',
    ),
  ],
);

const resource = weighted(
  [4, url],
  [
    2,
    someOf(
      '*',
      '*://h.example/*',
      'http*://h.example/*',
      'https://*',
      '*.example.com',
      'https://h.example/a?b',
      'https://h.example/a\\?b',
    ),
  ],
);
const statement = fc.record(
  { Resource: resource, Condition: fc.record({ DateLessThan: fc.record({ 'AWS:EpochTime': fc.nat() }) }) },
  { requiredKeys: [] },
);

/** Policy texts: good ones in several spellings, other JSON, and no JSON at all. */
export const policy = weighted(
  [
    8,
    fc
      .tuple(fc.array(statement, { minLength: 1, maxLength: 2 }), someOf(undefined, 2, '\t'))
      .map(([Statement, space]) => JSON.stringify({ Statement }, null, space)),
  ],
  [2, fc.json({ maxDepth: 3 })],
  [
    3,
    someOf(
      '',
      ' ',
      '{',
      'null',
      '[]',
      '{"foo":"bar"}',
      '{"Statement":[]}',
      '{"Statement":[null]}',
      '{"Statement":{}}',
      '{"Statement":"x"}',
      '{"Statement":[{"Resource":"https://h.example/"},null]}',
      '{"Statement":[{"Resource":""}]}',
      '{"Statement":[{"Resource":7}]}',
      '{"Statement":[{"Resource":["https://h.example/"]}]}',
      '{"Statement":[{"Resource":"https://h.example/a","Resource":"https://h.example/b"}]}',
      '\ufeff{"Statement":[{"Resource":"https://h.example/"}]}',
    ),
  ],
  [1, anyText],
);

const id = weighted(
  [8, fc.constant('K2JCJMDEHXQW5F')],
  [1, someOf('', 'APKAEIBAERJR2EXAMPLE', "k'()*!~ ä/+=&", '🦀')],
  [1, anyText],
);

const fromTerms = fc.record(
  { url, dateLessThan: date, dateGreaterThan: date, ipAddress: ip, keyPairId: id },
  { requiredKeys: ['url', 'dateLessThan', 'keyPairId'] },
);
const fromPolicy = fc.record({ url, policy, keyPairId: id }, { requiredKeys: ['policy', 'keyPairId'] });
const mixed = fc.record(
  { url, policy, dateLessThan: date, dateGreaterThan: date, ipAddress: ip, keyPairId: id },
  { requiredKeys: ['keyPairId'] },
);

/** Everything that one would pass to `getSignedUrl` and `getSignedCookies`, without the key. */
export const signInput = weighted([6, fromTerms], [3, fromPolicy], [2, mixed]);
