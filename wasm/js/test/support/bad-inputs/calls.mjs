/** The functions under test, each with options that are right. */
import { Signer, Verifier } from 'edgeseal';
import { getSignedCookies, getSignedUrl } from 'edgeseal/compat';
import { keyFile } from '../vectors.mjs';

export const keyPairId = 'K2JCJMDEHXQW5F';
export const privateKey = keyFile('ec-pkcs8.pem');
export const publicKey = keyFile('ec-public.pem');
export const url = 'https://files.example.com/a';
export const signer = Signer.fromPem({ keyPairId, privateKey });
export const verifier = new Verifier({ keys: { [keyPairId]: publicKey } });

export const valid = {
  'Signer.fromPem': [(options) => Signer.fromPem(options), { keyPairId, privateKey }],
  signUrl: [(options) => signer.signUrl(options), { url, expires: '15m' }],
  signUrls: [(options) => signer.signUrls(options), { urls: [url], expires: '15m' }],
  signCookies: [(options) => signer.signCookies(options), { resource: url, expires: '15m' }],
  'new Verifier': [(options) => new Verifier(options), { keys: { [keyPairId]: publicKey } }],
  verify: [(options) => verifier.verify(options), { url }],
  explain: [(options) => verifier.explain(options), { url }],
  getSignedUrl: [
    (options) => getSignedUrl(options),
    { url, keyPairId, privateKey, dateLessThan: '2030-01-01' },
  ],
  getSignedCookies: [
    (options) => getSignedCookies(options),
    { url, keyPairId, privateKey, dateLessThan: '2030-01-01' },
  ],
};
