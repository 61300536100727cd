/** The shared edge vectors as viewer-request events. */
import { readdirSync, readFileSync } from 'node:fs';

const tests = new URL('../../', import.meta.url);
const readJson = (path) => JSON.parse(readFileSync(new URL(path, tests), 'utf8'));

const { now: defaultNow, keys: keyTable } = readJson('edge-vectors/credentials.json');
const signed = readJson('edge-vectors/signed.json');

/** The time of the vectors, in seconds since 1970. */
export const vectorNow = defaultNow;

/** The public keys, as the handler takes them. */
export const vectorKeys = Object.fromEntries(
  Object.entries(keyTable).map(([id, { file, enabled }]) => [
    id,
    { publicKey: readFileSync(new URL(`keys/${file}`, tests), 'utf8'), enabled },
  ]),
);

/** The text of a credential: a signed URL, or a Cookie header. */
export const credential = (name) => signed[name];

/** Every case file: its name, its policy and its cases, each with an event. */
export function vectorFiles() {
  return readdirSync(new URL('edge-vectors/', tests))
    .filter((name) => name.startsWith('cases-'))
    .map((name) => {
      const { policy, cases } = readJson(`edge-vectors/${name}`);
      return { name, policy, cases: cases.map((one) => ({ ...one, event: () => eventOf(one) })) };
    });
}

function eventOf({ signed: name, request = {} }) {
  const { method = 'GET', host = 'files.example.com', clientIp = '192.0.2.7' } = request;
  const [, path = '/', query = ''] =
    name === undefined ? [] : /^https?:\/\/[^/]+(\/[^?]*)\?(.*)$/s.exec(signed[name]);
  const headers = { host: [{ key: 'Host', value: host }] };
  for (const [key, value] of request.headers ?? []) {
    headers[key.toLowerCase()] = [...(headers[key.toLowerCase()] ?? []), { key, value: fill(value) }];
  }
  return viewerRequest({
    method,
    uri: request.uri ?? path,
    querystring: request.querystring === undefined ? query : fill(request.querystring),
    clientIp: clientIp ?? 'unknown',
    headers,
  });
}

/** Puts credentials where their names stand in braces. */
function fill(text) {
  return Object.entries(signed).reduce((filled, [name, value]) => {
    if (!value.startsWith('http')) return filled.replaceAll(`{${name}}`, value);
    const query = value.slice(value.indexOf('?') + 1);
    const parameters = query.slice(query.search(/Expires=|Policy=/));
    return filled.replaceAll(`{${name}}`, query).replaceAll(`{${name}:credential}`, parameters);
  }, text);
}

/** An event around a request. */
export function viewerRequest(request) {
  const config = {
    distributionDomainName: 'd111111abcdef8.cloudfront.net',
    distributionId: 'EDFDVBD6EXAMPLE',
    eventType: 'viewer-request',
    requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
  };
  return { Records: [{ cf: { config, request } }] };
}
