/** The calls to DynamoDB behind the records, each with the one condition that keeps it honest. */
import { EdgesealError } from '../errors.js';
import { type AwsAccess, assumeRole, clientConfig, load } from './clients.js';
import { type AwsCall, awsError } from './errors.js';

/** An item as it is stored. */
export type Item = Record<string, unknown>;

/** Which table, and how its key attribute is called. */
export interface TableSettings {
  name: string;
  primaryKey: string;
}

/** The metadata table. */
export interface Table {
  /** Stores a new item; one whose time is up does not stand in the way. */
  put(item: Item, now: number): Promise<void>;
  complete(key: string, owner: string, now: number, bytes: number | undefined): Promise<Item>;
  get(key: string): Promise<Item | undefined>;
  list(
    owner: string,
    now: number,
    limit: number,
    start: Item | undefined,
  ): Promise<{ items: Item[]; last?: Item }>;
}

/** The index that the product makes over owner and time. */
const IndexName = 'by-owner';

/** @throws {EdgesealError} `missing-package`. */
export async function openTable(access: AwsAccess, { name, primaryKey }: TableSettings): Promise<Table> {
  const { DynamoDBClient } = await load(() => import('@aws-sdk/client-dynamodb'));
  const { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } = await load(
    () => import('@aws-sdk/lib-dynamodb'),
  );
  const dynamodb = new DynamoDBClient(await clientConfig(access));
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const TableName = name;
  const call = async <T>(action: string, run: () => Promise<T>): Promise<T> => {
    try {
      await assumeRole(dynamodb, access);
      return await run();
    } catch (thrown) {
      throw tableError(thrown, action, name);
    }
  };
  return {
    async put(item, now) {
      const command = new PutCommand({
        TableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#key) OR (#state = :pending AND expiresAt <= :now)',
        ExpressionAttributeNames: { '#key': primaryKey, '#state': 'state' },
        ExpressionAttributeValues: { ':pending': 'pending', ':now': now },
      });
      await call('dynamodb:PutItem', () => client.send(command)).catch(
        whenConditionFails('record-exists', 'there is a record with this key'),
      );
    },
    async complete(key, owner, now, bytes) {
      const command = new UpdateCommand({
        TableName,
        Key: { [primaryKey]: key },
        UpdateExpression: `SET #state = :complete, completedAt = :now${bytes === undefined ? '' : ', bytes = :bytes'} REMOVE expiresAt`,
        ConditionExpression: '#owner = :owner AND #state = :pending AND expiresAt > :now',
        ExpressionAttributeNames: { '#state': 'state', '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':complete': 'complete',
          ':pending': 'pending',
          ':owner': owner,
          ':now': now,
          ':bytes': bytes,
        },
        ReturnValues: 'ALL_NEW',
      });
      const answer = await call('dynamodb:UpdateItem', () => client.send(command)).catch(
        whenConditionFails('record-not-pending', 'the owner has no pending record with this key'),
      );
      return answer.Attributes ?? {};
    },
    async get(key) {
      const command = new GetCommand({ TableName, Key: { [primaryKey]: key }, ConsistentRead: true });
      return (await call('dynamodb:GetItem', () => client.send(command))).Item;
    },
    async list(owner, now, limit, start) {
      const command = new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression: '#owner = :owner',
        FilterExpression: 'attribute_not_exists(expiresAt) OR expiresAt > :now',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner, ':now': now },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: start,
      });
      const { Items, LastEvaluatedKey } = await call('dynamodb:Query', () => client.send(command));
      return { items: Items ?? [], ...(LastEvaluatedKey === undefined ? {} : { last: LastEvaluatedKey }) };
    },
  };
}

/** The code of a condition that did not hold; the condition is told by the call it belongs to. */
const conditionFailed = 'condition-failed';

function whenConditionFails(code: string, message: string): (error: EdgesealError) => never {
  return (error) => {
    throw error.code === conditionFailed ? new EdgesealError(code, message, { field: 'key' }) : error;
  };
}

function tableError(thrown: unknown, action: string, name: string): EdgesealError {
  if (thrown instanceof Error && thrown.name === 'ConditionalCheckFailedException') {
    return new EdgesealError(conditionFailed, 'the condition does not hold');
  }
  if (thrown instanceof Error && /specified index/.test(thrown.message)) {
    return new EdgesealError('table-without-index', `the table ${name} has no index ${IndexName}`, {
      field: 'tableName',
      hint: 'give the table product its OwnerAttribute "owner"',
    });
  }
  const call: AwsCall = {
    action,
    resource: `the table ${name}`,
    denied: 'table-denied',
    missing: 'table-not-found',
  };
  return awsError(thrown, call);
}
