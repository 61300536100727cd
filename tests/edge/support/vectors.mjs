/** The shared edge vectors as viewer-request events. */
import { readdirSync, readFileSync } from 'node:fs';
import { eventOf, viewerRequest } from '../../runtimes/suite/event.mjs';

export { viewerRequest };

const tests = new URL('../../', import.meta.url);
const readJson = (path) => JSON.parse(readFileSync(new URL(path, tests), 'utf8'));

const { now: defaultNow, keys: keyTable } = readJson('edge-vectors/credentials.json');
const signed = readJson('edge-vectors/signed.json');

/** The time of the vectors, in seconds since 1970. */
export const vectorNow = defaultNow;

/** The public keys, as the handler takes them. */
export const vectorKeys = Object.fromEntries(
  Object.entries(keyTable).map(([id, { file, enabled }]) => [
    id,
    { publicKey: readFileSync(new URL(`keys/${file}`, tests), 'utf8'), enabled },
  ]),
);

/** The text of a credential: a signed URL, or a Cookie header. */
export const credential = (name) => signed[name];

/** Every case file: its name, its policy and its cases, each with an event. */
export function vectorFiles() {
  return readdirSync(new URL('edge-vectors/', tests))
    .filter((name) => name.startsWith('cases-'))
    .map((name) => {
      const { policy, cases } = readJson(`edge-vectors/${name}`);
      return { name, policy, cases: cases.map((one) => ({ ...one, event: () => eventOf(one, signed) })) };
    });
}
