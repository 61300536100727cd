/**
 * The shared vectors against the package, in any runtime: no module of a runtime is imported here, and nothing is read
 * or written. The caller hands in the modules of the package and the vectors.
 */
import { decideCases } from './decide.mjs';
import { signCases } from './sign.mjs';
import { verifyCases } from './verify.mjs';
import { makeWorld } from './world.mjs';

/**
 * @typedef {object} Report
 * @property {'sync' | 'await ready()'} api whether the package can be used at once
 * @property {string[]} cryptos the kinds of cryptography that were tried
 * @property {Record<import('./world.mjs').Group, number>} total how many vectors there are
 * @property {Record<import('./world.mjs').Group, number>} passed how many of them passed with every kind
 * @property {{ group: string, name: string, crypto: string, why: string }[]} failures
 */

/** Whether the package answers before it was told to get ready. */
function works({ Verifier }, data) {
  try {
    new Verifier({ keys: { K2JCJMDEHXQW5F: data.keys['rsa-public.pem'] } });
    return true;
  } catch (error) {
    if (error.code !== 'not-ready') throw error;
    return false;
  }
}

/** Whatever was thrown, in a line. */
const inWords = (thrown) =>
  (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)).slice(0, 500);

/**
 * Every case there is, in order.
 * @param {import('./world.mjs').Faces} faces which are ready
 * @param {import('./world.mjs').Data} data
 */
export function vectorCases(faces, data) {
  const world = makeWorld(faces, data);
  const cases = [...signCases(world), ...verifyCases(world), ...decideCases(faces, data)];
  world.nothingForgotten();
  return cases;
}

/**
 * Runs every case with every kind of cryptography that the package has here.
 * @param {import('./world.mjs').Faces} faces
 * @param {import('./world.mjs').Data} data
 * @returns {Promise<Report>}
 */
export async function runSuite(faces, data) {
  const api = works(faces.edgeseal, data) ? 'sync' : 'await ready()';
  for (const { ready } of Object.values(faces)) await ready();
  const tried = new Set();
  const total = { sign: 0, verify: 0, decide: 0 };
  const passed = { sign: 0, verify: 0, decide: 0 };
  const failures = [];
  for (const { group, name, cryptos, check } of vectorCases(faces, data)) {
    total[group] += 1;
    const before = failures.length;
    for (const crypto of cryptos) {
      tried.add(crypto);
      try {
        await check(crypto);
      } catch (thrown) {
        failures.push({ group, name, crypto, why: inWords(thrown) });
      }
    }
    if (failures.length === before) passed[group] += 1;
  }
  return { api, cryptos: [...tried], total, passed, failures };
}
