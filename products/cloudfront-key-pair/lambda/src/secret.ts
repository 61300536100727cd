import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Dependencies } from './context';
import { call, isAws, KeyPairError } from './errors';
import { digest } from './keys';
import type { Algorithm, Settings } from './settings';

/** A key that no longer signs but whose URLs may still be alive. */
export interface RetiredKey {
  keyPairId: string;
  /** When the rotation that retired it began, ISO 8601. */
  retiredAt: string;
}

/** A pair on its way in: stored before CloudFront hears of it, so that no crash can lose the private half. */
export interface PendingValue {
  privateKey: string;
  algorithm: Algorithm;
  /** The operation that made this pair, so that a retry of it is recognised. */
  rotationId: string;
  /** ISO 8601. */
  startedAt: string;
}

/** The JSON text that signers read. They need the first three fields; the rest is what the next rotation needs. */
export interface CurrentValue {
  /** CloudFront's id of the public key: the `Key-Pair-Id` of a signed URL. */
  keyPairId: string;
  /** PKCS#8 PEM. */
  privateKey: string;
  algorithm: Algorithm;
  /** When signers began to get this key, ISO 8601. */
  rotatedAt: string;
  /** The key that signed before this one. */
  previousKeyPairId?: string;
  /** Every earlier key that the group still holds, newest first. */
  previousKeys: RetiredKey[];
  /** Keys that this rotation takes out of the group. */
  droppedKeyPairIds: string[];
  rotationId: string;
  /** Rotation and revocation tokens that were already acted upon, newest last. */
  appliedTokens: string[];
}

const OWNER_TAG = 'edgeseal:owner';

/** The Secrets Manager secret of one owner. Its tag says whose it is: another's is never read, changed or deleted. */
export class SigningSecret {
  constructor(
    private readonly deps: Pick<Dependencies, 'secrets'>,
    private readonly settings: Settings,
    private readonly identity: string,
  ) {}

  /** The secret's ARN and the versions that hold a staging label, or `undefined` if there is none of ours. */
  async find(): Promise<
    { arn: string; kmsKeyId: string | undefined; stages: Record<string, string[]> } | undefined
  > {
    try {
      const input = { SecretId: this.settings.secretName };
      const out = await call('DescribeSecret', () =>
        this.deps.secrets.send(new DescribeSecretCommand(input)),
      );
      const owner = out.Tags?.find((tag) => tag.Key === OWNER_TAG)?.Value;
      if (owner !== this.identity) return undefined;
      return { arn: out.ARN ?? '', kmsKeyId: out.KmsKeyId, stages: out.VersionIdsToStages ?? {} };
    } catch (error) {
      if (isAws(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  /** Makes the secret, still without a value, or finds the one an earlier try made. Returns its ARN. */
  async ensure(): Promise<string> {
    const input = {
      Name: this.settings.secretName,
      Description:
        'CloudFront signing key: JSON with keyPairId, privateKey (PEM) and algorithm. Rotated by Edgeseal.',
      Tags: [{ Key: OWNER_TAG, Value: this.identity }],
      ...(this.settings.secretKmsKeyArn ? { KmsKeyId: this.settings.secretKmsKeyArn } : {}),
    };
    try {
      const out = await call('CreateSecret', () => this.deps.secrets.send(new CreateSecretCommand(input)));
      return out.ARN ?? '';
    } catch (error) {
      if (!isAws(error, 'ResourceExistsException')) throw error;
      const found = await this.find();
      if (found) return found.arn;
      throw new KeyPairError(
        'secret-name-taken',
        `Secret ${this.settings.secretName} exists and is not this stack's.`,
      );
    }
  }

  /** Moves later versions of the secret under the key that the settings name. */
  async useKmsKey(): Promise<void> {
    const KmsKeyId = this.settings.secretKmsKeyArn ?? 'alias/aws/secretsmanager';
    const found = await this.find();
    if (!found || (found.kmsKeyId ?? 'alias/aws/secretsmanager') === KmsKeyId) return;
    const input = { SecretId: this.settings.secretName, KmsKeyId };
    await call('UpdateSecret', () => this.deps.secrets.send(new UpdateSecretCommand(input)));
  }

  /** The value that signers read, or `undefined` while the first pair is not complete. */
  async current(): Promise<CurrentValue | undefined> {
    const value = await this.read<CurrentValue>({ VersionStage: 'AWSCURRENT' });
    return value?.keyPairId ? value : undefined;
  }

  /** The pair that some rotation has under way. */
  async pending(): Promise<PendingValue | undefined> {
    return this.read({ VersionStage: 'AWSPENDING' });
  }

  /** The pair that one rotation made, whatever its label. */
  async pendingOf(rotationId: string): Promise<PendingValue | undefined> {
    return this.read({ VersionId: pendingToken(rotationId) });
  }

  private async read<T>(which: { VersionStage: string } | { VersionId: string }): Promise<T | undefined> {
    try {
      const command = new GetSecretValueCommand({ SecretId: this.settings.secretName, ...which });
      const out = await call('GetSecretValue', () => this.deps.secrets.send(command));
      return out.SecretString ? (JSON.parse(out.SecretString) as T) : undefined;
    } catch (error) {
      if (isAws(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  async putPending(value: PendingValue): Promise<void> {
    await this.put(pendingToken(value.rotationId), 'AWSPENDING', value);
  }

  /** Makes the pair the one that signers read. The former one becomes AWSPREVIOUS. */
  async promote(value: CurrentValue): Promise<void> {
    await this.put(currentToken(value.rotationId), 'AWSCURRENT', value);
  }

  /**
   * Makes sure that a rotation is never promoted, by any invocation, now or later: its version is taken by an empty
   * one, and Secrets Manager lets no version be written twice. Returns false if it was promoted already.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   */
  async forbidPromotion(rotationId: string): Promise<boolean> {
    try {
      await this.put(currentToken(rotationId), 'UNDONE', {});
      return true;
    } catch (error) {
      if (isAws(error, 'ResourceExistsException')) return false;
      throw error;
    }
  }

  private async put(
    ClientRequestToken: string,
    stage: string,
    value: PendingValue | CurrentValue | Record<string, never>,
  ): Promise<void> {
    const SecretString = JSON.stringify(value);
    const input = {
      SecretId: this.settings.secretName,
      ClientRequestToken,
      SecretString,
      VersionStages: [stage],
    };
    await call('PutSecretValue', () => this.deps.secrets.send(new PutSecretValueCommand(input)));
  }

  /** Takes the pending label off the version of one rotation; Secrets Manager then discards that version. */
  async clearPending(rotationId: string): Promise<void> {
    const RemoveFromVersionId = pendingToken(rotationId);
    const found = await this.find();
    if (!found?.stages[RemoveFromVersionId]?.includes('AWSPENDING')) return;
    const input = { SecretId: this.settings.secretName, VersionStage: 'AWSPENDING', RemoveFromVersionId };
    await call('UpdateSecretVersionStage', () =>
      this.deps.secrets.send(new UpdateSecretVersionStageCommand(input)),
    );
  }

  /**
   * Deletes the secret at once. A recovery window would keep nothing of use: the public keys go in the same
   * operation, and without them the private key signs for nobody.
   */
  async remove(): Promise<void> {
    if (!(await this.find())) return;
    try {
      const input = { SecretId: this.settings.secretName, ForceDeleteWithoutRecovery: true };
      await call('DeleteSecret', () => this.deps.secrets.send(new DeleteSecretCommand(input)));
    } catch (error) {
      if (!isAws(error, 'ResourceNotFoundException')) throw error;
    }
  }
}

/** ClientRequestTokens, which are also the ids of the versions. */
function currentToken(rotationId: string): string {
  return digest('current', rotationId);
}

function pendingToken(rotationId: string): string {
  return digest('pending', rotationId);
}
