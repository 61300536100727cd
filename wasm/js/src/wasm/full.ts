/** The core with everything in it, instantiated synchronously on first import. */
import { initSync } from '../../generated/full/edgeseal.js';
import { inflate } from '../platform/node.js';
import packed from './full-bytes.cjs';

initSync({ module: inflate(packed) });

export {
  CompatKey,
  checkKeyPairId,
  PrivateKey,
  PublicKey,
  parseTime,
  SigningCore,
  VerifyingCore,
} from '../../generated/full/edgeseal.js';
