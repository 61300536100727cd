// The run on AWS, as far as it goes without an account: what it refuses, and its questions asked of the stand-ins.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { askServiceCatalog } from '../../scripts/lib/smoke/catalog-questions.mjs';
import { askCloudFront, control, unasked } from '../../scripts/lib/smoke/questions.mjs';
import { principalOf } from '../../scripts/lib/smoke/world.mjs';
import { openLocalWorld } from '../../scripts/lib/story/local.mjs';
import { Story } from '../../scripts/lib/story/steps.mjs';

const script = new URL('../../scripts/smoke-aws.mjs', import.meta.url).pathname;
const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/1b2c3d4e';
const given = ['--profile', 'none', '--domain', 'files.example.com', '--certificate', certificate];

for (const [what, args, words] of [
  ['without anything', [], /Nothing was done: this needs --profile, --domain, --certificate/],
  ['without a domain', ['--profile', 'x', '--certificate', certificate], /this needs --domain\./],
  ['without --yes', given, /Nothing was done: add --yes/],
  [
    'with a URL as its domain',
    [...given, '--yes', '--domain', 'https://a.example.com'],
    /--domain needs a host name/,
  ],
  [
    'with a certificate of another region',
    [...given, '--certificate', certificate.replace('us-east-1', 'eu-west-1')],
    /us-east-1/,
  ],
  ['with a typo', ['--profil', 'x'], /Unknown option '--profil'/],
]) {
  test(`the run on AWS ${what} refuses politely, in 80 columns`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /^ +at /m);
    for (const line of stderr.split('\n')) assert.ok(line.length <= 80, line);
  });
}

test('its help fits 80 columns', () => {
  const { status, stdout } = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
  assert.equal(status, 0);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
});

test('a session of a role is granted access as the role', () => {
  assert.equal(
    principalOf('arn:aws:sts::111122223333:assumed-role/Dev/me'),
    'arn:aws:iam::111122223333:role/Dev',
  );
  assert.equal(principalOf('arn:aws:iam::111122223333:user/me'), 'arn:aws:iam::111122223333:user/me');
});

let world;
let story;
before(async () => {
  world = await openLocalWorld();
  story = new Story(world);
  await story.publish();
  await story.provision();
  await story.signIn();
});
after(async () => {
  story?.close();
  await world?.stop();
});

test('every question about signatures gets an answer, and the plain ones the right one', async () => {
  const { ticket } = await story.upload(Buffer.from('hello'));
  const secretArn = story.outputs.KeyPairSecretArn;
  const answers = await askCloudFront({ world, uploads: story.tools.uploads, secretArn, key: ticket.key });
  assert.equal(answers.length, 16);
  const byQuestion = Object.fromEntries(answers.map(({ question, answer }) => [question, answer]));
  assert.equal(byQuestion[control], 'accepted');
  assert.equal(byQuestion['a path with a letter percent-encoded, signed without'], 'refused');
  assert.equal(byQuestion['an upload with a wrong x-amz-checksum-sha256'], 'refused');
  for (const { answer } of answers) assert.match(answer, /^(accepted|refused|not seen this time)$/);
  assert.ok(unasked.length > 0);
});

test('every question about the catalog gets an answer, and leaves the product as it was', async () => {
  const catalog = new ServiceCatalogClient({
    endpoint: world.portfolio.env.AWS_ENDPOINT_URL,
    region: world.region,
    credentials: { accessKeyId: world.account, secretAccessKey: 'none' },
  });
  const answers = await askServiceCatalog(catalog, 'Edgeseal S3 bucket');
  assert.equal(answers.length, 4);
  assert.equal(answers[0].answer, 'TemplateUrl');
  assert.equal(answers[1].answer, 'accepted');
  assert.match(answers[3].answer, /^refused with ResourceInUseException$/);
  assert.deepEqual((await story.end()).left, []);
});

test('every code of an error has a cause and a cure in the documentation', () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const sources = ['errors', 'signer', 'secret', 'records', 'table', 'uploads'];
  const text = sources.map((name) => read(`wasm/js/src/aws/${name}.ts`)).join('\n');
  const thrown = text.matchAll(/(?:EdgesealError\(|whenConditionFails\(|denied: |missing: )\s*'([a-z-]+)'/g);
  const codes = new Set([...thrown].map(([, code]) => code));
  // The first is every function's, with the field in it; the second never leaves its module.
  for (const code of ['invalid-argument', 'condition-failed']) codes.delete(code);
  assert.ok(codes.size >= 12, [...codes].join());
  const documented = read('docs/aws.md');
  for (const code of codes) assert.ok(documented.includes(`\`${code}\``), code);
});
