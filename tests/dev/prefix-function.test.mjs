// The stand-in for the prefix function does what the function in the distribution's template does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { allVersions, readVersion } from '../../products/tools/lib/products.mjs';
import { curl, startEdge } from './support/edge.mjs';

const requests = [
  ['GET', '/download/a.txt'],
  ['HEAD', '/download/a.txt'],
  ['GET', '/download/upload/a.txt'],
  ['GET', '/download/a//b'],
  ['GET', '/download/r%C3%A9sum%C3%A9.pdf'],
  ['GET', '/download/'],
  ['GET', '/download'],
  ['GET', '/'],
  ['GET', '/a.txt'],
  ['GET', '/Download/a.txt'],
  ['GET', '/upload/a.txt'],
  ['HEAD', '/upload/a.txt'],
  ['POST', '/upload/a.txt'],
  ['PATCH', '/upload/a.txt'],
  ['DELETE', '/upload/a.txt'],
  ['PUT', '/upload/a.txt'],
  ['PUT', '/upload/deep/er/a.txt'],
  ['PUT', '/upload/'],
  ['OPTIONS', '/upload/a.txt'],
  ['OPTIONS', '/download/a.txt'],
];

for (const { product, version } of allVersions().filter(
  (entry) => entry.product === 'cloudfront-distribution',
)) {
  const code = readVersion(product, version).Resources.PrefixFunction.Properties.FunctionCode;
  const handler = runInNewContext(`${code}; handler`);

  test(`${version}: the same requests pass, and refusals are the same to the byte`, async (t) => {
    const { edge, decisions } = await startEdge(t);
    const url = edge.signer.signUrl({
      url: `${edge.origin}/download/x`,
      expires: '5m',
      resource: `${edge.origin}/*`,
    });
    const { search } = new URL(url);
    for (const [method, path] of requests) {
      const expected = handler({ request: { method, uri: path, querystring: {}, headers: {} } });
      const args = method === 'HEAD' ? ['--head'] : ['-X', method];
      const answer = await curl(...args, edge.origin + path + search);
      const decision = decisions.at(-1);
      const refused = decision.by === 'viewer-request' && decision.decision === 'deny';
      assert.equal(refused, expected.statusCode !== undefined, `${method} ${path}`);
      if (!refused) continue;
      assert.equal(answer.status, expected.statusCode);
      assert.equal(answer.text, method === 'HEAD' ? '' : expected.body);
      for (const [name, { value }] of Object.entries(expected.headers))
        assert.equal(answer.headers[name], value);
    }
  });
}
