/**
 * The steps from an empty account to a file uploaded and downloaded, and back to an empty account. Each answers data;
 * nothing is printed here. The same steps run on this machine and on AWS: only the world differs.
 *
 * @typedef {object} World
 * @property {string} account
 * @property {string} region
 * @property {Record<string, any>} admin clients that look at the real state, by service
 * @property {string} [endpoint] of a local stand-in for every service
 * @property {string} origin where signed URLs lead
 * @property {string} certificate ARN of the certificate for the origin
 * @property {number} propagationWait seconds between a new key in the group and its first use
 * @property {boolean} hasValidator whether the edge validator is in front of the bucket
 * @property {{ program: string, env: Record<string, string | undefined> }} portfolio the publisher's command line
 * @property {string} developerArn who may launch products
 * @property {() => Promise<import('@aws-sdk/client-service-catalog').ServiceCatalogClient>} developer
 * @property {(role: string) => Promise<object>} application credentials of the application's role
 * @property {(outputs: Record<string, string>) => Promise<string>} serve makes the distribution answer, and says where
 * @property {(url: string, options?: object) => Promise<{ status: number, body: Buffer, reason?: string }>} send
 * @property {() => Promise<void>} stop
 */
import { generateKeyPairSync } from 'node:crypto';
import { createSigner, FileRecords, UploadService } from 'edgeseal/aws';
import { Application, applicationRole } from './application-role.mjs';
import { Team } from './catalog.mjs';
import { Publisher, products } from './publish.mjs';
import { present, removeRetained } from './remains.mjs';

/** What the products are asked, by product; the outputs so far are at hand. */
function answers(world, outputs, prefix, ownKey) {
  return {
    's3-bucket': { BucketName: `${prefix}-files-${world.account}` },
    'cloudfront-key-pair': {
      KeyGroupName: `${prefix}-signers`,
      PropagationWaitSeconds: world.propagationWait,
      RotationSchedule: 'off',
    },
    'cloudfront-distribution': {
      CustomDomainName: new URL(world.origin).hostname,
      AcmCertificateArn: world.certificate,
      S3BucketName: outputs.S3BucketName,
      CloudFrontKeyGroupId: outputs.CloudFrontKeyGroupId,
    },
    'private-key-secret': { SecretName: `${prefix}/own-key`, PrivateKey: ownKey, KeyPairId: 'KOWNKEY' },
    'dynamodb-metadata-table': {
      TableName: `${prefix}-files`,
      PrimaryKey: 'objectKey',
      DeletionProtection: 'false',
    },
    'iam-integration-role': {
      ApplicationRoleName: applicationRole(prefix),
      PrivateKeySecretArn: outputs.KeyPairSecretArn,
      DynamoDbTableArn: outputs.DynamoDbTableArn,
    },
  };
}

/** One run of the story in one world. Its methods are the steps, in their order. */
export class Story {
  /** What the products answered so far. @type {Record<string, string>} */
  outputs = {};
  #launched = [];
  #stacks = [];
  #keyPairIds = [];
  #world;
  #prefix;
  #publisher;
  #team;
  #application;
  #signer;
  #records;
  #uploads;
  #events = [];

  /** @param {World} world @param {{ prefix?: string, onLaunch?: (product: string) => void }} [options] */
  constructor(world, { prefix = 'team-orders', onLaunch = () => {} } = {}) {
    this.#world = world;
    this.#prefix = prefix;
    this.onLaunch = onLaunch;
  }

  /** The platform team looks at the plan, publishes, and looks again: nothing is left to do. */
  async publish() {
    this.#publisher = new Publisher(this.#world);
    await this.#publisher.bootstrap();
    const [before] = (await this.#publisher.plan()).plans;
    const { regions } = await this.#publisher.publish();
    const [after] = (await this.#publisher.plan()).plans;
    const done = regions[0].done.map(({ action, object }) => `${action} ${object.type}`);
    return { planned: countByType(before.changes), done, pending: after.changes.length };
  }

  /** The team launches every product, each fed with what others answered. */
  async provision() {
    this.#application = new Application(this.#world, this.#prefix);
    await this.#application.prepare();
    this.#team = new Team(await this.#world.developer(), { pause: this.#world.endpoint ? 50 : 3000 });
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    for (const product of products) {
      this.onLaunch(product);
      const parameters = answers(this.#world, this.outputs, this.#prefix, privateKey)[product];
      this.#launched.push(product);
      this.#keep(product, await this.#team.provision(product, this.#nameOf(product), parameters));
    }
    const CloudFrontDistributionId = this.outputs.CloudFrontDistributionId;
    await this.#team.update('s3-bucket', this.#nameOf('s3-bucket'), { CloudFrontDistributionId }, [
      'BucketName',
    ]);
    await this.#application.allow(this.outputs.IntegrationRoleArn);
    return { outputs: { ...this.outputs }, servedAt: await this.#world.serve(this.outputs) };
  }

  /** The application assumes the integration role and reads the key. */
  async signIn() {
    const access = {
      integrationRoleArn: this.outputs.IntegrationRoleArn,
      credentials: () => this.#application.credentials(),
      ...(this.#world.endpoint === undefined ? {} : { endpoint: this.#world.endpoint }),
    };
    this.#signer = await createSigner({
      ...access,
      privateKeySecretArn: this.outputs.KeyPairSecretArn,
      onEvent: (event) => this.#events.push(event),
    });
    this.#records = await FileRecords.open({
      ...access,
      region: this.#world.region,
      tableName: this.outputs.DynamoDbTableName,
      primaryKey: 'objectKey',
    });
    const { origin } = this.#world;
    this.#uploads = new UploadService({ signer: this.#signer, origin, records: this.#records });
    return { keyPairId: this.#note(await this.#signer.keyPairId()) };
  }

  /** A person uploads a file: one request of the application, one PUT to the team's domain. */
  async upload(body, { owner = 'ann', filename = 'report.pdf', contentType = 'application/pdf' } = {}) {
    const ticket = await this.#uploads.requestUpload({ owner, filename, contentType, maxBytes: body.length });
    const answer = await this.#world.send(ticket.url, { method: 'PUT', headers: ticket.headers, body });
    return { ticket, status: answer.status };
  }

  /** The application marks the upload as complete. */
  async complete(ticket, { owner = 'ann' } = {}) {
    return this.#uploads.completeUpload({ key: ticket.key, owner, bytes: ticket.record.bytes });
  }

  /** The person downloads it again. */
  async download(key, { owner = 'ann' } = {}) {
    const url = await this.#uploads.requestDownload({ key, as: owner });
    const { status, body } = await this.#world.send(url);
    return { url, status, body };
  }

  /** What others build on: the attacks, the questions, the page. */
  get tools() {
    return {
      world: this.#world,
      signer: this.#signer,
      records: this.#records,
      uploads: this.#uploads,
      ownSecret: this.outputs.OwnSecretArn,
    };
  }

  /** A new key; URLs of the old one keep working. */
  async rotate() {
    const before = await this.#signer.keyPairId();
    const product = 'cloudfront-key-pair';
    const change = { RotationToken: `after-${before}` };
    await this.#team.update(product, this.#nameOf(product), change, [
      'KeyGroupName',
      'PropagationWaitSeconds',
      'RotationSchedule',
    ]);
    await this.#signer.refresh();
    return { before, after: this.#note(await this.#signer.keyPairId()), events: [...this.#events] };
  }

  /** Terminates in the order that dependencies ask for, deletes what products keep on purpose, looks what is left. */
  async end() {
    const inOrder = products.filter((product) => this.#launched.includes(product)).reverse();
    const terminated = [];
    for (const product of inOrder) {
      this.onLaunch(product);
      await this.#team.terminate(this.#nameOf(product));
      terminated.push(product);
    }
    this.#launched = [];
    const retained = await removeRetained(this.#world, this.outputs);
    await this.#application?.remove();
    await this.#publisher?.destroy();
    return { terminated, retained, left: await this.present() };
  }

  /** What of all that the story made is there, by kind and name. */
  async present() {
    const { outputs } = this;
    const roles = [applicationRole(this.#prefix), outputs.IntegrationRoleName].filter(Boolean);
    const made = { outputs, stacks: this.#stacks, keyPairIds: this.#keyPairIds, roles };
    return present(this.#world, made);
  }

  /** Releases what this process holds; the world is not touched. */
  close() {
    this.#publisher?.close();
  }

  #note(keyPairId) {
    this.#keyPairIds.push(keyPairId);
    return keyPairId;
  }

  #nameOf(product) {
    return `${this.#prefix}-${product}`;
  }

  /** Both key products answer with a secret; they are told apart here. */
  #keep(product, outputs) {
    const { PrivateKeySecretArn, CloudformationStackARN, ...rest } = outputs;
    this.#stacks.push(CloudformationStackARN);
    Object.assign(this.outputs, rest);
    if (product === 'cloudfront-key-pair') this.outputs.KeyPairSecretArn = PrivateKeySecretArn;
    if (product === 'private-key-secret') this.outputs.OwnSecretArn = PrivateKeySecretArn;
  }
}

/** How many changes a plan makes, by the type of the object. */
function countByType(changes) {
  const counts = {};
  for (const { object } of changes) counts[object.type] = (counts[object.type] ?? 0) + 1;
  return counts;
}
