// boto3 drives the catalog through an admin's day and a team's day, with real stacks on an emulator.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { run } from '../../scripts/lib/process.mjs';
import { pythonEnvironment } from '../../scripts/lib/setup/python.mjs';
import { startEmulator } from '../products/support/emulator.mjs';
import { differences, examples } from './support/examples.mjs';
import { python } from './support/python.mjs';
import { program, startRehearsal } from './support/rehearsal.mjs';

let answers;

before(async () => {
  await pythonEnvironment('emulator');
  const stopped = [];
  try {
    const admin = await startRehearsal();
    stopped.push(admin.stop);
    const emulator = await startEmulator();
    stopped.push(emulator.stop);
    const team = await startRehearsal(['--cloudformation-endpoint', emulator.endpoint]);
    stopped.push(team.stop);
    answers = {
      ...(await python('team_day.py', team.endpoint, [emulator.endpoint])),
      ...(await python('admin_day.py', admin.endpoint)),
    };
  } finally {
    for (const stop of stopped.reverse()) await stop();
  }
});

test('the two days call every operation that the catalog serves', async () => {
  const { stdout } = await run(await program(), ['operations']);
  const served = [...stdout.matchAll(/^\| `(\w+)` \| served \|/gm)].map(([, name]) => name);
  assert.ok(served.length > 60, `${served.length} operations are served`);
  assert.deepEqual(
    served.filter((name) => !(name in answers)),
    [],
  );
});

test('each answer has what the example of the AWS command line shows', async (t) => {
  const all = await examples();
  const compared = Object.keys(all).filter((name) => name in answers);
  assert.ok(compared.length >= 35, `${compared.length} examples were compared`);
  for (const name of compared) {
    await t.test(name, () => assert.deepEqual(differences(name, all[name], answers[name]), []));
  }
});
