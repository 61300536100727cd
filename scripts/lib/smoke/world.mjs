/** The world of the story on AWS: a profile, a domain, a certificate. */
import { once } from 'node:events';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-providers';
import { programs } from '../story/programs.mjs';

/** A role session as the role that a portfolio grants access to. */
export function principalOf(arn) {
  const [, partition, account, role] = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}

/**
 * See {@link import('../story/steps.mjs').World}.
 * @param {{ profile: string, region: string, domain: string, certificate: string }} settings
 */
export async function openAwsWorld({ profile, region, domain, certificate }) {
  const credentials = fromIni({ profile });
  const options = { region, credentials };
  const sts = new STSClient(options);
  const { Account: account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  const { portfolio } = await programs(['portfolio']);
  let edgeHost;
  return {
    account,
    region,
    admin: {
      cloudformation: new CloudFormationClient(options),
      cloudfront: new CloudFrontClient(options),
      dynamodb: new DynamoDBClient(options),
      iam: new IAMClient(options),
      s3: new S3Client(options),
      secrets: new SecretsManagerClient(options),
    },
    endpoint: undefined,
    origin: `https://${domain}`,
    certificate,
    propagationWait: 60,
    hasValidator: false,
    portfolio: { program: portfolio, env: { AWS_PROFILE: profile, AWS_REGION: region } },
    developerArn: principalOf(Arn),
    developer: async () => new ServiceCatalogClient(options),
    application: (role) => assume(sts, `arn:aws:iam::${account}:role/${role}`),
    async serve({ CloudFrontDistributionDomainName }) {
      edgeHost = CloudFrontDistributionDomainName;
      return `https://${domain} by way of ${edgeHost}`;
    },
    send: (url, given) => send(edgeHost, domain, url, given),
    async stop() {},
  };
}

/** A new role is not known everywhere at once. */
async function assume(sts, RoleArn) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'smoke' }));
      return {
        accessKeyId: Credentials.AccessKeyId,
        secretAccessKey: Credentials.SecretAccessKey,
        sessionToken: Credentials.SessionToken,
      };
    } catch (error) {
      if (attempt === 12 || error.name !== 'AccessDenied') throw error;
      await sleep(5000);
    }
  }
}

/** Sends a request to the distribution by its own name, so that the custom domain needs no DNS record. */
async function send(host, servername, url, { method = 'GET', headers = {}, body } = {}) {
  // The text after the host goes out as it is: what CloudFront makes of it is what is asked.
  const path = url.slice(url.indexOf('/', 'https://'.length));
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const outgoing = request({
    host,
    servername,
    path,
    method,
    headers: { host: servername, ...length, ...headers },
  });
  outgoing.end(body);
  const [answer] = await once(outgoing, 'response');
  return { status: answer.statusCode, headers: new Headers(answer.headers), body: await buffer(answer) };
}
