/** What terminating leaves behind on purpose, its removal, and a look at what is really left. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetDistributionCommand, GetKeyGroupCommand, GetPublicKeyCommand } from '@aws-sdk/client-cloudfront';
import { DeleteTableCommand, DescribeTableCommand, waitUntilTableNotExists } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { DeleteSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';

/** Bucket, table and own secret keep their data when their product goes. Here they are deleted with it. */
export async function removeRetained({ admin }, { S3BucketName, DynamoDbTableName, OwnSecretArn }) {
  const removed = [];
  if (S3BucketName) {
    const objects = await emptyBucket(admin.s3, S3BucketName);
    await admin.s3.send(new DeleteBucketCommand({ Bucket: S3BucketName }));
    removed.push({ kind: 'bucket', name: S3BucketName, objects });
  }
  if (DynamoDbTableName) {
    const { dynamodb: client } = admin;
    await client.send(new DeleteTableCommand({ TableName: DynamoDbTableName }));
    await waitUntilTableNotExists(
      { client, minDelay: 1, maxWaitTime: 300 },
      { TableName: DynamoDbTableName },
    );
    removed.push({ kind: 'table', name: DynamoDbTableName });
  }
  if (OwnSecretArn) {
    const command = new DeleteSecretCommand({ SecretId: OwnSecretArn, ForceDeleteWithoutRecovery: true });
    await admin.secrets.send(command);
    removed.push({ kind: 'secret', name: OwnSecretArn });
  }
  return removed;
}

async function emptyBucket(s3, Bucket) {
  let count = 0;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return count;
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    count += Objects.length;
  }
}

/** How AWS says that something is not there, or not any more. */
const gone = /^(ResourceNotFoundException|NotFound|NoSuch\w+|NoSuchBucket|ValidationError)$/;

async function isThere(client, command) {
  try {
    const answer = await client.send(command);
    return answer.Stacks?.[0].StackStatus !== 'DELETE_COMPLETE' && answer.DeletedDate === undefined;
  } catch (error) {
    if (gone.test(error.name)) return false;
    throw error;
  }
}

/**
 * Looks up by name everything that the story made.
 * @returns {Promise<string[]>} what is there; nothing when all is gone
 */
export async function present({ admin }, { outputs, stacks, keyPairIds, roles }) {
  const { cloudformation, cloudfront, dynamodb, iam, s3, secrets } = admin;
  const { CloudFrontDistributionId, CloudFrontKeyGroupId, DynamoDbTableName, S3BucketName } = outputs;
  const looks = [
    ...stacks.map((StackName) => [
      'stack',
      StackName,
      cloudformation,
      new DescribeStacksCommand({ StackName }),
    ]),
    ...keyPairIds.map((Id) => ['public key', Id, cloudfront, new GetPublicKeyCommand({ Id })]),
    ...roles.map((RoleName) => ['role', RoleName, iam, new GetRoleCommand({ RoleName })]),
    ...[outputs.KeyPairSecretArn, outputs.OwnSecretArn].map((SecretId) => [
      'secret',
      SecretId,
      secrets,
      new DescribeSecretCommand({ SecretId }),
    ]),
    [
      'distribution',
      CloudFrontDistributionId,
      cloudfront,
      new GetDistributionCommand({ Id: CloudFrontDistributionId }),
    ],
    ['key group', CloudFrontKeyGroupId, cloudfront, new GetKeyGroupCommand({ Id: CloudFrontKeyGroupId })],
    ['table', DynamoDbTableName, dynamodb, new DescribeTableCommand({ TableName: DynamoDbTableName })],
    ['bucket', S3BucketName, s3, new HeadBucketCommand({ Bucket: S3BucketName })],
  ];
  const left = [];
  for (const [kind, name, client, command] of looks) {
    if (name !== undefined && (await isThere(client, command))) left.push(`${kind} ${name}`);
  }
  return left;
}
