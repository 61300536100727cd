/**
 * Questions about CloudFront signatures that AWS does not document. Each is asked with one request or a few, and
 * answered by the status. They need a distribution, the key it trusts, and one object.
 */
import { sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';

/** CloudFront's own base64. */
const encode = (bytes) =>
  Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** A hand that signs any policy text, right or wrong, which the package would not. */
async function rawSigner({ admin }, SecretId) {
  const { SecretString } = await admin.secrets.send(new GetSecretValueCommand({ SecretId }));
  const { keyPairId, privateKey } = JSON.parse(SecretString);
  return (policy) => ({
    Policy: encode(policy),
    Signature: encode(sign('sha1', Buffer.from(policy), privateKey)),
    'Key-Pair-Id': keyPairId,
  });
}

const query = (parameters) =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const later = () => Math.floor(Date.now() / 1000) + 600;
const statement = (Resource, Condition = { DateLessThan: { 'AWS:EpochTime': later() } }) => ({
  Resource,
  Condition,
});
const policyOf = (...rest) => JSON.stringify({ Statement: [statement(...rest)] });

/** What has to be accepted for the other answers to mean anything. */
export const control = 'an ordinary custom policy, for comparison';

/** Requests that answer one question each: the URL to send, and the policy under it. */
function single({ origin, key, signed }) {
  const url = `${origin}/download/${key}`;
  const host = new URL(origin).host;
  const ask = (policy, target = url) => `${target}?${query(signed(policy))}`;
  const encodedKey = `%${key.charCodeAt(0).toString(16)}${key.slice(1)}`;
  return [
    [control, ask(policyOf(url))],
    ['a policy whose Statement is an object, not a list', ask(JSON.stringify({ Statement: statement(url) }))],
    ['? as a wildcard for one character of the path', ask(policyOf(url.replace(/.$/, '?')))],
    ['http*:// as the scheme of the resource', ask(policyOf(`http*://${url.slice('https://'.length)}`))],
    ['a resource with the host in capitals', ask(policyOf(url.replace(host, host.toUpperCase())))],
    ['a resource with the port :443', ask(policyOf(url.replace(host, `${host}:443`)))],
    [
      'a resource with // in the path, asked for with /',
      ask(policyOf(url.replace('/download/', '/download//'))),
    ],
    [
      'a path with a letter percent-encoded, signed as it is sent',
      ask(policyOf(`${origin}/download/${encodedKey}`), `${origin}/download/${encodedKey}`),
    ],
    [
      'a path with a letter percent-encoded, signed without',
      ask(policyOf(url), `${origin}/download/${encodedKey}`),
    ],
    ['an end beyond 2^31 seconds', ask(policyOf(url, { DateLessThan: { 'AWS:EpochTime': 2 ** 31 + 1 } }))],
    ['Policy without the padding of its base64', unpadded(url, signed)],
    ['Policy and Expires together', `${ask(policyOf(url))}&Expires=${later()}`],
    ['Policy twice, the good one first', twice(url, signed, ['good', 'bad'])],
    ['Policy twice, the good one last', twice(url, signed, ['bad', 'good'])],
  ];
}

/** A policy whose base64 needs padding, sent without it. */
function unpadded(url, signed) {
  let policy = policyOf(url);
  while (Buffer.byteLength(policy) % 3 === 0) policy += ' ';
  const parameters = signed(policy);
  return `${url}?${query({ ...parameters, Policy: parameters.Policy.replace(/_+$/, '') })}`;
}

function twice(url, signed, order) {
  const good = signed(policyOf(url));
  const policies = { good: good.Policy, bad: signed(policyOf(`${url}x`)).Policy };
  const [first, second] = order.map((which) => `Policy=${policies[which]}`);
  return `${url}?${first}&${second}&Signature=${good.Signature}&Key-Pair-Id=${good['Key-Pair-Id']}`;
}

/** Whether the second of DateLessThan itself is still good: asked until the answers pass it. */
async function atTheEnd({ world, origin, key, signed }) {
  const end = Math.floor(Date.now() / 1000) + 3;
  const url = `${origin}/download/${key}`;
  const signedUrl = `${url}?${query(signed(policyOf(url, { DateLessThan: { 'AWS:EpochTime': end } })))}`;
  for (;;) {
    const { status, headers } = await world.send(signedUrl);
    const second = Date.parse(headers.get('date') ?? new Date().toUTCString()) / 1000;
    if (second === end) return status;
    if (second > end) return undefined;
    await sleep(100);
  }
}

/** What S3 makes of an upload that promises other bytes than it brings. */
async function wrongChecksum({ world, uploads }) {
  const ticket = await uploads.requestUpload({
    owner: 'smoke',
    maxBytes: 5,
    contentType: 'text/plain',
    filename: 'c.txt',
  });
  const headers = { ...ticket.headers, 'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64') };
  const { status } = await world.send(ticket.url, { method: 'PUT', headers, body: 'hello' });
  return status;
}

/**
 * Asks them all.
 * @param {object} parts
 * @param {import('../story/steps.mjs').World} parts.world
 * @param {import('edgeseal/aws').UploadService} parts.uploads
 * @param {string} parts.secretArn of the key that the distribution trusts
 * @param {string} parts.key of an object that exists; its first character is a letter or digit
 * @returns {Promise<{ question: string, status: number | undefined, answer: string }[]>}
 */
export async function askCloudFront({ world, uploads, secretArn, key }) {
  const signed = await rawSigner(world, secretArn);
  const at = { world, uploads, origin: world.origin, key, signed };
  const answers = [];
  const note = (question, status, good = 'accepted', bad = 'refused') => {
    const answer = status === undefined ? 'not seen this time' : status < 300 ? good : bad;
    answers.push({ question, status, answer });
  };
  for (const [question, url] of single(at)) note(question, (await world.send(url)).status);
  note('a request in the second of DateLessThan', await atTheEnd(at));
  note('an upload with a wrong x-amz-checksum-sha256', await wrongChecksum(at));
  return answers;
}

/** What needs more than requests, and is not asked. */
export const unasked = [
  'which signing parameters a viewer-request function sees behind a key group',
  'whether Hash-Algorithm and the CloudFront-* cookies reach the origin',
  'whether If-None-Match on a PUT reaches S3 through origin access control: the products do not pass it on',
  'the largest body of a PUT',
  'Node.js 24 on Lambda@Edge',
  'request rates and token retention of AWS Service Catalog',
  'whether the publisher itself must be able to read a template',
  'a LocalRoleName with a path',
];
