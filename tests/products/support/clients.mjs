// AWS clients that talk to one emulator as the root user of the test account.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as standard from './emulator.mjs';

/** The launcher tells requests of the tests from those of the products' functions by this name. */
export const userAgent = 'edgeseal-tests';

/** @param {{ endpoint: string, account?: string, region?: string }} emulator the test account and region unless told otherwise */
export function clientsFor({ endpoint, account = standard.account, region = standard.region }) {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'none' },
    customUserAgent: userAgent,
    maxAttempts: 1,
  };
  return {
    cloudformation: new CloudFormationClient(options),
    cloudfront: new CloudFrontClient(options),
    dynamodb: new DynamoDBClient(options),
    iam: new IAMClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secrets: new SecretsManagerClient(options),
  };
}
