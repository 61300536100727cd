// A load of signers and downloaders runs through two rotations: no valid request is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GetKeyGroupCommand, GetPublicKeyCommand } from '@aws-sdk/client-cloudfront';
import { createSigner, UploadService } from 'edgeseal/aws';
import { createLocalEdge } from 'edgeseal/dev';
import { startTeam } from './support/team.mjs';

const origin = 'https://files.example.com';
const workers = 6;
const filesPerWorker = 20;
const rotateAfter = [40, 80];

let team;
let bucket;
let keyPair;
let signer;
let issued = 0;
const events = [];

before(async () => {
  team = await startTeam();
  keyPair = await team.provision('cloudfront-key-pair', { PropagationWaitSeconds: '0' });
  bucket = (await team.provision('s3-bucket', { CloudFrontDistributionId: '' })).S3BucketName;
  const { PrivateKeySecretArn } = keyPair;
  const role = await team.provision('iam-integration-role', { PrivateKeySecretArn, DynamoDbTableArn: '' });
  await team.runAs('orders-api');
  signer = await createSigner({
    integrationRoleArn: role.IntegrationRoleArn,
    privateKeySecretArn: PrivateKeySecretArn,
    endpoint: team.proxy.endpoint,
    onEvent: (event) => events.push(event),
    // The key ages with the work that is done, not with the speed of the machine.
    clock: () => issued * 60_000,
  });
  // The local edge reaches the bucket as CloudFront does, not as the application.
  delete process.env.AWS_SESSION_TOKEN;
  process.env.AWS_ACCESS_KEY_ID = '111122223333';
});
after(async () => {
  await edges.stop();
  await team?.stop();
});

/** One edge for each state of the key group; a change of the group puts a new one in place. */
const edges = {
  running: new Map(),
  publicKeys: new Map(),

  async current() {
    const { cloudfront } = team.clients;
    const { KeyGroup } = await cloudfront.send(new GetKeyGroupCommand({ Id: keyPair.CloudFrontKeyGroupId }));
    const ids = KeyGroup.KeyGroupConfig.Items;
    const state = ids.join();
    if (!this.running.has(state)) this.running.set(state, this.start(ids));
    return this.running.get(state);
  },

  async start(ids) {
    const keys = Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await this.publicKey(id)])));
    const { endpoint } = team.emulator;
    return createLocalEdge({ origin, keys, bucket: { name: bucket, endpoint } }).start();
  },

  async publicKey(Id) {
    const { PublicKey } = await team.clients.cloudfront.send(new GetPublicKeyCommand({ Id }));
    return PublicKey.PublicKeyConfig.EncodedKey;
  },

  async stop() {
    for (const edge of this.running.values()) await (await edge).stop();
  },
};

/** Sends a request through the edge as it is at that moment. */
async function send(url, options) {
  const edge = await edges.current();
  return fetch(url.replace(origin, edge.url), options);
}

const keyPairIdOf = (url) => new URL(url).searchParams.get('Key-Pair-Id');

test('two rotations under load refuse no valid request, and every URL works to its end', async () => {
  const uploads = new UploadService({ signer, origin, downloadExpires: '2h' });
  const downloads = [];
  const rotations = [];
  const rotate = (RotationToken) =>
    team.update('cloudfront-key-pair', { PropagationWaitSeconds: '0', RotationToken });

  const work = async (worker) => {
    for (let at = 0; at < filesPerWorker; at += 1) {
      issued += 1;
      if (rotateAfter.includes(issued)) rotations.push(rotate(`at-${issued}`));
      const body = `file ${worker}/${at}`;
      const key = `load/${worker}/${at}.txt`;
      const { url, headers } = await uploads.requestUpload({ key, maxBytes: 100, contentType: 'text/plain' });
      const put = await send(url, { method: 'PUT', headers, body });
      assert.equal(put.status, 200, `PUT ${key} signed with ${keyPairIdOf(url)}: ${await put.text()}`);
      const download = { url: await uploads.requestDownload({ key }), body };
      downloads.push(download);
      const got = await send(download.url);
      assert.deepEqual([got.status, await got.text()], [200, body]);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  await Promise.all(rotations);
  await signer.refresh();
  downloads.push({ url: await uploads.requestDownload({ key: 'load/0/0.txt' }), body: 'file 0/0' });

  assert.equal(downloads.length, workers * filesPerWorker + 1);
  assert.equal(rotations.length, 2);
  assert.equal(events.filter(({ kind }) => kind === 'refresh-failed').length, 0);
  const used = new Set(downloads.map(({ url }) => keyPairIdOf(url)));
  assert.ok(used.size >= 2 && used.size <= 3, `keys used: ${[...used]}`);
  for (const { url, body } of downloads) {
    const again = await send(url);
    assert.deepEqual([again.status, await again.text()], [200, body], keyPairIdOf(url));
  }
});

test('a revoked key is refused at once, since the edge asks the group as it is', async () => {
  const uploads = new UploadService({ signer, origin });
  const old = await uploads.requestDownload({ key: 'load/0/0.txt' });
  assert.equal((await send(old)).status, 200);
  await team.update('cloudfront-key-pair', { PropagationWaitSeconds: '0', RevocationToken: 'leaked' });
  assert.equal((await send(old)).status, 403);
  await signer.refresh();
  assert.equal((await send(await uploads.requestDownload({ key: 'load/0/0.txt' }))).status, 200);
});
