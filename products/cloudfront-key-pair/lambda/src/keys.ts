import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { Algorithm } from './settings';

/**
 * Makes a private key (PKCS#8 PEM) of a kind CloudFront accepts: RSA 2048 or ECDSA P-256.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
 */
export function generatePrivateKey(algorithm: Algorithm): string {
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  if (algorithm === 'ECDSA-P256') {
    return generateKeyPairSync('ec', { namedCurve: 'prime256v1', privateKeyEncoding, publicKeyEncoding })
      .privateKey;
  }
  return generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding, publicKeyEncoding })
    .privateKey;
}

/** The public half as SPKI PEM with real line feeds and exactly one at the end, which CloudFront insists on. */
export function publicPem(privateKey: string): string {
  return `${createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString().trim()}\n`;
}

/** A short stable digest for names; 64 hexadecimal characters also fit a ClientRequestToken (32 to 64). */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
