// Records of files in tables made from the product, through the integration role.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { FileRecords } from 'edgeseal/aws';
import { readVersion } from '../../products/tools/lib/products.mjs';
import { refusal } from './support/errors.mjs';
import { account, region, startTeam } from './support/team.mjs';

let team;
const tables = {};
const roles = {};
const start = 1_800_000_000;
const PrivateKeySecretArn = `arn:aws:secretsmanager:${region}:${account}:secret:none-a1B2c3`;

before(async () => {
  team = await startTeam();
  for (const [name, parameters] of Object.entries({
    usual: { PrimaryKey: 'objectKey' },
    renamed: { PrimaryKey: 'File.Name-1' },
    bare: { PrimaryKey: 'objectKey', OwnerAttribute: '' },
  })) {
    const answers = { DeletionProtection: 'false', TableName: `table-${name}`, ...parameters };
    const { DynamoDbTableName, DynamoDbTableArn } = await team.provision(
      'dynamodb-metadata-table',
      answers,
      name,
    );
    tables[name] = { tableName: DynamoDbTableName, primaryKey: parameters.PrimaryKey };
    const given = { PrivateKeySecretArn, DynamoDbTableArn };
    const { IntegrationRoleArn } = await team.provision('iam-integration-role', given, `role-${name}`);
    roles[name] = IntegrationRoleArn;
  }
  await team.runAs('orders-api');
});
after(() => team?.stop());

const open = (name = 'usual', more = {}) =>
  FileRecords.open({
    ...tables[name],
    integrationRoleArn: roles[name],
    endpoint: team.proxy.endpoint,
    now: () => start,
    ...more,
  });

/** The item as DynamoDB holds it. */
async function stored(key, name = 'usual') {
  const Key = { [tables[name].primaryKey]: { S: key } };
  return (await team.clients.dynamodb.send(new GetItemCommand({ TableName: tables[name].tableName, Key })))
    .Item;
}

for (const name of ['usual', 'renamed']) {
  test(`a record is made, read, completed and listed in the ${name} table`, async () => {
    const records = await open(name);
    const file = {
      key: 'a/b.pdf',
      owner: `ann-${name}`,
      contentType: 'application/pdf',
      filename: 'b.pdf',
      bytes: 9,
    };
    const made = await records.create(file);
    assert.deepEqual(made, { ...file, state: 'pending', createdAt: start, expiresAt: start + 86_400 });
    assert.deepEqual(await records.get('a/b.pdf'), made);
    const { [tables[name].primaryKey]: key, expiresAt } = await stored('a/b.pdf', name);
    assert.deepEqual([key, expiresAt], [{ S: 'a/b.pdf' }, { N: String(start + 86_400) }]);

    const done = await records.complete('a/b.pdf', file.owner, { bytes: 7 });
    const { expiresAt: gone, ...rest } = made;
    assert.deepEqual(done, { ...rest, state: 'complete', completedAt: start, bytes: 7 });
    assert.deepEqual(await records.get('a/b.pdf'), done);
    assert.equal((await stored('a/b.pdf', name)).expiresAt, undefined);
    assert.deepEqual(await records.list(file.owner), { records: [done] });
  });
}

test('the attributes of a record are the ones that the table product indexes and drops records by', async () => {
  const { Parameters } = readVersion('dynamodb-metadata-table', '1.0.0');
  const records = await open();
  await records.create({ key: 'attributes', owner: 'hugo' });
  const item = await stored('attributes');
  const defaults = ['OwnerAttribute', 'CreatedAttribute', 'TimeToLiveAttribute'].map(
    (name) => Parameters[name].Default,
  );
  assert.deepEqual(
    defaults.map((name) => item[name]),
    [{ S: 'hugo' }, { N: String(start) }, { N: String(start + 86_400) }],
  );
});

test('a record is made once, also when many try at the same time', async () => {
  const records = await open();
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) => records.create({ key: 'once', owner: `owner-${at}` })),
  );
  const [made] = tries.filter(({ status }) => status === 'fulfilled');
  const codes = tries.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.code);
  assert.deepEqual(codes, Array(19).fill('record-exists'));
  assert.deepEqual(await records.get('once'), made.value);
});

test('only the owner completes a record, once, and nobody one that is not there', async () => {
  const records = await open();
  await records.create({ key: 'mine', owner: 'ann' });
  assert.equal((await refusal(records.complete('mine', 'bob'))).code, 'record-not-pending');
  assert.equal((await records.get('mine')).state, 'pending');
  await records.complete('mine', 'ann');
  assert.equal((await refusal(records.complete('mine', 'ann'))).code, 'record-not-pending');
  assert.equal((await refusal(records.complete('none', 'ann'))).code, 'record-not-pending');
  assert.equal(await records.get('none'), undefined, 'a refused completion makes no record');
});

test('a pending record whose time is up counts as gone, and its key is free again', async () => {
  const records = await open();
  await records.create({ key: 'late', owner: 'carl' });
  const later = await open('usual', { now: () => start + 86_400 });
  assert.equal(await later.get('late'), undefined);
  assert.deepEqual(await later.list('carl'), { records: [] });
  assert.equal((await refusal(later.complete('late', 'carl'))).code, 'record-not-pending');
  const again = await later.create({ key: 'late', owner: 'dora' });
  assert.equal((await later.get('late')).owner, 'dora');
  await later.complete('late', 'dora');
  const muchLater = await open('usual', { now: () => start + 9_999_999 });
  assert.equal((await refusal(muchLater.create({ key: 'late', owner: 'eve' }))).code, 'record-exists');
  assert.equal(again.expiresAt, start + 2 * 86_400);
});

test('records are listed by owner, newest first, page by page', async () => {
  for (let at = 0; at < 7; at += 1) {
    const records = await open('usual', { now: () => start + at });
    await records.create({ key: `page/${at}`, owner: 'fred' });
    await records.create({ key: `other/${at}`, owner: 'gina' });
  }
  const records = await open();
  const keys = [];
  let next;
  let pages = 0;
  do {
    const page = await records.list('fred', { limit: 3, ...(next === undefined ? {} : { next }) });
    assert.ok(page.records.length <= 3);
    keys.push(...page.records.map(({ key }) => key));
    next = page.next;
    pages += 1;
  } while (next !== undefined && pages < 10);
  assert.deepEqual(
    keys,
    [6, 5, 4, 3, 2, 1, 0].map((at) => `page/${at}`),
  );
});

test('a page token of another owner, or one that was tampered with, is refused before AWS is asked', async () => {
  const records = await open();
  const { next } = await records.list('fred', { limit: 1 });
  const asked = team.proxy.count('Query');
  const pack = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const tokens = [
    next.slice(2),
    'x',
    '%',
    pack({}),
    pack(null),
    pack([]),
    pack(['gina']),
    pack(['gina', 'x', 'y']),
  ];
  tokens.push(
    pack(['gina', 1, { S: 'x' }]),
    pack(['gina', 1.5, 'x']),
    pack(['gina', 1, 'x', 2]),
    pack(['gina', 1, '../x']),
  );
  for (const token of [next, ...tokens]) {
    const error = await refusal(records.list('gina', { next: token }));
    assert.match(error.code, /^invalid-(argument|object-key)$/, token);
  }
  assert.equal(team.proxy.count('Query'), asked);
});

test('a table without the index cannot list, and says what the product needs', async () => {
  const records = await open('bare');
  await records.create({ key: 'a', owner: 'ann' });
  const error = await refusal(records.list('ann'));
  assert.equal(error.code, 'table-without-index');
  assert.match(error.hint, /OwnerAttribute/);
});

test('a table that the role may not use is table-denied, and one that is not there table-not-found', async () => {
  const foreign = await open('renamed', { integrationRoleArn: roles.usual });
  for (const [call, action] of [
    [() => foreign.create({ key: 'a', owner: 'ann' }), 'dynamodb:PutItem'],
    [() => foreign.complete('a', 'ann'), 'dynamodb:UpdateItem'],
    [() => foreign.get('a'), 'dynamodb:GetItem'],
    [() => foreign.list('ann'), 'dynamodb:Query'],
  ]) {
    const error = await refusal(call());
    assert.equal(error.code, 'table-denied');
    assert.ok(error.message.includes(`${action} on the table table-renamed`), error.message);
  }
  const DynamoDbTableArn = `arn:aws:dynamodb:${region}:${account}:table/nowhere`;
  const given = { PrivateKeySecretArn, DynamoDbTableArn };
  const { IntegrationRoleArn } = await team.provision('iam-integration-role', given, 'role-nowhere');
  const nowhere = await open('usual', { tableName: 'nowhere', integrationRoleArn: IntegrationRoleArn });
  assert.equal((await refusal(nowhere.get('a'))).code, 'table-not-found');
});

test('an item that somebody else wrote, with attributes of its own, is read as it is', async () => {
  const Item = { objectKey: { S: 'foreign' }, note: { S: 'x' } };
  await team.clients.dynamodb.send(new PutItemCommand({ TableName: tables.usual.tableName, Item }));
  const records = await open();
  assert.deepEqual(await records.get('foreign'), { key: 'foreign', note: 'x' });
  assert.equal((await refusal(records.create({ key: 'foreign', owner: 'ann' }))).code, 'record-exists');
  assert.equal((await refusal(records.complete('foreign', 'ann'))).code, 'record-not-pending');
});
