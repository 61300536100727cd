// The edge validator: published versions stay what they are, and a new bundle makes a new one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { templatePath } from '../../products/tools/lib/products.mjs';
import { invoke } from './support/api.mjs';
import { edgeBundle } from './support/cases.mjs';
import { clientsFor } from './support/clients.mjs';
import { startEmulator } from './support/emulator.mjs';
import { added, inventory } from './support/inventory.mjs';
import { createStack, deleteStack, makeTemplateBucket, updateStack } from './support/stacks.mjs';

const template = readFileSync(templatePath('edge-validator', '1.0.0'), 'utf8');
const request = {
  clientIp: '192.0.2.1',
  method: 'GET',
  uri: '/download/report.pdf',
  querystring: '',
  headers: {},
};
const event = { Records: [{ cf: { config: { eventType: 'viewer-request' }, request } }] };

let emulator;
let clients;
before(async () => {
  emulator = await startEmulator();
  clients = clientsFor(emulator);
  await makeTemplateBucket(clients);
});
after(() => emulator?.stop());

test('a new bundle publishes a new version, the earlier one still runs, and both go with the function', async () => {
  const first = await edgeBundle(clients, 'return event.Records[0].cf.request;');
  const start = await inventory(emulator, clients);
  const created = await createStack(clients, 'edge', template, first);
  const firstArn = created.outputs.EdgeValidatorVersionArn;
  assert.match(firstArn, /^arn:aws:lambda:us-east-1:111122223333:function:edgeseal-edge-validator:\d+$/);
  assert.deepEqual(await invoke(emulator, firstArn, event), { error: undefined, payload: request });

  const second = await edgeBundle(clients, "return { status: '403' };");
  const updated = await updateStack(clients, 'edge', template, second);
  const secondArn = updated.outputs.EdgeValidatorVersionArn;
  assert.notEqual(secondArn, firstArn);
  assert.deepEqual((await invoke(emulator, secondArn, event)).payload, { status: '403' });
  assert.deepEqual((await invoke(emulator, firstArn, event)).payload, request, 'a rollback goes back to it');

  await deleteStack(clients, 'edge');
  const log = 'log group /aws/lambda/edgeseal-edge-validator';
  assert.deepEqual(
    added(start, await inventory(emulator, clients)),
    [log],
    'Lambda made it, no stack owns it',
  );
});

for (const [name, value] of [
  ['CodeSha256', 'f'.repeat(64)],
  ['CodeS3Key', 'edge/bundle.tar'],
  ['CodeS3Bucket', 's3://bucket'],
  ['FunctionName', 'two words'],
]) {
  test(`${name} ${value} is refused before anything is made`, async () => {
    const answers = { ...(await edgeBundle(clients, 'return event;')), [name]: value };
    const refused = createStack(clients, 'refused', template, answers);
    await assert.rejects(refused, { name: 'ValidationError', message: new RegExp(name) });
  });
}
