/** Starting WebAssembly modules where they are imported like code: Cloudflare's workerd. */
import type { Compiled, Glue, Source } from '../types.js';

/** Starts a module, now. */
export function load({ initSync }: Glue, source: Source): void {
  initSync({ module: source() as Compiled });
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
