/**
 * Sign, verify and explain Amazon CloudFront signed URLs and signed cookies.
 *
 * @packageDocumentation
 */
export { EdgesealError } from './errors.js';
export {
  type CookieAttributes,
  type CryptoChoice,
  type HashAlgorithm,
  type KeyAlgorithm,
  type SignCookiesOptions,
  type SignedCookies,
  Signer,
  type SignerOptions,
  type SignUrlOptions,
  type SignUrlsOptions,
  type Terms,
  type UploadConstraints,
} from './signer.js';
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
