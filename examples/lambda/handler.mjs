// A function behind API Gateway or a function URL: answers with a URL to which the caller may PUT one file.
import { createSigner, EdgesealError, UploadService } from 'edgeseal/aws';

let service;

/** The key is read once for all requests that this copy of the function serves. */
async function uploadService() {
  const { INTEGRATION_ROLE_ARN, PRIVATE_KEY_SECRET_ARN, FILES_ORIGIN } = process.env;
  const signer = await createSigner({
    integrationRoleArn: INTEGRATION_ROLE_ARN,
    privateKeySecretArn: PRIVATE_KEY_SECRET_ARN,
    onEvent: ({ kind, keyPairId, error }) =>
      console.log(JSON.stringify({ kind, keyPairId, error: error?.code })),
  });
  return new UploadService({ signer, origin: FILES_ORIGIN });
}

const answer = (statusCode, value) => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
});

function readBody({ body = '', isBase64Encoded = false }) {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body) ?? {};
  } catch {
    return {};
  }
}

/** @param {{ body?: string, isBase64Encoded?: boolean }} event `{ filename, contentType, bytes }` as JSON in its body */
export async function handler(event) {
  const { filename, contentType, bytes } = readBody(event);
  try {
    service ??= uploadService();
    const { key, url, headers } = await (await service).requestUpload({
      filename,
      contentType,
      maxBytes: bytes,
    });
    return answer(201, { key, url, method: 'PUT', headers });
  } catch (error) {
    if (!(error instanceof EdgesealError)) throw error;
    if (/^invalid-/.test(error.code)) return answer(400, { error: error.message, field: error.field });
    // A key that could not be read now may be there for the next request.
    service = undefined;
    console.error(`${error.code}: ${error.message}. ${error.hint ?? ''}`);
    return answer(503, { error: 'Signing is not possible right now.' });
  }
}
