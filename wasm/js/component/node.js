/** For Node, Deno and Bun, which read and compile a file at once. */
import { readFileSync } from 'node:fs';
import { exportsOf } from './exports.js';

export const { signing, verifying, deciding } = exportsOf(
  (name) => new WebAssembly.Module(readFileSync(new URL(name, import.meta.url))),
);
