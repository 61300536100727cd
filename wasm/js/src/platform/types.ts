/** What each platform has to offer. The builds for other runtimes put their own folder in the place of `platform/node`. */

/** The private-key operation. */
export interface HostSigningKey {
  sign(sha256: boolean, message: Uint8Array): Uint8Array;
}

/** The public-key operation. */
export interface HostVerifyingKey {
  verify(sha256: boolean, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Synchronous cryptography of the runtime's own. */
export interface HostCrypto {
  /** Takes PKCS#8, and wipes it. Throws when the numbers of the key do not belong together. */
  signingKey(pkcs8: Uint8Array): HostSigningKey;
  /** Takes SubjectPublicKeyInfo. Throws when it is no usable key. */
  verifyingKey(spki: Uint8Array): HostVerifyingKey;
  sha256(bytes: Uint8Array): Uint8Array;
}

/** The bytes of a module. */
export type Bytes = Uint8Array<ArrayBuffer> | ArrayBuffer;

/** A module that the runtime has compiled: a `WebAssembly.Module`. */
export type Compiled = object;

/** The ways to start a module that its glue has. */
export interface Glue {
  initSync(options: { module: Bytes | Compiled }): unknown;
  start(options: { module_or_path: Bytes }): Promise<unknown>;
}

/** A module: compressed with raw deflate, as base64; or compiled, in workerd. */
export type Source = () => string | Compiled;
