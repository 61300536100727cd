/** Names of objects: checked, or made up. */
import { randomUUID } from 'node:crypto';
import { EdgesealError } from '../errors.js';

/** The longest key that S3 takes, in bytes of UTF-8. Source: *Naming Amazon S3 objects*, Amazon S3 User Guide. */
const longestKey = 1024;

/**
 * Checks the key of an object: no leading slash, no empty, `.` or `..` segment, no backslash and no control character.
 *
 * @throws {EdgesealError} `invalid-object-key`.
 */
export function checkObjectKey(key: unknown): string {
  if (typeof key !== 'string' || key === '') throw invalid('it must be a non-empty string');
  if (/\p{Surrogate}/u.test(key)) throw invalid('it is not well-formed text');
  if (Buffer.byteLength(key) > longestKey) throw invalid(`it is longer than ${longestKey} bytes`);
  if (/[\p{Cc}\\]/u.test(key)) throw invalid('it has a backslash or a control character');
  if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw invalid('it has an empty, . or .. segment, or starts or ends with a slash');
  }
  return key;
}

/**
 * Makes up a key that nobody can guess: a random name, with the ending of the file name when that is harmless.
 *
 * @example
 * newObjectKey('Report 2026.PDF', 'invoices') // invoices/2f1c….pdf
 */
export function newObjectKey(filename?: string, folder?: string): string {
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(filename ?? '')?.[1]?.toLowerCase();
  const name = ending === undefined ? randomUUID() : `${randomUUID()}.${ending}`;
  return checkObjectKey(folder === undefined ? name : `${folder}/${name}`);
}

/** The key as the path of a URL, each segment percent-encoded once. */
export function keyAsPath(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

function invalid(why: string): EdgesealError {
  return new EdgesealError('invalid-object-key', `the object key cannot be used: ${why}`, { field: 'key' });
}
