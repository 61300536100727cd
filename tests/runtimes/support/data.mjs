/** Collects the shared vectors and the key files into one value, which goes to every runtime as JSON. */
import { readdirSync, readFileSync } from 'node:fs';

const tests = new URL('../../', import.meta.url);
const text = (path) => readFileSync(new URL(path, tests), 'utf8');
const json = (path) => JSON.parse(text(path));
const named = (folder, pattern) =>
  readdirSync(new URL(folder, tests))
    .filter((name) => pattern.test(name))
    .sort();

/** @returns {import('../suite/world.mjs').Data} */
export function collectVectors() {
  const vectors = named('vectors/', /\.json$/).map((name) => [
    name.replace('.json', ''),
    json(`vectors/${name}`).cases,
  ]);
  const keys = named('keys/', /\.pem$/).map((name) => [name, text(`keys/${name}`)]);
  const { now, keys: trusted } = json('edge-vectors/credentials.json');
  const files = named('edge-vectors/', /^cases-/).map((name) => ({ name, ...json(`edge-vectors/${name}`) }));
  return {
    vectors: Object.fromEntries(vectors),
    keys: Object.fromEntries(keys),
    edge: { now, keys: trusted, signed: json('edge-vectors/signed.json'), files },
  };
}
