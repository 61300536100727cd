/** Reading the shared vectors of tests/vectors and the keys they name. */
import { readFileSync } from 'node:fs';

const tests = new URL('../../../../tests/', import.meta.url);

/** The cases of one file. */
export const cases = (name) => JSON.parse(readFileSync(new URL(`vectors/${name}.json`, tests), 'utf8')).cases;

/** The text of a key file, by its name with the ending. */
export const keyFile = (name) => readFileSync(new URL(`keys/${name}`, tests), 'utf8');

/** The signing parameters of signed cookies as a query string, which says the same. */
export const asQuery = (cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name.replace('CloudFront-', '')}=${value}`)
    .join('&');

/** A signed URL without what the signer appended. */
export const unsigned = (url) => url.replace(/[?&](?:Expires|Policy)=.*$/s, '');

/** A text with its signature taken out, for signatures that differ each time. */
export const frame = (text) => text.replace(/(Signature=)[^&;]*/, '$1{signature}');
