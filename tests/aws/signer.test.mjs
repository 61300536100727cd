// The signer against stacks made from the products: the role, the secret in all its forms, and rotation.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createSigner } from 'edgeseal/aws';
import { ownKeyPair } from '../products/support/cases.mjs';
import { trustedKeys, verdictOn } from '../products/support/signed-url.mjs';
import { everythingIn, holdsNoKey, refusal } from './support/errors.mjs';
import { account, externalId, region, startTeam } from './support/team.mjs';

let team;
let keyPair;
let role;
let options;
const url = 'https://files.example.com/download/report.pdf';

before(async () => {
  team = await startTeam();
  keyPair = await team.provision('cloudfront-key-pair', { PropagationWaitSeconds: '0' });
  const { PrivateKeySecretArn } = keyPair;
  role = await team.provision('iam-integration-role', {
    PrivateKeySecretArn,
    DynamoDbTableArn: '',
    ExternalId: externalId,
  });
  options = {
    integrationRoleArn: role.IntegrationRoleArn,
    externalId,
    privateKeySecretArn: PrivateKeySecretArn,
    endpoint: team.proxy.endpoint,
  };
  await team.runAs('orders-api');
});
after(() => team?.stop());

const keysOfGroup = () => trustedKeys(team.clients.cloudfront, keyPair.CloudFrontKeyGroupId);

/** A secret of a team's own, read with the credentials of the environment. */
async function secretOf(parameters, name) {
  const answers = { SecretName: name, KeyPairId: '', ...parameters };
  return (await team.provision('private-key-secret', answers, name)).PrivateKeySecretArn;
}

/** A role for one secret. */
async function roleFor(PrivateKeySecretArn, name) {
  const answers = { PrivateKeySecretArn, DynamoDbTableArn: '' };
  return (await team.provision('iam-integration-role', answers, name)).IntegrationRoleArn;
}

test('the application assumes the integration role, reads the key and signs what the key group verifies', async () => {
  const events = [];
  const signer = await createSigner({ ...options, onEvent: (event) => events.push(event) });
  const signed = await signer.signUrl({ url, expires: '5m' });
  const keys = await keysOfGroup();
  assert.equal(verdictOn(signed, keys), 'good');
  assert.deepEqual(Object.keys(keys), [await signer.keyPairId()]);
  assert.deepEqual(events, [{ kind: 'key-loaded', keyPairId: await signer.keyPairId(), rotated: false }]);
  const [one, two] = await signer.signUrls({ urls: [url, `${url}?v=2`], expires: '5m' });
  assert.deepEqual([verdictOn(one, keys), verdictOn(two, keys)], ['good', 'good']);
  const { cookies } = await signer.signCookies({ resource: 'https://files.example.com/*', expires: '5m' });
  assert.equal(cookies['CloudFront-Key-Pair-Id'], await signer.keyPairId());
});

for (const [form, write] of Object.entries({
  'a PEM with line feeds': (pem) => pem,
  'a PEM with each line feed written \\n': (pem) => pem.trim().replaceAll('\n', '\\n'),
  'base64 of the PEM': (pem) => Buffer.from(pem).toString('base64'),
})) {
  test(`a secret of the private-key-secret product given as ${form} signs`, async () => {
    const name = `form-${form.length}`;
    const PrivateKey = write(ownKeyPair.privateKey);
    const privateKeySecretArn = await secretOf({ PrivateKey, KeyPairId: 'KOWN' }, name);
    const integrationRoleArn = await roleFor(privateKeySecretArn, `${name}-role`);
    const signer = await createSigner({
      integrationRoleArn,
      privateKeySecretArn,
      endpoint: team.proxy.endpoint,
    });
    assert.equal(await signer.keyPairId(), 'KOWN');
    const signed = await signer.signUrl({ url, expires: '5m' });
    assert.equal(verdictOn(signed, { KOWN: ownKeyPair.publicKey }), 'good');
  });
}

test('a secret that holds a bare PEM signs with the keyPairId that is passed, and not without one', async () => {
  const fetchSecret = async () => ({ text: ownKeyPair.privateKey, version: '1' });
  const { privateKeySecretArn } = options;
  const signer = await createSigner({ privateKeySecretArn, fetchSecret, keyPairId: 'KBARE' });
  const signed = await signer.signUrl({ url, expires: '5m' });
  assert.equal(verdictOn(signed, { KBARE: ownKeyPair.publicKey }), 'good');
  const error = await refusal(createSigner({ privateKeySecretArn, fetchSecret }));
  assert.equal(error.code, 'secret-malformed');
  assert.match(error.hint, /keyPairId/);
});

test('the id in the secret goes before the one that is passed, since it changes with the key', async () => {
  const signer = await createSigner({ ...options, keyPairId: 'KOLD' });
  assert.deepEqual(Object.keys(await keysOfGroup()), [await signer.keyPairId()]);
});

test('a rotation is picked up without a restart, and the old URL keeps working', async () => {
  let time = Date.now();
  const events = [];
  const onEvent = (event) => events.push(event);
  const signer = await createSigner({ ...options, onEvent, clock: () => time });
  const first = await signer.keyPairId();
  const early = await signer.signUrl({ url, expires: '1h' });
  await team.update('cloudfront-key-pair', { PropagationWaitSeconds: '0', RotationToken: 'first' });
  assert.equal(await signer.keyPairId(), first, 'a young key is not fetched again');
  time += 300_000;
  assert.equal(await signer.keyPairId(), first, 'nobody waits for the refresh');
  await signer.refresh();
  const second = await signer.keyPairId();
  assert.notEqual(second, first);
  assert.deepEqual(events.at(-1), { kind: 'key-loaded', keyPairId: second, rotated: true });
  const keys = await keysOfGroup();
  assert.equal(verdictOn(early, keys), 'good');
  assert.equal(verdictOn(await signer.signUrl({ url, expires: '1h' }), keys), 'good');
});

test('after a long idle time the key is fetched before it signs', async () => {
  let time = Date.now();
  const signer = await createSigner({ ...options, clock: () => time });
  const before = await signer.keyPairId();
  await team.update('cloudfront-key-pair', { PropagationWaitSeconds: '0', RotationToken: 'second' });
  time += 3_600_000;
  assert.notEqual(await signer.keyPairId(), before);
});

test('concurrent callers share one fetch, at start and later', async () => {
  let time = Date.now();
  const countBefore = team.proxy.count('GetSecretValue');
  const signer = await createSigner({ ...options, clock: () => time });
  assert.equal(team.proxy.count('GetSecretValue'), countBefore + 1);
  time += 300_000;
  await Promise.all(Array.from({ length: 200 }, () => signer.keyPairId()));
  await Promise.all([signer.refresh(), signer.refresh()]);
  assert.equal(team.proxy.count('GetSecretValue'), countBefore + 2);
});

test('the role is assumed once for many fetches', async () => {
  const countBefore = team.proxy.count('AssumeRole');
  const signer = await createSigner(options);
  await signer.refresh();
  await signer.refresh();
  assert.equal(team.proxy.count('AssumeRole'), countBefore + 1);
});

test('a role that does not let the application in is role-denied, and says what to look at', async () => {
  for (const change of [{ externalId: 'another' }, { externalId: undefined }]) {
    const error = await refusal(createSigner({ ...options, ...change }));
    assert.equal(error.code, 'role-denied');
    assert.match(error.message, /sts:AssumeRole/);
    assert.ok(error.message.includes(role.IntegrationRoleArn));
    assert.match(error.hint, /external id/);
  }
  await team.runAs('visitor');
  try {
    assert.equal((await refusal(createSigner(options))).code, 'role-denied');
  } finally {
    await team.runAs('orders-api');
  }
});

test('a role that may not read the secret is secret-denied, and the permission is named', async () => {
  const privateKeySecretArn = await secretOf({ PrivateKey: ownKeyPair.privateKey }, 'not-mine');
  const error = await refusal(createSigner({ ...options, privateKeySecretArn }));
  assert.equal(error.code, 'secret-denied');
  assert.match(error.message, /secretsmanager:GetSecretValue/);
});

test('a secret that is not there is secret-not-found', async () => {
  const privateKeySecretArn = `arn:aws:secretsmanager:${region}:${account}:secret:none-a1B2c3`;
  const integrationRoleArn = await roleFor(privateKeySecretArn, 'role-of-none');
  const error = await refusal(
    createSigner({ integrationRoleArn, privateKeySecretArn, endpoint: team.proxy.endpoint }),
  );
  assert.equal(error.code, 'secret-not-found');
});

test('a secret that goes bad keeps the last good key, and the event tells why', async () => {
  const PrivateKey = ownKeyPair.privateKey;
  const privateKeySecretArn = await secretOf({ PrivateKey, KeyPairId: 'KGOOD' }, 'goes-bad');
  const integrationRoleArn = await roleFor(privateKeySecretArn, 'role-of-bad');
  const events = [];
  const signer = await createSigner({
    integrationRoleArn,
    privateKeySecretArn,
    endpoint: team.proxy.endpoint,
    onEvent: (event) => events.push(event),
  });
  const half = ownKeyPair.privateKey.slice(0, 900);
  for (const SecretString of [
    '{',
    '{}',
    '[]',
    'null',
    half,
    JSON.stringify({ privateKey: half, keyPairId: 'K' }),
  ]) {
    await team.clients.secrets.send(
      new PutSecretValueCommand({ SecretId: privateKeySecretArn, SecretString }),
    );
    await refusal(signer.refresh());
    const { kind, error } = events.at(-1);
    assert.equal(kind, 'refresh-failed');
    assert.match(error.code, /^(secret-malformed|invalid-key)$/);
    holdsNoKey(everythingIn(events), ownKeyPair.privateKey);
    const signed = await signer.signUrl({ url, expires: '5m' });
    assert.equal(verdictOn(signed, { KGOOD: ownKeyPair.publicKey }), 'good');
  }
  holdsNoKey(everythingIn(signer), ownKeyPair.privateKey);
});
