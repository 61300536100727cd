// S3 fails while a file is on its way: the viewer is told, nothing is stored, and the same upload works later.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { createSigner, FileRecords, UploadService } from 'edgeseal/aws';
import { FollowingEdge } from '../../scripts/lib/story/edge.mjs';
import { refusal } from './support/errors.mjs';
import { cut } from './support/proxy.mjs';
import { account, region, startTeam } from './support/team.mjs';

const origin = 'https://files.example.com';
let team;
let edge;
let uploads;
let bucket;

before(async () => {
  team = await startTeam();
  const { PrivateKeySecretArn, CloudFrontKeyGroupId } = await team.provision('cloudfront-key-pair', {
    PropagationWaitSeconds: '0',
  });
  bucket = (await team.provision('s3-bucket', { CloudFrontDistributionId: '' })).S3BucketName;
  const table = await team.provision('dynamodb-metadata-table', { DeletionProtection: 'false' });
  const { DynamoDbTableArn, DynamoDbTableName: tableName } = table;
  const role = await team.provision('iam-integration-role', { PrivateKeySecretArn, DynamoDbTableArn });
  await team.runAs('orders-api');
  const { endpoint } = team.emulator;
  const access = { integrationRoleArn: role.IntegrationRoleArn, endpoint };
  const signer = await createSigner({ ...access, privateKeySecretArn: PrivateKeySecretArn });
  const records = await FileRecords.open({ ...access, tableName, primaryKey: 'objectKey' });
  // The role is assumed now, before this process becomes what the edge is.
  await records.get('none');
  uploads = new UploadService({ signer, origin, records });
  delete process.env.AWS_SESSION_TOKEN;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: region,
  });
  // Only S3 is asked through the proxy, and its requests name no operation.
  const behindProxy = { name: bucket, endpoint: team.proxy.endpoint };
  const { cloudfront } = team.clients;
  edge = new FollowingEdge({ cloudfront, keyGroupId: CloudFrontKeyGroupId, origin, bucket: behindProxy });
});
after(async () => {
  await edge?.stop();
  await team?.stop();
});
afterEach(() => team.proxy.faults.clear());

const body = Buffer.alloc(300_000, 'x');
const ask = (key) =>
  uploads.requestUpload({ key, owner: 'ann', contentType: 'text/plain', maxBytes: body.length });
const stored = async (Key) =>
  team.clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key })).then(
    ({ ContentLength }) => ContentLength,
    ({ name }) => name,
  );

/** The file is not there for anybody, and the same URL still takes it. */
async function nothingHalfDone({ key, url, headers }) {
  assert.equal(await stored(key), 'NotFound');
  assert.equal((await refusal(uploads.requestDownload({ key, as: 'ann' }))).code, 'file-not-found');
  team.proxy.faults.clear();
  assert.equal((await edge.send(url, { method: 'PUT', headers, body })).status, 200);
  assert.equal(await stored(key), body.length);
  await uploads.completeUpload({ key, owner: 'ann' });
  const download = await edge.send(await uploads.requestDownload({ key, as: 'ann' }));
  assert.ok(download.body.equals(body));
}

for (const [what, fault] of [
  [
    'answers 500',
    (_, response) => {
      response.writeHead(500, { 'content-type': 'application/xml' });
      response.end(
        '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>',
      );
    },
  ],
  ['breaks the connection', cut],
]) {
  test(`S3 ${what} in the middle of an upload: the viewer gets a 5xx and nothing is half done`, async () => {
    const ticket = await ask(`fault/${what.replaceAll(' ', '-')}`);
    team.proxy.faults.set('', fault);
    const { status } = await edge.send(ticket.url, { method: 'PUT', headers: ticket.headers, body });
    assert.ok(status >= 500 && status < 600, `${status}`);
    await nothingHalfDone(ticket);
  });
}

test('a viewer that goes away in the middle of an upload leaves nothing behind', async () => {
  const ticket = await ask('fault/gone');
  const { url } = await edge.current();
  const headers = { ...ticket.headers, 'content-length': body.length };
  const outgoing = request(ticket.url.replace(origin, url), { method: 'PUT', headers });
  outgoing.on('error', () => {});
  outgoing.write(body.subarray(0, 100_000));
  await once(outgoing, 'socket');
  outgoing.destroy();
  await nothingHalfDone(ticket);
});
