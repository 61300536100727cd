import { EdgesealError } from '../errors.js';
import { checkOptions, optionalText, requiredText } from '../options.js';
import type { Signer, UploadConstraints } from '../signer.js';
import type { Instant } from '../time.js';
import { checkObjectKey, keyAsPath, newObjectKey } from './object-key.js';
import type { FileRecord, FileRecords } from './records.js';
import type { AwsSigner } from './signer.js';

/** What an {@link UploadService} takes. */
export interface UploadServiceOptions {
  /** From `createSigner`, or a plain `Signer`. */
  signer: AwsSigner | Signer;
  /** The distribution's own domain: `https://files.example.com`. */
  origin: string;
  /** Keep a record of each file. */
  records?: FileRecords;
  /** The path of the upload behaviour; `/upload` as in the products. */
  uploadPrefix?: string;
  /** The path of the download behaviour; `/download` as in the products. */
  downloadPrefix?: string;
  /** How long an upload URL lives; 15 minutes by default. */
  uploadExpires?: Instant;
  /** How long a download URL lives; 15 minutes by default. */
  downloadExpires?: Instant;
}

/** What {@link UploadService.requestUpload} takes. */
export interface RequestUploadOptions {
  /** The object's key; made up from the file name when left out. */
  key?: string;
  /** Whose file it is; needed with records. */
  owner?: string;
  /** The largest body, in bytes. */
  maxBytes: number;
  /** The exact media type of the file. */
  contentType: string;
  /** The SHA-256 of the body, as 64 lower-case hexadecimal digits. */
  sha256?: string;
  /** The file's own name. */
  filename?: string;
  /** Bind the URL to the viewer's IPv4 address. */
  ipAddress?: string;
}

/** How to upload. */
export interface UploadTicket {
  url: string;
  method: 'PUT';
  key: string;
  /** Headers that the client must send. */
  headers: Record<string, string>;
  /** The record, when records are kept. */
  record?: FileRecord;
}

/**
 * The few calls most applications want: ask for an upload, say that it is done, ask for a download.
 *
 * @example
 * const uploads = new UploadService({ signer, origin: 'https://files.example.com', records });
 * const ticket = await uploads.requestUpload({ owner: user.id, maxBytes: 25_000_000, contentType: 'application/pdf' });
 */
export class UploadService {
  readonly #options: UploadServiceOptions;
  readonly #origin: string;

  /** @throws {EdgesealError} `invalid-argument`. */
  constructor(options: UploadServiceOptions) {
    const names = [
      'signer',
      'origin',
      'records',
      'uploadPrefix',
      'downloadPrefix',
      'uploadExpires',
      'downloadExpires',
    ];
    checkOptions(options, names, 'new UploadService');
    const origin = requiredText(options.origin, 'origin').replace(/\/$/, '');
    if (!/^https?:\/\/[^/?#]+$/.test(origin)) {
      throw new EdgesealError('invalid-argument', 'origin must be a scheme and a host, without a path', {
        field: 'origin',
        hint: 'for example https://files.example.com',
      });
    }
    this.#options = options;
    this.#origin = origin;
  }

  /**
   * Signs an upload of one file, and records it as pending.
   *
   * @throws {EdgesealError} `invalid-object-key`, `record-exists`, and what signing throws. A record is made only once
   *   the URL is signed, so a failure leaves nothing behind.
   */
  async requestUpload(options: RequestUploadOptions): Promise<UploadTicket> {
    checkOptions(
      options,
      ['key', 'owner', 'maxBytes', 'contentType', 'sha256', 'filename', 'ipAddress'],
      'requestUpload',
    );
    const key = options.key === undefined ? newObjectKey(options.filename) : checkObjectKey(options.key);
    const contentType = requiredText(options.contentType, 'contentType');
    if (contentType.includes('*')) {
      throw new EdgesealError(
        'invalid-argument',
        'contentType must be exact, since the client has to send it',
        {
          field: 'contentType',
        },
      );
    }
    const upload: UploadConstraints = {
      method: 'PUT',
      maxBytes: options.maxBytes,
      contentType,
      ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
      ...(options.filename === undefined ? {} : { filename: options.filename }),
    };
    const url = await this.#options.signer.signUrl({
      url: this.#url(this.#options.uploadPrefix ?? '/upload', key),
      expires: this.#options.uploadExpires ?? '15m',
      ...(options.ipAddress === undefined ? {} : { ipAddress: options.ipAddress }),
      upload,
    });
    const record = await this.#record(key, options);
    return {
      url,
      method: 'PUT',
      key,
      headers: uploadHeaders(contentType, options.sha256),
      ...(record ? { record } : {}),
    };
  }

  /**
   * Marks an upload as done.
   *
   * @throws {EdgesealError} `record-not-pending`; `invalid-argument` when no records are kept.
   */
  async completeUpload(upload: { key: string; owner: string; bytes?: number }): Promise<FileRecord> {
    checkOptions(upload, ['key', 'owner', 'bytes'], 'completeUpload');
    const facts = upload.bytes === undefined ? {} : { bytes: upload.bytes };
    return this.#records('completeUpload').complete(upload.key, upload.owner, facts);
  }

  /**
   * Signs a download.
   *
   * With records, `as` must be the owner and the upload complete.
   *
   * @throws {EdgesealError} `file-not-found`, whatever the reason, so that nobody learns what exists.
   */
  async requestDownload(download: { key: string; as?: string; ipAddress?: string }): Promise<string> {
    checkOptions(download, ['key', 'as', 'ipAddress'], 'requestDownload');
    const key = checkObjectKey(download.key);
    if (this.#options.records !== undefined) {
      const owner = requiredText(download.as, 'as');
      const record = await this.#options.records.get(key);
      if (record?.owner !== owner || record.state !== 'complete') {
        throw new EdgesealError('file-not-found', 'there is no such file', { field: 'key' });
      }
    }
    return this.#options.signer.signUrl({
      url: this.#url(this.#options.downloadPrefix ?? '/download', key),
      expires: this.#options.downloadExpires ?? '15m',
      ...(download.ipAddress === undefined ? {} : { ipAddress: download.ipAddress }),
    });
  }

  #url(prefix: string, key: string): string {
    return `${this.#origin}${prefix}/${keyAsPath(key)}`;
  }

  async #record(key: string, options: RequestUploadOptions): Promise<FileRecord | undefined> {
    if (this.#options.records === undefined) return undefined;
    const filename = optionalText(options.filename, 'filename');
    return this.#options.records.create({
      key,
      owner: requiredText(options.owner, 'owner'),
      contentType: options.contentType,
      bytes: options.maxBytes,
      ...(filename === undefined ? {} : { filename }),
    });
  }

  #records(call: string): FileRecords {
    if (this.#options.records !== undefined) return this.#options.records;
    throw new EdgesealError('invalid-argument', `${call} needs records`, {
      field: 'records',
      hint: 'pass records: await FileRecords.open({ tableName, primaryKey })',
    });
  }
}

function uploadHeaders(contentType: string, sha256: string | undefined): Record<string, string> {
  const checksum =
    sha256 === undefined ? {} : { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') };
  return { 'content-type': contentType, ...checksum };
}
