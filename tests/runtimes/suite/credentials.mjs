/** What the vectors call parts of signed URLs and signed cookies; see tests/vectors/README.md. */

/** The signing parameters of signed cookies as a query string, which says the same. */
export const asQuery = (cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name.replace('CloudFront-', '')}=${value}`)
    .join('&');

/** Pairs of a name and a value as a Cookie header. */
export const cookieHeader = (pairs) => pairs.map((pair) => pair.join('=')).join('; ');

/** A signed URL without what the signer appended. */
export const unsigned = (url) => url.replace(/[?&](?:Expires|Policy)=.*$/s, '');

/** A text with its signature taken out, for signatures that differ each time. */
export const frame = (text) => text.replace(/(Signature=)[^&;]*/, '$1{signature}');
