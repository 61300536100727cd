/** Starting WebAssembly modules where that is synchronous: Node, Deno and Bun. */
import { inflateRawSync } from 'node:zlib';
import type { Glue, Source } from '../types.js';

/** Starts a module, now. */
export function load({ initSync }: Glue, source: Source): void {
  initSync({ module: Uint8Array.from(inflateRawSync(Buffer.from(source() as string, 'base64'))) });
}

/** A function that starts a module when it is called for the first time. */
export function loadOnDemand(glue: Glue, source: Source): () => void {
  let started = false;
  return () => {
    if (started) return;
    load(glue, source);
    started = true;
  };
}

/** Everything is ready from the start. */
export async function whenLoaded(): Promise<void> {}

/** Everything is ready from the start. */
export function requireReady(): void {}
