/** Lines of files and streams of any size, packed by gzip or not, in constant memory. */
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The longest line that makes sense: a URL of 8 KB and headers of 20 KB, encoded. Longer ones are skipped. */
export const longestLine = 262_144;

/** Takes the lines of a file. A character is one byte, so that no byte is lost. */
export interface LineSink {
  line(text: string, number: number): void;
  /** A line that was longer than {@link longestLine}. */
  tooLong(number: number): void;
}

/** Input that cannot be read to its end. */
export class DamagedInput extends Error {}

/** Opens an input: a file, or stdin for `-`. */
export function openInput(name: string): Readable {
  return name === '-' ? process.stdin : createReadStream(name, { highWaterMark: 262_144 });
}

/**
 * Reads a stream to its end. What is packed is known by its first bytes; several packed parts may follow one another.
 *
 * @param progress is told how many bytes of the input arrived.
 * @throws {DamagedInput} with the reason, in words.
 */
export async function readLines(
  stream: Readable,
  sink: LineSink,
  progress: (bytes: number) => void,
): Promise<void> {
  const splitter = new Splitter(sink);
  try {
    for await (const chunk of unpacked(stream, progress)) splitter.take(chunk as Buffer);
  } catch (thrown) {
    if (thrown instanceof DamagedInput) throw thrown;
    throw new DamagedInput(whyDamaged((thrown as NodeJS.ErrnoException).code));
  } finally {
    splitter.end();
    stream.destroy();
  }
}

const reasons: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'the compressed data ends too early',
  Z_DATA_ERROR: 'the compressed data is damaged',
  EACCES: 'may not be read',
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
};

function whyDamaged(code: string | undefined): string {
  return reasons[code ?? ''] ?? 'cannot be read';
}

const packed = Buffer.from([0x1f, 0x8b]);
const parquet = Buffer.from('PAR1');

async function* unpacked(stream: Readable, progress: (bytes: number) => void): AsyncGenerator<unknown> {
  const chunks = counted(stream, progress);
  let head: Buffer = Buffer.alloc(0);
  // A pipe may deliver a single byte first.
  while (head.length < parquet.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  if (head.subarray(0, 4).equals(parquet)) throw new DamagedInput('is in Parquet, which is not read');
  if (head.subarray(0, 2).equals(packed)) {
    const gunzip = createGunzip({ chunkSize: 65_536 });
    // A failure of the source reaches the reader through the last stream.
    pipeline(joined(head, chunks), gunzip, () => {});
    yield* gunzip;
    return;
  }
  if (head.includes(0)) throw new DamagedInput('is no text');
  yield* joined(head, chunks);
}

async function* counted(stream: Readable, progress: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    progress((chunk as Buffer).length);
    yield chunk as Buffer;
  }
}

async function* joined(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** Cuts chunks into lines. */
class Splitter {
  readonly #sink: LineSink;
  #rest = '';
  #number = 0;
  /** Inside a line that is too long. */
  #skipping = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  take(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#emit(text.slice(from, end));
      from = end + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > longestLine) {
      this.#skipping = true;
      this.#rest = '';
    }
  }

  /** A last line without its line break counts too. */
  end(): void {
    if (this.#rest !== '' || this.#skipping) this.#emit(this.#rest);
    this.#rest = '';
  }

  #emit(line: string): void {
    this.#number += 1;
    if (this.#skipping || line.length > longestLine) this.#sink.tooLong(this.#number);
    else this.#sink.line(line.endsWith('\r') ? line.slice(0, -1) : line, this.#number);
    this.#skipping = false;
  }
}
