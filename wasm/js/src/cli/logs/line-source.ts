/** Lines of files and streams of any size, packed by gzip or not, in constant memory. */
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type LineSink, Splitter } from './splitter.js';

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
    for await (const chunk of unpacked(counted(stream, progress))) splitter.take(chunk);
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

/** How often a log may be packed: deliveries of CloudWatch Logs are packed before they are packed again. */
const mostLayers = 2;

async function* unpacked(chunks: AsyncGenerator<Buffer>, layers = 0): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  // A pipe may deliver a single byte first.
  while (head.length < parquet.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  if (head.subarray(0, 4).equals(parquet)) throw new DamagedInput('is in Parquet, which is not read');
  if (head.subarray(0, 2).equals(packed) && layers < mostLayers) {
    const gunzip = createGunzip({ chunkSize: 65_536 });
    // A failure of the source reaches the reader through the last stream.
    pipeline(joined(head, chunks), gunzip, () => {});
    yield* unpacked(buffersOf(gunzip), layers + 1);
    return;
  }
  if (head.includes(0)) throw new DamagedInput('is no text');
  yield* joined(head, chunks);
}

async function* buffersOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield chunk as Buffer;
}

async function* counted(stream: Readable, progress: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of buffersOf(stream)) {
    progress(chunk.length);
    yield chunk;
  }
}

async function* joined(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}
