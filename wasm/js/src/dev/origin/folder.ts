/** Objects as the files of a folder. */
import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { EdgesealError } from '../../errors.js';
import { newId } from '../answer.js';
import { MetadataFolder } from './metadata.js';
import { checkInside, pathOf, privateFolder } from './paths.js';
import { missing, OriginProblem, unusableKey } from './problem.js';
import { sendFile } from './send.js';
import type { Store } from './store.js';
import { Turns } from './turns.js';
import type { CheckedBody, Promised } from './upload.js';

/** A folder as a bucket. */
export class FolderStore implements Store {
  readonly description: string;
  readonly #given: string;
  readonly #turns = new Turns();
  #root = '';
  #incoming = '';
  #metadata = new MetadataFolder('');

  constructor(folder: string) {
    this.#given = folder;
    this.description = `the folder ${folder}`;
  }

  async open(): Promise<void> {
    try {
      await mkdir(this.#given, { recursive: true });
      this.#root = await realpath(this.#given);
      this.#incoming = join(this.#root, privateFolder, 'incoming');
      await mkdir(this.#incoming, { recursive: true });
      this.#metadata = new MetadataFolder(this.#root);
      await this.#metadata.open();
      await removeLeftovers(this.#incoming);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      throw new EdgesealError('unusable-store', `the folder cannot be used: ${code ?? 'unknown fault'}`, {
        field: 'store',
        hint: 'name a folder that you may write to',
      });
    }
  }

  async get(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = await this.#openObject(key);
    try {
      const stat = await file.stat({ bigint: true });
      if (!stat.isFile()) throw missing();
      const metadata = await this.#metadata.read(key, stat);
      if (metadata !== undefined) {
        response.setHeader('content-type', metadata.contentType);
        response.setHeader('etag', metadata.etag);
      }
      await sendFile(file, key, request, response);
    } finally {
      await file.close();
    }
  }

  async put(key: string, promised: Promised, body: CheckedBody): Promise<string> {
    const draft = join(this.#incoming, `${process.pid}-${newId(12)}`);
    try {
      const path = pathOf(this.#root, key);
      const stat = await this.#receive(draft, body);
      await this.#turns.take(key, async () => {
        body.confirm();
        await this.#commit(draft, path);
        await this.#metadata.write({ key, contentType: promised.contentType, etag: body.etag }, stat);
      });
      return body.etag;
    } finally {
      body.destroy();
      await rm(draft, { force: true });
    }
  }

  close(): void {
    // Files are open only while a request runs.
  }

  /** Opens the file of a key, which is then the same file whatever happens to its name. */
  async #openObject(key: string): Promise<FileHandle> {
    try {
      const path = pathOf(this.#root, key);
      await checkInside(this.#root, path);
      // A pipe without a writer would keep the opening waiting.
      return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      const nothingThere = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO'].includes(code ?? '');
      throw nothingThere || thrown instanceof OriginProblem ? missing() : thrown;
    }
  }

  /** Writes the body to a file that nobody else sees, down to the disk. */
  async #receive(draft: string, body: CheckedBody): Promise<BigIntStats> {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
      return await file.stat({ bigint: true });
    } finally {
      await file.close();
    }
  }

  async #commit(draft: string, path: string): Promise<void> {
    await checkInside(this.#root, dirname(path));
    try {
      await mkdir(dirname(path), { recursive: true });
      await rename(draft, path);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(code ?? '')) {
        throw unusableKey('a folder cannot hold both this key and one that it is the beginning of');
      }
      throw thrown;
    }
  }
}

/** Removes what a local edge left behind that was killed in the middle of an upload. */
async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const [, pid] = /^(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(incoming, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
