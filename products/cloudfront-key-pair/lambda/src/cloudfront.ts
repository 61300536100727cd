import {
  CreateKeyGroupCommand,
  CreatePublicKeyCommand,
  DeleteKeyGroupCommand,
  DeletePublicKeyCommand,
  GetKeyGroupCommand,
  GetPublicKeyCommand,
  ListKeyGroupsCommand,
  ListPublicKeysCommand,
  UpdateKeyGroupCommand,
} from '@aws-sdk/client-cloudfront';
import type { Dependencies } from './context';
import { call, isAws, KeyPairError } from './errors';

export interface PublicKey {
  id: string;
  name: string;
  encodedKey: string;
  createdAt: Date;
}

export interface KeyGroup {
  id: string;
  name: string;
  items: string[];
  etag: string;
}

/** Tries at one change before giving up when somebody else keeps changing the same thing. */
const ATTEMPTS = 5;

/**
 * CloudFront's public keys and key group of one owner. Neither can carry tags, so the comment marks what is ours:
 * nothing without the mark is changed or deleted.
 */
export class CloudFrontKeys {
  constructor(
    private readonly deps: Pick<Dependencies, 'cloudfront' | 'sleep'>,
    private readonly mark: string,
  ) {}

  /** Every public key that carries our mark. */
  async ownedKeys(): Promise<PublicKey[]> {
    const found: PublicKey[] = [];
    let marker: string | undefined;
    do {
      const input = { MaxItems: 100, ...(marker ? { Marker: marker } : {}) };
      const page = await call('ListPublicKeys', () =>
        this.deps.cloudfront.send(new ListPublicKeysCommand(input)),
      );
      for (const item of page.PublicKeyList?.Items ?? []) {
        if (item.Comment !== this.mark || !item.Id) continue;
        const createdAt = item.CreatedTime ?? new Date(0);
        found.push({ id: item.Id, name: item.Name ?? '', encodedKey: item.EncodedKey ?? '', createdAt });
      }
      marker = page.PublicKeyList?.NextMarker;
    } while (marker);
    return found;
  }

  /** The key group that carries our mark, with its current ETag. */
  async ownedGroup(): Promise<KeyGroup | undefined> {
    let marker: string | undefined;
    do {
      const input = { MaxItems: 100, ...(marker ? { Marker: marker } : {}) };
      const page = await call('ListKeyGroups', () =>
        this.deps.cloudfront.send(new ListKeyGroupsCommand(input)),
      );
      for (const { KeyGroup: group } of page.KeyGroupList?.Items ?? []) {
        if (group?.KeyGroupConfig?.Comment === this.mark && group.Id) return this.group(group.Id);
      }
      marker = page.KeyGroupList?.NextMarker;
    } while (marker);
    return undefined;
  }

  async requireGroup(): Promise<KeyGroup> {
    const group = await this.ownedGroup();
    if (group) return group;
    throw new KeyPairError(
      'key-group-missing',
      'The key group was deleted outside the stack. Create a new stack.',
    );
  }

  private async group(id: string): Promise<KeyGroup | undefined> {
    try {
      const out = await call('GetKeyGroup', () =>
        this.deps.cloudfront.send(new GetKeyGroupCommand({ Id: id })),
      );
      const config = out.KeyGroup?.KeyGroupConfig;
      return { id, name: config?.Name ?? '', items: config?.Items ?? [], etag: out.ETag ?? '' };
    } catch (error) {
      if (isAws(error, 'NoSuchResource')) return undefined;
      throw error;
    }
  }

  /** Makes the public key, or finds the one an earlier try of the same operation made. Returns its id. */
  async ensureKey(name: string, encodedKey: string): Promise<string> {
    const known = await this.findKey(name, encodedKey);
    if (known) return known;
    const config = { CallerReference: name, Name: name, EncodedKey: encodedKey, Comment: this.mark };
    try {
      const command = new CreatePublicKeyCommand({ PublicKeyConfig: config });
      const out = await call('CreatePublicKey', () => this.deps.cloudfront.send(command));
      const id = out.PublicKey?.Id;
      if (id) return id;
      throw new KeyPairError('aws-call-failed', 'CreatePublicKey answered without an id. Try again.');
    } catch (error) {
      if (!isAws(error, 'PublicKeyAlreadyExists')) throw error;
      const made = await this.findKey(name, encodedKey);
      if (made) return made;
      throw new KeyPairError(
        'public-key-name-taken',
        `A public key named ${name} exists and is not this stack's.`,
      );
    }
  }

  private async findKey(name: string, encodedKey: string): Promise<string | undefined> {
    const key = (await this.ownedKeys()).find((candidate) => candidate.name === name);
    if (key && key.encodedKey.trim() !== encodedKey.trim()) {
      throw new KeyPairError(
        'key-mismatch',
        `Public key ${key.id} does not belong to the private key in the secret.`,
      );
    }
    return key?.id;
  }

  /** Makes the key group, or finds the one an earlier try made. */
  async ensureGroup(name: string, items: string[]): Promise<string> {
    const known = await this.ownedGroup();
    if (known) return known.id;
    const config = { Name: name, Items: items, Comment: this.mark };
    try {
      const command = new CreateKeyGroupCommand({ KeyGroupConfig: config });
      const out = await call('CreateKeyGroup', () => this.deps.cloudfront.send(command));
      const id = out.KeyGroup?.Id;
      if (id) return id;
      throw new KeyPairError('aws-call-failed', 'CreateKeyGroup answered without an id. Try again.');
    } catch (error) {
      if (!isAws(error, 'KeyGroupAlreadyExists')) throw error;
      const made = await this.ownedGroup();
      if (made) return made.id;
      throw nameTaken(name);
    }
  }

  /**
   * Changes the group under its ETag. `change` is given the group as it is now and is asked again after every lost
   * race, so its decision always rests on what is really there.
   */
  async updateGroup(
    change: (group: KeyGroup) => Promise<{ name?: string; items?: string[] }>,
  ): Promise<KeyGroup> {
    for (let attempt = 1; ; attempt += 1) {
      const group = await this.requireGroup();
      const wanted = { name: group.name, items: group.items, ...(await change(group)) };
      if (wanted.name === group.name && wanted.items.join() === group.items.join()) return group;
      const config = { Name: wanted.name, Items: wanted.items, Comment: this.mark };
      const input = { Id: group.id, IfMatch: group.etag, KeyGroupConfig: config };
      try {
        await call('UpdateKeyGroup', () => this.deps.cloudfront.send(new UpdateKeyGroupCommand(input)));
        return { ...group, ...wanted };
      } catch (error) {
        if (isAws(error, 'KeyGroupAlreadyExists')) throw nameTaken(wanted.name);
        if (!isAws(error, 'PreconditionFailed') || attempt === ATTEMPTS) throw error;
        await this.deps.sleep(200 * attempt);
      }
    }
  }

  /** Deletes a public key; one that is already gone counts as deleted. */
  async deleteKey(id: string): Promise<void> {
    await this.deleteWithEtag(
      'NoSuchPublicKey',
      async () =>
        (await call('GetPublicKey', () => this.deps.cloudfront.send(new GetPublicKeyCommand({ Id: id }))))
          .ETag,
      (IfMatch) => {
        const command = new DeletePublicKeyCommand({ Id: id, ...IfMatch });
        return call('DeletePublicKey', () => this.deps.cloudfront.send(command));
      },
    );
  }

  /** Deletes the group; refused while a distribution still trusts it. */
  async deleteGroup(id: string): Promise<void> {
    try {
      await this.deleteWithEtag(
        'NoSuchResource',
        async () =>
          (await call('GetKeyGroup', () => this.deps.cloudfront.send(new GetKeyGroupCommand({ Id: id }))))
            .ETag,
        (IfMatch) => {
          const command = new DeleteKeyGroupCommand({ Id: id, ...IfMatch });
          return call('DeleteKeyGroup', () => this.deps.cloudfront.send(command));
        },
      );
    } catch (error) {
      if (!isAws(error, 'ResourceInUse')) throw error;
      throw new KeyPairError(
        'key-group-in-use',
        `A distribution still trusts key group ${id}. Remove that distribution, or its trust, and delete again.`,
      );
    }
  }

  private async deleteWithEtag(
    gone: string,
    etag: () => Promise<string | undefined>,
    remove: (ifMatch: { IfMatch?: string }) => Promise<unknown>,
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const tag = await etag();
        await remove(tag ? { IfMatch: tag } : {});
        return;
      } catch (error) {
        if (isAws(error, gone)) return;
        if (!isAws(error, 'PreconditionFailed') || attempt === ATTEMPTS) throw error;
        await this.deps.sleep(200 * attempt);
      }
    }
  }
}

function nameTaken(name: string): KeyPairError {
  return new KeyPairError(
    'key-group-name-taken',
    `Another key group of this account is named ${name}. Choose a different KeyGroupName.`,
  );
}
