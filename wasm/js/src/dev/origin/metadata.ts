/**
 * What S3 remembers of an object besides its bytes: the content type and the ETag.
 *
 * It stands in files of its own, `.edgeseal/objects/<hash of the key>.json`, and counts only while the object is the
 * very file that was uploaded. A file that was put or edited by hand has the type of its extension, and an ETag of
 * size and time.
 */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../answer.js';
import { privateFolder } from './paths.js';

/** What is remembered. */
export interface Metadata {
  key: string;
  contentType: string;
  etag: string;
}

interface Kept extends Metadata {
  /** The file that it is about: inode, size and time of change. */
  file: string;
}

/** Remembers metadata for the objects of a folder. */
export class MetadataFolder {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, privateFolder, 'objects');
  }

  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
  }

  /** What is remembered about a key, if it is about this file. */
  async read(key: string, stat: BigIntStats): Promise<Metadata | undefined> {
    try {
      const kept = JSON.parse(await readFile(this.#path(key), 'utf8')) as Partial<Kept>;
      const { contentType, etag } = kept;
      const whole = typeof contentType === 'string' && typeof etag === 'string' && kept.key === key;
      return whole && kept.file === identity(stat) ? { key, contentType, etag } : undefined;
    } catch {
      // No metadata, or none that can be read: the file speaks for itself.
      return undefined;
    }
  }

  /** Remembers, all at once. */
  async write(metadata: Metadata, stat: BigIntStats): Promise<void> {
    const kept: Kept = { ...metadata, file: identity(stat) };
    const path = this.#path(metadata.key);
    const draft = `${path}.${newId(9)}`;
    await writeFile(draft, JSON.stringify(kept));
    await rename(draft, path);
  }

  #path(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}

function identity({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}`;
}
