// Everything that exists in the emulated account, as "kind name" lines: what a deleted stack must not add to.
import {
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListFunctionsCommand,
  ListKeyGroupsCommand,
  ListOriginAccessControlsCommand,
  ListOriginRequestPoliciesCommand,
  ListPublicKeysCommand,
  ListResponseHeadersPoliciesCommand,
} from '@aws-sdk/client-cloudfront';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { jsonCall, listFunctions } from './api.mjs';

/** @returns {Promise<string[]>} sorted */
export async function inventory(emulator, clients) {
  const { cloudfront, dynamodb, iam, s3, secrets } = clients;
  const kinds = {
    bucket: async () => (await s3.send(new ListBucketsCommand({}))).Buckets?.map((item) => item.Name),
    table: async () => (await dynamodb.send(new ListTablesCommand({}))).TableNames,
    role: async () => (await iam.send(new ListRolesCommand({}))).Roles?.map((item) => item.RoleName),
    policy: async () =>
      (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies?.map((item) => item.Arn),
    secret: async () => (await secrets.send(new ListSecretsCommand({}))).SecretList?.map((item) => item.Name),
    function: async () => (await listFunctions(emulator)).map((item) => item.FunctionName),
    'log group': async () =>
      (await jsonCall(emulator, 'logs', 'Logs_20140328.DescribeLogGroups', {})).logGroups?.map(
        (item) => item.logGroupName,
      ),
    rule: async () =>
      (await jsonCall(emulator, 'events', 'AWSEvents.ListRules', {})).Rules?.map((item) => item.Name),
    'key group': async () =>
      (await cloudfront.send(new ListKeyGroupsCommand({}))).KeyGroupList?.Items?.map(
        (item) => item.KeyGroup.Id,
      ),
    'public key': async () =>
      (await cloudfront.send(new ListPublicKeysCommand({}))).PublicKeyList?.Items?.map((item) => item.Id),
    distribution: async () =>
      (await cloudfront.send(new ListDistributionsCommand({}))).DistributionList?.Items?.map(
        (item) => item.Id,
      ),
    'origin access control': async () =>
      (await cloudfront.send(new ListOriginAccessControlsCommand({}))).OriginAccessControlList?.Items?.map(
        (item) => item.Id,
      ),
    'edge function': async () =>
      (await cloudfront.send(new ListFunctionsCommand({}))).FunctionList?.Items?.map((item) => item.Name),
    'cache policy': async () =>
      (await cloudfront.send(new ListCachePoliciesCommand({ Type: 'custom' }))).CachePolicyList?.Items?.map(
        (item) => item.CachePolicy.Id,
      ),
    'origin request policy': async () =>
      (
        await cloudfront.send(new ListOriginRequestPoliciesCommand({ Type: 'custom' }))
      ).OriginRequestPolicyList?.Items?.map((item) => item.OriginRequestPolicy.Id),
    'response headers policy': async () =>
      (
        await cloudfront.send(new ListResponseHeadersPoliciesCommand({ Type: 'custom' }))
      ).ResponseHeadersPolicyList?.Items?.map((item) => item.ResponseHeadersPolicy.Id),
  };
  const found = [];
  for (const [kind, list] of Object.entries(kinds)) {
    for (const name of (await list()) ?? []) found.push(`${kind} ${name}`);
  }
  return found.sort();
}

/** The lines of `after` that are not in `before`. */
export function added(before, after) {
  const known = new Set(before);
  return after.filter((line) => !known.has(line));
}
