/** The documents say what the templates say, and every product explains its whole life. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { documentFiles } from '../../products/tools/docs.mjs';
import { connections, provisioningOrder } from '../../products/tools/lib/connections.mjs';
import { staleFiles } from '../../products/tools/lib/generated.mjs';
import { productNames, productsFolder, root } from '../../products/tools/lib/products.mjs';

const overview = readFileSync(join(root, 'docs', 'products.md'), 'utf8');

test('docs/products.md and the tables of every README are what the templates give today', () => {
  assert.deepEqual(staleFiles(documentFiles()), []);
});

test('the picture shows every product that can be provisioned by itself', () => {
  const picture = overview.slice(overview.indexOf('```mermaid'), overview.indexOf('## Order'));
  const missing = productNames().filter(
    (name) => name !== 'signed-urls-stack' && !picture.includes(`${name.replaceAll('-', '_')}[`),
  );
  assert.deepEqual(missing, []);
});

test('the picture shows how the key group, the bucket and the secret are handed on', () => {
  const arrows = [
    'cloudfront_key_pair -->|CloudFrontKeyGroupId| cloudfront_distribution',
    's3_bucket -->|S3BucketName| cloudfront_distribution',
    'cloudfront_distribution -.->|CloudFrontDistributionId| s3_bucket',
    'cloudfront_key_pair -->|PrivateKeySecretArn| iam_integration_role',
    'private_key_secret -->|PrivateKeySecretArn| iam_integration_role',
    'dynamodb_metadata_table -.->|DynamoDbTableArn| iam_integration_role',
    'edge_validator -.->|EdgeValidatorVersionArn| cloudfront_distribution',
  ];
  assert.deepEqual(
    arrows.filter((arrow) => !overview.includes(arrow)),
    [],
  );
});

for (const product of productNames()) {
  const path = join(productsFolder, product, 'README.md');

  test(`the README of ${product} tells purpose, picture, inputs, outputs, cost, update, roll back and remove`, () => {
    assert.ok(existsSync(path), `${product} has no README.md`);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /^# .+\n\n[A-Z].{40,}/, 'it begins with its purpose');
    assert.match(text, /```(mermaid|text)\n/, 'it has no diagram');
    for (const word of ['input', 'output', 'cost', 'update', 'roll', 'remove']) {
      assert.match(text, new RegExp(`^## .*${word}`, 'im'), `it has no section on ${word}`);
    }
  });

  test(`every file that the README of ${product} links to is there`, () => {
    const links = [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, target]) => target,
    );
    assert.deepEqual(
      links.filter((target) => !existsSync(join(dirname(path), target))),
      [],
    );
  });
}

test('every file that docs/products.md links to is there', () => {
  const links = [...overview.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target);
  assert.ok(links.length > 0);
  assert.deepEqual(
    links.filter((target) => !existsSync(join(root, 'docs', target))),
    [],
  );
});

test('an output goes into every input of its name, but not into its own product', () => {
  const edges = connections([
    { product: 'a', inputs: ['Id'], outputs: ['Id', 'Arn'] },
    { product: 'b', inputs: ['Id'], outputs: [] },
    { product: 'c', inputs: ['Id', 'Arn'], outputs: [] },
  ]);
  assert.deepEqual(edges, [
    { from: 'a', to: 'b', name: 'Id' },
    { from: 'a', to: 'c', name: 'Id' },
    { from: 'a', to: 'c', name: 'Arn' },
  ]);
});

test('the order puts a product after what it must have, and optional inputs do not make a circle', () => {
  const edges = [
    { from: 'bucket', to: 'distribution', required: true },
    { from: 'distribution', to: 'bucket', required: false },
    { from: 'distribution', to: 'record', required: true },
  ];
  assert.deepEqual(provisioningOrder(['record', 'distribution', 'bucket'], edges), [
    ['bucket'],
    ['distribution'],
    ['record'],
  ]);
  assert.throws(
    () =>
      provisioningOrder(
        ['bucket', 'distribution'],
        edges.map((edge) => ({ ...edge, required: true })),
      ),
    /wait for each other/,
  );
});
