/** What AWS refuses, in this package's terms: which call, which permission is missing, what to do. */
import { EdgesealError } from '../errors.js';

/** A call to AWS that this package makes, with the permission it needs. */
export interface AwsCall {
  /** The IAM action, such as `secretsmanager:GetSecretValue`. */
  action: string;
  /** The resource it is made on. */
  resource: string;
  /** Code of the error when the permission is missing. */
  denied: string;
  /** Code of the error when the resource does not exist. */
  missing: string;
}

const deniedNames = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'KMSAccessDeniedException',
]);
const missingNames = new Set(['ResourceNotFoundException', 'NoSuchEntity']);
const credentialNames = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);
const skewNames = new Set([
  'RequestTimeTooSkewed',
  'RequestExpired',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
]);

/** The typed error for what an AWS client threw. Messages of AWS are not repeated: they may quote request contents. */
export function awsError(thrown: unknown, call: AwsCall): EdgesealError {
  if (thrown instanceof EdgesealError) return thrown;
  const { name, message } = facts(thrown);
  if (deniedNames.has(name)) return denied(message, call);
  if (missingNames.has(name)) {
    return new EdgesealError(call.missing, `${call.resource} does not exist, or not in this region`, {
      hint: 'check the ARN and the region; the product that makes it has it among its outputs',
    });
  }
  if (credentialNames.has(name)) {
    return new EdgesealError('aws-credentials', `there are no usable AWS credentials for ${call.action}`, {
      hint: 'give the application a role (instance, task or function role), or set AWS_PROFILE for local work',
    });
  }
  if (skewNames.has(name)) {
    return new EdgesealError('aws-clock-skew', `AWS refused the time of the request for ${call.action}`, {
      hint: "set the machine's clock by NTP; AWS accepts five minutes of difference",
    });
  }
  if (name === 'ERR_MODULE_NOT_FOUND' || name === 'MODULE_NOT_FOUND') {
    return new EdgesealError('missing-package', 'a package of the AWS SDK is not installed', {
      hint: 'npm install @aws-sdk/client-secrets-manager @aws-sdk/credential-providers @aws-sdk/lib-dynamodb @aws-sdk/client-dynamodb',
    });
  }
  return new EdgesealError('aws-unavailable', `${call.action} failed (${name})`, {
    hint: 'AWS may be throttling or unreachable; the call can be repeated',
  });
}

/** The action that AWS itself names, where it does, since the missing right may be on the key behind the secret. */
function denied(message: string, call: AwsCall): EdgesealError {
  const named = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? call.action;
  return new EdgesealError(call.denied, `the permission ${named} on ${call.resource} is missing`, {
    hint:
      named === 'sts:AssumeRole'
        ? 'the role must trust this application, and this application must be allowed to assume the role; mind the external id'
        : `allow ${named} in the policy of the role that makes the call`,
  });
}

function facts(thrown: unknown): { name: string; message: string } {
  if (!(thrown instanceof Error)) return { name: 'Error', message: '' };
  const code = (thrown as { code?: unknown }).code;
  return {
    name: typeof code === 'string' && thrown.name === 'Error' ? code : thrown.name,
    message: thrown.message,
  };
}
