/** The zip file that Lambda takes: one file of code, with rules and keys in it, and the module. */
import { createHash } from 'node:crypto';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { type ZipAttributes, zipSync } from '../vendor/fflate.cjs';
import packedModule from '../wasm/edge-brotli.cjs';
import code from '../wasm/handler-bytes.cjs';
import { type Baked, bakedName, moduleFile } from './baked.js';
import type { EdgePublicKey } from './keys.js';

/** What goes into a bundle. */
export interface BundleOptions {
  /** The rule file as JSON, from `bakeRules`. */
  rules: string;
  keys: readonly EdgePublicKey[];
  /** How many good signatures to remember; 0 for none. */
  memo: number;
  /** The share of allowed requests to log. */
  sampleAllowed: number;
}

/** A bundle, and how large it is, in bytes. */
export interface Bundle {
  zip: Uint8Array;
  files: Readonly<Record<string, Uint8Array>>;
  /** SHA-256 of the zip file in base64, as Lambda's CodeSha256. */
  sha256: string;
  sizes: {
    /** The code with rules and keys. */
    code: number;
    /** The module, decompressed. */
    module: number;
    /** Code and compressed module, each as gzip makes it. */
    gzip: number;
    zip: number;
  };
}

/** Packs a bundle. The same options give the same bytes, on every machine. */
export function packBundle({ rules, keys, memo, sampleAllowed }: BundleOptions): Bundle {
  const baked: Baked = {
    rules,
    keys: keys.map(({ keyPairId, spki, enabled }) => [
      keyPairId,
      Buffer.from(spki).toString('base64'),
      enabled,
    ]),
    memo,
    sampleAllowed,
  };
  const index = Buffer.from(`'use strict';\nvar ${bakedName} = ${JSON.stringify(baked)};\n${code}`);
  const module = Buffer.from(packedModule, 'base64');
  const files = { 'index.js': index, [moduleFile]: module };
  const zip = zipSync({ 'index.js': [index, compressed], [moduleFile]: [module, stored] });
  return {
    zip,
    files,
    sha256: createHash('sha256').update(zip).digest('base64'),
    sizes: {
      code: index.length,
      module: brotliDecompressSync(module).length,
      gzip: gzipSync(index, { level: 9 }).length + gzipSync(module, { level: 9 }).length,
      zip: zip.length,
    },
  };
}

/** A regular file that everybody may read, of the first moment that a zip file can tell, in whatever time zone. */
const attributes: ZipAttributes = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 };
const compressed = { ...attributes, level: 9 } as const;
/** Brotli leaves nothing to compress. */
const stored = { ...attributes, level: 0 } as const;
