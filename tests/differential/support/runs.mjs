/** How generated inputs are run: always the same ones, and a failure names the seed and the shortest input. */
import fc from 'fast-check';

/** Change it to look elsewhere: `EDGESEAL_SEED=7 node --test tests/differential`. */
export const seed = Number(process.env.EDGESEAL_SEED ?? 20_261_124);

/**
 * Holds a property against many generated inputs.
 * @template T
 * @param {fc.Arbitrary<T>} input
 * @param {number} runs
 * @param {(input: T) => void} check throws when the property does not hold
 */
export function holdsFor(input, runs, check) {
  fc.assert(
    fc.property(input, (value) => {
      check(value);
    }),
    { seed, numRuns: runs, verbose: 0 },
  );
}
