/** The part of the library `send` that is used. The build bundles the library into one file. */

import type { EventEmitter } from 'node:events';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';

interface Options {
  dotfiles: 'allow';
  cacheControl: boolean;
  /** Goes through to `fs.createReadStream`. */
  fd: FileHandle;
}

interface SendStream extends EventEmitter {
  /** The response to write to. */
  res: ServerResponse;
  /** Sends a file whose facts are known. */
  send(path: string, stat: Stats): void;
}

declare function send(request: IncomingMessage, path: string, options: Options): SendStream;
export = send;
