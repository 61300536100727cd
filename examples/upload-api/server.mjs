// The application on AWS: configured by the outputs of the products.
import { serve } from '@hono/node-server';
import { createSigner, FileRecords, UploadService } from 'edgeseal/aws';
import { createApp } from './app.mjs';

const {
  FILES_ORIGIN,
  INTEGRATION_ROLE_ARN,
  PRIVATE_KEY_SECRET_ARN,
  TABLE_NAME,
  PRIMARY_KEY = 'objectKey',
  PORT = '3000',
} = process.env;

const signer = await createSigner({
  integrationRoleArn: INTEGRATION_ROLE_ARN,
  privateKeySecretArn: PRIVATE_KEY_SECRET_ARN,
  onEvent: ({ kind, keyPairId, error }) => console.error(kind, keyPairId ?? error.code),
});
const records = await FileRecords.open({
  integrationRoleArn: INTEGRATION_ROLE_ARN,
  tableName: TABLE_NAME,
  primaryKey: PRIMARY_KEY,
});
const uploads = new UploadService({ signer, origin: FILES_ORIGIN, records });

const app = createApp({
  uploads,
  records,
  filesOrigin: FILES_ORIGIN,
  // Put your own sign-in here. A header that a load balancer sets after signing people in is one way.
  userOf: (request) => request.headers.get('x-user') ?? 'guest',
});
const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
