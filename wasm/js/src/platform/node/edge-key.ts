import { createPublicKey, type KeyObject } from 'node:crypto';
import { EdgesealError } from '../../errors.js';
import type { HostVerifyingKey } from '../types.js';
import { NodeVerifyingKey } from './host.js';

/** The first byte of DER. */
const derSequence = 0x30;

/**
 * A public key for the edge, whose core leaves its own reader of keys out to stay small. What CloudFront does not accept
 * is refused here as well.
 */
export function readVerifyingKey(material: Uint8Array, field: string): HostVerifyingKey {
  let key: KeyObject;
  try {
    const buffer = Buffer.from(material);
    key = createPublicKey(buffer[0] === derSequence ? { key: buffer, format: 'der', type: 'spki' } : buffer);
  } catch {
    throw new EdgesealError('invalid-key', 'the public key cannot be read', {
      field,
      hint: 'pass SubjectPublicKeyInfo as PEM text or DER bytes',
    });
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const rsa = key.asymmetricKeyType === 'rsa' && modulusLength === 2048;
  const ecdsa = key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
  if (rsa || ecdsa) return new NodeVerifyingKey(key);
  throw new EdgesealError('unsupported-key', 'CloudFront does not accept a key of this kind or size', {
    field,
    hint: 'use an RSA key of 2048 bits or an ECDSA key on P-256 (prime256v1)',
  });
}
