/** Where in a folder an object is, and that it cannot be anywhere else. */
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { unusableKey } from './problem.js';

/** The folder inside the store that holds what is no object. */
export const privateFolder = '.edgeseal';

/** Bytes of a file name that common file systems take. */
const maxNameBytes = 255;

/**
 * The path of a key below a folder.
 *
 * S3 keys are plain text; paths are not. What a folder would read as something else is refused.
 *
 * @throws {OriginProblem}
 */
export function pathOf(root: string, key: string): string {
  const names = key.split('/');
  for (const name of names) {
    if (name === '' || name === '.' || name === '..') {
      throw unusableKey('a folder cannot hold a key with an empty, "." or ".." part');
    }
    if (/[\p{Cc}\\]/u.test(name) || (process.platform === 'win32' && /[<>:"|?*]|[. ]$/.test(name))) {
      throw unusableKey('a folder cannot hold a key with this character');
    }
    if (Buffer.byteLength(name) > maxNameBytes) {
      throw unusableKey(`a folder cannot hold a part of a key longer than ${maxNameBytes} bytes`);
    }
  }
  // Some file systems do not tell letter cases apart, so neither does this.
  if (names[0]?.toLowerCase() === privateFolder) throw unusableKey(`${privateFolder} is taken`);
  return join(root, ...names);
}

/**
 * Makes sure that a path does not leave the folder through a symbolic link, as far as the path exists.
 *
 * @throws {OriginProblem}
 */
export async function checkInside(root: string, path: string): Promise<void> {
  const existing = await deepestThatExists(path);
  const real = await realpath(existing).catch(() => {
    throw unusableKey('a symbolic link leads nowhere');
  });
  const way = relative(root, real);
  if (way === '..' || way.startsWith(`..${sep}`))
    throw unusableKey('a symbolic link leads out of the folder');
}

async function deepestThatExists(path: string): Promise<string> {
  try {
    await lstat(path);
    return path;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return deepestThatExists(dirname(path));
    throw thrown;
  }
}
