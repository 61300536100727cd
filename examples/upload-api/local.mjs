// The application with everything on this machine: a local edge for the domain, a folder for the bucket, memory for
// the table. Needs no AWS account.
import { serve } from '@hono/node-server';
import { UploadService } from 'edgeseal/aws';
import { createLocalEdge } from 'edgeseal/dev';
import { createApp } from './app.mjs';
import { MemoryRecords } from './memory-records.mjs';

const { PORT = '3000', STORE = './files' } = process.env;

/** The page's address has to be known to the edge, and the edge's to the page: one of the ports is asked for first. */
function listen(app, port) {
  return new Promise((resolve) => {
    const server = serve(
      { fetch: (request) => app.current.fetch(request), port, hostname: '127.0.0.1' },
      (address) => resolve({ server, origin: `http://127.0.0.1:${address.port}` }),
    );
  });
}

const app = { current: undefined };
const { server, origin } = await listen(app, Number(PORT));
const edge = await createLocalEdge({ store: STORE, cors: { origins: [origin] } }).start();
const records = new MemoryRecords();
const uploads = new UploadService({ signer: edge.signer, origin: edge.origin, records });
app.current = createApp({ uploads, records, filesOrigin: edge.origin, userOf: () => 'me' });
console.log(origin);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close();
    server.closeAllConnections();
    await edge.stop();
  });
}
