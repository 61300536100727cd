import { EdgesealError } from '../errors.js';
import { optionalCount, optionalText, readOptions, requiredText } from '../options.js';
import { currentSeconds } from '../time.js';
import { type AwsCredentialSource, readAccess } from './clients.js';
import { checkObjectKey } from './object-key.js';
import { type Item, openTable, type Table } from './table.js';

/** What is kept of a file. */
export interface FileRecord {
  /** The object's key, and the record's. */
  key: string;
  /** Whose file it is. */
  owner: string;
  /** `pending` until the upload is complete. */
  state: 'pending' | 'complete';
  /** Seconds since 1970. */
  createdAt: number;
  /** Seconds since 1970, once complete. */
  completedAt?: number;
  contentType?: string;
  filename?: string;
  /** The size in bytes that was allowed, or is, once complete. */
  bytes?: number;
  /** Seconds since 1970 when a pending record ends, and DynamoDB may drop it. */
  expiresAt?: number;
}

/** What {@link FileRecords.create} takes. */
export interface NewFileRecord
  extends Pick<FileRecord, 'key' | 'owner' | 'contentType' | 'filename' | 'bytes'> {
  /** It stays pending until then at least, in seconds since 1970: the end of the URL it is a record of. */
  keepUntil?: number;
}

/** What {@link FileRecords.open} takes. */
export interface FileRecordsOptions {
  /** An output of the dynamodb-metadata-table product. */
  tableName: string;
  /** The table's key attribute, as given to the product. */
  primaryKey: string;
  /** The role to use; the default credentials when left out. */
  integrationRoleArn?: string;
  externalId?: string;
  region?: string;
  /** The application's own credentials; what the AWS SDK finds by itself when left out. */
  credentials?: AwsCredentialSource;
  endpoint?: string;
  /** How long a pending record lives, in seconds; a day by default. */
  pendingLifetime?: number;
  /** The clock, in seconds since 1970. */
  now?: () => number;
}

/** One page of records. */
export interface RecordPage {
  records: FileRecord[];
  /** Pass it on to get the next page; absent on the last one. */
  next?: string;
}

const openNames = [
  'tableName',
  'primaryKey',
  'integrationRoleArn',
  'externalId',
  'region',
  'credentials',
  'endpoint',
  'pendingLifetime',
  'now',
] as const;

/** Attributes of a record, which the table's key cannot be called. */
const attributes = [
  'owner',
  'state',
  'createdAt',
  'completedAt',
  'contentType',
  'filename',
  'bytes',
  'expiresAt',
];

/**
 * Metadata of files in the table of the dynamodb-metadata-table product, with its default attribute names and without
 * a sort key. Optional: signing needs no table.
 *
 * Writes are conditional: a record is never made twice, and only its owner's pending record is completed. A pending
 * record whose time is up counts as gone, whether or not DynamoDB has dropped it already.
 */
export class FileRecords {
  readonly #table: Table;
  readonly #primaryKey: string;
  readonly #pendingLifetime: number;
  readonly #now: () => number;

  private constructor(
    table: Table,
    settings: { primaryKey: string; pendingLifetime: number; now: () => number },
  ) {
    this.#table = table;
    this.#primaryKey = settings.primaryKey;
    this.#pendingLifetime = settings.pendingLifetime;
    this.#now = settings.now;
  }

  /** @throws {EdgesealError} `invalid-argument` or `missing-package`. */
  static async open(options: FileRecordsOptions): Promise<FileRecords> {
    const given = readOptions<FileRecordsOptions>(options, openNames, 'FileRecords.open');
    const name = requiredText(given.tableName, 'tableName');
    const primaryKey = requiredText(given.primaryKey, 'primaryKey');
    if (attributes.includes(primaryKey))
      throw invalid('primaryKey', 'cannot be the name of another attribute');
    const pendingLifetime = optionalCount(given.pendingLifetime, 'pendingLifetime') ?? 86_400;
    if (pendingLifetime < 1) throw invalid('pendingLifetime', 'must be at least a second');
    if (given.now !== undefined && typeof given.now !== 'function')
      throw invalid('now', 'must be a function');
    const now = (given.now as (() => number) | undefined) ?? currentSeconds;
    const table = await openTable(readAccess(given), { name, primaryKey });
    return new FileRecords(table, { primaryKey, pendingLifetime, now });
  }

  /**
   * Records that an upload was allowed.
   *
   * @throws {EdgesealError} `record-exists` when there is a record with this key.
   */
  async create(file: NewFileRecord): Promise<FileRecord> {
    const given = readOptions<NewFileRecord>(
      file,
      ['key', 'owner', 'contentType', 'filename', 'bytes', 'keepUntil'],
      'create',
    );
    const now = this.#now();
    const record = withoutGaps({
      key: checkObjectKey(given.key),
      owner: shortText(given.owner, 'owner'),
      state: 'pending',
      createdAt: now,
      // While a URL still opens the key, nobody else may get it.
      expiresAt: Math.max(now + this.#pendingLifetime, optionalCount(given.keepUntil, 'keepUntil') ?? 0),
      contentType: optionalText(given.contentType, 'contentType'),
      filename: given.filename === undefined ? undefined : shortText(given.filename, 'filename'),
      bytes: optionalCount(given.bytes, 'bytes'),
    }) as unknown as FileRecord;
    const { key, ...rest } = record;
    await this.#table.put({ ...rest, [this.#primaryKey]: key }, now);
    return record;
  }

  /**
   * Marks an upload as complete; it then stays for good.
   *
   * @throws {EdgesealError} `record-not-pending` when the owner has no pending record with this key.
   */
  async complete(key: string, owner: string, facts: { bytes?: number } = {}): Promise<FileRecord> {
    const { bytes } = readOptions<{ bytes?: number }>(facts, ['bytes'], 'complete');
    const [checkedKey, checkedOwner] = [checkObjectKey(key), shortText(owner, 'owner')];
    const size = optionalCount(bytes, 'bytes');
    return this.#fromItem(await this.#table.complete(checkedKey, checkedOwner, this.#now(), size));
  }

  /** The record with this key, if there is one. */
  async get(key: string): Promise<FileRecord | undefined> {
    const item = await this.#table.get(checkObjectKey(key));
    const record = item === undefined ? undefined : this.#fromItem(item);
    const over = record?.expiresAt !== undefined && record.expiresAt <= this.#now();
    return over ? undefined : record;
  }

  /**
   * An owner's records, newest first. A page may hold fewer than `limit` although there is a next one, and an entry
   * made a moment ago may be missing: the index follows the table.
   */
  async list(owner: string, page: { limit?: number; next?: string } = {}): Promise<RecordPage> {
    const given = readOptions<{ limit?: number; next?: string }>(page, ['limit', 'next'], 'list');
    const limit = optionalCount(given.limit, 'limit') ?? 50;
    if (limit < 1 || limit > 1000) throw invalid('limit', 'must be from 1 to 1000');
    const name = shortText(owner, 'owner');
    const start = this.#readToken(optionalText(given.next, 'next'), name);
    const { items, last } = await this.#table.list(name, this.#now(), limit, start);
    const records = items.map((item) => this.#fromItem(item));
    return last === undefined ? { records } : { records, next: this.#token(last) };
  }

  #fromItem(item: Item): FileRecord {
    const { [this.#primaryKey]: key, ...rest } = item;
    return { ...rest, key } as FileRecord;
  }

  /** A page token names the place to go on. */
  #token(last: Item): string {
    const place = [last['owner'], last['createdAt'], last[this.#primaryKey]];
    return Buffer.from(JSON.stringify(place)).toString('base64url');
  }

  /** A token holds nothing but text, number and key, and those of this owner: it comes back from outside. */
  #readToken(token: string | undefined, owner: string): Item | undefined {
    if (token === undefined) return undefined;
    const [who, createdAt, key, ...more] = parseArray(token);
    if (who === owner && Number.isSafeInteger(createdAt) && typeof key === 'string' && more.length === 0) {
      return { owner, createdAt, [this.#primaryKey]: checkObjectKey(key) };
    }
    throw invalid('next', 'is not a page token of this owner');
  }
}

function parseArray(token: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** The longest text that an index can be keyed by and that is still of use, in bytes of UTF-8. */
const longestText = 1024;

function shortText(value: unknown, field: string): string {
  const text = requiredText(value, field);
  if (Buffer.byteLength(text) > longestText) throw invalid(field, `is longer than ${longestText} bytes`);
  return text;
}

function withoutGaps(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function invalid(field: string, why: string): EdgesealError {
  return new EdgesealError('invalid-argument', `${field} ${why}`, { field });
}
