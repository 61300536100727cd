// The AWS command line drives the catalog, and the catalog's own command is used as a person would.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { attempt } from '../../scripts/lib/process.mjs';
import { aws } from './support/python.mjs';
import { program, startRehearsal } from './support/rehearsal.mjs';

let catalog;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgeseal-rehearsal-'));
  catalog = await startRehearsal();
});
after(async () => {
  await catalog?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const cli = async (...args) => {
  const result = await aws(catalog.endpoint, args);
  assert.equal(result.code, 0, `aws ${args.join(' ')}\n${result.output}`);
  return result.stdout === '' ? undefined : JSON.parse(result.stdout);
};

test('the AWS command line publishes a product with its own input file, and reads it back', async () => {
  const file = join(folder, 't.yaml');
  writeFileSync(file, 'Resources:\n  T: {Type: AWS::SNS::Topic}\n');
  assert.match((await cli('sts', 'get-caller-identity')).Arn, /^arn:aws:iam::111122223333:user\//);
  await cli('s3api', 'create-bucket', '--bucket', 'artifacts');
  await cli(
    's3api',
    'put-object',
    '--bucket',
    'artifacts',
    '--key',
    't.yaml',
    '--body',
    file,
    '--if-none-match',
    '*',
  );
  const url = `${catalog.endpoint}/artifacts/t.yaml`;
  const input = join(folder, 'product.json');
  writeFileSync(
    input,
    JSON.stringify({
      Name: 'Topic',
      Owner: 'platform',
      ProductType: 'CLOUD_FORMATION_TEMPLATE',
      ProvisioningArtifactParameters: { Name: 'v1', Info: { LoadTemplateFromURL: url } },
    }),
  );
  const sc = (...args) => cli('servicecatalog', ...args);
  const { PortfolioDetail } = await sc(
    'create-portfolio',
    '--display-name',
    'Tools',
    '--provider-name',
    'platform',
  );
  const made = await sc('create-product', '--cli-input-json', `file://${input}`);
  const product = made.ProductViewDetail.ProductViewSummary.ProductId;
  await sc('associate-product-with-portfolio', '--product-id', product, '--portfolio-id', PortfolioDetail.Id);
  await sc('create-portfolio', '--display-name', 'More', '--provider-name', 'platform');
  const first = await sc('list-portfolios', '--page-size', '1');
  const second = await sc('list-portfolios', '--page-size', '1', '--page-token', first.NextPageToken);
  assert.deepEqual(
    [...first.PortfolioDetails, ...second.PortfolioDetails].map(({ DisplayName }) => DisplayName),
    ['Tools', 'More'],
  );
  const found = await sc('search-products-as-admin', '--portfolio-id', PortfolioDetail.Id);
  assert.equal(found.ProductViewDetails[0].Status, 'CREATED');
});

test('the AWS command line reports an error as it reports those of AWS', async () => {
  const result = await aws(catalog.endpoint, ['servicecatalog', 'describe-portfolio', '--id', 'port-none']);
  assert.equal(result.code, 255);
  assert.match(
    result.output,
    /An error occurred \(ResourceNotFoundException\) when calling the DescribePortfolio operation: Portfolio port-none not found\./,
  );
});

test('a mistake on the command line of the catalog is told in one line, with the cure', async () => {
  const own = async (...args) => attempt(await program(), args, { env: { NO_COLOR: '1' } });
  for (const [args, want] of [
    [['--account', '12'], /^error: rehearsal-config: the account must have 12 digits, not "12"$/m],
    [
      ['--quota', 'versions=1'],
      /^error: rehearsal-config: there is no quota versions; the names are portfolios,/m,
    ],
    [['--quota', 'tags=many'], /give it as NAME=NUMBER/],
    [['--product-ready', 'DONE'], /CREATED or AVAILABLE/],
    [['--state-dir', '/dev/null/x'], /^error: rehearsal-state: cannot use/m],
    [['--port', new URL(catalog.endpoint).port], /^error: rehearsal-listen: .* give another port/m],
  ]) {
    const { code, output, stdout } = await own(...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(output, want);
    assert.equal(stdout, '');
  }
  const typo = await own('--prot', '1');
  assert.equal(typo.code, 2);
  assert.match(typo.output, /--port/);
  const help = (await own('--help')).stdout;
  assert.match(help, /Example:/);
  assert.deepEqual(
    help.split('\n').filter((line) => line.length > 80),
    [],
  );
});

test('the catalog ends at once and without a fault when it is told to', async () => {
  const other = await startRehearsal();
  assert.equal(await other.stop(), 0);
});
