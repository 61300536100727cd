/** The module `edge`. */
import '../../bytes/edge.js';
import { packed } from './packed.js';

export const source = () => packed('edge');
