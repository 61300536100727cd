// The example applications as processes with the application's role, against stacks of the products.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FollowingEdge } from '../../scripts/lib/story/edge.mjs';
import { trustedKeys, verdictOn } from '../products/support/signed-url.mjs';
import { account, region, startTeam } from './support/team.mjs';

const origin = 'https://files.example.com';
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

let team;
let keyPair;
let edge;
let env;

before(async () => {
  team = await startTeam();
  keyPair = await team.provision('cloudfront-key-pair', { PropagationWaitSeconds: '0' });
  const { S3BucketName } = await team.provision('s3-bucket', { CloudFrontDistributionId: '' });
  const table = await team.provision('dynamodb-metadata-table', { DeletionProtection: 'false' });
  const { PrivateKeySecretArn, CloudFrontKeyGroupId } = keyPair;
  const { DynamoDbTableArn, DynamoDbTableName } = table;
  const role = await team.provision('iam-integration-role', { PrivateKeySecretArn, DynamoDbTableArn });
  env = {
    PATH: process.env.PATH,
    NODE_NO_WARNINGS: '1',
    ...(await team.environmentOf('orders-api')),
    AWS_ENDPOINT_URL: team.emulator.endpoint,
    INTEGRATION_ROLE_ARN: role.IntegrationRoleArn,
    PRIVATE_KEY_SECRET_ARN: PrivateKeySecretArn,
    FILES_ORIGIN: origin,
    TABLE_NAME: DynamoDbTableName,
    PORT: '0',
  };
  // The edge reaches the bucket as CloudFront does, not as the application.
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: region,
  });
  const bucket = { name: S3BucketName, endpoint: team.emulator.endpoint };
  edge = new FollowingEdge({
    cloudfront: team.clients.cloudfront,
    keyGroupId: CloudFrontKeyGroupId,
    origin,
    bucket,
  });
});
after(async () => {
  await edge?.stop();
  await team?.stop();
});

/** Runs a program of the examples to its end. */
async function run(args, change = {}) {
  const child = spawn(process.execPath, args, {
    env: { ...env, ...change },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

const keys = () => trustedKeys(team.clients.cloudfront, keyPair.CloudFrontKeyGroupId);

test('the script prints one URL that the key group verifies', async () => {
  const { code, stdout, stderr } = await run([
    `${examples}script/sign.mjs`,
    `${origin}/download/a.pdf`,
    '5m',
  ]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(verdictOn(stdout.trim(), await keys()), 'good');
});

for (const [what, change, args, words] of [
  [
    'without a secret',
    { PRIVATE_KEY_SECRET_ARN: undefined },
    [`${origin}/a`],
    /^invalid-argument: privateKeySecretArn .*\n.*output/,
  ],
  [
    'with a role that lets nobody in',
    { INTEGRATION_ROLE_ARN: `arn:aws:iam::${account}:role/billing` },
    [`${origin}/a`],
    /^role-denied: .*sts:AssumeRole/,
  ],
  ['without a URL', {}, [], /^invalid-argument: url/],
]) {
  test(`the script ${what} says what is wrong, and no stack trace`, async () => {
    const { code, stdout, stderr } = await run([`${examples}script/sign.mjs`, ...args], change);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /^ +at /m);
  });
}

/** Calls the Lambda handler in a process of its own, once for each event. */
async function invoke(events, change) {
  const code = `import { handler } from ${JSON.stringify(`${examples}lambda/handler.mjs`)};
    const answers = [];
    for (const event of JSON.parse(process.argv[1])) answers.push(await handler(event));
    console.log(JSON.stringify(answers));`;
  const result = await run(['--input-type=module', '-e', code, JSON.stringify(events)], change);
  assert.equal(result.code, 0, result.stderr);
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}

test('the Lambda handler answers with a URL that takes the file', async () => {
  const file = { filename: 'note.txt', contentType: 'text/plain', bytes: 5 };
  const body = JSON.stringify(file);
  const packed = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  const answers = await invoke([{ body }, packed]);
  for (const { statusCode, body: text } of answers) {
    assert.equal(statusCode, 201);
    const { key, url, method, headers } = JSON.parse(text);
    assert.equal((await edge.send(url, { method, headers, body: 'hello' })).status, 200);
    assert.match(key, /\.txt$/);
  }
});

test('the Lambda handler refuses what is no request, and keeps its troubles to its log', async () => {
  const bad = [
    {},
    { body: 'x' },
    { body: 'null' },
    { body: '{"contentType":"text/plain"}' },
    { body: '{"bytes":1}' },
  ];
  for (const { statusCode, body } of await invoke(bad)) {
    assert.equal(statusCode, 400, body);
    assert.match(JSON.parse(body).field, /^(maxBytes|contentType)$/);
  }
  const file = { body: '{"contentType":"text/plain","bytes":1}' };
  const [down] = await invoke([file], { INTEGRATION_ROLE_ARN: `arn:aws:iam::${account}:role/billing` });
  assert.equal(down.statusCode, 503);
  assert.doesNotMatch(down.body, /billing|role|denied/);
});

test('the API goes through upload, list and download for each user apart', async () => {
  const child = spawn(process.execPath, [`${examples}upload-api/server.mjs`], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  try {
    const [base] = await once(createInterface({ input: child.stdout }), 'line');
    const call = async (path, body, user = 'ann') => {
      const headers = { 'x-user': user, 'content-type': 'application/json' };
      const answer = await fetch(
        `${base}${path}`,
        body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
      );
      return { status: answer.status, ...(await answer.json()) };
    };
    const file = { filename: 'photo.png', contentType: 'image/png', bytes: 7 };
    const { status, key, url, headers } = await call('/api/uploads', file);
    assert.equal(status, 201);
    assert.equal((await edge.send(url, { method: 'PUT', headers, body: 'pixels!' })).status, 200);
    assert.deepEqual((await call('/api/files')).files, [], 'not listed before it is complete');
    assert.equal((await call('/api/uploads/complete', { key }, 'bob')).code, 'record-not-pending');
    assert.equal((await call('/api/uploads/complete', { key })).filename, 'photo.png');
    assert.deepEqual(
      (await call('/api/files')).files.map((each) => each.key),
      [key],
    );
    assert.deepEqual((await call('/api/files', undefined, 'bob')).files, []);
    const { url: download } = await call(`/api/files/url?key=${key}`);
    assert.equal((await edge.send(download)).body.toString(), 'pixels!');
    const stranger = await call(`/api/files/url?key=${key}`, undefined, 'bob');
    assert.deepEqual([stranger.status, stranger.code], [404, 'file-not-found']);
    assert.equal((await call('/api/uploads', { ...file, bytes: 25_000_001 })).status, 413);
    assert.equal((await call('/api/uploads', { filename: 'a' })).status, 413);
    assert.equal((await call('/api/files?next=x')).status, 400);
    assert.equal((await call('/api/files/url?key=../x')).status, 400);
    const page = await fetch(base);
    assert.match(
      page.headers.get('content-security-policy'),
      /script-src 'self'.*connect-src 'self' https:\/\/files\.example\.com/,
    );
    assert.equal((await fetch(`${base}/app.mjs`)).status, 404);
  } finally {
    child.kill('SIGTERM');
  }
  assert.equal((await closed)[0], 0);
});
