/** The version of the package. Written by the build. */
declare const EDGESEAL_VERSION: string;

/**
 * A module, compressed with raw deflate, as base64.
 *
 * The scripts in the folder `bytes` leave it under a symbol, since a script without import and export is one that
 * CommonJS, ES modules, bundlers and a plain script tag all take, so that the package needs one copy only.
 */
export function packed(name: string): string {
  const key = Symbol.for(`edgeseal@${EDGESEAL_VERSION}/${name}`);
  return (globalThis as unknown as Record<symbol, string>)[key] ?? '';
}
