/** The module `core`. */
import '../../bytes/core.js';
import { packed } from './packed.js';

export const source = () => packed('core');
