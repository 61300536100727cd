// Log lines as CloudFront writes them, made from requests.
import { createHash } from 'node:crypto';

/** The fields of the standard log, in order. */
export const fields =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end'.split(
    ' ',
  );

/** The two header lines of a standard log. */
export const header = `#Version: 1.0\n#Fields: ${fields.join(' ')}\n`;

/** The encoding that AWS documents for values of standard logs. */
export function encode(text) {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      byte <= 32 || byte >= 127 || '<>"#%{}|\\^~[]`\''.includes(String.fromCharCode(byte))
        ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

/**
 * The values of a request by the names of the fields, not encoded.
 * @param {string} url
 */
export function request(url, { time = '2026-01-01T17:30:00Z', status = 403, ...others } = {}) {
  const [, scheme, host, path, query] = /^(https?):\/\/([^/]+)([^?]*)(?:\?(.*))?$/s.exec(url);
  const result = status < 400 ? 'Hit' : 'Error';
  return {
    date: time.slice(0, 10),
    time: time.slice(11, 19),
    'x-edge-location': 'LAX1',
    'sc-bytes': '392',
    'c-ip': '203.0.113.7',
    'cs-method': 'GET',
    'cs(Host)': 'd111111abcdef8.cloudfront.net',
    'cs-uri-stem': path,
    'sc-status': String(status),
    'cs(User-Agent)': 'Mozilla/5.0 (X11)',
    'cs-uri-query': query ?? '-',
    'x-edge-result-type': result,
    'x-edge-request-id': createHash('sha256').update(url).digest('base64'),
    'x-host-header': host,
    'cs-protocol': scheme,
    'time-taken': '0.001',
    'x-edge-response-result-type': result,
    'cs-protocol-version': 'HTTP/2.0',
    'c-port': '11040',
    'x-edge-detailed-result-type': result,
    ...others,
  };
}

/** A line with a delimiter, values encoded as asked. */
export function line(values, { order = fields, delimiter = '\t', encoding = encode } = {}) {
  return order.map((name) => encoding(values[name] ?? '-')).join(delimiter);
}

/** A whole standard log. */
export function standardLog(requests, options) {
  return `${header}${requests.map((values) => `${line(values, options)}\n`).join('')}`;
}

/** A whole standard log (v2) in JSON. */
export function jsonLog(requests, { encoding = encode } = {}) {
  return requests
    .map((values) => {
      const known = fields.map((name) => [name, encoding(values[name] ?? '-')]);
      return `${JSON.stringify(Object.fromEntries(known))}\n`;
    })
    .join('');
}
