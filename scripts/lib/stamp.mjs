/** Stamps: small files that hold a hash of what something was made from. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Names of folders that are outputs or belong to others, never inputs. */
const ignored = new Set(['node_modules', 'target', 'dist', 'generated', '.cache', '.git', '__pycache__']);

/** Every file under a folder (or the file itself), sorted; a missing path has no files. */
export function filesUnder(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => !ignored.has(entry.name))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return filesUnder(inner);
      return entry.isFile() ? [inner] : [];
    })
    .sort();
}

/**
 * A hash over files and plain words.
 * @param {object} inputs
 * @param {string} inputs.base names in the hash are relative to it, so that a moved checkout keeps its stamps
 * @param {string[]} [inputs.paths] files and folders
 * @param {string[]} [inputs.words] versions, options and anything else the result depends on
 */
export function hashOf({ base, paths = [], words = [] }) {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`word ${word.length} ${word}\n`);
  for (const file of paths.flatMap(filesUnder)) {
    const bytes = readFileSync(file);
    hash.update(`file ${relative(base, file)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** Whether the stamp file holds this hash. */
export function stamped(file, hash) {
  try {
    return readFileSync(file, 'utf8').trim() === hash;
  } catch {
    return false;
  }
}

/** Writes a stamp, whole or not at all. */
export function stamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${hash}\n`);
  renameSync(draft, file);
}
