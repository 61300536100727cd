/** The edge decision alone. */
import start, { initSync } from '../../generated/edge/edgeseal.js';
import { load } from '../platform/node/loading.js';
import { source } from './source/edge.js';

load({ initSync, start }, source);

export { EdgeCore } from '../../generated/edge/edgeseal.js';
