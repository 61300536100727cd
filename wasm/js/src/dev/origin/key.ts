/** From the path of a request to the key of an object. */
import { OriginProblem, unusableKey } from './problem.js';

/** Bytes of a key. Source: *Naming Amazon S3 objects*, Amazon S3 User Guide. */
const maxKeyBytes = 1024;

/**
 * The key that S3 reads from a path: everything after the first slash, percent-decoded once.
 *
 * @throws {OriginProblem}
 */
export function keyOf(uri: string): string {
  let key: string;
  try {
    key = decodeURIComponent(uri.slice(1));
  } catch {
    throw unusableKey('the path has a broken escape, or bytes that are no UTF-8');
  }
  if (key === '') throw unusableKey('nothing is left of the path');
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new OriginProblem(
      400,
      'KeyTooLongError',
      'Your key is too long',
      'key-too-long',
      `at most ${maxKeyBytes} bytes`,
    );
  }
  return key;
}
