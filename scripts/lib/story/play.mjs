/** Plays the story in a world, tells it, and fails when anything is not as it should be. */
import { randomBytes } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Problem } from '../problem.mjs';
import { tryAttacks } from './attacks.mjs';

/**
 * The steps up to and without the end.
 * @param {import('./steps.mjs').Story} story
 * @param {import('./steps.mjs').World} world
 * @param {ReturnType<import('./tell.mjs').narrator>} tell
 */
export async function play(story, world, tell) {
  const check = (good, text) => {
    tell.check(good, text);
    if (!good) throw new Problem(`not as it should be: ${text}`);
  };
  await begin(story, tell, check);
  const file = await exchange(story, world, tell, check);
  await attack(story, world, tell, check, file.key);
  await rotate(story, world, tell, check, file);
  return file;
}

async function begin(story, tell, check) {
  tell.step(
    'The platform team publishes the products',
    'portfolio publish: AWS Service Catalog gets a portfolio, six products, and a launch role for each with the least rights.',
  );
  const { planned, done, pending } = await story.publish();
  const counts = Object.entries(planned).map(([type, count]) => `${count} ${type}${count === 1 ? '' : 's'}`);
  tell.fact('the plan, before', `to create: ${counts.join(', ')}`);
  check(done.length > 0, `${done.length} changes made, as planned`);
  check(pending === 0, 'the plan, after, is empty');

  tell.step(
    'A team launches them',
    'ProvisionProduct, six times: AWS CloudFormation makes a stack of each, with the launch role.',
  );
  const { outputs, servedAt } = await story.provision();
  tell.fact('bucket', outputs.S3BucketName);
  tell.fact('key group', outputs.CloudFrontKeyGroupId);
  tell.fact('distribution', outputs.CloudFrontDistributionId);
  tell.fact('table', outputs.DynamoDbTableName);
  tell.fact('integration role', outputs.IntegrationRoleName);
  tell.fact('answers at', servedAt);

  tell.step(
    'The application assumes the integration role and reads the key',
    'sts:AssumeRole, then secretsmanager:GetSecretValue. The key stays in memory.',
  );
  tell.fact('key-pair id', (await story.signIn()).keyPairId);
}

async function exchange(story, world, tell, check) {
  const body = randomBytes(50_000);
  tell.step(
    'A person uploads a file',
    'The application signs one PUT; CloudFront checks it and S3 stores the body.',
  );
  const { ticket, status } = await story.upload(body);
  tell.fact('signed URL', shortened(ticket.url));
  check(status === 200, `PUT answered ${status}`);
  const { Body } = await world.admin.s3.send(
    new GetObjectCommand({ Bucket: story.outputs.S3BucketName, Key: ticket.key }),
  );
  check(body.equals(Buffer.from(await Body.transformToByteArray())), 'the bucket holds the same bytes');

  await story.complete(ticket);
  const { Item } = await world.admin.dynamodb.send(
    new GetItemCommand({ TableName: story.outputs.DynamoDbTableName, Key: { objectKey: { S: ticket.key } } }),
  );
  check(
    Item.state.S === 'complete',
    `the table's row says ${Item.owner.S}, ${Item.bytes.N} bytes, ${Item.state.S}`,
  );

  tell.step(
    'And downloads it again',
    'One signed GET. The same object, by another path of the distribution.',
  );
  const download = await story.download(ticket.key);
  check(download.status === 200 && download.body.equals(body), 'the same 50000 bytes came back');
  return { key: ticket.key, url: download.url, body };
}

/** A signed URL without most of its signature, which says nothing to people. */
function shortened(url) {
  return url.replace(/(Signature=.{6})[^&]+/, '$1...');
}

async function attack(story, world, tell, check, key) {
  tell.step('Everybody else is refused', 'The reason goes to the log of the edge; the attacker is not told.');
  for (const { title, expected, status, reason } of await tryAttacks(story.tools, key)) {
    const seen = reason ?? `status ${status}`;
    const good = world.endpoint === undefined ? status >= 400 : reason === expected;
    check(good, `${title}: ${status}, ${seen}`);
  }
}

async function rotate(story, world, tell, check, { url, key, body }) {
  tell.step(
    'The key is changed',
    'UpdateProvisionedProduct. The key group holds both keys until old URLs have expired.',
  );
  const { before, after } = await story.rotate();
  check(before !== after, `${before} made room for ${after}, without a restart`);
  const old = await world.send(url);
  check(old.status === 200 && old.body.equals(body), 'the URL of the old key still works');
  check((await story.download(key)).status === 200, 'so does one of the new key');
}

/** The end: everything terminated, and shown to be gone. */
export async function finish(story, tell) {
  tell.step(
    'Everything is terminated',
    'TerminateProvisionedProduct. Bucket, table and own secret keep their data on purpose; here they are deleted too.',
  );
  const { terminated, retained, left } = await story.end();
  tell.check(
    left.length === 0,
    `${terminated.length} products and ${retained.length} retained stores are gone`,
  );
  if (left.length > 0) throw new Problem(`still there: ${left.join(', ')}`);
}
