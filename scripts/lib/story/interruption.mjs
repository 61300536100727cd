/** Ctrl-C as a rejection, so that the cleaning up in a `finally` runs. */
import { once } from 'node:events';
import { Problem } from '../problem.mjs';

/** The exit code of a program that Ctrl-C ended. */
export const interrupted = 130;

/**
 * Listens for Ctrl-C and SIGTERM until told to forget.
 * @param {string} words of the problem that `stopped` rejects with
 * @returns {{ arrived: Promise<unknown>, stopped: Promise<never>, forget: () => void }}
 */
export function interruption(words) {
  const listening = new AbortController();
  const { signal } = listening;
  const arrived = Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  const stopped = arrived.then(() => {
    throw Object.assign(new Problem(words), { exitCode: interrupted });
  });
  for (const promise of [arrived, stopped]) promise.catch(() => undefined);
  return { arrived, stopped, forget: () => listening.abort() };
}
