/** Signing, verifying and explaining. */
import start, { initSync } from '../../generated/core/edgeseal.js';
import { load } from '../platform/node/loading.js';
import { source } from './source/core.js';

load({ initSync, start }, source);

export {
  CompatKey,
  checkKeyPairId,
  derSignature,
  PreparingCore,
  PrivateKey,
  PublicKey,
  parseTime,
  SigningCore,
  VerifyingCore,
} from '../../generated/core/edgeseal.js';
