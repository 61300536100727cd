// What becomes of a provisioned product when its stack goes wrong, and what the stack is given.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCloudFormation } from './support/cloudformation.mjs';
import { account, call, must, putTemplate, settled, startRehearsal } from './support/rehearsal.mjs';

const template = 'Parameters:\n  A: {Type: String, Default: x}\nResources:\n  T: {Type: AWS::SNS::Topic}\n';

let clouds;
let catalog;
let folder;
let product;
let portfolio;

const start = () =>
  startRehearsal(['--open-access', '--state-dir', folder, '--cloudformation-endpoint', clouds.endpoint]);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgeseal-rehearsal-'));
  clouds = await startCloudFormation();
  catalog = await start();
  const { endpoint } = catalog;
  const url = await putTemplate(endpoint, 't.yaml', template);
  const made = await must(endpoint, 'CreateProduct', {
    Name: 'P',
    Owner: 'o',
    ProductType: 'CLOUD_FORMATION_TEMPLATE',
    IdempotencyToken: 'p',
    ProvisioningArtifactParameters: { Name: 'v1', Info: { LoadTemplateFromURL: url } },
  });
  product = made.ProductViewDetail.ProductViewSummary.ProductId;
  const folio = await must(endpoint, 'CreatePortfolio', {
    DisplayName: 'F',
    ProviderName: 'p',
    IdempotencyToken: 'f',
  });
  portfolio = folio.PortfolioDetail.Id;
  await must(endpoint, 'AssociateProductWithPortfolio', { ProductId: product, PortfolioId: portfolio });
});
afterEach(async () => {
  await catalog.stop();
  await clouds.stop();
  rmSync(folder, { recursive: true, force: true });
});

const launch = { ProvisioningArtifactName: 'v1', ProvisionedProductName: 'mine', ProvisionToken: 'l' };
const provision = (more = {}) =>
  must(catalog.endpoint, 'ProvisionProduct', { ProductId: product, ...launch, ...more });
const finish = async ({ RecordDetail }) =>
  (await settled(catalog.endpoint, RecordDetail.RecordId)).RecordDetail;
/** Waits until CloudFormation was asked for the stack. */
const asked = async () => {
  while (clouds.stacks.size === 0) await sleep(10);
};
const detail = async () =>
  (await must(catalog.endpoint, 'DescribeProvisionedProduct', { Name: 'mine' })).ProvisionedProductDetail;
const update = () =>
  must(catalog.endpoint, 'UpdateProvisionedProduct', {
    ProvisionedProductName: 'mine',
    ProvisioningParameters: [{ Key: 'A', Value: 'y' }],
    UpdateToken: 'u',
  });
const terminate = (more = {}) =>
  must(catalog.endpoint, 'TerminateProvisionedProduct', {
    ProvisionedProductName: 'mine',
    TerminateToken: 't',
    ...more,
  });

test('the stack is given the launch role, the topics, the tags, the parameters and the template', async () => {
  const constrain = (Type, parameters) =>
    must(catalog.endpoint, 'CreateConstraint', {
      PortfolioId: portfolio,
      ProductId: product,
      Type,
      Parameters: JSON.stringify(parameters),
      IdempotencyToken: Type,
    });
  const topic = 'arn:aws:sns:us-east-1:111122223333:events';
  await constrain('LAUNCH', { LocalRoleName: 'L' });
  await constrain('NOTIFICATION', { NotificationArns: [topic] });
  await finish(
    await provision({
      ProvisioningParameters: [{ Key: 'A', Value: 'y' }],
      Tags: [{ Key: 'k', Value: 'v' }],
      NotificationArns: [`${topic}-2`],
    }),
  );
  const made = clouds.calls.find(({ Action }) => Action === 'CreateStack');
  const wanted = {
    RoleARN: `arn:aws:iam::${account}:role/L`,
    'NotificationARNs.member.1': topic,
    'NotificationARNs.member.2': `${topic}-2`,
    'Tags.member.1.Key': 'k',
    'Parameters.member.1.ParameterKey': 'A',
    'Parameters.member.1.ParameterValue': 'y',
    TemplateBody: template,
  };
  for (const [name, value] of Object.entries(wanted)) assert.equal(made[name], value, name);
  assert.match(made.StackName, /^SC-111122223333-pp-[a-z2-7]{13}$/);
});

test('a stack that fails leaves the product in error with the reason, and it can still be terminated', async () => {
  clouds.script.CreateStack = { status: 'ROLLBACK_COMPLETE', reason: 'No such <thing>' };
  const record = await finish(await provision());
  assert.equal(record.Status, 'FAILED');
  assert.deepEqual(record.RecordErrors, [{ Code: 'ROLLBACK_COMPLETE', Description: 'No such <thing>' }]);
  const { Status, StatusMessage } = await detail();
  assert.deepEqual(
    { Status, StatusMessage },
    { Status: 'ERROR', StatusMessage: 'ROLLBACK_COMPLETE: No such <thing>' },
  );
  assert.equal((await finish(await terminate())).Status, 'SUCCEEDED');
});

test('a call that CloudFormation refuses is in the record', async () => {
  clouds.script.CreateStack = { error: 'ValidationError', message: 'Parameters: [A] must have values' };
  const record = await finish(await provision());
  assert.deepEqual(record.RecordErrors, [
    { Code: 'ValidationError', Description: 'Parameters: [A] must have values' },
  ]);
});

test('an update that rolls back taints the product, and one with nothing to do succeeds', async () => {
  await finish(await provision());
  clouds.script.UpdateStack = { status: 'UPDATE_ROLLBACK_COMPLETE', reason: 'no' };
  assert.equal((await finish(await update())).Status, 'FAILED');
  assert.equal((await detail()).Status, 'TAINTED');
  for (const stack of clouds.stacks.values()) stack.status = 'UPDATE_COMPLETE';
  clouds.script.UpdateStack = { error: 'ValidationError', message: 'No updates are to be performed.' };
  const again = await must(catalog.endpoint, 'UpdateProvisionedProduct', {
    ProvisionedProductName: 'mine',
    UpdateToken: 'u2',
  });
  assert.equal((await finish(again)).Status, 'SUCCEEDED');
  assert.equal((await detail()).Status, 'AVAILABLE');
});

test('a product whose stack cannot be deleted stays, unless errors are to be ignored', async () => {
  await finish(await provision());
  clouds.script.DeleteStack = { status: 'DELETE_FAILED', reason: 'the bucket is not empty' };
  assert.equal((await finish(await terminate())).Status, 'FAILED');
  assert.equal((await detail()).Status, 'ERROR');
  const record = await finish(await terminate({ TerminateToken: 't2', IgnoreErrors: true }));
  assert.equal(record.Status, 'FAILED');
  const gone = await call(catalog.endpoint, 'DescribeProvisionedProduct', { Name: 'mine' });
  assert.equal(gone.document.__type, 'ResourceNotFoundException');
});

test('nothing is done with a product while something is being done with it', async () => {
  clouds.script.CreateStack = { status: 'CREATE_IN_PROGRESS' };
  const record = await provision();
  for (const [operation, token] of [
    ['UpdateProvisionedProduct', 'UpdateToken'],
    ['TerminateProvisionedProduct', 'TerminateToken'],
  ]) {
    const { document } = await call(catalog.endpoint, operation, {
      ProvisionedProductName: 'mine',
      [token]: 'x',
    });
    assert.equal(document.__type, 'InvalidParametersException');
    assert.match(document.Message, /is under change/);
  }
  await asked();
  for (const stack of clouds.stacks.values()) stack.status = 'CREATE_COMPLETE';
  assert.equal((await finish(record)).Status, 'SUCCEEDED');
});

test('a catalog that was killed takes up its work at the next start', async () => {
  clouds.script.CreateStack = { status: 'CREATE_IN_PROGRESS' };
  const record = await provision();
  await asked();
  await catalog.kill();
  for (const stack of clouds.stacks.values())
    Object.assign(stack, { status: 'CREATE_COMPLETE', outputs: { O: 'a&b' } });
  catalog = await start();
  assert.equal((await finish(record)).Status, 'SUCCEEDED');
  const { RecordOutputs } = await must(catalog.endpoint, 'DescribeRecord', {
    Id: record.RecordDetail.RecordId,
  });
  assert.deepEqual(
    RecordOutputs.map(({ OutputKey }) => OutputKey),
    ['CloudformationStackARN', 'O'],
  );
  assert.equal(clouds.calls.filter(({ Action }) => Action === 'CreateStack').length, 1, 'no second stack');
});

test('what was under way at a kill is done again when that is safe, and told when it is not', async () => {
  await finish(await provision());
  const cut = async (action, begin) => {
    clouds.script[action] = { hang: true };
    const record = await begin();
    while (!clouds.calls.some(({ Action }) => Action === action)) await sleep(10);
    await catalog.kill();
    delete clouds.script[action];
    catalog = await start();
    return finish(record);
  };
  const updated = await cut('UpdateStack', update);
  assert.equal(updated.Status, 'FAILED');
  assert.equal(updated.RecordErrors[0].Code, 'Interrupted');
  assert.equal((await detail()).Status, 'TAINTED');
  assert.equal((await cut('DeleteStack', terminate)).Status, 'SUCCEEDED');
  assert.equal(clouds.stacks.size, 0);
});

test('versions that are inactive or deprecated are not launched, and one in use can still be updated', async () => {
  const { endpoint } = catalog;
  const listed = await must(endpoint, 'ListProvisioningArtifacts', { ProductId: product });
  const version = { ProductId: product, ProvisioningArtifactId: listed.ProvisioningArtifactDetails[0].Id };
  const set = (change) => must(endpoint, 'UpdateProvisioningArtifact', { ...version, ...change });
  const refused = async (operation, body) => (await call(endpoint, operation, body)).document.__type;
  await finish(await provision());
  const other = { ProductId: product, ...launch, ProvisionedProductName: 'other', ProvisionToken: 'o' };
  await set({ Guidance: 'DEPRECATED' });
  assert.equal(await refused('ProvisionProduct', other), 'InvalidParametersException');
  assert.equal((await finish(await update())).Status, 'SUCCEEDED');
  await set({ Guidance: 'DEFAULT', Active: false });
  assert.equal(await refused('ProvisionProduct', other), 'ResourceNotFoundException');
  const body = { ProvisionedProductName: 'mine', UpdateToken: 'u3' };
  assert.equal(await refused('UpdateProvisionedProduct', body), 'ResourceNotFoundException');
});

test('tags change on an update only where a constraint allows it', async () => {
  await finish(await provision());
  const body = { ProvisionedProductName: 'mine', Tags: [{ Key: 'k', Value: 'v' }] };
  const refused = await call(catalog.endpoint, 'UpdateProvisionedProduct', { ...body, UpdateToken: 'a' });
  assert.equal(refused.document.__type, 'InvalidParametersException');
  await must(catalog.endpoint, 'CreateConstraint', {
    PortfolioId: portfolio,
    ProductId: product,
    Type: 'RESOURCE_UPDATE',
    Parameters: JSON.stringify({ Version: '2.0', Properties: { TagUpdateOnProvisionedProduct: 'ALLOWED' } }),
    IdempotencyToken: 'r',
  });
  const record = await must(catalog.endpoint, 'UpdateProvisionedProduct', { ...body, UpdateToken: 'b' });
  assert.deepEqual((await finish(record)).RecordTags, [{ Key: 'k', Value: 'v' }]);
});
