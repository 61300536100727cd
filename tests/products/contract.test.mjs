/** Every published version keeps the promises of products/contract.yaml and of its own earlier versions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import {
  breakingChanges,
  promisedSurface,
  surfaceOf,
  unpromised,
  versionParts,
} from '../../products/tools/lib/contract.mjs';
import {
  allVersions,
  productNames,
  productsFolder,
  readVersion,
} from '../../products/tools/lib/products.mjs';

const contract = parse(readFileSync(join(productsFolder, 'contract.yaml'), 'utf8'));
const majorOf = (version) => versionParts(version)[0];

/** The inputs and outputs that were asked for by name; editing the contract cannot lose them. */
const wanted = {
  'cloudfront-distribution': {
    inputs: ['CustomDomainName', 'AcmCertificateArn', 'S3BucketName', 'CloudFrontKeyGroupId'],
    outputs: ['CloudFrontDistributionId', 'CloudFrontDistributionDomainName'],
  },
  's3-bucket': { inputs: ['BucketName', 'LifecycleConfiguration'], outputs: ['S3BucketName', 'S3BucketArn'] },
  'cloudfront-key-pair': {
    inputs: ['KeyGroupName'],
    outputs: ['CloudFrontPublicKeyId', 'CloudFrontKeyGroupId', 'PrivateKeySecretArn'],
  },
  'private-key-secret': { inputs: ['SecretName', 'PrivateKey'], outputs: ['PrivateKeySecretArn'] },
  'dynamodb-metadata-table': {
    inputs: ['TableName', 'PrimaryKey'],
    outputs: ['DynamoDbTableName', 'DynamoDbTableArn'],
  },
  'iam-integration-role': {
    inputs: ['ApplicationRoleName', 'PrivateKeySecretArn', 'DynamoDbTableArn'],
    outputs: ['IntegrationRoleArn'],
  },
};

for (const { product, version } of allVersions()) {
  test(`${product} ${version} offers what its contract promises, and nothing unpromised`, () => {
    const promise = contract[product]?.[majorOf(version)];
    assert.ok(
      promise,
      `products/contract.yaml has no section for ${product}, major version ${majorOf(version)}`,
    );
    const promised = promisedSurface(promise, version);
    const actual = surfaceOf(readVersion(product, version));
    assert.deepEqual(breakingChanges(promised, actual), []);
    assert.deepEqual(unpromised(promised, actual), [], 'add it to products/contract.yaml, with `since`');
  });
}

for (const product of productNames()) {
  test(`updating ${product} within a major version breaks nobody`, () => {
    const versions = allVersions().filter((entry) => entry.product === product);
    for (const [index, next] of versions.entries()) {
      const previous = versions[index - 1];
      if (!previous || majorOf(previous.version) !== majorOf(next.version)) continue;
      const [before, after] = [previous, next].map(({ version }) => surfaceOf(readVersion(product, version)));
      assert.deepEqual(breakingChanges(before, after), [], `${previous.version} to ${next.version}`);
    }
  });
}

for (const [product, { inputs, outputs }] of Object.entries(wanted)) {
  test(`${product} keeps the names it was asked for in every version`, () => {
    for (const { version } of allVersions().filter((entry) => entry.product === product)) {
      const surface = surfaceOf(readVersion(product, version));
      assert.deepEqual(
        inputs.filter((name) => !surface.parameters[name]),
        [],
      );
      assert.deepEqual(
        outputs.filter((name) => !surface.outputs.includes(name)),
        [],
      );
    }
  });
}

test('a product has two versions, so that an update is possible', () => {
  const versions = allVersions().map(({ product }) => product);
  assert.ok(productNames().some((product) => versions.filter((name) => name === product).length > 1));
});

const template = {
  Parameters: { Name: { Type: 'String' }, Mode: { Type: 'String', Default: 'a', AllowedValues: ['a', 'b'] } },
  Outputs: { Arn: {}, Id: {} },
};

const changes = [
  ['nothing changed', () => {}, []],
  [
    'an optional input is new',
    (next) => {
      next.Parameters.More = { Type: 'String', Default: '' };
    },
    [],
  ],
  [
    'an output is new',
    (next) => {
      next.Outputs.Url = {};
    },
    [],
  ],
  [
    'an allowed value is new',
    (next) => {
      next.Parameters.Mode.AllowedValues.push('c');
    },
    [],
  ],
  [
    'an output was removed',
    (next) => {
      delete next.Outputs.Arn;
    },
    ['output Arn is gone'],
  ],
  [
    'an input was removed',
    (next) => {
      delete next.Parameters.Mode;
    },
    ['input Mode is gone'],
  ],
  [
    'a required input is new',
    (next) => {
      next.Parameters.More = { Type: 'String' };
    },
    ['input More is new and required'],
  ],
  [
    'an input became required',
    (next) => {
      delete next.Parameters.Mode.Default;
    },
    ['input Mode became required'],
  ],
  [
    'an input changed its type',
    (next) => {
      next.Parameters.Name.Type = 'Number';
    },
    ['input Name changed its type from String to Number'],
  ],
  [
    'an allowed value was removed',
    (next) => {
      next.Parameters.Mode.AllowedValues = ['a'];
    },
    ['input Mode no longer takes b'],
  ],
];

for (const [what, change, problems] of changes) {
  test(`${what}: ${problems.length > 0 ? 'needs a new major version' : 'the major version may stay'}`, () => {
    const next = structuredClone(template);
    change(next);
    assert.deepEqual(breakingChanges(surfaceOf(template), surfaceOf(next)), problems);
  });
}

test('an entry of the contract counts from the version it came with', () => {
  const promise = {
    parameters: {
      Name: { type: 'String', required: true },
      More: { type: 'String', required: false, since: '1.10.0' },
    },
    outputs: { Arn: {}, Url: { since: '1.2.0' } },
  };
  assert.deepEqual(Object.keys(promisedSurface(promise, '1.2.0').parameters), ['Name']);
  assert.deepEqual(promisedSurface(promise, '1.2.0').outputs, ['Arn', 'Url']);
  assert.deepEqual(Object.keys(promisedSurface(promise, '1.10.0').parameters), ['Name', 'More']);
});
