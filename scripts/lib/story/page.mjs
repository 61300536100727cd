/** The page of the example application on top of a story that was left running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createApp } from '../../../examples/upload-api/app.mjs';

/**
 * Listens, so that its origin is known before there is anything to show.
 * @returns {Promise<{ origin: string, show: (parts: object) => void, stop: () => Promise<void> }>}
 */
export async function startPage() {
  let listener = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** @param {{ uploads: object, records: object, signedFor: string, edge: string }} parts */
    show({ uploads, records, signedFor, edge }) {
      const app = createApp({
        uploads: atTheEdge(uploads, signedFor, edge),
        records,
        filesOrigin: edge,
        userOf: () => 'ann',
      });
      listener = getRequestListener(app.fetch);
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The same uploads, with URLs that lead to this machine: the edge takes its own address for the team's domain. */
function atTheEdge(uploads, signedFor, edge) {
  const local = (url) => edge + url.slice(signedFor.length);
  return {
    async requestUpload(options) {
      const ticket = await uploads.requestUpload(options);
      return { ...ticket, url: local(ticket.url) };
    },
    completeUpload: (options) => uploads.completeUpload(options),
    requestDownload: async (options) => local(await uploads.requestDownload(options)),
  };
}

const openers = { darwin: 'open', win32: 'explorer', linux: 'xdg-open' };

/** Opens a page in the person's browser. The address is printed as well, so it does not matter if there is none. */
export function openInBrowser(url) {
  const child = spawn(openers[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
