// An in-memory CloudFront and Secrets Manager with the rules that matter here: ETags, unique names, keys and groups
// in use, the group's quota, client request tokens and staging labels. It also watches, after every call, the two
// promises of the product: signers never hold a key that the group does not trust, and no key leaves the group while
// a URL that it signed can be alive.
import { createPublicKey } from 'node:crypto';

/** The process died: nothing after this call happens in it. */
export class Crash extends Error {
  name = 'Crash';
}

export function awsError(name, message = `${name} from the model`) {
  return Object.assign(new Error(message), { name });
}

const same = (left, right) => left.trim() === right.trim();

export class FakeAws {
  keys = new Map();
  groups = new Map();
  secrets = new Map();
  /** Ids of key groups that some distribution trusts. */
  trusted = new Set();
  /** Names of the operations called, in order. */
  calls = [];
  /** Called before and after every operation; throws to make it fail, or awaits to let others go first. */
  before = async () => {};
  after = async () => {};
  now = new Date('2026-01-01T00:00:00Z');
  maxUrlLifetimeHours = 168;
  /** Set while a revocation runs: then keys may go early. */
  revoking = false;
  everCurrent = new Map();
  /** Broken promises; must stay empty. */
  violations = [];
  #serial = 0;

  cloudfront = { send: (command) => this.#run(command) };
  secretsManager = { send: (command) => this.#run(command) };

  async #run(command) {
    const operation = command.constructor.name.replace(/Command$/, '');
    const index = this.calls.push(operation) - 1;
    await this.before(index, operation);
    try {
      return this[operation](command.input);
    } finally {
      this.#watch(operation);
      await this.after(index, operation);
    }
  }

  #watch(operation) {
    const group = [...this.groups.values()][0];
    const current = this.currentValue();
    if (!group || !current || this.groups.size !== 1 || operation.startsWith('Delete')) return;
    this.everCurrent.set(current.keyPairId, this.now.getTime());
    const held = new Set(group.config.Items);
    if (!held.has(current.keyPairId))
      this.violations.push(`signers hold ${current.keyPairId}, which the group does not trust`);
    if (this.revoking) return;
    for (const [id, lastUsed] of this.everCurrent) {
      const alive = lastUsed + this.maxUrlLifetimeHours * 3_600_000 > this.now.getTime();
      if (alive && !held.has(id)) this.violations.push(`${id} left the group while its URLs can be alive`);
    }
  }

  /** The parsed value that signers read, if it is complete. */
  currentValue() {
    const secret = [...this.secrets.values()][0];
    const version = secret && this.#labelled(secret, 'AWSCURRENT');
    const value = version?.value ? JSON.parse(version.value) : undefined;
    return value?.keyPairId ? value : undefined;
  }

  advanceHours(hours) {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }

  #id(prefix) {
    this.#serial += 1;
    return `${prefix}${String(this.#serial).padStart(6, '0')}`;
  }

  #match(record, input) {
    if (!input.IfMatch) throw awsError('InvalidIfMatchVersion');
    if (input.IfMatch !== record.etag) throw awsError('PreconditionFailed');
  }

  // ---- CloudFront public keys

  CreatePublicKey({ PublicKeyConfig: config }) {
    if (!config.CallerReference) throw awsError('InvalidArgument');
    if (!/^-----BEGIN PUBLIC KEY-----\n[\s\S]*[^\n]\n$/.test(config.EncodedKey))
      throw awsError('InvalidArgument');
    const key = createPublicKey(config.EncodedKey);
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails;
    if (modulusLength !== 2048 && namedCurve !== 'prime256v1') throw awsError('InvalidArgument');
    for (const other of this.keys.values()) {
      if (other.config.Name === config.Name || other.config.CallerReference === config.CallerReference) {
        throw awsError('PublicKeyAlreadyExists');
      }
    }
    if (this.keys.size >= 10) throw awsError('TooManyPublicKeys');
    const record = { id: this.#id('K'), etag: this.#id('E'), config: { ...config }, created: this.now };
    this.keys.set(record.id, record);
    return { PublicKey: { Id: record.id, PublicKeyConfig: record.config }, ETag: record.etag };
  }

  #key(id) {
    const key = this.keys.get(id);
    if (!key) throw awsError('NoSuchPublicKey');
    return key;
  }

  GetPublicKey({ Id }) {
    const key = this.#key(Id);
    return { PublicKey: { Id, PublicKeyConfig: key.config }, ETag: key.etag };
  }

  DeletePublicKey(input) {
    const key = this.#key(input.Id);
    this.#match(key, input);
    if ([...this.groups.values()].some((group) => group.config.Items.includes(key.id)))
      throw awsError('PublicKeyInUse');
    this.keys.delete(key.id);
    return {};
  }

  ListPublicKeys(input) {
    const items = [...this.keys.values()].map((key) => ({
      Id: key.id,
      Name: key.config.Name,
      Comment: key.config.Comment,
      EncodedKey: key.config.EncodedKey,
      CreatedTime: key.created,
    }));
    return { PublicKeyList: page(items, input) };
  }

  // ---- CloudFront key groups

  #checkGroup(config, ownId) {
    if (!config.Items?.length || config.Items.some((id) => !this.keys.has(id)))
      throw awsError('InvalidArgument');
    if (config.Items.length > 5) throw awsError('TooManyPublicKeysInKeyGroup');
    for (const other of this.groups.values()) {
      if (other.id !== ownId && other.config.Name === config.Name) throw awsError('KeyGroupAlreadyExists');
    }
  }

  CreateKeyGroup({ KeyGroupConfig: config }) {
    this.#checkGroup(config);
    const record = { id: this.#id('G'), etag: this.#id('E'), config: structuredClone(config) };
    this.groups.set(record.id, record);
    return { KeyGroup: { Id: record.id, KeyGroupConfig: record.config }, ETag: record.etag };
  }

  #group(id) {
    const group = this.groups.get(id);
    if (!group) throw awsError('NoSuchResource');
    return group;
  }

  GetKeyGroup({ Id }) {
    const group = this.#group(Id);
    return { KeyGroup: { Id, KeyGroupConfig: structuredClone(group.config) }, ETag: group.etag };
  }

  UpdateKeyGroup(input) {
    const group = this.#group(input.Id);
    this.#match(group, input);
    this.#checkGroup(input.KeyGroupConfig, group.id);
    group.config = structuredClone(input.KeyGroupConfig);
    group.etag = this.#id('E');
    return { ETag: group.etag };
  }

  DeleteKeyGroup(input) {
    const group = this.#group(input.Id);
    this.#match(group, input);
    if (this.trusted.has(group.id)) throw awsError('ResourceInUse');
    this.groups.delete(group.id);
    return {};
  }

  ListKeyGroups(input) {
    const items = [...this.groups.values()].map((group) => ({
      KeyGroup: { Id: group.id, KeyGroupConfig: structuredClone(group.config) },
    }));
    return { KeyGroupList: page(items, input) };
  }

  // ---- Secrets Manager

  #secret(id) {
    const secret = [...this.secrets.values()].find(
      (candidate) => candidate.name === id || candidate.arn === id,
    );
    if (!secret) throw awsError('ResourceNotFoundException');
    return secret;
  }

  #labelled(secret, label) {
    return [...secret.versions.values()].find((version) => version.stages.includes(label));
  }

  CreateSecret(input) {
    if (this.secrets.has(input.Name)) throw awsError('ResourceExistsException');
    const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${input.Name}-AbCdEf`;
    const secret = {
      name: input.Name,
      arn,
      tags: input.Tags ?? [],
      kmsKeyId: input.KmsKeyId,
      versions: new Map(),
    };
    this.secrets.set(input.Name, secret);
    return { ARN: arn, Name: input.Name };
  }

  DescribeSecret({ SecretId }) {
    const secret = this.#secret(SecretId);
    const stages = [...secret.versions].filter(([, version]) => version.stages.length > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Tags: secret.tags,
      KmsKeyId: secret.kmsKeyId,
      VersionIdsToStages: Object.fromEntries(stages.map(([id, version]) => [id, [...version.stages]])),
    };
  }

  GetSecretValue({ SecretId, VersionId, VersionStage = 'AWSCURRENT' }) {
    const secret = this.#secret(SecretId);
    const version = VersionId ? secret.versions.get(VersionId) : this.#labelled(secret, VersionStage);
    if (!version) throw awsError('ResourceNotFoundException');
    return { ARN: secret.arn, SecretString: version.value };
  }

  PutSecretValue({ SecretId, ClientRequestToken, SecretString, VersionStages }) {
    const secret = this.#secret(SecretId);
    if (!/^.{32,64}$/.test(ClientRequestToken)) throw awsError('InvalidParameterException');
    const known = secret.versions.get(ClientRequestToken);
    if (known && !same(known.value, SecretString)) throw awsError('ResourceExistsException');
    if (known) return { ARN: secret.arn };
    const labels =
      secret.versions.size === 0 ? new Set([...VersionStages, 'AWSCURRENT']) : new Set(VersionStages);
    if (labels.has('AWSCURRENT')) {
      const current = this.#labelled(secret, 'AWSCURRENT');
      this.#unlabel(secret, 'AWSPREVIOUS');
      current?.stages.push('AWSPREVIOUS');
    }
    for (const label of labels) this.#unlabel(secret, label);
    secret.versions.set(ClientRequestToken, { value: SecretString, stages: [...labels] });
    return { ARN: secret.arn };
  }

  #unlabel(secret, label) {
    for (const version of secret.versions.values())
      version.stages = version.stages.filter((other) => other !== label);
  }

  UpdateSecret({ SecretId, KmsKeyId }) {
    this.#secret(SecretId).kmsKeyId = KmsKeyId;
    return {};
  }

  UpdateSecretVersionStage({ SecretId, VersionStage, RemoveFromVersionId }) {
    const version = this.#secret(SecretId).versions.get(RemoveFromVersionId);
    if (!version?.stages.includes(VersionStage)) throw awsError('InvalidParameterException');
    version.stages = version.stages.filter((label) => label !== VersionStage);
    return {};
  }

  DeleteSecret({ SecretId, ForceDeleteWithoutRecovery }) {
    const secret = this.#secret(SecretId);
    if (!ForceDeleteWithoutRecovery) throw new Error('the model knows immediate deletion only');
    this.secrets.delete(secret.name);
    return {};
  }
}

/** Two items a page, so that every reader has to follow the marker. */
function page(items, { Marker }) {
  const start = Marker ? Number(Marker) : 0;
  const end = start + 2;
  return { Items: items.slice(start, end), ...(end < items.length ? { NextMarker: String(end) } : {}) };
}
