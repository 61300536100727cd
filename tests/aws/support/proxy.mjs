// A proxy in front of the emulator that counts calls by operation and breaks the ones it is told to break.
import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** The operation of a request: the target of JSON services, the action of query services. */
function operationOf(headers, body) {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.split('.').pop();
  return new URLSearchParams(body.toString()).get('Action') ?? '';
}

/** An error as a JSON service words it. */
export const jsonError =
  (status, name, message = 'no') =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: name, message }));
  };

/** An error as a query service such as STS words it. */
export const queryError =
  (status, code, message = 'no') =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml' });
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    response.end(`<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`);
  };

/** No answer at all. */
export const silence = () => {};

/** The connection is cut. */
export const cut = (incoming) => incoming.socket.destroy();

/**
 * @param {string} upstream the emulator's endpoint
 * @returns {Promise<{ endpoint: string, count: (operation: string) => number, faults: Map<string, Function>,
 *   stop: () => Promise<void> }>} `faults` answers in place of the emulator, by operation
 */
export async function startProxy(upstream) {
  const { hostname, port } = new URL(upstream);
  const faults = new Map();
  const counts = new Map();
  const server = createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const operation = operationOf(incoming.headers, body);
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    const fault = faults.get(operation);
    if (fault !== undefined) return fault(incoming, response);
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    count: (operation) => counts.get(operation) ?? 0,
    faults,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
