/** Names of objects: checked, or made up. */
import { randomUUID } from 'node:crypto';
import { EdgesealError } from '../errors.js';
import { optionalText } from '../options.js';

/** The longest key that S3 takes, in bytes of UTF-8. Source: *Naming Amazon S3 objects*, Amazon S3 User Guide. */
const longestKey = 1024;

/**
 * Checks the key of an object: no more than 1024 bytes, no leading slash, no empty, `.` or `..` segment, no backslash and no control character.
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
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(optionalText(filename, 'filename') ?? '')?.[1]?.toLowerCase();
  const name = ending === undefined ? randomUUID() : `${randomUUID()}.${ending}`;
  return folder === undefined ? name : checkObjectKey(`${checkObjectKey(folder)}/${name}`);
}

/**
 * The key as the path of a URL, each segment percent-encoded once.
 *
 * A star is encoded too: in the resource of a custom policy it would open other files.
 */
export function keyAsPath(key: string): string {
  return key.split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function invalid(why: string): EdgesealError {
  return new EdgesealError('invalid-object-key', `the object key cannot be used: ${why}`, { field: 'key' });
}
