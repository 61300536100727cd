// The search for private keys must be able to find one.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clientsFor } from './support/clients.mjs';
import { startEmulator } from './support/emulator.mjs';
import { holdsKey, placesWithKeys } from './support/scan.mjs';
import { createStack, makeTemplateBucket } from './support/stacks.mjs';

const pem = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, ...pem });
const line = privateKey.split('\n')[3];

for (const [how, text] of [
  ['as it is', privateKey],
  ['in JSON', JSON.stringify({ privateKey })],
  ['in JSON in JSON', JSON.stringify(JSON.stringify({ privateKey }))],
  ['in base64', Buffer.from(privateKey).toString('base64')],
  ['by one of its lines', `something ${line} something`],
]) {
  test(`a private key is found ${how}`, () => {
    assert.ok(holdsKey(`before ${text} after`, [privateKey]));
  });
}

test('a private key that nobody told of is found by its PEM header', () => {
  assert.ok(holdsKey(privateKey, []));
});

test('a public key, and talk of private keys, are not taken for one', () => {
  assert.ok(!holdsKey(publicKey, [privateKey]));
  assert.ok(!holdsKey('-----BEGIN PRIVATE KEY----- is how a PEM begins', [privateKey]));
});

let emulator;
let clients;
before(async () => {
  emulator = await startEmulator();
  clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
});
after(() => emulator?.stop());

test('the places that are searched are the outputs of stacks, environments of functions and files', async () => {
  const template = {
    Parameters: { Text: { Type: 'String' } },
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
            ],
          },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'careless',
          Handler: 'index.handler',
          Runtime: 'nodejs22.x',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: 'exports.handler = async () => {};' },
          Environment: { Variables: { KEY: { Ref: 'Text' } } },
        },
      },
    },
    Outputs: { Text: { Value: { Ref: 'Text' } } },
  };
  await createStack(clients, 'careless', JSON.stringify(template), { Text: line });
  const file = join(emulator.workspace, 'careless.pem');
  writeFileSync(file, privateKey);
  const places = await placesWithKeys(emulator, clients, [privateKey]);
  for (const place of [
    'description, parameters and outputs of stack careless',
    'configuration and environment of function careless',
    `file ${file}`,
  ]) {
    assert.ok(places.includes(place), `${place} is not in ${places}`);
  }
});
