// Runs a script, or the AWS command line, from the environment with boto3 in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from '../../../scripts/lib/process.mjs';
import { pythonEnvironment } from '../../../scripts/lib/setup/python.mjs';
import { account, region } from './rehearsal.mjs';

const here = dirname(fileURLToPath(import.meta.url));

let found;

/** The folder of the environment's programs. */
function programs() {
  found ??= pythonEnvironment('aws');
  return found;
}

/** Variables that point every client at one endpoint and keep it from this machine's own settings. */
function environment(endpoint, home) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
    AWS_PAGER: '',
    HOME: home,
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

async function inHome(work) {
  const home = mkdtempSync(join(tmpdir(), 'edgeseal-rehearsal-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Runs one of the scripts beside this module; it prints one JSON document. */
export async function python(script, endpoint, args = []) {
  const interpreter = join(await programs(), 'python');
  const env = (home) => environment(endpoint, home);
  const result = await inHome((home) =>
    attempt(interpreter, [join(here, script), ...args], { env: env(home), timeout: 120_000 }),
  );
  if (result.code !== 0) throw new Error(`${script} failed:\n${result.output}`);
  return JSON.parse(result.stdout);
}

/** Runs `aws` and answers its exit code and output. */
export async function aws(endpoint, args) {
  const command = join(await programs(), 'aws');
  return inHome((home) => attempt(command, args, { env: environment(endpoint, home), timeout: 60_000 }));
}
