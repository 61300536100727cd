// What the emulator saw while each product was created, updated and deleted, kept as .cache/observed-actions.json for
// the comparison with the launch roles.
//
//   {
//     "cloudfront-key-pair": {
//       "create": {
//         "resources": [{ "type": "AWS::IAM::Role", "operation": "create", "properties": ["Policies", ...] }, ...],
//         "launchRole": ["iam:CreateRole", ...],    the API calls behind those operations: the launch role needs them
//         "functions": ["cloudfront:CreatePublicKey", ...]    what the product's own function called and was allowed
//       },
//       "update": { ... },
//       "delete": { ... }
//     },
//     ...
//   }
//
// `resources` and `functions` are observed. `launchRole` is `resources` put in terms of the API by api-calls.mjs, plus
// the operations that a provisioner was seen to call. Reads by CloudFormation are in none of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { actionsOf } from './api-calls.mjs';

export const observedActionsPath = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../..',
  '.cache',
  'observed-actions.json',
);

/** Entries of the recording since the last call, oldest first. ministack_launcher.py says what they can show. */
export async function takeRecording({ endpoint }) {
  const answer = await fetch(`${endpoint}/_edgeseal/recording`);
  return answer.json();
}

const unique = (list) => [...new Set(list)].sort();

/** One step of a product's life, from its part of the recording. */
export function observed(entries) {
  const resources = entries
    .filter((entry) => entry.source === 'provisioner')
    .map(({ type, operation, properties }) => ({ type, operation, properties }));
  const called = entries.filter((entry) => entry.source === 'internal').map((entry) => entry.action);
  const functions = entries.filter((entry) => entry.source === 'http' && entry.status !== 403);
  return {
    resources,
    launchRole: unique([...resources.flatMap(actionsOf), ...called]),
    functions: unique(functions.map((entry) => entry.action)),
  };
}

/** Writes what was observed: steps by product. */
export function writeObservedActions(products) {
  mkdirSync(dirname(observedActionsPath), { recursive: true });
  const sorted = Object.fromEntries(
    Object.entries(products).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  writeFileSync(observedActionsPath, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** Reads what the last run of provision.test.mjs observed. */
export function readObservedActions() {
  return JSON.parse(readFileSync(observedActionsPath, 'utf8'));
}
