import { request } from 'node:https';
import type { Outputs } from './lifecycle';

/** The fields of CloudFormation's request that this function uses. */
export interface CustomResourceEvent {
  RequestType: string;
  RequestId: string;
  ResponseURL: string;
  StackId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceProperties: Record<string, unknown>;
  OldResourceProperties?: Record<string, unknown>;
}

export type Result = { status: 'SUCCESS'; data?: Outputs } | { status: 'FAILED'; reason: string };

/**
 * The most bytes that CloudFormation accepts.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export const MAX_RESPONSE_BYTES = 4096;

/** The JSON text that answers CloudFormation, never longer than it accepts. */
export function responseBody(event: CustomResourceEvent, physicalId: string, result: Result): string {
  const fixed = {
    Status: result.status,
    PhysicalResourceId: physicalId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
  if (result.status === 'SUCCESS') return JSON.stringify({ ...fixed, Data: result.data ?? {} });
  let reason = result.reason;
  let body = JSON.stringify({ ...fixed, Reason: reason });
  while (Buffer.byteLength(body) > MAX_RESPONSE_BYTES && reason !== '') {
    reason = reason.slice(0, Math.floor(reason.length / 2));
    body = JSON.stringify({ ...fixed, Reason: reason });
  }
  return body;
}

const TRIES = 4;

/** PUTs the answer, and tries again when that fails: an answer that never arrives blocks the stack until its timeout. */
export async function respond(url: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await put(url, body);
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}

function put(url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method: 'PUT', headers, timeout: 3_000 }, (answer) => {
      answer.resume();
      const ok = answer.statusCode !== undefined && answer.statusCode < 400;
      if (ok) resolve();
      else reject(new Error('response refused'));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('response timed out')));
    outgoing.on('error', () => reject(new Error('response not delivered')));
    outgoing.end(body);
  });
}
