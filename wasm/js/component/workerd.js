/** For Cloudflare's runtime, which takes only modules that were compiled when the Worker was published. */
import core from './edgeseal.core.wasm';
import core2 from './edgeseal.core2.wasm';
import core3 from './edgeseal.core3.wasm';
import { exportsOf } from './exports.js';

const modules = {
  'edgeseal.core.wasm': core,
  'edgeseal.core2.wasm': core2,
  'edgeseal.core3.wasm': core3,
};

export const { signing, verifying, deciding } = exportsOf((name) => modules[name]);
