/** Serves the files of a page from memory, on loopback, and nothing else. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostReader } from '../dev/address.js';
import { UsageError } from './command.js';
import type { PageFile } from './page-files.js';

const loopback = '127.0.0.1';

/** Who may frame a page cannot be said in the page, so it is said here; the page says the rest. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

/** A page that is being served. */
export interface ServedPage {
  url: string;
  stop(): Promise<void>;
}

/**
 * Serves files until it is stopped.
 *
 * @param ports to try, in order; 0 takes a free one
 * @throws {UsageError} `port-in-use` when something listens on the last of them
 */
export async function servePage(files: readonly PageFile[], ports: readonly number[]): Promise<ServedPage> {
  const byPath = new Map(files.map((file) => [`/${file.path === 'index.html' ? '' : file.path}`, file]));
  // A page of a stranger, whose name was made to lead here, gets nothing.
  const ownHost = hostReader(loopback, undefined);
  const server = createServer((request, response) => answer(request, response, byPath, ownHost));
  await listen(server, ports);
  const { port } = server.address() as AddressInfo;
  return { url: `http://${loopback}:${port}/`, stop: () => stop(server) };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, PageFile>,
  ownHost: (host: string) => string,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const { method = '', url = '', headers: given } = request;
  const file = files.get(url.split('?', 1)[0] ?? '');
  if (ownHost(given.host ?? '') === '') refuse(response, 403);
  else if (method !== 'GET' && method !== 'HEAD') refuse(response, 405);
  else if (file === undefined) refuse(response, 404);
  else {
    response.setHeader('content-type', file.type);
    response.setHeader('content-length', file.bytes.length);
    response.end(method === 'HEAD' ? undefined : file.bytes);
  }
}

function refuse(response: ServerResponse, status: number): void {
  if (status === 405) response.setHeader('allow', 'GET, HEAD');
  response.writeHead(status, { 'content-length': 0 }).end();
}

async function listen(server: Server, ports: readonly number[]): Promise<void> {
  const [port = 0, ...others] = ports;
  const listening = once(server, 'listening');
  server.listen(port, loopback);
  try {
    await listening;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && others.length > 0) return await listen(server, others);
    throw code === 'EADDRINUSE'
      ? new UsageError(
          `something else listens on ${loopback}:${port}`,
          'choose another --port, or leave it out to take any that is free',
          'port-in-use',
        )
      : new UsageError(
          `it is not possible to listen on ${loopback}:${port} (${code})`,
          undefined,
          'cannot-listen',
        );
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
