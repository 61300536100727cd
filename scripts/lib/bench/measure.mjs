/**
 * Timing contenders that do the same work.
 *
 * The first contender of a group is what the others are compared with. All are timed in turns, several rounds long, and
 * the best round of each counts: what else the machine does at the moment then disturbs all alike, and least of all the
 * ratio between them.
 *
 * @typedef {{ name: string, run: () => unknown }} Contender
 * @typedef {{ title: string, contenders: Contender[], check: () => unknown }} Group check fails unless all contenders do the work
 * @typedef {{ title: string, groups: Group[] }} Bench what `bench/<name>/bench.mjs` exports by default
 * @typedef {{ name: string, micros: number, ratio: number }} Row ratio: how many times as fast as the first contender
 */
import { measure } from 'mitata';

const nanosInMicro = 1_000;

/**
 * Times one group.
 * @param {Group} group
 * @param {{ rounds: number, millis: number }} effort rounds, and how long each contender runs in one
 * @returns {Promise<Row[]>}
 */
export async function timeGroup({ contenders, check }, { rounds, millis }) {
  await check();
  const best = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { run }] of contenders.entries()) {
      const { p50 } = await measure(() => run(), { min_cpu_time: millis * 1e6, batch_unroll: 1 });
      best[index] = Math.min(best[index], p50 / nanosInMicro);
    }
  }
  return contenders.map(({ name }, index) => ({ name, micros: best[index], ratio: best[0] / best[index] }));
}
