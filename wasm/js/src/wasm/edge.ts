/** The edge decision alone, instantiated synchronously on first import. */
import { initSync } from '../../generated/edge/edgeseal.js';
import { inflate } from '../platform/node.js';
import packed from './edge-bytes.cjs';

initSync({ module: inflate(packed) });

export { EdgeCore } from '../../generated/edge/edgeseal.js';
