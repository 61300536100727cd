/**
 * Reading how many tests ran from what a runner printed.
 *
 * @typedef {{ passed: number, failed: number }} Counts
 */

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Sums the numbers that a pattern captures in a text. */
function sum(text, pattern) {
  let total = 0;
  for (const match of text.matchAll(pattern)) total += Number(match[1]);
  return total;
}

/** `cargo test`: one `test result:` line per test program. */
const cargo = (text) => ({
  passed: sum(text, /^test result: .*? (\d+) passed;/gm),
  failed: sum(text, /^test result: .*? (\d+) failed;/gm),
});

/** `cargo nextest run`: one summary line; a test can also time out or leave a process behind. */
function nextest(text) {
  const summaries = text.match(/^ *Summary \[.*$/gm)?.join('\n') ?? '';
  return {
    passed: sum(summaries, /\b(\d+) passed\b/g),
    failed: sum(summaries, /\b(\d+) (?:failed|timed out|exec failed)\b/g),
  };
}

/** `node --test` with the spec or the TAP reporter. */
const node = (text) => ({
  passed: sum(text, /^(?:ℹ|#) pass (\d+)$/gm),
  failed: sum(text, /^(?:ℹ|#) (?:fail|cancelled) (\d+)$/gm),
});

/** A check without tests of its own: its exit code is the whole answer. */
const check = (_text, code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });

const readers = { cargo, nextest, node, check };

/**
 * Counts what a command ran.
 *
 * A command that failed without a failed test (it did not compile, it crashed), and one that ran no test at all, count
 * as one failure, so that neither can hide in a sum.
 * @param {keyof typeof readers} runner
 * @param {string} output
 * @param {number} code the exit code
 * @returns {Counts & { trouble?: string }} trouble says in words what the numbers of the runner do not
 */
export function count(runner, output, code) {
  const counts = readers[runner](output.replace(escapes, ''), code);
  if (counts.failed > 0) return counts;
  if (code !== 0) return { ...counts, failed: 1, trouble: `the runner ended with exit code ${code}` };
  if (counts.passed === 0) return { ...counts, failed: 1, trouble: 'no test ran' };
  return counts;
}

/** The last line of a run, for people and for programs. */
export const summary = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
