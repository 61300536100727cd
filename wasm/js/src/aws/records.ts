import { EdgesealError } from '../errors.js';
import { checkOptions, optionalText, requiredText } from '../options.js';
import { currentSeconds } from '../time.js';
import { type AwsAccess, clientConfig, load } from './clients.js';
import { type AwsCall, awsError } from './errors.js';
import { checkObjectKey } from './object-key.js';

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
  /** Seconds since 1970 when DynamoDB may drop the record: pending ones go by themselves. */
  expiresAt?: number;
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

interface Commands {
  put(item: Record<string, unknown>): Promise<void>;
  complete(
    key: string,
    owner: string,
    at: number,
    bytes: number | undefined,
  ): Promise<Record<string, unknown> | undefined>;
  get(key: string): Promise<Record<string, unknown> | undefined>;
  list(
    owner: string,
    limit: number,
    start: Record<string, unknown> | undefined,
  ): Promise<{
    items: Record<string, unknown>[];
    last: Record<string, unknown> | undefined;
  }>;
}

/**
 * Metadata of files in the table of the dynamodb-metadata-table product. Optional: signing needs no table.
 *
 * Writes are conditional: a record is never made twice, and only its owner's pending record is completed.
 */
export class FileRecords {
  readonly #commands: Commands;
  readonly #primaryKey: string;
  readonly #pendingLifetime: number;
  readonly #now: () => number;

  private constructor(commands: Commands, options: FileRecordsOptions) {
    this.#commands = commands;
    this.#primaryKey = options.primaryKey;
    this.#pendingLifetime = options.pendingLifetime ?? 86_400;
    this.#now = options.now ?? currentSeconds;
  }

  /** @throws {EdgesealError} `invalid-argument` or `missing-package`. */
  static async open(options: FileRecordsOptions): Promise<FileRecords> {
    const names = [
      'tableName',
      'primaryKey',
      'integrationRoleArn',
      'externalId',
      'region',
      'endpoint',
      'pendingLifetime',
      'now',
    ];
    checkOptions(options, names, 'FileRecords.open');
    const table = requiredText(options.tableName, 'tableName');
    requiredText(options.primaryKey, 'primaryKey');
    const access: AwsAccess = {
      roleArn: optionalText(options.integrationRoleArn, 'integrationRoleArn'),
      externalId: optionalText(options.externalId, 'externalId'),
      region: optionalText(options.region, 'region'),
      endpoint: optionalText(options.endpoint, 'endpoint'),
    };
    return new FileRecords(await connect(access, table, options.primaryKey), options);
  }

  /**
   * Records that an upload was allowed.
   *
   * @throws {EdgesealError} `record-exists` when there is a record with this key.
   */
  async create(file: Pick<FileRecord, 'key' | 'owner'> & Partial<FileRecord>): Promise<FileRecord> {
    const createdAt = this.#now();
    const record: FileRecord = {
      ...file,
      key: checkObjectKey(file.key),
      owner: requiredText(file.owner, 'owner'),
      state: 'pending',
      createdAt,
      expiresAt: createdAt + this.#pendingLifetime,
    };
    await this.#commands.put(this.#toItem(record));
    return record;
  }

  /**
   * Marks an upload as complete; it then stays for good.
   *
   * @throws {EdgesealError} `record-not-pending` when the owner has no pending record with this key.
   */
  async complete(key: string, owner: string, facts: { bytes?: number } = {}): Promise<FileRecord> {
    const item = await this.#commands.complete(
      checkObjectKey(key),
      requiredText(owner, 'owner'),
      this.#now(),
      facts.bytes,
    );
    return this.#fromItem(item ?? {});
  }

  /** The record with this key, if there is one. */
  async get(key: string): Promise<FileRecord | undefined> {
    const item = await this.#commands.get(checkObjectKey(key));
    return item === undefined ? undefined : this.#fromItem(item);
  }

  /** An owner's records, newest first. */
  async list(owner: string, page: { limit?: number; next?: string } = {}): Promise<RecordPage> {
    const { limit = 50, next } = page;
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
      throw new EdgesealError('invalid-argument', 'limit must be from 1 to 1000', { field: 'limit' });
    }
    const { items, last } = await this.#commands.list(
      requiredText(owner, 'owner'),
      limit,
      readNext(next, owner),
    );
    const records = items.map((item) => this.#fromItem(item));
    return last === undefined
      ? { records }
      : { records, next: Buffer.from(JSON.stringify(last)).toString('base64url') };
  }

  #toItem({ key, ...rest }: FileRecord): Record<string, unknown> {
    return { ...rest, [this.#primaryKey]: key };
  }

  #fromItem(item: Record<string, unknown>): FileRecord {
    const { [this.#primaryKey]: key, ...rest } = item;
    return { ...rest, key } as FileRecord;
  }
}

/** A page token names the place to go on; one of another owner is refused. */
function readNext(next: string | undefined, owner: string): Record<string, unknown> | undefined {
  if (next === undefined) return undefined;
  try {
    const start = JSON.parse(Buffer.from(next, 'base64url').toString()) as Record<string, unknown>;
    if (start['owner'] === owner) return start;
  } catch {
    // Refused below, like a token of another owner.
  }
  throw new EdgesealError('invalid-argument', 'next is not a page token of this owner', { field: 'next' });
}

async function connect(access: AwsAccess, table: string, primaryKey: string): Promise<Commands> {
  const { DynamoDBClient } = await load(() => import('@aws-sdk/client-dynamodb'));
  const { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } = await load(
    () => import('@aws-sdk/lib-dynamodb'),
  );
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(await clientConfig(access)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const names = { '#key': primaryKey };
  return {
    async put(item) {
      const command = new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: names,
      });
      await client
        .send(command)
        .catch(refuse('dynamodb:PutItem', table, 'record-exists', 'there is a record with this key'));
    },
    async complete(key, owner, at, bytes) {
      const command = new UpdateCommand({
        TableName: table,
        Key: { [primaryKey]: key },
        UpdateExpression: `SET #state = :complete, completedAt = :at${bytes === undefined ? '' : ', bytes = :bytes'} REMOVE expiresAt`,
        ConditionExpression: '#owner = :owner AND #state = :pending',
        ExpressionAttributeNames: { '#state': 'state', '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':complete': 'complete',
          ':pending': 'pending',
          ':owner': owner,
          ':at': at,
          ':bytes': bytes,
        },
        ReturnValues: 'ALL_NEW',
      });
      const refused = refuse(
        'dynamodb:UpdateItem',
        table,
        'record-not-pending',
        'the owner has no pending record with this key',
      );
      return (await client.send(command).catch(refused)).Attributes;
    },
    async get(key) {
      const command = new GetCommand({ TableName: table, Key: { [primaryKey]: key }, ConsistentRead: true });
      return (await client.send(command).catch(refuse('dynamodb:GetItem', table))).Item;
    },
    async list(owner, limit, start) {
      const command = new QueryCommand({
        TableName: table,
        IndexName: 'by-owner',
        KeyConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: start,
      });
      const { Items, LastEvaluatedKey } = await client.send(command).catch(refuse('dynamodb:Query', table));
      return { items: Items ?? [], last: LastEvaluatedKey };
    },
  };
}

/** A failed condition has its own code; everything else is told by what AWS says. */
function refuse(action: string, table: string, code?: string, message?: string): (thrown: unknown) => never {
  const call: AwsCall = {
    action,
    resource: `the table ${table}`,
    denied: 'table-denied',
    missing: 'table-not-found',
  };
  return (thrown) => {
    if (code !== undefined && thrown instanceof Error && thrown.name === 'ConditionalCheckFailedException') {
      throw new EdgesealError(code, message ?? code, { field: 'key' });
    }
    throw awsError(thrown, call);
  };
}
