/**
 * Sign, verify and explain Amazon CloudFront signed URLs and signed cookies.
 *
 * @packageDocumentation
 */
export { CryptoKeySigner, type CryptoKeySignerOptions, type WebCryptoKey } from './crypto-key-signer.js';
export { EdgesealError } from './errors.js';
export { ready } from './ready.js';
export type {
  CookieAttributes,
  HashAlgorithm,
  KeyAlgorithm,
  SignCookiesOptions,
  SignedCookies,
  SignUrlOptions,
  SignUrlsOptions,
  Terms,
  UploadConstraints,
} from './sign-options.js';
export { type CryptoChoice, Signer, type SignerOptions } from './signer.js';
export type { Instant } from './time.js';
export {
  type Allowed,
  type Cause,
  type Check,
  type Denied,
  type ExplainOptions,
  type Explanation,
  type Policy,
  type TrustedKey,
  type Verdict,
  Verifier,
  type VerifierOptions,
  type VerifyOptions,
  type ViewerRequest,
  type Warning,
} from './verifier.js';
