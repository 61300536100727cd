/** Finding a private key that was pasted by mistake, in any of the forms in which keys travel. */

const marker = /PRIVATE(?:\s|%20|\+|\\[nrt])*KEY|"(?:d|privateKey|private_key)"\s*:\s*"[A-Za-z0-9_-]{20,}/;

/** Base64 that is long enough for a key, with the white space that wrapping put into it. */
const packed = /(?:[A-Za-z0-9+/_-]{4}\s*){12,}[A-Za-z0-9+/_=-]*/g;

/** Object identifiers, in DER, of the ways to encrypt a PKCS#8 key: PKCS#5 and PKCS#12. */
const encryptions = ['2a864886f70d0105', '2a864886f70d010c01'];

/** Whether a text holds a private key: as PEM, as PEM or DER in base64, or as a JSON Web Key. */
export function holdsPrivateKey(text: string): boolean {
  if (marker.test(text)) return true;
  for (const [run] of text.matchAll(packed)) {
    const bytes = decoded(run);
    if (bytes !== undefined && (isPrivateDer(bytes) || marker.test(asText(bytes)))) return true;
  }
  return false;
}

/** Whether bytes are a private key: DER, or a text that {@link holdsPrivateKey}. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  return isPrivateDer(bytes) || holdsPrivateKey(asText(bytes));
}

/**
 * A private key begins with a small version number where a public one begins with an algorithm or a modulus; an
 * encrypted one begins with the way it was encrypted.
 */
function isPrivateDer(bytes: Uint8Array): boolean {
  const inside = openSequence(bytes, 0);
  if (inside === undefined) return false;
  const version = bytes[inside + 2];
  if (bytes[inside] === 0x02) return bytes[inside + 1] === 1 && version !== undefined && version <= 1;
  const algorithm = openSequence(bytes, inside);
  if (algorithm === undefined || bytes[algorithm] !== 0x06) return false;
  const length = bytes[algorithm + 1] ?? 0;
  const id = hex(bytes.subarray(algorithm + 2, algorithm + 2 + length));
  return encryptions.some((encryption) => id.startsWith(encryption));
}

/** Where the content of a SEQUENCE begins. */
function openSequence(bytes: Uint8Array, at: number): number | undefined {
  const length = bytes[at + 1];
  if (bytes[at] !== 0x30 || length === undefined) return undefined;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}

function decoded(base64: string): Uint8Array | undefined {
  const plain = base64.replaceAll(/[\s=]/g, '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return Uint8Array.from(atob(plain.slice(0, plain.length - (plain.length % 4))), (each) =>
      each.charCodeAt(0),
    );
  } catch {
    return undefined;
  }
}

const asText = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
