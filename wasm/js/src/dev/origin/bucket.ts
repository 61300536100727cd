/** Objects in a bucket, on AWS or on an emulator, by the AWS SDK, which is loaded only here. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GetObjectCommandInput, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { EdgesealError } from '../../errors.js';
import { invalidRange, missing, notGranted, preconditionFailed } from './problem.js';
import type { Store } from './store.js';
import type { CheckedBody, Promised } from './upload.js';

type Sdk = typeof import('@aws-sdk/client-s3');

/** Which bucket. */
export interface BucketSettings {
  name: string;
  /** The endpoint of an emulator, such as `http://127.0.0.1:4566`; AWS itself when left out. */
  endpoint?: string;
  /** The region; what the SDK finds when left out, or `us-east-1` with an endpoint. */
  region?: string;
}

/** A bucket. */
export class BucketStore implements Store {
  readonly description: string;
  readonly #settings: BucketSettings;
  #sdk: Sdk | undefined;
  #client: S3Client | undefined;

  constructor(settings: BucketSettings) {
    this.#settings = settings;
    this.description = `the bucket ${settings.name}${settings.endpoint === undefined ? '' : ` at ${settings.endpoint}`}`;
  }

  async open(): Promise<void> {
    this.#sdk = await loadSdk();
    const { endpoint, region } = this.#settings;
    const elsewhere = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
    const place = region ?? (endpoint === undefined ? undefined : elsewhere);
    this.#client = new this.#sdk.S3Client({
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(place === undefined ? {} : { region: place }),
      // The body of an upload cannot be sent twice.
      maxAttempts: 1,
      // What goes wrong is in the decision; the SDK would write to the console.
      logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
      // Of its own accord the SDK would wrap the body to add a checksum, which emulators do not all read.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async get(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { sdk, client } = this.#opened();
    const ending = new AbortController();
    response.once('close', () => ending.abort());
    const input = { Bucket: this.#settings.name, Key: key, ...conditions(request) };
    const head = request.method === 'HEAD';
    let object: Partial<GetObjectCommandOutput>;
    try {
      object = head
        ? await client.send(new sdk.HeadObjectCommand(input), { abortSignal: ending.signal })
        : await client.send(new sdk.GetObjectCommand(input), { abortSignal: ending.signal });
    } catch (thrown) {
      if (statusOf(thrown) !== 304) throw problemOf(thrown);
      response.statusCode = 304;
      response.end();
      return;
    }
    writeHead(response, object);
    if (object.Body instanceof Readable)
      await pipeline(object.Body, response).catch(() => response.destroy());
    else response.end();
  }

  async put(key: string, promised: Promised, body: CheckedBody): Promise<string> {
    const { sdk, client } = this.#opened();
    const ending = new AbortController();
    // A body that breaks its promise ends the request to S3, which then stores nothing.
    body.once('error', () => ending.abort());
    if (body.errored) throw body.errored;
    const command = new sdk.PutObjectCommand({
      Bucket: this.#settings.name,
      Key: key,
      Body: body,
      ContentLength: promised.length,
      ContentType: promised.contentType,
      ContentMD5: promised.md5,
      ChecksumSHA256: promised.sha256,
    });
    try {
      const { ETag } = await client.send(command, { abortSignal: ending.signal });
      return ETag ?? body.etag;
    } catch (thrown) {
      throw body.errored ?? problemOf(thrown);
    } finally {
      body.destroy();
    }
  }

  close(): void {
    this.#client?.destroy();
  }

  #opened(): { sdk: Sdk; client: S3Client } {
    if (this.#sdk === undefined || this.#client === undefined) throw new Error('the bucket is not open');
    return { sdk: this.#sdk, client: this.#client };
  }
}

function quiet(): void {}

async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch {
    throw new EdgesealError('missing-package', 'a bucket needs the package @aws-sdk/client-s3', {
      field: 'bucket',
      hint: 'run: npm install --save-dev @aws-sdk/client-s3',
    });
  }
}

/** The conditions and the range of a request. */
function conditions(request: IncomingMessage): Partial<GetObjectCommandInput> {
  const { headers } = request;
  const time = (text: string | undefined) => {
    const date = new Date(text ?? '');
    return Number.isNaN(date.getTime()) ? undefined : date;
  };
  const all = {
    Range: headers.range,
    IfMatch: headers['if-match'],
    IfNoneMatch: headers['if-none-match'],
    IfModifiedSince: time(headers['if-modified-since']),
    IfUnmodifiedSince: time(headers['if-unmodified-since']),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function writeHead(response: ServerResponse, object: Partial<GetObjectCommandOutput>): void {
  response.statusCode = object.ContentRange === undefined ? 200 : 206;
  const headers = {
    'accept-ranges': object.AcceptRanges ?? 'bytes',
    'cache-control': object.CacheControl,
    'content-disposition': object.ContentDisposition,
    'content-encoding': object.ContentEncoding,
    'content-language': object.ContentLanguage,
    'content-length': object.ContentLength?.toString(),
    'content-range': object.ContentRange,
    'content-type': object.ContentType,
    etag: object.ETag,
    'last-modified': object.LastModified?.toUTCString(),
  };
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value);
}

function statusOf(thrown: unknown): number | undefined {
  return (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** The refusal of a bucket, as CloudFront would see it: it has no right to list. */
function problemOf(thrown: unknown): unknown {
  switch (statusOf(thrown)) {
    case 403:
      return notGranted();
    case 404:
      return missing();
    case 412:
      return preconditionFailed();
    case 416:
      return invalidRange();
    default:
      return thrown;
  }
}
