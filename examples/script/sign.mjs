// Prints a signed URL: node sign.mjs https://files.example.com/download/report.pdf 15m
import { createSigner, EdgesealError } from 'edgeseal/aws';

const { INTEGRATION_ROLE_ARN, PRIVATE_KEY_SECRET_ARN } = process.env;
const [url, expires = '15m'] = process.argv.slice(2);

try {
  const signer = await createSigner({
    integrationRoleArn: INTEGRATION_ROLE_ARN,
    privateKeySecretArn: PRIVATE_KEY_SECRET_ARN,
  });
  console.log(await signer.signUrl({ url, expires }));
} catch (error) {
  if (!(error instanceof EdgesealError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint ?? ''}`.trimEnd());
  process.exitCode = 1;
}
