/** Sending a file as S3 sends an object: conditions, ranges and types are the work of the library `send`. */
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import send from '../../vendor/send.cjs';
import { invalidRange, type OriginProblem, preconditionFailed, storeFailed } from './problem.js';

/**
 * Sends an open file. Comes back when the answer is out or the viewer is gone.
 *
 * @param key names the file, for the type of its extension
 * @throws {OriginProblem}
 */
export async function sendFile(
  file: FileHandle,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const stat = await file.stat();
  const ending = new AbortController();
  const sending = send(request, key, { dotfiles: 'allow', cacheControl: false, fd: file });
  const failed = new Promise<never>((_, reject) => {
    sending.once('error', (error: { status?: number }) => reject(problemOf(error, response)));
  });
  try {
    sending.res = response;
    const over = once(response, 'close', { signal: ending.signal });
    sending.send(key, stat);
    await Promise.race([over, failed]);
  } finally {
    ending.abort();
  }
}

function problemOf(error: { status?: number }, response: ServerResponse): OriginProblem {
  for (const name of ['content-type', 'etag', 'last-modified', 'accept-ranges']) response.removeHeader(name);
  if (error.status === 412) return preconditionFailed();
  if (error.status === 416) return invalidRange();
  return storeFailed(error);
}
