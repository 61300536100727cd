// The API model in the crate is what the script makes of the model that botocore ships.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/process.mjs';
import { pythonEnvironment } from '../../scripts/lib/setup/python.mjs';

test('the bundled model is derived from the pinned botocore, byte for byte', async () => {
  const interpreter = join(await pythonEnvironment('aws'), 'python');
  const { stdout } = await run(interpreter, [
    '-c',
    'import botocore, os; print(botocore.__version__); print(os.path.dirname(botocore.__file__))',
  ]);
  const [version, folder] = stdout.trim().split('\n');
  const source = join(folder, 'data', 'servicecatalog', '2015-12-10', 'service-2.json.gz');
  const crate = join(root, 'portfolio', 'rehearsal', 'model');
  const derived = await run(interpreter, [join(crate, 'derive.py'), source, version]);
  assert.equal(readFileSync(join(crate, 'model.json'), 'utf8'), derived.stdout);
});
