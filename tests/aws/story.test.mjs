// The whole workflow, asserted on real state: the catalog, the stacks, the bytes in the bucket, the row in the table.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetDistributionConfigCommand, GetKeyGroupCommand } from '@aws-sdk/client-cloudfront';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetBucketPolicyCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { SearchProductsAsAdminCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { tryAttacks } from '../../scripts/lib/story/attacks.mjs';
import { openLocalWorld } from '../../scripts/lib/story/local.mjs';
import { products } from '../../scripts/lib/story/publish.mjs';
import { Story } from '../../scripts/lib/story/steps.mjs';
import { trustedKeys, verdictOn } from '../products/support/signed-url.mjs';

let world;
let story;
let outputs;
let file;
const body = randomBytes(20_000);

before(async () => {
  world = await openLocalWorld();
  story = new Story(world);
});
after(async () => {
  story?.close();
  await world?.stop();
});

test('publishing makes the products, and a second plan finds nothing to do', async () => {
  const { done, pending } = await story.publish();
  assert.equal(pending, 0);
  assert.equal(done.filter((what) => what === 'create product').length, products.length);
  const catalog = new ServiceCatalogClient({
    endpoint: world.portfolio.env.AWS_ENDPOINT_URL,
    region: world.region,
    credentials: { accessKeyId: world.account, secretAccessKey: 'none' },
  });
  const { ProductViewDetails } = await catalog.send(new SearchProductsAsAdminCommand({}));
  assert.equal(ProductViewDetails.length, products.length);
});

test('launching them through the catalog makes real stacks that fit together', async () => {
  ({ outputs } = await story.provision());
  const { Stacks } = await world.admin.cloudformation.send(new DescribeStacksCommand({}));
  const made = Stacks.filter(({ StackName }) => StackName.startsWith('SC-'));
  assert.equal(made.length, products.length);
  for (const { StackName, StackStatus } of made) {
    assert.match(StackStatus, /^(CREATE|UPDATE)_COMPLETE$/, StackName);
  }
  for (const product of products) {
    await world.admin.iam.send(new GetRoleCommand({ RoleName: `EdgesealLaunch-${product}` }));
  }
  const { DistributionConfig } = await world.admin.cloudfront.send(
    new GetDistributionConfigCommand({ Id: outputs.CloudFrontDistributionId }),
  );
  const { Items } = DistributionConfig.DefaultCacheBehavior.TrustedKeyGroups;
  assert.deepEqual(Items, [outputs.CloudFrontKeyGroupId]);
  const { Policy } = await world.admin.s3.send(new GetBucketPolicyCommand({ Bucket: outputs.S3BucketName }));
  assert.ok(Policy.includes(outputs.CloudFrontDistributionArn), 'the bucket lets this one distribution in');
  assert.doesNotMatch(Policy, /"Effect":"Allow"[^}]*DeleteObject/);
});

test('the application signs with the key that the group holds, through the integration role', async () => {
  const { keyPairId } = await story.signIn();
  const { KeyGroup } = await world.admin.cloudfront.send(
    new GetKeyGroupCommand({ Id: outputs.CloudFrontKeyGroupId }),
  );
  assert.deepEqual(KeyGroup.KeyGroupConfig.Items, [keyPairId]);
});

test('an uploaded file is in the bucket byte for byte, with its type, and has a row in the table', async () => {
  const { ticket, status } = await story.upload(body);
  assert.equal(status, 200);
  const where = { Bucket: outputs.S3BucketName, Key: ticket.key };
  const { Body, ContentType } = await world.admin.s3.send(new GetObjectCommand(where));
  assert.ok(body.equals(Buffer.from(await Body.transformToByteArray())));
  assert.equal(ContentType, 'application/pdf');
  assert.deepEqual(await row(ticket.key), { owner: 'ann', state: 'pending', bytes: '20000' });
  await story.complete(ticket);
  assert.deepEqual(await row(ticket.key), { owner: 'ann', state: 'complete', bytes: '20000' });
  file = ticket.key;
});

async function row(key) {
  const { Item } = await world.admin.dynamodb.send(
    new GetItemCommand({ TableName: outputs.DynamoDbTableName, Key: { objectKey: { S: key } } }),
  );
  return { owner: Item.owner.S, state: Item.state.S, bytes: Item.bytes.N };
}

test('the download is the same bytes, and only for the owner', async () => {
  const { status, body: got, url } = await story.download(file);
  assert.equal(status, 200);
  assert.ok(got.equals(body));
  assert.equal(
    verdictOn(url, await trustedKeys(world.admin.cloudfront, outputs.CloudFrontKeyGroupId)),
    'good',
  );
  await assert.rejects(story.download(file, { owner: 'bob' }), { code: 'file-not-found' });
});

test('every attack is refused for the reason it should be, and changes nothing in the bucket', async () => {
  const results = await tryAttacks(story.tools, file);
  assert.ok(results.length >= 10);
  for (const { title, expected, status, reason } of results) {
    assert.equal(reason, expected, title);
    assert.ok(status >= 400 && status < 500, title);
  }
  const { ContentLength } = await world.admin.s3.send(
    new HeadObjectCommand({ Bucket: outputs.S3BucketName, Key: file }),
  );
  assert.equal(ContentLength, body.length);
});

test('after a rotation the group holds both keys, and URLs of either work', async () => {
  const { url } = await story.download(file);
  const { before: first, after: second, events } = await story.rotate();
  assert.notEqual(first, second);
  assert.deepEqual(
    events.map(({ kind, keyPairId, rotated }) => [kind, keyPairId, rotated]),
    [
      ['key-loaded', first, false],
      ['key-loaded', second, true],
    ],
  );
  const keys = await trustedKeys(world.admin.cloudfront, outputs.CloudFrontKeyGroupId);
  assert.deepEqual(Object.keys(keys).sort(), [first, second].sort());
  assert.equal((await world.send(url)).status, 200);
  assert.equal((await story.download(file)).status, 200);
});

test('at the end everything is terminated and gone', async () => {
  const there = (await story.present()).map((each) => each.split(' ')[0]);
  const kinds = { stack: 6, public: 2, role: 2, secret: 2, distribution: 1, key: 1, table: 1, bucket: 1 };
  for (const [kind, count] of Object.entries(kinds)) {
    assert.equal(there.filter((each) => each === kind).length, count, kind);
  }
  const { terminated, retained, left } = await story.end();
  assert.deepEqual([...terminated].sort(), [...products].sort());
  assert.deepEqual(
    retained.map(({ kind }) => kind),
    ['bucket', 'table', 'secret'],
  );
  assert.deepEqual(left, []);
});

/** Runs the script and answers how it ended; `onOutput` sees what it printed so far. */
async function runScript(args, onOutput = () => {}) {
  const script = new URL('../../scripts/story.mjs', import.meta.url).pathname;
  const env = { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    onOutput(stdout, child);
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

test('a story that breaks off in the middle is cleaned up as well', async () => {
  const again = new Story(world, { prefix: 'team-broken' });
  await again.publish();
  world.admin.iam.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === 'PutRolePolicyCommand') throw new Error('broken off');
      return next(args);
    },
    { name: 'breakOff', step: 'initialize' },
  );
  await assert.rejects(again.provision(), /broken off/);
  world.admin.iam.middlewareStack.remove('breakOff');
  const { terminated, left } = await again.end();
  assert.deepEqual([terminated.length, left], [products.length, []]);
  again.close();
});

test('the script tells it all in 80 columns, without a key, and ends well', async () => {
  const { code, stdout, stderr } = await runScript([]);
  assert.equal(code, 0, stdout + stderr);
  assert.doesNotMatch(stdout, /NOT OK|PRIVATE KEY/);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
});

/** What a browser does on the page: ask, preflight, upload, complete, list, download. */
async function usePage(page) {
  const post = async (path, value) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${page}${path}`, { method: 'POST', headers, body: JSON.stringify(value) })).json();
  };
  const ticket = await post('/api/uploads', { filename: 'a.txt', contentType: 'text/plain', bytes: 5 });
  const preflight = await fetch(ticket.url, {
    method: 'OPTIONS',
    headers: {
      origin: page,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    },
  });
  assert.equal(preflight.headers.get('access-control-allow-origin'), page);
  const headers = { ...ticket.headers, origin: page };
  const put = await fetch(ticket.url, { method: 'PUT', headers, body: 'hello' });
  assert.deepEqual([put.status, put.headers.get('access-control-allow-origin')], [200, page]);
  await post('/api/uploads/complete', { key: ticket.key });
  const { files } = await (await fetch(`${page}/api/files`)).json();
  assert.deepEqual(
    files.map(({ filename }) => filename),
    ['a.txt', 'report.pdf'],
  );
  const { url } = await (await fetch(`${page}/api/files/url?key=${ticket.key}`)).json();
  assert.equal(await (await fetch(url, { headers: { origin: page } })).text(), 'hello');
}

test('with --keep it stays, its page works, and Ctrl-C ends it and what it started', async () => {
  let used;
  const { code, stdout } = await runScript(['--keep'], (printed, child) => {
    if (used !== undefined || !/AWS stand-in .+\n +bucket +\S+\n$/.test(printed)) return;
    const [, page] = /page +(\S+)/.exec(printed);
    used = usePage(page).finally(() => child.kill('SIGINT'));
  });
  await used;
  assert.equal(code, 0);
  for (const [, address] of stdout.matchAll(/(?:page|edge|AWS stand-in) +(http:[^\s,]+)/g)) {
    await assert.rejects(fetch(address), address);
  }
});

test('Ctrl-C in the middle ends it and what it started', async () => {
  const { code, stderr } = await runScript([], (stdout, child) => {
    if (/2\. A team launches/.test(stdout)) child.kill('SIGINT');
  });
  assert.equal(code, 130, stderr);
  assert.match(stderr, /stopped; all is cleaned up/);
});

for (const [args, words] of [
  [['--kep'], /unknown argument "--kep"/],
  [['--port', 'x'], /--port needs a number/],
]) {
  test(`the script refuses ${args.join(' ')}`, async () => {
    const { code, stderr } = await runScript(args);
    assert.equal(code, 2);
    assert.match(stderr, words);
  });
}
