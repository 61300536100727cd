/** The CloudFront Function inside the distribution template, run as it stands there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { allVersions, readVersion } from '../../products/tools/lib/products.mjs';

for (const { product, version } of allVersions().filter(
  (entry) => entry.product === 'cloudfront-distribution',
)) {
  const code = readVersion(product, version).Resources.PrefixFunction.Properties.FunctionCode;
  // The sandbox has nothing but the language, as in cloudfront-js-2.0.
  const handler = runInNewContext(`${code}; handler`);
  const run = (method, uri, more = {}) =>
    JSON.parse(JSON.stringify(handler({ request: { method, uri, querystring: {}, headers: {}, ...more } })));

  const passed = [
    ['PUT', '/upload/a.txt', '/a.txt'],
    ['OPTIONS', '/upload/a.txt', '/a.txt'],
    ['GET', '/download/a.txt', '/a.txt'],
    ['HEAD', '/download/a.txt', '/a.txt'],
    ['OPTIONS', '/download/a.txt', '/a.txt'],
    ['GET', '/download/2026/11/r%C3%A9sum%C3%A9.pdf', '/2026/11/r%C3%A9sum%C3%A9.pdf'],
    ['GET', '/download/upload/a.txt', '/upload/a.txt'],
    ['PUT', '/upload/a//b', '/a//b'],
  ];
  for (const [method, uri, key] of passed) {
    test(`${version}: ${method} ${uri} reaches the object ${key}`, () => {
      assert.equal(run(method, uri).uri, key);
    });
  }

  const refused = [
    ['GET', '/upload/a.txt', 'method-not-allowed'],
    ['HEAD', '/upload/a.txt', 'method-not-allowed'],
    ['POST', '/upload/a.txt', 'method-not-allowed'],
    ['PATCH', '/upload/a.txt', 'method-not-allowed'],
    ['DELETE', '/upload/a.txt', 'method-not-allowed'],
    ['PUT', '/download/a.txt', 'method-not-allowed'],
    ['DELETE', '/download/a.txt', 'method-not-allowed'],
    ['put', '/upload/a.txt', 'method-not-allowed'],
    ['PUT', '/upload/', 'path-not-allowed'],
    ['GET', '/download/', 'path-not-allowed'],
    ['GET', '/download', 'path-not-allowed'],
    ['GET', '/', 'path-not-allowed'],
    ['GET', '/a.txt', 'path-not-allowed'],
    ['PUT', '/Upload/a.txt', 'path-not-allowed'],
    ['PUT', '/uploads/a.txt', 'path-not-allowed'],
    ['GET', '//download/a.txt', 'path-not-allowed'],
    ['GET', '/x/download/a.txt', 'path-not-allowed'],
  ];
  for (const [method, uri, code] of refused) {
    test(`${version}: ${method} ${uri} is refused with ${code}`, () => {
      const response = run(method, uri);
      assert.equal(response.statusCode, 403);
      assert.equal(response.headers['cache-control'].value, 'no-store');
      assert.equal(JSON.parse(response.body).code, code);
    });
  }

  test(`${version}: any key is the same object for an upload and a download`, () => {
    fc.assert(
      fc.property(
        fc.webPath().filter((path) => path.length > 1),
        (path) => {
          assert.equal(run('PUT', `/upload${path}`).uri, path);
          assert.equal(run('GET', `/download${path}`).uri, path);
        },
      ),
      { seed: 20261124 },
    );
  });

  test(`${version}: a refusal shows nothing of the request`, () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,20}$/), (secret) => {
        assert.ok(!JSON.stringify(run('GET', `/${secret}`)).includes(secret));
      }),
      { seed: 20261124 },
    );
  });

  test(`${version}: only the path of a request is changed`, () => {
    const more = { querystring: { a: { value: '1' } }, headers: { host: { value: 'files.example.com' } } };
    assert.deepEqual(run('PUT', '/upload/a', more), { method: 'PUT', uri: '/a', ...more });
  });

  test(`${version}: the function fits into the 10 KB that CloudFront gives it`, () => {
    assert.ok(Buffer.byteLength(code) <= 10_240);
  });
}
