/** Walks through a folder without leaving it: no link is followed, and what is not a plain file is not opened. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A file larger than this is not read. */
export const mostBytes = 1_048_576;

/** Folders of tools and of what they made. */
export const leftOut: ReadonlySet<string> = new Set(
  (
    'node_modules bower_components dist coverage .git .hg .svn .cache .yarn .pnpm-store .next .nuxt .output ' +
    '.svelte-kit .turbo .parcel-cache .serverless .aws-sam cdk.out .venv venv site-packages __pycache__ .tox'
  ).split(' '),
);

/** Something that was not read, and why. */
export interface Skipped {
  file: string;
  reason: 'too-large' | 'unreadable' | 'binary' | 'link';
}

/** Every plain file below a folder, sorted, as paths from it with `/`. Links and unreadable folders go to `skipped`. */
export function* filesBelow(root: string, skipped: Skipped[]): Generator<string> {
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    let entries: import('node:fs').Dirent[];
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch {
      skipped.push({ file: folder, reason: 'unreadable' });
      continue;
    }
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    const folders: string[] = [];
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) yield path;
      else if (leftOut.has(entry.name)) continue;
      else if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink()) skipped.push({ file: path, reason: 'link' });
    }
    open.push(...folders.reverse());
  }
}

/** The bytes of a plain file, or why they were not read. */
export function readPlain(path: string, most = mostBytes): Buffer | Skipped['reason'] {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'unreadable';
    if (stat.size > most) return 'too-large';
    const bytes = Buffer.alloc(stat.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    const text = bytes.subarray(0, length);
    return text.includes(0) ? 'binary' : text;
  } catch {
    return 'unreadable';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
