/** Starting WebAssembly modules where that takes its time: browsers, and whatever else is neither Node nor workerd. */
import { EdgesealError } from '../../errors.js';
import type { Glue, Source } from '../types.js';

interface Loading {
  start(): Promise<unknown>;
  started: boolean;
  /** So that two who wait at a time wait for the same. */
  running?: Promise<void> | undefined;
}

const modules: Loading[] = [];

/** Notes a module, for {@link whenLoaded} to start. */
export function load({ start }: Glue, source: Source): void {
  modules.push({
    start: async () => start({ module_or_path: await unpack(source() as string) }),
    started: false,
  });
}

/** The same; the function that it answers with has nothing left to do. */
export function loadOnDemand(glue: Glue, source: Source): () => void {
  load(glue, source);
  return () => {};
}

/** Starts every module that is not started yet. */
export async function whenLoaded(): Promise<void> {
  await Promise.all(modules.map((module) => (module.running ??= startUp(module))));
}

async function startUp(module: Loading): Promise<void> {
  try {
    await module.start();
    module.started = true;
  } catch (thrown) {
    module.running = undefined;
    const why = thrown instanceof Error ? thrown.message : 'unknown';
    throw new EdgesealError('unsupported-runtime', `WebAssembly cannot be started here: ${why}`, {
      hint: "a Content-Security-Policy has to allow script-src 'wasm-unsafe-eval'; the engine has to know DecompressionStream",
    });
  }
}

/** @throws {EdgesealError} `not-ready` */
export function requireReady(): void {
  if (modules.every(({ started }) => started)) return;
  throw new EdgesealError('not-ready', 'edgeseal is not ready: await ready() first', {
    hint: "import { ready } from 'edgeseal', and await ready() once, before the first call",
  });
}

async function unpack(packed: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).arrayBuffer();
}
