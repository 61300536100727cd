/**
 * The loop of a Lambda runtime for Node, for machines on which AWS's own client cannot be compiled: loads the handler once,
 * then asks for an event, runs the handler, and posts what it returned or threw.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const [file, name] = process.argv[2].split('.');
const post = (path, body) => fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body) });

const handler = createRequire(join(process.cwd(), 'x.js'))(join(process.cwd(), `${file}.js`))[name];
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  try {
    await post(`/invocation/${id}/response`, await handler(await next.json(), { awsRequestId: id }));
  } catch (thrown) {
    await post(`/invocation/${id}/error`, { errorType: thrown?.name, errorMessage: thrown?.message });
  }
}
