import { EdgesealError } from '../errors.js';
import { optionalCount, optionalText, reading, readOptions, requiredText } from '../options.js';
import type { UploadConstraints } from '../sign-options.js';
import type { Signer } from '../signer.js';
import { currentSeconds, type Instant, toSeconds } from '../time.js';
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
  readonly #settings: Settings;

  /** @throws {EdgesealError} `invalid-argument`. */
  constructor(options: UploadServiceOptions) {
    this.#settings = readSettings(options);
  }

  /**
   * Signs an upload of one file, and records it as pending.
   *
   * @throws {EdgesealError} `invalid-object-key`, `invalid-argument`, `record-exists`, and what signing and writing a
   *   record throw. The URL is signed first and the record written last, so a failure of either leaves nothing behind.
   */
  async requestUpload(options: RequestUploadOptions): Promise<UploadTicket> {
    const given = readOptions<RequestUploadOptions>(options, uploadNames, 'requestUpload');
    const { records, signer, uploadExpires } = this.#settings;
    const filename = optionalText(given.filename, 'filename');
    const key = given.key === undefined ? newObjectKey(filename) : checkObjectKey(given.key);
    const contentType = exactType(given.contentType);
    const sha256 = optionalText(given.sha256, 'sha256');
    const ipAddress = optionalText(given.ipAddress, 'ipAddress');
    const file = {
      key,
      owner: records === undefined ? '' : requiredText(given.owner, 'owner'),
      contentType,
      bytes: requiredCount(given.maxBytes, 'maxBytes'),
      ...(filename === undefined ? {} : { filename }),
    };
    const upload: UploadConstraints = {
      method: 'PUT',
      maxBytes: file.bytes,
      contentType,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(filename === undefined ? {} : { filename }),
    };
    const expires = toSeconds(uploadExpires, 'uploadExpires', currentSeconds());
    const url = await signer.signUrl({
      url: this.#url(this.#settings.uploadPrefix, key),
      expires,
      ...(ipAddress === undefined ? {} : { ipAddress }),
      upload,
    });
    const record = await records?.create({ ...file, keepUntil: expires });
    return {
      url,
      method: 'PUT',
      key,
      headers: uploadHeaders(contentType, sha256),
      ...(record === undefined ? {} : { record }),
    };
  }

  /**
   * Marks an upload as done. It believes its caller: whether the object is there is not looked at.
   *
   * @throws {EdgesealError} `record-not-pending`; `invalid-argument` when no records are kept.
   */
  async completeUpload(upload: { key: string; owner: string; bytes?: number }): Promise<FileRecord> {
    const { key, owner, bytes } = readOptions<typeof upload>(
      upload,
      ['key', 'owner', 'bytes'],
      'completeUpload',
    );
    const { records } = this.#settings;
    if (records === undefined) {
      throw new EdgesealError('invalid-argument', 'completeUpload needs records', {
        field: 'records',
        hint: 'pass records: await FileRecords.open({ tableName, primaryKey })',
      });
    }
    const size = optionalCount(bytes, 'bytes');
    return records.complete(
      checkObjectKey(key),
      requiredText(owner, 'owner'),
      size === undefined ? {} : { bytes: size },
    );
  }

  /**
   * Signs a download.
   *
   * With records, `as` must be the owner and the upload complete.
   *
   * @throws {EdgesealError} `file-not-found`, whatever the reason, so that nobody learns what exists.
   */
  async requestDownload(download: { key: string; as?: string; ipAddress?: string }): Promise<string> {
    const given = readOptions<typeof download>(download, ['key', 'as', 'ipAddress'], 'requestDownload');
    const { records, signer, downloadExpires, downloadPrefix } = this.#settings;
    const key = checkObjectKey(given.key);
    const ipAddress = optionalText(given.ipAddress, 'ipAddress');
    if (records !== undefined) {
      const owner = requiredText(given.as, 'as');
      const record = await records.get(key);
      if (record?.owner !== owner || record.state !== 'complete') {
        throw new EdgesealError('file-not-found', 'there is no such file', { field: 'key' });
      }
    }
    return signer.signUrl({
      url: this.#url(downloadPrefix, key),
      expires: downloadExpires,
      ...(ipAddress === undefined ? {} : { ipAddress }),
    });
  }

  #url(prefix: string, key: string): string {
    return `${this.#settings.origin}${prefix}/${keyAsPath(key)}`;
  }
}

const uploadNames = ['key', 'owner', 'maxBytes', 'contentType', 'sha256', 'filename', 'ipAddress'] as const;
const serviceNames = [
  'signer',
  'origin',
  'records',
  'uploadPrefix',
  'downloadPrefix',
  'uploadExpires',
  'downloadExpires',
] as const;

interface Settings {
  signer: AwsSigner | Signer;
  origin: string;
  records: FileRecords | undefined;
  uploadPrefix: string;
  downloadPrefix: string;
  uploadExpires: Instant;
  downloadExpires: Instant;
}

function readSettings(options: UploadServiceOptions): Settings {
  const given = readOptions<UploadServiceOptions>(options, serviceNames, 'new UploadService');
  return {
    signer: having(given.signer, ['signUrl'], 'signer') as Settings['signer'],
    origin: readOrigin(given.origin),
    records:
      given.records === undefined
        ? undefined
        : (having(given.records, ['create', 'complete', 'get'], 'records') as FileRecords),
    uploadPrefix: readPrefix(given.uploadPrefix ?? '/upload', 'uploadPrefix'),
    downloadPrefix: readPrefix(given.downloadPrefix ?? '/download', 'downloadPrefix'),
    uploadExpires: readExpires(given.uploadExpires, 'uploadExpires'),
    downloadExpires: readExpires(given.downloadExpires, 'downloadExpires'),
  };
}

/** An object with these methods. */
function having(value: unknown, methods: readonly string[], field: string): unknown {
  const fits = reading(field, () =>
    methods.every(
      (name) =>
        typeof value === 'object' && typeof (value as Record<string, unknown> | null)?.[name] === 'function',
    ),
  );
  if (fits) return value;
  throw new EdgesealError('invalid-argument', `${field} must have the method ${methods.join(', ')}`, {
    field,
  });
}

function readOrigin(value: unknown): string {
  const origin = requiredText(value, 'origin').replace(/\/$/, '');
  if (/^https?:\/\//.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new EdgesealError('invalid-argument', 'origin must be a scheme and a host, without a path', {
    field: 'origin',
    hint: 'for example https://files.example.com',
  });
}

/** The prefix of a path becomes part of what is signed, so it holds no wildcard and nothing to decode. */
function readPrefix(value: unknown, field: string): string {
  const prefix = requiredText(value, field);
  if (/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/.test(prefix)) return prefix;
  throw new EdgesealError('invalid-argument', `${field} must be a path such as /upload`, { field });
}

/** A wrong text would otherwise be found only when the first URL is signed. */
function readExpires(value: unknown, field: string): Instant {
  if (value === undefined) return '15m';
  toSeconds(value, field, currentSeconds());
  return value as Instant;
}

function requiredCount(value: unknown, field: string): number {
  const count = optionalCount(value, field);
  if (count !== undefined) return count;
  throw new EdgesealError('invalid-argument', `${field} must be a whole number`, { field });
}

function exactType(value: unknown): string {
  const contentType = requiredText(value, 'contentType');
  if (!contentType.includes('*')) return contentType;
  throw new EdgesealError('invalid-argument', 'contentType must be exact, since the client has to send it', {
    field: 'contentType',
  });
}

function uploadHeaders(contentType: string, sha256: string | undefined): Record<string, string> {
  const checksum =
    sha256 === undefined ? {} : { 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') };
  return { 'content-type': contentType, ...checksum };
}
