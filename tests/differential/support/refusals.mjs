/**
 * What the drop-in refuses although the AWS signer signs it, decided here without the code under test.
 *
 * The list is the one in the documentation of `edgeseal/compat`.
 */
const reserved = new Set(['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm']);
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}(?:/(?:3[0-2]|[0-2]?\\d))?$`);

const illFormed = (text) => typeof text === 'string' && /\p{Surrogate}/u.test(text);
const before1970 = (date) => Boolean(date) && Math.round(new Date(date).getTime() / 1000) < 0;

function decoded(name) {
  return name.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function hasReservedParameter(url) {
  const start = url.indexOf('?');
  if (start < 0) return false;
  const names = url
    .slice(start + 1)
    .split('&')
    .map((parameter) => parameter.split('=', 1)[0]);
  return names.some((name) => reserved.has(decoded(name)));
}

/** The URL that the AWS signer would put the signature on. */
function carrier({ url, policy }) {
  if (url) return url;
  try {
    return String(JSON.parse(policy).Statement[0].Resource).replace('*://', 'https://');
  } catch {
    return '';
  }
}

/**
 * Why the drop-in must refuse an input, as the error code, or undefined when it must not.
 * @param {'getSignedUrl' | 'getSignedCookies'} call
 */
export function documentedRefusals(call, input) {
  const codes = new Set();
  if (Object.values(input).some(illFormed)) codes.add('invalid-argument');
  const url = call === 'getSignedUrl' ? carrier(input) : (input.url ?? '');
  if (!input.policy) {
    if (before1970(input.dateLessThan) || before1970(input.dateGreaterThan)) codes.add('invalid-time');
    if (input.ipAddress && !ipv4.test(input.ipAddress)) codes.add('invalid-ip');
  }
  if (call === 'getSignedUrl' || !input.policy) {
    if (url.startsWith('rtmp://')) codes.add('invalid-url');
    if (!url.includes('//')) codes.add('invalid-url');
  }
  if (call === 'getSignedUrl' && hasReservedParameter(url)) codes.add('reserved-parameter');
  return codes;
}
