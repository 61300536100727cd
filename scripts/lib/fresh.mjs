/** Folders that appear whole or not at all, and locks between processes. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMillis = 250;
/** A lock whose owner never got to write its process id is given up after this long. */
const ownerlessMillis = 10_000;

/** Removes the drafts of runs that were killed. */
function removeLeftovers(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.`)) continue;
    const owner = /\.(?:draft|old)-(\d+)$/.exec(name)?.[1];
    const abandoned = owner !== undefined && (Number(owner) === process.pid || !running(Number(owner)));
    if (abandoned) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

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
  removeLeftovers(folder);
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

/** Whether a process with this id exists. */
function running(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Lends an empty folder to some work and removes it afterwards. */
export async function scratchFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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
  return !running(owner);
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
