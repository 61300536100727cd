/** The edge decision in a bundle: its module is a file beside the code, which costs nothing to decode. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { initSync } from '../../../generated/edge/edgeseal.js';
import { moduleFile } from '../baked.js';

initSync({ module: Uint8Array.from(brotliDecompressSync(readFileSync(join(__dirname, moduleFile)))) });

export { EdgeCore } from '../../../generated/edge/edgeseal.js';
