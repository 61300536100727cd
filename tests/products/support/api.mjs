// Calls to services that the checkout has no client for. The root user's signature is not checked by the emulator, but
// the header must name who calls and for which service.
import { userAgent } from './clients.mjs';
import { account, region } from './emulator.mjs';

function headers(service) {
  const credential = `${account}/20260101/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
    'user-agent': userAgent,
  };
}

async function parsed(answer, what) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${what} answered ${answer.status}: ${text.slice(0, 500)}`);
  return text ? JSON.parse(text) : undefined;
}

/** One operation of a service that speaks JSON, such as `('logs', 'Logs_20140328.DescribeLogGroups', {})`. */
export async function jsonCall(emulator, service, target, body) {
  const answer = await fetch(emulator.endpoint, {
    method: 'POST',
    headers: { ...headers(service), 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(body),
  });
  return parsed(answer, target);
}

/** Names and configurations of all Lambda functions. */
export async function listFunctions(emulator) {
  const answer = await fetch(`${emulator.endpoint}/2015-03-31/functions/`, { headers: headers('lambda') });
  return (await parsed(answer, 'ListFunctions')).Functions;
}

/**
 * Invokes a function and waits for it.
 * @returns {Promise<{ error: string | undefined, payload: unknown }>} `error` when the function threw
 */
export async function invoke(emulator, name, event) {
  const url = `${emulator.endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: headers('lambda'),
    body: JSON.stringify(event),
  });
  const error = answer.headers.get('x-amz-function-error') ?? undefined;
  return { error, payload: await parsed(answer, 'Invoke') };
}

/** Every message of every log group, one a line. */
export async function allLogs(emulator) {
  const { logGroups = [] } = await jsonCall(emulator, 'logs', 'Logs_20140328.DescribeLogGroups', {});
  const lines = [];
  for (const { logGroupName } of logGroups) {
    const input = { logGroupName };
    const { events = [] } = await jsonCall(emulator, 'logs', 'Logs_20140328.FilterLogEvents', input);
    lines.push(...events.map((event) => event.message));
  }
  return lines.join('\n');
}
