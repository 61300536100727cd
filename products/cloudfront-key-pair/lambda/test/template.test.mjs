import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { bundle, inline, templatePath } from '../../build.mjs';

/** Reads the template with its short intrinsic functions as plain values. */
const text = readFileSync(templatePath, 'utf8');
const tags = ['Ref', 'Sub', 'GetAtt', 'If', 'Not', 'Equals', 'Select', 'Split'].flatMap((name) =>
  ['map', 'seq', undefined].map((collection) => ({
    tag: `!${name}`,
    ...(collection ? { collection } : {}),
    resolve: (value) => value,
  })),
);
const template = parse(text, { customTags: tags });
const { KeyPairFunction, KeyPair, KeyPairInvokeConfig } = template.Resources;

test('the template carries the code that its source builds', async () => {
  assert.equal(inline(text, await bundle()), text, 'run node products/cloudfront-key-pair/build.mjs');
});

test('the code survives the YAML block byte for byte', async () => {
  const code = KeyPairFunction.Properties.Code.ZipFile;
  assert.equal(code.split('\n').slice(1).join('\n').trimEnd(), await bundle());
});

test('the template is small enough to be given to CloudFormation without a bucket', () => {
  assert.ok(Buffer.byteLength(text) <= 51_200);
});

test('no try of a request outlives the time that CloudFormation waits', () => {
  const lastStart = KeyPairInvokeConfig.Properties.MaximumEventAgeInSeconds;
  assert.ok(lastStart + KeyPairFunction.Properties.Timeout <= KeyPair.Properties.ServiceTimeout);
});

test('no output, parameter or environment variable holds key material', () => {
  const outputs = Object.keys(template.Outputs).sort();
  assert.deepEqual(outputs, [
    'CloudFrontKeyGroupId',
    'CloudFrontPublicKeyId',
    'KeyPairLogGroupName',
    'PrivateKeySecretArn',
  ]);
  const names = Object.keys(KeyPairFunction.Properties.Environment.Variables).sort();
  assert.deepEqual(names, [
    'ALGORITHM',
    'KEY_GROUP_NAME',
    'MAX_URL_LIFETIME_HOURS',
    'OWNER',
    'PROPAGATION_WAIT_SECONDS',
    'SECRET_KMS_KEY_ARN',
    'SECRET_NAME',
  ]);
});
