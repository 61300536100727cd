/** Reading the shared vectors, and what they call parts of signed URLs and cookies; see tests/vectors/README.md. */
import { readFileSync } from 'node:fs';

const vectors = new URL('../../vectors/', import.meta.url);

/** The cases of one file. */
export const cases = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, vectors), 'utf8')).cases;

/** The signing parameters of signed cookies as a query string, which says the same. */
export const asQuery = (cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name.replace('CloudFront-', '')}=${value}`)
    .join('&');

/** A signed URL without what the signer appended. */
export const unsigned = (url) => url.replace(/[?&](?:Expires|Policy)=.*$/s, '');

/** A text with its signature taken out, for signatures that differ each time. */
export const frame = (text) => text.replace(/(Signature=)[^&;]*/, '$1{signature}');
