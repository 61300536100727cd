// Creates, updates and deletes stacks, waits for the end, and shows the failed events when one fails.

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';

const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'];

/** A stack that ended in another status than the one that was asked for. */
export class StackFailed extends Error {
  constructor(name, status, events) {
    const lines = failedEvents(events).map(
      (event) => `  ${event.LogicalResourceId}: ${event.ResourceStatusReason}`,
    );
    super(`stack ${name} ended in ${status}\n${lines.join('\n')}`);
    this.name = 'StackFailed';
    this.status = status;
    this.events = events;
    this.reasons = failedEvents(events).map((event) => event.ResourceStatusReason ?? '');
  }
}

function failedEvents(events) {
  return events.filter((event) => event.ResourceStatus?.endsWith('FAILED'));
}

function parameterList(parameters) {
  return Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
}

/** Everything that happened to a stack so far, oldest first. The stack's id also finds one that is deleted. */
export async function stackEvents(client, name) {
  const answer = await client.send(new DescribeStackEventsCommand({ StackName: name }));
  return (answer.StackEvents ?? []).reverse();
}

export async function describeStack(client, name) {
  const answer = await client.send(new DescribeStacksCommand({ StackName: name }));
  return answer.Stacks?.[0];
}

export async function stackResources(client, name) {
  const answer = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
  return answer.StackResources ?? [];
}

/** Far more than any stack takes; a function that cannot start would otherwise be waited for until its timeout. */
const PATIENCE_MS = 90_000;

async function settled(client, id) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const stack = await describeStack(client, id);
    if (!stack.StackStatus.endsWith('_IN_PROGRESS') || Date.now() > end) return stack;
    await sleep(50);
  }
}

async function finished(client, name, id, wanted) {
  const stack = await settled(client, id);
  if (stack.StackStatus === wanted) return { id, stack, outputs: outputsOf(stack) };
  throw new StackFailed(name, stack.StackStatus, await stackEvents(client, id));
}

function outputsOf(stack) {
  return Object.fromEntries((stack.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]));
}

const Bucket = 'edgeseal-test-templates';

/** Makes the bucket that templates are given to CloudFormation from, as Service Catalog does. */
export async function makeTemplateBucket({ s3 }) {
  await s3.send(new CreateBucketCommand({ Bucket }));
}

async function templateUrl({ s3 }, template) {
  const Key = `${createHash('sha256').update(template).digest('hex')}.yaml`;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: template }));
  const { hostname, port } = await s3.config.endpoint();
  return `http://${hostname}:${port}/${Bucket}/${Key}`;
}

/**
 * Creates a stack and waits for it.
 * @returns {Promise<{ id: string, stack: object, outputs: Record<string, string> }>}
 * @throws {StackFailed} when it does not end in CREATE_COMPLETE
 */
export async function createStack(clients, name, template, parameters = {}) {
  const { cloudformation } = clients;
  const TemplateURL = await templateUrl(clients, template);
  const input = { StackName: name, TemplateURL, Parameters: parameterList(parameters), Capabilities };
  const { StackId } = await cloudformation.send(new CreateStackCommand(input));
  return finished(cloudformation, name, StackId, 'CREATE_COMPLETE');
}

/** Updates a stack and waits for it. @throws {StackFailed} when it does not end in UPDATE_COMPLETE */
export async function updateStack(clients, name, template, parameters = {}) {
  const { cloudformation } = clients;
  const TemplateURL = await templateUrl(clients, template);
  const input = { StackName: name, TemplateURL, Parameters: parameterList(parameters), Capabilities };
  const { StackId } = await cloudformation.send(new UpdateStackCommand(input));
  return finished(cloudformation, name, StackId, 'UPDATE_COMPLETE');
}

/** Deletes a stack and waits for it. @throws {StackFailed} when it does not end in DELETE_COMPLETE */
export async function deleteStack({ cloudformation }, name, options = {}) {
  const { StackId } = await describeStack(cloudformation, name);
  await cloudformation.send(new DeleteStackCommand({ StackName: name, ...options }));
  return finished(cloudformation, name, StackId, 'DELETE_COMPLETE');
}
