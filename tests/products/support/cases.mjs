// How each product is provisioned in a test: what must be there before it, its first answers, and an update of it.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { CreateKeyGroupCommand, CreatePublicKeyCommand } from '@aws-sdk/client-cloudfront';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { zip } from './zip.mjs';

const pem = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};

/** A key pair made by a team itself, as for the private-key-secret product. */
export const ownKeyPair = generateKeyPairSync('rsa', { modulusLength: 2048, ...pem });

/** A key group that some other stack made. */
async function someKeyGroup({ cloudfront }) {
  const config = { CallerReference: 'case', Name: 'case', EncodedKey: ownKeyPair.publicKey };
  const { PublicKey } = await cloudfront.send(new CreatePublicKeyCommand({ PublicKeyConfig: config }));
  const group = { Name: 'case', Items: [PublicKey.Id] };
  const { KeyGroup } = await cloudfront.send(new CreateKeyGroupCommand({ KeyGroupConfig: group }));
  return KeyGroup.Id;
}

/** Puts a bundle of the edge validator into a bucket, and returns the answers that name it. */
export async function edgeBundle({ s3 }, body) {
  const Bucket = 'platform-artifacts-us-east-1';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const bytes = zip({ 'index.js': `exports.handler = async (event) => { ${body} };\n` });
  const hash = createHash('sha256').update(bytes);
  const [hex, CodeSha256] = [hash.copy().digest('hex'), hash.digest('base64')];
  const Key = `edge/${hex}.zip`;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
  return { CodeS3Bucket: Bucket, CodeS3Key: Key, CodeSha256 };
}

/**
 * By product. `first` and `change` are given the clients and what earlier steps answered, and return parameters that are
 * laid over the example parameters of the version.
 */
export const cases = {
  'cloudfront-distribution': {
    first: async (clients) => ({ CloudFrontKeyGroupId: await someKeyGroup(clients) }),
    change: async () => ({ PriceClass: 'PriceClass_All' }),
  },
  'cloudfront-key-pair': {
    first: async () => ({ PropagationWaitSeconds: '0' }),
    change: async () => ({ RotationToken: '2026-11-24' }),
  },
  'dynamodb-metadata-table': {
    first: async () => ({ DeletionProtection: 'false' }),
    change: async () => ({ DeletionProtection: 'true' }),
  },
  'edge-validator': {
    first: (clients) => edgeBundle(clients, 'return event.Records[0].cf.request;'),
    change: (clients) => edgeBundle(clients, "return { status: '403' };"),
  },
  'iam-integration-role': {
    first: async () => ({}),
    change: async () => ({ MaxSessionDuration: '7200' }),
  },
  'private-key-secret': {
    first: async () => ({ PrivateKey: ownKeyPair.privateKey }),
    change: async () => ({ KeyPairId: 'K3ABCDEFGHIJKL' }),
  },
  's3-bucket': {
    first: async () => ({}),
    change: async () => ({}),
  },
  'signed-urls-stack': {
    first: async () => ({ PropagationWaitSeconds: '0', DeletionProtection: 'false' }),
    change: async () => ({ RotationToken: '2026-11-24' }),
  },
};
