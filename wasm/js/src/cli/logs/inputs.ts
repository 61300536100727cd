/** The files that the command line names. */
import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command.js';
import { shown } from '../material.js';

/** Refuses a command line that names what is not there, before anything is read. @throws {UsageError} */
export async function checkInputs(names: readonly string[]): Promise<void> {
  if (names.filter((name) => name === '-').length > 1) {
    throw new UsageError('stdin is named twice', 'use - once');
  }
  for (const name of names) if (name !== '-') await statOf(name);
}

/** The files in the order given; those of a folder, and of the folders in it, by name. Links in folders are left out. */
export async function* filesOf(names: readonly string[]): AsyncGenerator<string> {
  for (const name of names) {
    if (name === '-' || !(await statOf(name)).isDirectory()) yield name;
    else yield* filesBelow(name);
  }
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = (await entriesOf(folder)).sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

async function statOf(name: string): Promise<Stats> {
  return stat(name).catch((thrown: NodeJS.ErrnoException) => {
    const why = thrown.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new UsageError(`${shown(name)} ${why}`, undefined, 'unreadable-file');
  });
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => {
    throw new UsageError(`the folder ${shown(folder)} cannot be read`, undefined, 'unreadable-file');
  });
}
