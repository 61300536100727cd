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

interface Facts {
  name: string;
  message: string;
  status: number | undefined;
}

/** How an answer of AWS is recognised, and the error it becomes. The first that fits wins. */
type Rule = [(facts: Facts) => boolean, (facts: Facts, call: AwsCall) => EdgesealError];

const named =
  (...names: string[]) =>
  ({ name }: Facts) =>
    names.includes(name);

const rules: Rule[] = [
  [
    named('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'KMSAccessDeniedException'),
    ({ message }, call) => denied(message, call),
  ],
  [named('DecryptionFailure'), (_, call) => denied('KMS', call)],
  [
    ({ name, message }) =>
      name === 'ResourceNotFoundException' ||
      name === 'NoSuchEntity' ||
      (name === 'InvalidRequestException' && /marked (?:for deletion|deleted)/.test(message)),
    (_, call) =>
      new EdgesealError(call.missing, `${call.resource} does not exist, or not in this region`, {
        hint: 'check the name or ARN and the region; the product that makes it has it among its outputs',
      }),
  ],
  // A wrong secret key and a wrong clock have the same name; only the words tell them apart.
  [
    ({ name, message }) =>
      ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'].includes(name) ||
      /signature (?:expired|not yet current)/i.test(message),
    (_, call) =>
      new EdgesealError('aws-clock-skew', `AWS refused the time of the request for ${call.action}`, {
        hint: "set the machine's clock by NTP; AWS accepts five minutes of difference",
      }),
  ],
  [
    named(
      'CredentialsProviderError',
      'ExpiredToken',
      'ExpiredTokenException',
      'InvalidClientTokenId',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'UnrecognizedClientException',
    ),
    (_, call) =>
      new EdgesealError('aws-credentials', `there are no usable AWS credentials for ${call.action}`, {
        hint: 'give the application a role (instance, task or function role), or set AWS_PROFILE for local work',
      }),
  ],
  [
    named('ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'),
    () =>
      new EdgesealError('missing-package', 'a package of the AWS SDK is not installed', {
        hint: 'npm install @aws-sdk/client-secrets-manager @aws-sdk/credential-providers @aws-sdk/lib-dynamodb @aws-sdk/client-dynamodb',
      }),
  ],
  [
    ({ message }) => message === 'Region is missing',
    () =>
      new EdgesealError('invalid-argument', 'no region is known for the call to AWS', {
        field: 'region',
        hint: 'pass region, or set AWS_REGION',
      }),
  ],
  [
    ({ name, status }) =>
      status !== undefined && status >= 400 && status < 500 && !isThrottling(name, status),
    ({ name }, call) =>
      new EdgesealError('aws-refused', `AWS refused ${call.action} on ${call.resource} (${name})`, {
        hint: 'repeating the call will not help; check the names, ARNs and options you passed',
      }),
  ],
];

/** The typed error for what an AWS client threw. Messages of AWS are not repeated: they may quote request contents. */
export function awsError(thrown: unknown, call: AwsCall): EdgesealError {
  if (thrown instanceof EdgesealError) return thrown;
  const facts = factsOf(thrown);
  const rule = rules.find(([fits]) => fits(facts));
  return rule === undefined ? unavailable(call, facts.name) : rule[1](facts, call);
}

/** Services have several names for it. */
function isThrottling(name: string, status: number): boolean {
  return status === 429 || /throttl|throughput|limitexceeded|toomanyrequests|slowdown/i.test(name);
}

/** AWS gave no answer, or none that helps. */
export function unavailable(call: AwsCall, why: string): EdgesealError {
  return new EdgesealError('aws-unavailable', `${call.action} failed (${why})`, {
    hint: 'AWS may be throttling or unreachable; the call can be repeated',
  });
}

/** The action that AWS itself names, where it does, since the missing right may be on the key behind the secret. */
function denied(message: string, call: AwsCall): EdgesealError {
  const said = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1];
  const action = said ?? (/\bKMS\b/.test(message) ? 'kms:Decrypt' : call.action);
  const resource = action.startsWith('kms:') ? `the KMS key of ${call.resource}` : call.resource;
  return new EdgesealError(call.denied, `the permission ${action} on ${resource} is missing`, {
    hint:
      action === 'sts:AssumeRole'
        ? 'the role must trust this application, and this application must be allowed to assume the role; if the role asks for an external id, pass externalId'
        : `allow ${action} in the policy of the role that makes the call`,
  });
}

/** Names and texts of errors are the service's; only short names that look like one are ever shown. */
function factsOf(thrown: unknown): Facts {
  if (!(thrown instanceof Error)) return { name: 'Error', message: '', status: undefined };
  const { code, $metadata } = thrown as { code?: unknown; $metadata?: { httpStatusCode?: unknown } };
  const name = typeof code === 'string' && thrown.name === 'Error' ? code : thrown.name;
  const status = $metadata?.httpStatusCode;
  return {
    name: typeof name === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(name) ? name : 'Error',
    message: String(thrown.message),
    status: typeof status === 'number' ? status : undefined,
  };
}
