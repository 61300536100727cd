// One stack with the function in it: builds events, calls the real handler over the model of AWS, and collects what
// it answers and logs.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../build.mjs';
import { Crash, FakeAws } from './fake-aws.mjs';

const require = createRequire(import.meta.url);

/** The function's own modules, bundled as they are for Lambda but with names that a test can call. */
async function load(entry) {
  const code = await bundle({ minify: false, entry });
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-key-pair-'));
  const file = join(folder, 'bundle.cjs');
  const resolver = `require = require('node:module').createRequire(${JSON.stringify(import.meta.filename)});\n`;
  try {
    writeFileSync(file, resolver + code);
    return require(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const { createHandler } = await load('handler.ts');
export const { generatePrivateKey, publicPem } = await load('keys.ts');
export const { parseSettings } = await load('settings.ts');
export const { MAX_RESPONSE_BYTES, responseBody } = await load('response.ts');

/** ECDSA keys made once: the tests need many pairs, and RSA takes a tenth of a second each. */
const pool = Array.from({ length: 40 }, () => {
  const pem = {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  };
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1', ...pem }).privateKey;
});

export const stackId =
  'arn:aws:cloudformation:eu-west-1:111122223333:stack/SC-team/0f6ab1c0-aaaa-bbbb-cccc-0123456789ab';
export const responseUrl =
  'https://cloudformation-custom-resource-response.example/put?X-Amz-Signature=5ec2e7';

export const properties = {
  ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:key-pair',
  KeyGroupName: 'team-signers',
  SecretName: 'edgeseal/SC-team/0123456789ab',
  Algorithm: 'ECDSA-P256',
  RotationSchedule: 'rate(30 days)',
  MaxUrlLifetimeHours: '168',
  PropagationWaitSeconds: '60',
  RotationToken: '',
  RevocationToken: '',
};

export class World {
  aws = new FakeAws();
  responses = [];
  logs = [];
  slept = 0;
  remainingMs = 180_000;
  #made = 0;
  #crashed = false;

  #deps() {
    return {
      cloudfront: this.#process(this.aws.cloudfront),
      secrets: this.#process(this.aws.secretsManager),
      now: () => this.aws.now,
      sleep: async (milliseconds) => {
        this.slept += milliseconds;
        this.aws.now = new Date(this.aws.now.getTime() + milliseconds);
      },
      generatePrivateKey: () => {
        this.#made += 1;
        return pool[this.#made % pool.length];
      },
      log: (entry) => this.logs.push(JSON.stringify(entry)),
      respond: async (url, body) => {
        if (this.#crashed) throw new Crash();
        this.responses.push({ url, body, ...JSON.parse(body) });
      },
    };
  }

  /** After a crash, nothing of the same process reaches AWS any more. */
  #process(client) {
    return {
      send: async (command) => {
        if (this.#crashed) throw new Crash();
        try {
          return await client.send(command);
        } catch (error) {
          if (error instanceof Crash) this.#crashed = true;
          throw error;
        }
      },
    };
  }

  /** Sends one event to a new process and returns its answer, or `undefined` if it died. */
  async send(event, env = {}) {
    this.#crashed = false;
    const count = this.responses.length;
    const run = createHandler(this.#deps(), env)(event, { getRemainingTimeInMillis: () => this.remainingMs });
    try {
      await run;
    } catch (error) {
      if (!this.#crashed) throw error;
    }
    return this.responses[count];
  }

  event(RequestType, changes = {}, old = undefined, RequestId = 'request-1') {
    return {
      RequestType,
      RequestId,
      ResponseURL: responseUrl,
      StackId: stackId,
      LogicalResourceId: 'KeyPair',
      ResourceType: 'Custom::EdgesealKeyPair',
      ResourceProperties: { ...properties, ...changes },
      ...(old ? { OldResourceProperties: { ...properties, ...old } } : {}),
    };
  }

  create(changes, id = 'create-1') {
    return this.send(this.event('Create', changes, undefined, id));
  }

  update(changes, old, id = 'update-1') {
    return this.send(this.event('Update', changes, old ?? {}, id));
  }

  delete(changes, id = 'delete-1') {
    return this.send(this.event('Delete', changes, undefined, id));
  }

  /** A rotation by EventBridge, with the environment the template gives the function. */
  schedule(id = 'event-1', changes = {}) {
    const env = {
      OWNER: stackId,
      KEY_GROUP_NAME: properties.KeyGroupName,
      SECRET_NAME: properties.SecretName,
      ALGORITHM: 'ECDSA-P256',
      MAX_URL_LIFETIME_HOURS: '168',
      PROPAGATION_WAIT_SECONDS: '60',
      ...changes,
    };
    return this.send({ source: 'aws.events', 'detail-type': 'Scheduled Event', id }, env);
  }

  /** Ids in the group, newest first. */
  get items() {
    return [...this.aws.groups.values()][0]?.config.Items ?? [];
  }

  get current() {
    return this.aws.currentValue();
  }

  /** How many secrets, groups and public keys there are. */
  get count() {
    return { secrets: this.aws.secrets.size, groups: this.aws.groups.size, keys: this.aws.keys.size };
  }

  get pending() {
    const [secret] = this.aws.secrets.values();
    return [...secret.versions.values()].filter((version) => version.stages.includes('AWSPENDING')).length;
  }
}

/** Makes call number `index` fail once, before or after it took effect. */
export function failAt(aws, index, when, error) {
  const start = aws.calls.length;
  let done = false;
  const hook = async (called) => {
    if (done || called - start !== index) return;
    done = true;
    throw error();
  };
  aws.before = when === 'before' ? hook : async () => {};
  aws.after = when === 'after' ? hook : async () => {};
}

/** How many AWS calls `run` makes on a world prepared by `prepare`. */
export async function countCalls(prepare, run) {
  const world = await prepare();
  const start = world.aws.calls.length;
  await run(world);
  return world.aws.calls.slice(start);
}
