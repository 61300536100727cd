/** A viewer's request, as CloudFront sees it: nothing decoded, repeated headers kept apart. */
import type { IncomingMessage } from 'node:http';
import type { CloudFrontHeaders, ViewerRequestEvent } from '../edge/index.js';
import { newId } from './answer.js';

/** What is known about a request once its headers are there. */
export interface Viewer {
  requestId: string;
  method: string;
  /** The raw path. Empty when the request line holds something else than a path. */
  path: string;
  /** The raw query without `?`. */
  query: string;
  /** The host under which the distribution takes the request. */
  host: string;
  headers: CloudFrontHeaders;
  clientIp: string;
  /** Bytes of the request line and the headers. */
  headBytes: number;
}

/** Reads a request. `hostOf` says which host a `Host` header stands for. */
export function readViewer(request: IncomingMessage, hostOf: (header: string) => string): Viewer {
  const target = asUtf8(request.url ?? '');
  const [path, query] = split(target);
  // Without a prototype: a header may be named `constructor`.
  const headers: CloudFrontHeaders = Object.create(null);
  let headBytes = (request.method ?? '').length + (request.url ?? '').length + ' HTTP/1.1  '.length;
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const key = request.rawHeaders[at] ?? '';
    const value = request.rawHeaders[at + 1] ?? '';
    headBytes += key.length + value.length + ': \r\n'.length;
    const name = key.toLowerCase();
    headers[name] ??= [];
    headers[name].push({ key, value });
  }
  const host = hostOf(headers['host']?.[0]?.value ?? '');
  if (headers['host'] !== undefined) headers['host'] = [{ key: 'Host', value: host }];
  // CloudFront takes this header off before it runs a function. Source: *Request and response behavior for Amazon S3
  // origins*, CloudFront Developer Guide.
  delete headers['expect'];
  return {
    requestId: newId(42),
    method: request.method ?? '',
    path: path.startsWith('/') ? path : '',
    query,
    host,
    headers,
    clientIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/i, ''),
    headBytes,
  };
}

function split(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** Bytes that are UTF-8 are read as such, others as ISO-8859-1. Source: *Lambda@Edge restrictions* (URI encoding). */
function asUtf8(latin1: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}

/** The value of a header that may be there once. */
export function header(headers: CloudFrontHeaders, name: string): string | undefined {
  return headers[name]?.[0]?.value;
}

/** The viewer-request event. The headers are copied: a handler may change them. */
export function toEvent(viewer: Viewer, query: string): ViewerRequestEvent {
  const { requestId, clientIp, method, path, headers } = viewer;
  return {
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: 'd111111abcdef8.cloudfront.net',
            distributionId: 'EDFDVBD6EXAMPLE',
            eventType: 'viewer-request',
            requestId,
          },
          request: { clientIp, method, uri: path, querystring: query, headers: structuredClone(headers) },
        },
      },
    ],
  };
}
