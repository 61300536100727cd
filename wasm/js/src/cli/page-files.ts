/** The files of the inspector's page, as the build left them in the package. */
import { realpathSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { UsageError } from './command.js';
import { printable } from './output.js';

/** One file. */
export interface PageFile {
  /** From the root of the site, without a slash in front. */
  path: string;
  /** The value of its `Content-Type`. */
  type: string;
  bytes: Uint8Array;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads them all. The build wrote a list of them, so that nothing else of the package is ever served. */
export async function readPage(): Promise<PageFile[]> {
  const dist = join(dirname(realpathSync(process.argv[1] ?? '')), '..', '..');
  const list = JSON.parse(await readFile(join(dist, 'inspector', 'files.json'), 'utf8')) as string[];
  const files = list.map(async (file): Promise<PageFile> => {
    const path = file === 'inspector/page.html' ? 'index.html' : file;
    const type = types[extname(file)] ?? 'application/octet-stream';
    return { path, type, bytes: await readFile(join(dist, file)) };
  });
  return Promise.all(files);
}

/** Writes them into a folder, for any host of static files. */
export async function writePage(files: readonly PageFile[], folder: string): Promise<void> {
  try {
    for (const { path, bytes } of files) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes);
    }
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(
      `--out: ${printable(folder)} cannot be written (${code})`,
      'name a folder, which is made where it is missing',
      'unwritable-file',
    );
  }
}
