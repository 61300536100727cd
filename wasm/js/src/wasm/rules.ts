/** Reading and checking rule files. */
import start, { initSync } from '../../generated/rules/edgeseal.js';
import { load } from '../platform/node/loading.js';
import { source } from './source/rules.js';

load({ initSync, start }, source);

export { checkRules, readYaml, rulesToJson } from '../../generated/rules/edgeseal.js';
