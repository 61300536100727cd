/** Folders that appear whole or not at all, and locks between processes. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMillis = 250;
/** A lock whose owner never got to write its process id is given up after this long. */
const ownerlessMillis = 10_000;

/**
 * Makes a folder in a temporary place and moves it to its name when it is finished, so that an interrupted run leaves
 * nothing that looks finished. A folder that is there is replaced.
 * @template T
 * @param {string} folder
 * @param {(draft: string) => Promise<T>} fill
 * @returns {Promise<T>}
 */
export async function freshFolder(folder, fill) {
  const draft = `${folder}.draft-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    const result = await fill(draft);
    const old = `${folder}.old-${process.pid}`;
    if (statSync(folder, { throwIfNoEntry: false })) renameSync(folder, old);
    renameSync(draft, folder);
    rmSync(old, { recursive: true, force: true });
    return result;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function ownerGone(lock) {
  let owner;
  try {
    owner = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > ownerlessMillis;
  }
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Holds a lock (a folder) while the work runs; waits for another process that holds it, and takes over a lock whose
 * owner is gone.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when the lock is held by another process
 * @returns {Promise<T>}
 */
export async function withLock(lock, work, onWait = () => {}) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = false; ; ) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (ownerGone(lock)) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await sleep(pollMillis);
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
