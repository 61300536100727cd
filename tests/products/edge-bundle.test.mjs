// The edge validator product with the bundle that `edgeseal edge build` makes: deployed, published, and asked.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Signer } from 'edgeseal';
import { templatePath } from '../../products/tools/lib/products.mjs';
import { readKey } from '../differential/support/keys.mjs';
import { buildBundle } from '../edge/support/bundle.mjs';
import { viewerRequest } from '../edge/support/vectors.mjs';
import { invoke } from './support/api.mjs';
import { clientsFor } from './support/clients.mjs';
import { startEmulator } from './support/emulator.mjs';
import { createStack, deleteStack, makeTemplateBucket } from './support/stacks.mjs';

const keyPairId = 'K2JCJMDEHXQW5F';
const signer = Signer.fromPem({ keyPairId, privateKey: readKey('ec-pkcs8') });
const policy = {
  version: 1,
  mode: 'standalone',
  rules: [{ name: 'download', path: '/download/*', stripPrefix: '/download', maxLifetime: '1h' }],
};
const CodeS3Bucket = 'platform-artifacts-us-east-1';

let emulator;
let clients;
before(async () => {
  emulator = await startEmulator();
  clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
  await clients.s3.send(new CreateBucketCommand({ Bucket: CodeS3Bucket }));
});
after(() => emulator?.stop());

/** Uploads the bundle as the README says, and answers the parameters of the product. */
async function upload() {
  const { zip, codeSha256 } = buildBundle(policy, { [keyPairId]: readKey('ec-public') });
  const CodeS3Key = `edge/${Buffer.from(codeSha256, 'base64').toString('hex')}.zip`;
  await clients.s3.send(new PutObjectCommand({ Bucket: CodeS3Bucket, Key: CodeS3Key, Body: zip }));
  return { CodeS3Bucket, CodeS3Key, CodeSha256: codeSha256 };
}

const eventFor = (url) => {
  const { pathname, search, host } = new URL(url);
  return viewerRequest({
    clientIp: '203.0.113.178',
    method: 'GET',
    uri: pathname,
    querystring: search.slice(1),
    headers: { host: [{ key: 'Host', value: host }] },
  });
};

test('the published version lets a signed URL through and refuses what was not signed', async () => {
  const template = readFileSync(templatePath('edge-validator', '1.0.0'), 'utf8');
  const { outputs } = await createStack(clients, 'edge-bundle', template, await upload());
  const ask = async (url) => {
    const { error, payload } = await invoke(emulator, outputs.EdgeValidatorVersionArn, eventFor(url));
    assert.equal(error, undefined);
    return payload;
  };
  const signed = signer.signUrl({ url: 'https://files.example.com/download/cat.png', expires: '10m' });
  const passed = await ask(signed);
  assert.deepEqual([passed.uri, passed.querystring], ['/cat.png', '']);
  const refused = await ask(signed.replace('cat', 'dog'));
  assert.deepEqual([refused.status, refused.body], ['403', 'Forbidden']);
  await deleteStack(clients, 'edge-bundle');
});
