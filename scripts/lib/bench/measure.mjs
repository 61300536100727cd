/**
 * Timing contenders that do the same work.
 *
 * The first contender of a group is what the others are compared with. All are timed in turns, several rounds long, and
 * the best round of each counts: what else the machine does at the moment then disturbs all alike, and least of all the
 * ratio between them. What takes long enough to be timed by itself, such as the start of a program, is done a number of
 * times instead, in turns as well, and its median counts.
 *
 * @typedef {{ name: string, run: () => unknown }} Contender
 * @typedef {object} Group
 * @property {string} title
 * @property {Contender[]} contenders
 * @property {() => unknown} check fails unless all contenders do the work
 * @property {number} [starts] how often each is done, where it is timed one by one
 * @property {() => unknown} [close] ends what the check began
 *
 * @typedef {object} Bench what `bench/<name>/bench.mjs` exports by default
 * @property {string} title
 * @property {Group[]} groups
 * @property {() => unknown} [close] ends what the groups share
 * @property {(results: { title: string, rows: Row[] }[], machine: string[]) => void} [keep] keeps the results itself, in
 *   place of bench/README.md
 *
 * @typedef {{ name: string, micros: number, ratio: number }} Row ratio: how many times as fast as the first contender
 */
import { measure } from 'mitata';

const nanosInMicro = 1_000;
const microsInMilli = 1_000;

/**
 * Times one group.
 * @param {Group} group
 * @param {{ rounds: number, millis: number, most: number }} effort rounds, how long each contender runs in one, and the
 *   most starts
 * @returns {Promise<Row[]>}
 */
export async function timeGroup(group, effort) {
  try {
    await group.check();
    const micros = await (group.starts === undefined ? timeRounds(group, effort) : timeStarts(group, effort));
    return group.contenders.map(({ name }, index) => ({
      name,
      micros: micros[index],
      ratio: micros[0] / micros[index],
    }));
  } finally {
    await group.close?.();
  }
}

async function timeRounds({ contenders }, { rounds, millis }) {
  const best = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { run }] of contenders.entries()) {
      const { p50 } = await measure(() => run(), { min_cpu_time: millis * 1e6, batch_unroll: 1 });
      best[index] = Math.min(best[index], p50 / nanosInMicro);
    }
  }
  return best;
}

async function timeStarts({ contenders, starts }, { most }) {
  const times = contenders.map(() => []);
  for (let turn = 0; turn < Math.min(starts, most); turn += 1) {
    for (const [index, { run }] of contenders.entries()) {
      const started = performance.now();
      await run();
      times[index].push((performance.now() - started) * microsInMilli);
    }
  }
  return times.map(median);
}

/** The value in the middle. */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
