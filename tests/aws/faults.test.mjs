// What happens when AWS is down, slow, throttled or says no: at the start a typed error, later the last good key.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { createSigner, FileRecords } from 'edgeseal/aws';
import { ownKeyPair } from '../products/support/cases.mjs';
import { everythingIn, holdsNoKey, refusal } from './support/errors.mjs';
import { cut, jsonError, queryError, silence, startProxy } from './support/proxy.mjs';

const url = 'https://files.example.com/download/report.pdf';
const privateKeySecretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:key-a1B2c3';
const integrationRoleArn = 'arn:aws:iam::111122223333:role/signs';

let proxy;
let environment;

before(async () => {
  environment = { ...process.env };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'us-east-1',
  });
  delete process.env.AWS_SESSION_TOKEN;
  // One try is enough to see what comes of a failure.
  process.env.AWS_MAX_ATTEMPTS = '1';
  proxy = await startProxy('http://127.0.0.1:9');
});
after(async () => {
  await proxy.stop();
  process.env = environment;
});
afterEach(() => proxy.faults.clear());

const secretAnswer = (_, response) => {
  const SecretString = JSON.stringify({ keyPairId: 'KGOOD', privateKey: ownKeyPair.privateKey });
  response.end(JSON.stringify({ SecretString, VersionId: '1' }));
};
const credentialsAnswer = (_, response) => {
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  const fields = `<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>`;
  const result = `<AssumeRoleResult><Credentials>${fields}</Credentials></AssumeRoleResult>`;
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(`<AssumeRoleResponse>${result}</AssumeRoleResponse>`);
};

const options = () => ({ privateKeySecretArn, integrationRoleArn, endpoint: proxy.endpoint, timeout: 1 });

/** What can go wrong with the secret, and the code it has. */
const secretFaults = [
  ['down', cut, 'aws-unavailable'],
  ['silent', silence, 'aws-unavailable'],
  ['failing inside', jsonError(500, 'InternalServiceError'), 'aws-unavailable'],
  ['throttling', jsonError(400, 'ThrottlingException'), 'aws-unavailable'],
  ['throttling by status', jsonError(429, 'TooManyRequestsException'), 'aws-unavailable'],
  [
    'refusing the key behind the secret',
    jsonError(400, 'AccessDeniedException', 'Access to KMS is not allowed'),
    'secret-denied',
  ],
  ['failing to decrypt', jsonError(400, 'DecryptionFailure'), 'secret-denied'],
  [
    'keeping a secret marked for deletion',
    jsonError(400, 'InvalidRequestException', 'it was marked for deletion.'),
    'secret-not-found',
  ],
  ['refusing the ARN', jsonError(400, 'ValidationException'), 'aws-refused'],
  [
    'behind in time',
    jsonError(400, 'InvalidSignatureException', 'Signature expired: 20260101T000000Z'),
    'aws-clock-skew',
  ],
  ['ahead in time', jsonError(403, 'RequestTimeTooSkewed'), 'aws-clock-skew'],
  [
    'refusing the signature',
    jsonError(403, 'InvalidSignatureException', 'does not match'),
    'aws-credentials',
  ],
  ['refusing an old session', jsonError(400, 'ExpiredTokenException'), 'aws-credentials'],
  [
    'answering what is no JSON',
    (_, response) => response.end(`<html>${ownKeyPair.privateKey}`),
    'aws-unavailable',
  ],
  ['answering no text', (_, response) => response.end('{"VersionId":"2"}'), 'secret-malformed'],
  [
    'answering bytes',
    (_, response) => response.end('{"SecretBinary":"AAAA","VersionId":"2"}'),
    'secret-malformed',
  ],
];

for (const [what, fault, code] of secretFaults) {
  test(`Secrets Manager ${what}: ${code} at the start, and the last good key later`, async () => {
    proxy.faults.set('AssumeRole', credentialsAnswer);
    proxy.faults.set('GetSecretValue', fault);
    const error = await refusal(createSigner(options()));
    assert.equal(error.code, code, error.message);

    proxy.faults.set('GetSecretValue', secretAnswer);
    let time = Date.now();
    const events = [];
    const onEvent = (event) => events.push(event);
    const signer = await createSigner({ ...options(), onEvent, clock: () => time });
    proxy.faults.set('GetSecretValue', fault);
    time += 301_000;
    assert.equal(await signer.keyPairId(), 'KGOOD');
    const later = await refusal(signer.refresh());
    assert.equal(later.code, code);
    assert.match(await signer.signUrl({ url, expires: '5m' }), /Key-Pair-Id=KGOOD/);
    const { kind, error: told, ageSeconds } = events.at(-1);
    assert.deepEqual([kind, told.code, ageSeconds], ['refresh-failed', code, 301]);
    holdsNoKey([error, later, ...events].map(everythingIn).join('\n'), ownKeyPair.privateKey);
  });
}

for (const [what, fault, code] of [
  [
    'is denied',
    queryError(403, 'AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole on y'),
    'role-denied',
  ],
  ['is denied without a word', queryError(403, 'AccessDenied'), 'role-denied'],
  ['fails inside', queryError(500, 'InternalFailure'), 'aws-unavailable'],
  ['is throttled', queryError(400, 'Throttling'), 'aws-unavailable'],
  ['meets unknown credentials', queryError(403, 'InvalidClientTokenId'), 'aws-credentials'],
  [
    'meets a clock that is off',
    queryError(403, 'SignatureDoesNotMatch', 'Signature not yet current'),
    'aws-clock-skew',
  ],
  ['is cut off', cut, 'aws-unavailable'],
  ['is not answered', silence, 'aws-unavailable'],
]) {
  test(`assuming the role ${what}: ${code}, for the signer and for records`, async () => {
    proxy.faults.set('AssumeRole', fault);
    proxy.faults.set('GetSecretValue', secretAnswer);
    const error = await refusal(createSigner(options()));
    assert.equal(error.code, code, error.message);
    if (code === 'role-denied') assert.match(`${error.message} ${error.hint}`, /sts:AssumeRole.*external id/);
    if (fault === silence) return;
    const settings = {
      tableName: 'files',
      primaryKey: 'objectKey',
      integrationRoleArn,
      endpoint: proxy.endpoint,
    };
    const records = await FileRecords.open(settings);
    assert.equal((await refusal(records.get('a'))).code, code);
  });
}

test('after a failure the next tries wait five seconds, and callers do not wait for them', async () => {
  let time = Date.now();
  let calls = 0;
  let down = false;
  const fetchSecret = async () => {
    calls += 1;
    if (down) throw new Error('down');
    return {
      text: JSON.stringify({ keyPairId: 'K1', privateKey: ownKeyPair.privateKey }),
      version: undefined,
    };
  };
  const signer = await createSigner({ privateKeySecretArn, fetchSecret, clock: () => time });
  down = true;
  time += 301_000;
  for (let at = 0; at < 50; at += 1) await signer.keyPairId();
  assert.equal(calls, 2);
  time += 4_999;
  await signer.keyPairId();
  assert.equal(calls, 2);
  time += 1;
  await signer.keyPairId();
  assert.equal(calls, 3);
  time += 86_400_000;
  assert.equal(await signer.keyPairId(), 'K1');
  down = false;
  time += 5_000;
  await signer.refresh();
  assert.equal(signer.ageSeconds(), 0);
});

test('a clock that is set back causes one fetch and no trouble', async () => {
  let time = Date.now();
  let calls = 0;
  const fetchSecret = async () => {
    calls += 1;
    return { text: JSON.stringify({ keyPairId: 'K1', privateKey: ownKeyPair.privateKey }), version: '1' };
  };
  const signer = await createSigner({ privateKeySecretArn, fetchSecret, clock: () => time });
  time -= 7_200_000;
  for (let at = 0; at < 5; at += 1) assert.equal(await signer.keyPairId(), 'K1');
  await signer.refresh();
  assert.equal(calls, 3);
});

for (const [what, onEvent] of [
  ['throws', () => assert.fail('a listener at fault')],
  ['rejects', async () => assert.fail('a listener at fault')],
]) {
  test(`a listener that ${what} does not keep URLs from being signed`, async () => {
    const fetchSecret = async () => ({ text: ownKeyPair.privateKey, version: '1' });
    const signer = await createSigner({ privateKeySecretArn, fetchSecret, keyPairId: 'K1', onEvent });
    assert.match(await signer.signUrl({ url, expires: '5m' }), /Key-Pair-Id=K1/);
  });
}

for (const [what, fetchSecret] of [
  ['throws at once', () => assert.fail('x')],
  ['throws what is no error', () => Promise.reject('{ not JSON')],
  ['answers nothing', async () => undefined],
  ['answers what is no text', async () => ({ text: 7, version: {} })],
]) {
  test(`a store of one's own that ${what} gives a typed error`, async () => {
    const error = await refusal(createSigner({ privateKeySecretArn, fetchSecret }));
    assert.match(error.code, /^(aws-unavailable|secret-malformed)$/);
  });
}

test('a key in the field of the id is not repeated anywhere', async () => {
  const { privateKey } = ownKeyPair;
  for (const keyPairId of [privateKey, Buffer.from(privateKey).toString('base64'), 7, null, {}]) {
    const text = JSON.stringify({ keyPairId, privateKey });
    const error = await refusal(createSigner({ privateKeySecretArn, fetchSecret: async () => ({ text }) }));
    assert.equal(error.code, 'secret-malformed');
    holdsNoKey(everythingIn(error), privateKey);
  }
  const error = await refusal(createSigner({ privateKeySecretArn: privateKey }));
  assert.equal(error.code, 'invalid-argument');
  holdsNoKey(everythingIn(error), privateKey);
});

test('a table call without a region says that the region is missing', async () => {
  const { AWS_REGION } = process.env;
  delete process.env.AWS_REGION;
  try {
    const records = await FileRecords.open({ tableName: 'files', primaryKey: 'objectKey' });
    const error = await refusal(records.get('a'));
    assert.deepEqual([error.code, error.field], ['invalid-argument', 'region']);
  } finally {
    process.env.AWS_REGION = AWS_REGION;
  }
});
