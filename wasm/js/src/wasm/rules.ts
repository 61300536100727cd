/** Reading and checking rule files, instantiated synchronously on first import. */
import { initSync } from '../../generated/rules/edgeseal.js';
import { inflate } from '../platform/node.js';
import packed from './rules-bytes.cjs';

initSync({ module: inflate(packed) });

export { checkRules, readYaml, rulesToJson } from '../../generated/rules/edgeseal.js';
