/** For browsers and their bundlers, which want to see each address, fetch it and compile it in the background. */
import { exportsOf } from './exports.js';

const addresses = {
  'edgeseal.core.wasm': new URL('./edgeseal.core.wasm', import.meta.url),
  'edgeseal.core2.wasm': new URL('./edgeseal.core2.wasm', import.meta.url),
  'edgeseal.core3.wasm': new URL('./edgeseal.core3.wasm', import.meta.url),
};

async function compiled([name, address]) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} cannot be loaded: status ${response.status}`);
  // Not compileStreaming: many a server gives .wasm files another type than it wants.
  return [name, await WebAssembly.compile(await response.arrayBuffer())];
}

const modules = new Map(await Promise.all(Object.entries(addresses).map(compiled)));

export const { signing, verifying, deciding } = exportsOf((name) => modules.get(name));
