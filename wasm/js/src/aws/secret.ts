/** The content of a private-key secret. */
import { EdgesealError } from '../errors.js';

/** What a secret holds: a key, and the id that belongs to it. */
export interface SecretKey {
  keyPairId: string;
  privateKey: string;
}

/**
 * Reads a secret: `{keyPairId, privateKey, algorithm}` as the products write it, or a bare key in PEM.
 *
 * No error repeats any of the secret.
 */
export function readSecret(text: unknown, keyPairId: string | undefined): SecretKey {
  if (typeof text !== 'string' || text.trim() === '') throw malformed('it is empty or binary');
  const found = text.trimStart().startsWith('{') ? readObject(text) : { privateKey: text };
  const id = found.keyPairId ?? keyPairId;
  if (id === undefined) {
    throw malformed(
      'it names no key-pair id',
      'pass keyPairId, or store {"keyPairId": ..., "privateKey": ...} together',
    );
  }
  // With both, the secret is right: it changes together with the key when the key is rotated.
  return { keyPairId: id, privateKey: found.privateKey };
}

function readObject(text: string): { privateKey: string; keyPairId?: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed('it starts like JSON and is none');
  }
  const { privateKey, keyPairId } = parsed as Record<string, unknown>;
  if (typeof privateKey !== 'string' || privateKey === '') throw malformed('it has no field privateKey');
  if (keyPairId === undefined || keyPairId === '') return { privateKey };
  // An id is short and plain; anything else may be key material in the wrong field, and must not get into a message.
  if (typeof keyPairId !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(keyPairId)) {
    throw malformed('its field keyPairId is not the id of a public key');
  }
  return { privateKey, keyPairId };
}

function malformed(why: string, hint?: string): EdgesealError {
  return new EdgesealError('secret-malformed', `the private-key secret cannot be used: ${why}`, {
    field: 'privateKeySecretArn',
    hint: hint ?? 'the key-pair product writes it in the right form; the docs of private-key-secret show it',
  });
}
