/** The module `rules`. */
import '../../bytes/rules.js';
import { packed } from './packed.js';

export const source = () => packed('rules');
