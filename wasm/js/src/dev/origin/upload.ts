/** The body of an upload: what its headers promise, and whether it keeps that. */
import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import type { CloudFrontHeaders } from '../../edge/index.js';
import { header } from '../viewer.js';
import { incompleteBody, OriginProblem } from './problem.js';

/** The largest object that one PUT can make. Source: *Uploading objects*, Amazon S3 User Guide. */
const maxBytes = 5 * 1024 ** 3;

/** What the headers of an upload promise. */
export interface Promised {
  length: number;
  contentType: string;
  /** MD5 in base64. */
  md5: string | undefined;
  /** SHA-256 in base64, of `x-amz-checksum-sha256`. */
  sha256: string | undefined;
  /** SHA-256 in hexadecimal, of `x-amz-content-sha256`. */
  contentSha256: string | undefined;
}

/**
 * Reads the headers that the distribution passes on to the bucket.
 *
 * @throws {OriginProblem}
 */
export function readPromise(headers: CloudFrontHeaders): Promised {
  const text = header(headers, 'content-length');
  if (text === undefined) {
    throw new OriginProblem(
      411,
      'MissingContentLength',
      'You must provide the Content-Length HTTP header.',
      'length-required',
    );
  }
  const length = Number(text);
  if (length > maxBytes) {
    throw new OriginProblem(
      400,
      'EntityTooLarge',
      'Your proposed upload exceeds the maximum allowed size',
      'too-large',
      'one PUT stores at most 5 GiB',
    );
  }
  return {
    length,
    contentType: header(headers, 'content-type') ?? 'binary/octet-stream',
    md5: readHash(header(headers, 'content-md5'), 16, () =>
      invalid('InvalidDigest', 'The Content-MD5 you specified was invalid.'),
    ),
    sha256: readHash(header(headers, 'x-amz-checksum-sha256'), 32, () =>
      invalid('InvalidRequest', 'Value for x-amz-checksum-sha256 header is invalid.'),
    ),
    contentSha256: readContentHash(header(headers, 'x-amz-content-sha256')),
  };
}

function invalid(code: string, message: string): OriginProblem {
  return new OriginProblem(400, code, message, 'checksum-malformed');
}

function readHash(text: string | undefined, bytes: number, problem: () => OriginProblem): string | undefined {
  if (text === undefined) return undefined;
  const hash = Buffer.from(text, 'base64');
  if (hash.length !== bytes || hash.toString('base64') !== text) throw problem();
  return text;
}

function readContentHash(text: string | undefined): string | undefined {
  if (text === undefined || text === 'UNSIGNED-PAYLOAD') return undefined;
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw invalid('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a valid sha256 value.');
}

/**
 * Passes a body on while it keeps its promise. The last bytes go on only once the whole is known to be good, so that
 * nobody behind this stream takes a bad body for a complete one.
 */
export class CheckedBody extends Transform {
  readonly #promised: Promised;
  readonly #md5 = createHash('md5');
  readonly #sha256: Hash | undefined;
  #received = 0;
  #etag = '';
  #revoked: OriginProblem | undefined;

  constructor(promised: Promised) {
    super();
    this.#promised = promised;
    const wanted = promised.sha256 !== undefined || promised.contentSha256 !== undefined;
    this.#sha256 = wanted ? createHash('sha256') : undefined;
  }

  /** S3's ETag of an object that one PUT made: its MD5, in quotes. Known once the body has passed. */
  get etag(): string {
    return this.#etag;
  }

  /** Refuses the body after all, because of what followed it on the wire. */
  revoke(problem: OriginProblem): void {
    this.#revoked = problem;
    this.destroy(problem);
  }

  /** Call it before the object appears. @throws {OriginProblem} when the body was revoked meanwhile */
  confirm(): void {
    if (this.#revoked !== undefined) throw this.#revoked;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#received += chunk.length;
    if (this.#received > this.#promised.length) {
      done(incompleteBody(`more than the ${this.#promised.length} bytes announced`));
      return;
    }
    this.#md5.update(chunk);
    this.#sha256?.update(chunk);
    if (this.#received < this.#promised.length) done(null, chunk);
    else done(this.#check(), chunk);
  }

  override _flush(done: TransformCallback): void {
    const { length } = this.#promised;
    if (this.#received < length) done(incompleteBody(`${this.#received} of ${length} bytes came`));
    else done(length === 0 ? this.#check() : null);
  }

  #check(): OriginProblem | null {
    const md5 = this.#md5.digest();
    const sha256 = this.#sha256?.digest();
    const promised = this.#promised;
    if (promised.md5 !== undefined && promised.md5 !== md5.toString('base64')) {
      return mismatch('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    if (promised.sha256 !== undefined && promised.sha256 !== sha256?.toString('base64')) {
      return mismatch('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
    }
    if (promised.contentSha256 !== undefined && promised.contentSha256 !== sha256?.toString('hex')) {
      const words = "The provided 'x-amz-content-sha256' header does not match what was computed.";
      return mismatch('XAmzContentSHA256Mismatch', words);
    }
    this.#etag = `"${md5.toString('hex')}"`;
    return null;
  }
}

function mismatch(code: string, message: string): OriginProblem {
  return new OriginProblem(400, code, message, 'checksum-mismatch');
}

/**
 * Leads the body of a request into its check. When the check or what comes after it fails, the rest of the body is let
 * go instead of the connection, so that the viewer can still be told why.
 */
export function feed(request: IncomingMessage, checked: CheckedBody): void {
  request.once('error', (error) => checked.destroy(error));
  // A short body may fail before anybody reads it; whoever reads it then still gets the error.
  checked.on('error', () => {});
  checked.once('close', () => {
    request.unpipe(checked);
    request.resume();
  });
  request.pipe(checked);
}
