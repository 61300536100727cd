/** The module `crypto`. */
import '../../bytes/crypto.js';
import { packed } from './packed.js';

export const source = () => packed('crypto');
