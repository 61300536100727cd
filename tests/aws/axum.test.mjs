// The Rust crate edgeseal-aws in the axum example, as a process with the application's role, against stacks of the
// products: the same bytes, records and errors as the npm package, and the same calm when the key is rotated or AWS is down.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { FileRecords } from 'edgeseal/aws';
import { FollowingEdge } from '../../scripts/lib/story/edge.mjs';
import { ownKeyPair } from '../products/support/cases.mjs';
import { trustedKeys, verdictOn } from '../products/support/signed-url.mjs';
import { runService, startService } from './support/axum.mjs';
import { holdsNoKey, refusal } from './support/errors.mjs';
import { jsonError } from './support/proxy.mjs';
import { account, externalId, region, startTeam } from './support/team.mjs';

const origin = 'https://files.example.com';

let team;
let keyPair;
let tableName;
let edge;
let env;
let records;
let service;

before(async () => {
  team = await startTeam();
  keyPair = await team.provision('cloudfront-key-pair', { PropagationWaitSeconds: '0' });
  const { PrivateKeySecretArn, CloudFrontKeyGroupId } = keyPair;
  const { S3BucketName } = await team.provision('s3-bucket', { CloudFrontDistributionId: '' });
  const table = await team.provision('dynamodb-metadata-table', { DeletionProtection: 'false' });
  tableName = table.DynamoDbTableName;
  const { DynamoDbTableArn } = table;
  const role = await team.provision('iam-integration-role', { PrivateKeySecretArn, DynamoDbTableArn });
  const application = await team.environmentOf('orders-api');
  env = {
    ...application,
    AWS_ENDPOINT_URL: team.proxy.endpoint,
    // One try is enough to see what comes of a failure.
    AWS_MAX_ATTEMPTS: '1',
    INTEGRATION_ROLE_ARN: role.IntegrationRoleArn,
    PRIVATE_KEY_SECRET_ARN: PrivateKeySecretArn,
    FILES_ORIGIN: origin,
    TABLE_NAME: tableName,
    PORT: '0',
  };
  records = await FileRecords.open({
    tableName,
    primaryKey: 'objectKey',
    region,
    integrationRoleArn: role.IntegrationRoleArn,
    endpoint: team.emulator.endpoint,
    credentials: {
      accessKeyId: application.AWS_ACCESS_KEY_ID,
      secretAccessKey: application.AWS_SECRET_ACCESS_KEY,
      sessionToken: application.AWS_SESSION_TOKEN,
    },
  });
  // The edge reaches the bucket as CloudFront does, not as the application.
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: region,
  });
  const bucket = { name: S3BucketName, endpoint: team.emulator.endpoint };
  const { cloudfront } = team.clients;
  edge = new FollowingEdge({ cloudfront, keyGroupId: CloudFrontKeyGroupId, origin, bucket });
});
afterEach(async () => {
  team.proxy.faults.clear();
  await service?.stop();
  service = undefined;
});
after(async () => {
  await edge?.stop();
  await team?.stop();
});

const file = { filename: 'photo.PNG', contentType: 'image/png', bytes: 7 };
const keys = () => trustedKeys(team.clients.cloudfront, keyPair.CloudFrontKeyGroupId);
const keyIdOf = (url) => new URL(url).searchParams.get('Key-Pair-Id');

async function start(change = {}) {
  service = await startService({ ...env, ...change });
}

/** Calls the API of the service as a user. */
async function call(path, body, user = 'ann') {
  const headers = { 'x-user': user, 'content-type': 'application/json' };
  const options = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
  const answer = await fetch(`${service.url}${path}`, options);
  return { status: answer.status, ...(await answer.json()) };
}

/** Calls until the answer is the one that is waited for. */
async function until(what, ask) {
  for (let turn = 0; turn < 600; turn += 1) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(100);
  }
  assert.fail(`${what} did not come about in a minute:\n${service.log()}`);
}

test('a file goes up and comes down for its owner alone, and the record is the one that JavaScript reads', async () => {
  await start();
  const { status, key, url, headers } = await call('/api/uploads', file);
  assert.equal(status, 201);
  assert.match(key, /^[0-9a-f-]{36}\.png$/);
  const pending = await records.get(key);
  const { createdAt, expiresAt, ...rest } = pending;
  assert.deepEqual(rest, {
    key,
    owner: 'ann',
    state: 'pending',
    contentType: 'image/png',
    filename: 'photo.PNG',
    bytes: 7,
  });
  assert.equal(expiresAt, createdAt + 86_400);

  assert.equal((await edge.send(url, { method: 'PUT', headers, body: 'pixels!!' })).reason, 'too-large');
  assert.equal((await edge.send(url, { method: 'PUT', headers, body: 'pixels!' })).status, 200);
  assert.deepEqual((await call('/api/files')).files, [], 'not listed before it is complete');
  const missing = await call(`/api/files/url?key=${key}`);
  assert.deepEqual([missing.status, missing.code], [404, 'file-not-found']);
  const early = await call('/api/uploads/complete', { key }, 'bob');
  assert.deepEqual([early.status, early.code], [409, 'record-not-pending']);

  const { completedAt, ...shown } = await call('/api/uploads/complete', { key });
  assert.deepEqual(shown, { status: 200, filename: 'photo.PNG', key, bytes: 7, contentType: 'image/png' });
  const { expiresAt: gone, ...kept } = pending;
  assert.deepEqual(await records.get(key), { ...kept, state: 'complete', completedAt });
  const Key = { objectKey: { S: key } };
  const { Item } = await team.clients.dynamodb.send(new GetItemCommand({ TableName: tableName, Key }));
  assert.deepEqual(Object.keys(Item).sort(), [
    'bytes',
    'completedAt',
    'contentType',
    'createdAt',
    'filename',
    'objectKey',
    'owner',
    'state',
  ]);
  assert.equal((await call('/api/uploads/complete', { key })).code, 'record-not-pending', 'only once');
  assert.equal((await refusal(records.create({ key, owner: 'bob' }))).code, 'record-exists');

  assert.deepEqual(
    (await call('/api/files')).files.map((each) => each.key),
    [key],
  );
  assert.deepEqual((await call('/api/files', undefined, 'bob')).files, []);
  const { url: download } = await call(`/api/files/url?key=${key}`);
  assert.equal((await edge.send(download)).body.toString(), 'pixels!');
  const asAnn = { headers: { 'x-user': 'ann' }, redirect: 'manual' };
  const redirect = await fetch(`${service.url}/api/files/content?key=${key}`, asAnn);
  assert.deepEqual([redirect.status, redirect.headers.get('cache-control')], [303, 'no-store']);
  assert.equal((await edge.send(redirect.headers.get('location'))).body.toString(), 'pixels!');
  const stranger = await call(`/api/files/url?key=${key}`, undefined, 'bob');
  assert.deepEqual([stranger.status, stranger.code, stranger.error], [404, 'file-not-found', missing.error]);
});

test('records and page tokens that JavaScript writes are read by the Rust service, and the reverse', async () => {
  await start();
  const owner = 'émile "1"';
  for (let at = 0; at < 52; at += 1) {
    const key = `ünï/${String(at).padStart(2, '0')}.txt`;
    await records.create({ key, owner, filename: `${at}.txt`, contentType: 'text/plain', bytes: at });
    await records.complete(key, owner);
  }
  // A header is bytes; this one holds the owner in UTF-8.
  const user = Buffer.from(owner).toString('latin1');
  const first = await call('/api/files', undefined, user);
  assert.equal(first.files.length, 50, service.log());
  const rest = await records.list(owner, { next: first.next });
  const both = [...first.files, ...rest.records].map(({ key }) => key);
  assert.equal(new Set(both).size, 52);
  const one = await records.list(owner, { limit: 1 });
  const second = await call(`/api/files?next=${encodeURIComponent(one.next)}`, undefined, user);
  assert.equal(second.files.length, 50);
  assert.ok(!second.files.some(({ key }) => key === one.records[0].key));
  const { filename, bytes } = first.files[0];
  assert.equal(filename, `${bytes}.txt`);
  const { url } = await call(`/api/files/url?key=${encodeURIComponent('ünï/07.txt')}`, undefined, user);
  assert.equal(verdictOn(url, await keys()), 'good');
  assert.equal(new URL(url).pathname, '/download/%C3%BCn%C3%AF/07.txt');
  const foreign = await call(`/api/files?next=${encodeURIComponent(one.next)}`);
  assert.deepEqual([foreign.status, foreign.code], [400, 'invalid-argument']);
});

test('many callers at the same time share one key and one session of the role', async () => {
  const before = ['GetSecretValue', 'AssumeRole'].map((operation) => team.proxy.count(operation));
  await start();
  const answers = await Promise.all(Array.from({ length: 60 }, () => call('/api/uploads', file)));
  const trusted = await keys();
  for (const { status, url } of answers) {
    assert.equal(status, 201);
    assert.equal(verdictOn(url, trusted), 'good');
  }
  assert.equal(new Set(answers.map(({ key }) => key)).size, 60);
  // One session for the signer, one for the records.
  const asked = ['GetSecretValue', 'AssumeRole'].map((name, at) => team.proxy.count(name) - before[at]);
  assert.deepEqual(asked, [1, 2]);
});

test('a rotation is picked up without a restart, and the old URL keeps working', async () => {
  await start({ KEY_MAX_AGE_SECONDS: '1' });
  const early = await call('/api/uploads', file);
  await team.update('cloudfront-key-pair', { PropagationWaitSeconds: '0', RotationToken: 'first' });
  const late = await until('the new key', async () => {
    const ticket = await call('/api/uploads', file);
    assert.equal(verdictOn(ticket.url, await keys()), 'good', 'no URL is refused on the way');
    return keyIdOf(ticket.url) !== keyIdOf(early.url) && ticket;
  });
  for (const { url, headers } of [early, late]) {
    assert.equal((await edge.send(url, { method: 'PUT', headers, body: 'pixels!' })).status, 200);
  }
  assert.match(service.log(), new RegExp(`key-loaded.*${keyIdOf(late.url)}.*rotated=true`));
});

test('while Secrets Manager is down the last good key goes on signing, and the log says so without any of it', async () => {
  await start({ KEY_MAX_AGE_SECONDS: '1' });
  const before = await call('/api/uploads', file);
  team.proxy.faults.set('GetSecretValue', jsonError(500, 'InternalServiceError'));
  await until('a refresh that fails', async () => {
    assert.equal((await call('/api/uploads', file)).status, 201);
    return /refresh-failed.*aws-unavailable/.test(service.log());
  });
  const during = await call('/api/uploads', file);
  assert.equal(keyIdOf(during.url), keyIdOf(before.url));
  assert.equal(verdictOn(during.url, await keys()), 'good');
  const SecretId = env.PRIVATE_KEY_SECRET_ARN;
  const { SecretString } = await team.clients.secrets.send(new GetSecretValueCommand({ SecretId }));
  holdsNoKey(service.log(), JSON.parse(SecretString).privateKey);
});

test('while DynamoDB is down no URL is handed out, and the caller learns nothing of why', async () => {
  await start();
  team.proxy.faults.set('PutItem', jsonError(500, 'InternalServerError'));
  const refused = await call('/api/uploads', file);
  assert.deepEqual(refused, { status: 500, error: 'That did not work. Please try again.' });
  assert.match(service.log(), /dynamodb:PutItem failed.*aws-unavailable/);
  team.proxy.faults.clear();
  assert.equal((await call('/api/uploads', file)).status, 201);
});

test('what is no request is refused with a sentence', async () => {
  await start();
  for (const [path, body, status] of [
    ['/api/uploads', { ...file, bytes: 25_000_001 }, 413],
    ['/api/uploads', { ...file, bytes: 0 }, 400],
    ['/api/uploads', { ...file, contentType: 'image/*' }, 400],
    ['/api/uploads', { filename: 'a' }, 422],
    ['/api/uploads/complete', { key: '../x' }, 400],
    ['/api/files?next=x', undefined, 400],
    ['/api/files/url', undefined, 400],
    ['/api/files/url?key=../x', undefined, 400],
  ]) {
    const answer = await call(path, body);
    assert.equal(answer.status, status, `${path}: ${answer.error}`);
    assert.match(answer.error, /^\S.*\S$/);
  }
  const page = await fetch(service.url);
  assert.match(
    page.headers.get('content-security-policy'),
    /script-src 'self'.*connect-src 'self' https:\/\/files\.example\.com/,
  );
  assert.match(await page.text(), /<script type="module" src="\/page\.js">/);
  for (const name of ['page.css', 'page.js'])
    assert.equal((await fetch(`${service.url}/${name}`)).status, 200);
  const running = service;
  service = undefined;
  assert.equal(await running.stop(), 0, 'it ends cleanly when it is told to');
});

test('a service that cannot get its key ends at the start and names the missing permission', async () => {
  const foreign = await team.provision(
    'private-key-secret',
    { PrivateKey: ownKeyPair.privateKey, SecretName: 'not-mine', KeyPairId: '' },
    'not-mine',
  );
  const locked = await team.provision(
    'iam-integration-role',
    { PrivateKeySecretArn: env.PRIVATE_KEY_SECRET_ARN, DynamoDbTableArn: '', ExternalId: externalId },
    'locked',
  );
  const malformed = (_, response) => response.end(JSON.stringify({ SecretString: '{}', VersionId: '1' }));
  for (const [change, fault, words] of [
    [
      { INTEGRATION_ROLE_ARN: `arn:aws:iam::${account}:role/billing` },
      undefined,
      /^role-denied: .*sts:AssumeRole/m,
    ],
    [{ INTEGRATION_ROLE_ARN: locked.IntegrationRoleArn }, undefined, /^role-denied: .*\n.*external id/m],
    [
      { PRIVATE_KEY_SECRET_ARN: foreign.PrivateKeySecretArn },
      undefined,
      /^secret-denied: the permission secretsmanager:GetSecretValue on arn:aws:secretsmanager:/m,
    ],
    [{}, malformed, /^secret-malformed: .*no field privateKey/m],
  ]) {
    team.proxy.faults.clear();
    if (fault) team.proxy.faults.set('GetSecretValue', fault);
    const { code, stdout, stderr } = await runService({ ...env, ...change });
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /panicked|stack backtrace/);
  }
});
