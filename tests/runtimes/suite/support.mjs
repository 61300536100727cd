/** What the suite needs and no runtime has in the same form: comparing values, bytes of texts, keys of WebCrypto. */

/** A check that did not hold. */
export class Unlike extends Error {}

/** The value as text, with the names of every object in order and what is absent left out. */
const written = (value) =>
  JSON.stringify(value, (_name, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );

/** Fails unless both values are written alike. */
export function same(found, expected, what = 'the result') {
  const [one, other] = [written(found), written(expected)];
  if (one !== other) throw new Unlike(`${what} is ${one}, not ${other}`);
}

/** An option that the vectors leave out is absent here too, not null. */
export const given = (options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));

/** The bytes that hexadecimal digits stand for. */
export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The text of some bytes, or undefined when they are none. */
export function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Standard base64 of a text's bytes. */
export const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** A private key of WebCrypto that cannot be exported, from an unencrypted PKCS#8 file. */
export function cryptoKey(pem, { algorithm, hash }) {
  const pkcs8 = Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, '')), (one) => one.charCodeAt(0));
  const kind =
    algorithm === 'RSA-2048'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: hash === 'SHA1' ? 'SHA-1' : 'SHA-256' }
      : { name: 'ECDSA', namedCurve: 'P-256' };
  return crypto.subtle.importKey('pkcs8', pkcs8, kind, false, ['sign']);
}

/** Runs something at another time. */
export function at(seconds, work) {
  const clock = Date.now;
  Date.now = () => seconds * 1000;
  try {
    return work();
  } finally {
    Date.now = clock;
  }
}
