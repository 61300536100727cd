// The three calls of the façade, with and without records, and that a failure leaves nothing half done.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { Signer } from 'edgeseal';
import { FileRecords, UploadService } from 'edgeseal/aws';
import { ownKeyPair } from '../products/support/cases.mjs';
import { verdictOn } from '../products/support/signed-url.mjs';
import { refusal } from './support/errors.mjs';
import { cut, jsonError } from './support/proxy.mjs';
import { account, region, startTeam } from './support/team.mjs';

const origin = 'https://files.example.com';
const signer = Signer.fromPem({ keyPairId: 'K1', privateKey: ownKeyPair.privateKey });
const keys = { K1: ownKeyPair.publicKey };
const file = { owner: 'ann', maxBytes: 1000, contentType: 'application/pdf' };

let team;
let opening;
let records;
let service;
const plain = new UploadService({ signer, origin });

before(async () => {
  team = await startTeam();
  const table = await team.provision('dynamodb-metadata-table', { DeletionProtection: 'false' });
  const role = await team.provision('iam-integration-role', {
    PrivateKeySecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:none-a1B2c3`,
    DynamoDbTableArn: table.DynamoDbTableArn,
  });
  await team.runAs('orders-api');
  process.env.AWS_MAX_ATTEMPTS = '1';
  opening = {
    tableName: table.DynamoDbTableName,
    primaryKey: 'objectKey',
    integrationRoleArn: role.IntegrationRoleArn,
    endpoint: team.proxy.endpoint,
  };
  records = await FileRecords.open(opening);
  service = new UploadService({ signer, origin, records });
});
after(() => team?.stop());
afterEach(() => team.proxy.faults.clear());

test('without records: a signed upload with its headers, and a signed download of the same key', async () => {
  const sha256 = createHash('sha256').update('x').digest('hex');
  const ticket = await plain.requestUpload({ ...file, filename: 'Report.PDF', sha256 });
  assert.equal(verdictOn(ticket.url, keys), 'good');
  assert.match(ticket.key, /^[0-9a-f-]{36}\.pdf$/);
  assert.equal(ticket.method, 'PUT');
  assert.deepEqual(ticket.headers, {
    'content-type': 'application/pdf',
    'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
  });
  assert.equal(ticket.record, undefined);
  const { pathname, searchParams } = new URL(ticket.url);
  assert.equal(pathname, `/upload/${ticket.key}`);
  const constraints = ['es-method', 'es-max-bytes', 'es-content-type', 'es-sha256', 'es-filename'];
  assert.deepEqual(
    constraints.map((name) => searchParams.get(name)),
    ['PUT', '1000', 'application/pdf', sha256, 'Report.PDF'],
  );
  const download = await plain.requestDownload({ key: ticket.key });
  assert.equal(verdictOn(download, keys), 'good');
  assert.equal(new URL(download).pathname, `/download/${ticket.key}`);
  const error = await refusal(plain.completeUpload({ key: ticket.key, owner: 'ann' }));
  assert.deepEqual([error.code, error.field], ['invalid-argument', 'records']);
});

test('with records: pending, complete, and only then a download for the owner alone', async () => {
  const { key, record } = await service.requestUpload({
    ...file,
    key: 'in/report.pdf',
    filename: 'report.pdf',
  });
  assert.deepEqual(
    [record.key, record.state, record.bytes, record.filename],
    [key, 'pending', 1000, 'report.pdf'],
  );
  assert.deepEqual(await records.get(key), record);
  const missing = async (download) => {
    const { code, message } = await refusal(service.requestDownload(download));
    return `${code}: ${message}`;
  };
  const same = 'file-not-found: there is no such file';
  assert.equal(await missing({ key, as: 'ann' }), same);
  const done = await service.completeUpload({ key, owner: 'ann', bytes: 900 });
  assert.deepEqual([done.state, done.bytes], ['complete', 900]);
  assert.equal(verdictOn(await service.requestDownload({ key, as: 'ann' }), keys), 'good');
  assert.equal(await missing({ key, as: 'bob' }), same);
  assert.equal(await missing({ key: 'in/none.pdf', as: 'ann' }), same);
});

test('a record stays pending for as long as its URL opens the key', async () => {
  const shortLived = await FileRecords.open({ ...opening, pendingLifetime: 1 });
  const uploads = new UploadService({ signer, origin, records: shortLived, uploadExpires: '10m' });
  const { url, record } = await uploads.requestUpload(file);
  assert.equal(record.expiresAt, Number(new URL(url).searchParams.get('Expires')));
});

test('a key that is taken is refused, and the first record stays as it was', async () => {
  const { record } = await service.requestUpload({ ...file, key: 'taken' });
  const error = await refusal(service.requestUpload({ ...file, owner: 'bob', key: 'taken' }));
  assert.equal(error.code, 'record-exists');
  assert.deepEqual(await records.get('taken'), record);
});

test('when signing fails no record is written: the URL is signed first', async () => {
  const written = team.proxy.count('PutItem');
  for (const change of [{ sha256: 'no hash' }, { contentType: 'no type\r\n' }, { ipAddress: '::1' }]) {
    const error = await refusal(service.requestUpload({ ...file, key: 'unsigned', ...change }));
    assert.match(error.code, /^invalid-/);
  }
  const failing = {
    signUrl: () => {
      throw new Error('hardware');
    },
  };
  const broken = new UploadService({ signer: failing, origin, records });
  await assert.rejects(broken.requestUpload({ ...file, key: 'unsigned' }), /hardware/);
  assert.equal(team.proxy.count('PutItem'), written);
  assert.equal(await records.get('unsigned'), undefined);
});

for (const [what, fault, code] of [
  ['fails inside', jsonError(500, 'InternalServerError'), 'aws-unavailable'],
  ['throttles', jsonError(400, 'ProvisionedThroughputExceededException'), 'aws-unavailable'],
  ['throttles by name', jsonError(400, 'ThrottlingException'), 'aws-unavailable'],
  ['is cut off', cut, 'aws-unavailable'],
  ['refuses', jsonError(400, 'ValidationException'), 'aws-refused'],
]) {
  test(`when DynamoDB ${what}, no URL is handed out and the same request works later`, async () => {
    const key = `later/${code}-${what.length}`;
    team.proxy.faults.set('PutItem', fault);
    assert.equal((await refusal(service.requestUpload({ ...file, key }))).code, code);
    team.proxy.faults.clear();
    assert.equal(await records.get(key), undefined);
    const { record } = await service.requestUpload({ ...file, key });
    team.proxy.faults.set('UpdateItem', fault);
    assert.equal((await refusal(service.completeUpload({ key, owner: 'ann' }))).code, code);
    team.proxy.faults.clear();
    assert.deepEqual(await records.get(key), record);
    assert.equal((await service.completeUpload({ key, owner: 'ann' })).state, 'complete');
    team.proxy.faults.set('GetItem', fault);
    assert.equal((await refusal(service.requestDownload({ key, as: 'ann' }))).code, code);
  });
}

test('prefixes and lifetimes are the ones that were asked for', async () => {
  const own = new UploadService({
    signer,
    origin: 'https://files.example.com/',
    uploadPrefix: '/in/box',
    downloadPrefix: '/out',
    uploadExpires: 1_900_000_000,
    downloadExpires: 1_900_000_001,
  });
  const { url } = await own.requestUpload({ ...file, key: 'a b.pdf' });
  assert.ok(url.startsWith('https://files.example.com/in/box/a%20b.pdf?'));
  assert.equal(new URL(url).searchParams.get('Expires'), '1900000000');
  const download = await own.requestDownload({ key: 'a b.pdf' });
  assert.ok(download.startsWith('https://files.example.com/out/a%20b.pdf?Expires=1900000001&'));
});
