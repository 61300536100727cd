import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createHandler } from './handler';
import { generatePrivateKey } from './keys';
import { respond } from './response';

const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000 };

export const handler = createHandler(
  {
    cloudfront: new CloudFrontClient({ requestHandler }),
    secrets: new SecretsManagerClient({ requestHandler }),
    now: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    generatePrivateKey,
    log: (entry) => console.log(JSON.stringify(entry)),
    respond,
  },
  process.env,
);
