/** What suites need before they can run. Each need is met at most once in a run, and only when a suite asks for it. */
import { build } from '../../build.mjs';
import { steps } from '../../setup.mjs';

/**
 * Answers a function that meets needs.
 * @param {Record<string, () => Promise<unknown>>} [makers] by need; the setup steps and `build` unless told otherwise
 */
export function needsKeeper(makers = defaultMakers()) {
  const met = new Map();
  return async (names) => {
    const results = {};
    for (const name of names) {
      if (!met.has(name)) met.set(name, makers[name]());
      results[name] = await met.get(name);
    }
    return results;
  };
}

function defaultMakers() {
  const makers = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step.run]));
  return { ...makers, build: () => build() };
}
