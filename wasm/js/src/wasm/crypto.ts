/** RSA, ECDSA and the opening of encrypted keys, where the runtime does not do it. */
import start, {
  CryptoSigningKey,
  CryptoVerifyingKey,
  initSync,
  openPrivateKey,
  sha256,
} from '../../generated/crypto/edgeseal.js';
import { loadOnDemand } from '../platform/node/loading.js';
import { source } from './source/crypto.js';

const started = loadOnDemand({ initSync, start }, source);
const module = { CryptoSigningKey, CryptoVerifyingKey, openPrivateKey, sha256 };

/** The module, started. */
export function crypto(): typeof module {
  started();
  return module;
}
