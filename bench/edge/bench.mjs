/** The edge handler against the public-key operation it cannot do without, and its cold start against an empty handler. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Signer } from 'edgeseal';
import { createViewerRequestHandler } from 'edgeseal/edge';
import { unzipSync } from 'fflate';

const root = new URL('../../', import.meta.url);
const readKey = (name) => readFileSync(new URL(`tests/keys/${name}.pem`, root), 'utf8');
const keyPairId = 'K2JCJMDEHXQW5F';
const expires = 1_767_290_400;
const now = () => expires - 400;
const kinds = {
  RSA: { privateKey: readKey('rsa-pkcs8'), publicKey: readKey('rsa-public') },
  ECDSA: { privateKey: readKey('ec-pkcs8'), publicKey: readKey('ec-public') },
};
const url = 'https://files.example.com/download/2026/annual-report.pdf?size=large';
const policy = {
  version: 1,
  mode: 'standalone',
  rules: [
    { name: 'upload', path: '/upload/*', methods: ['PUT'], upload: { maxBytes: '25MB' } },
    {
      name: 'download',
      path: '/download/*',
      stripPrefix: '/download',
      maxLifetime: '1d',
      query: { allow: ['size'] },
    },
  ],
};

/** An event for a signed URL, with the headers that a browser sends. */
function eventOf(signed) {
  const { pathname, search } = new URL(signed);
  const header = (key, value) => [key.toLowerCase(), [{ key, value }]];
  const headers = Object.fromEntries([
    header('Host', 'files.example.com'),
    header('User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0'),
    header('Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'),
    header('Accept-Language', 'en-GB,en;q=0.5'),
    header('Accept-Encoding', 'gzip, deflate, br, zstd'),
    header('Cookie', 'theme=dark; session=0123456789abcdef'),
  ]);
  const config = {
    distributionDomainName: 'd111111abcdef8.cloudfront.net',
    distributionId: 'EDFDVBD6EXAMPLE',
    eventType: 'viewer-request',
    requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
  };
  const request = {
    clientIp: '203.0.113.178',
    method: 'GET',
    uri: pathname,
    querystring: search.slice(1),
    headers,
  };
  return { Records: [{ cf: { config, request } }] };
}

function oneRequest(kind) {
  const { privateKey, publicKey } = kinds[kind];
  const signed = Signer.fromPem({ keyPairId, privateKey }).signUrl({ url, expires });
  const event = eventOf(signed);
  const { request } = event.Records[0].cf;
  // The handler changes the request, so each run gets the path and query that came.
  const { uri, querystring } = request;
  const handling = (memo) => {
    const handler = createViewerRequestHandler({ policy, keys: { [keyPairId]: publicKey }, memo, now });
    return () => {
      request.uri = uri;
      request.querystring = querystring;
      return handler(event);
    };
  };
  const key = createPublicKey(publicKey);
  const message = Buffer.from(
    `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`,
  );
  const text = new URLSearchParams(querystring).get('Signature');
  const signature = Buffer.from(
    text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'),
    'base64',
  );
  const [alone, fresh, remembered] = [
    () => verify('sha256', message, key, signature),
    handling(false),
    handling(256),
  ];
  return {
    title: `decide about one signed URL, ${kind}, SHA256`,
    contenders: [
      { name: 'crypto.verify alone', run: alone },
      { name: 'handler, memo off', run: fresh },
      { name: 'handler, a signature it remembers', run: remembered },
    ],
    check: async () => {
      assert.ok(alone());
      for (const run of [fresh, remembered]) assert.equal((await run()).uri, '/2026/annual-report.pdf');
    },
  };
}

/** Whole processes: what the second takes longer is the cold start. */
function coldStart() {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { privateKey, publicKey } = kinds.ECDSA;
  const event = eventOf(Signer.fromPem({ keyPairId, privateKey }).signUrl({ url, expires: '12h' }));
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
  writeFileSync(join(folder, 'edge.json'), JSON.stringify(policy));
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ [keyPairId]: publicKey }));
  const program = new URL('wasm/js/dist/esm/cli/main.js', root).pathname;
  const options = ['--policy', 'edge.json', '--keys', 'keys.json'];
  const built = spawnSync(process.execPath, [program, 'edge', 'build', ...options], { cwd: folder });
  assert.equal(built.status, 0, String(built.stderr));
  mkdirSync(join(folder, 'edgeseal'));
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(folder, 'dist/edge.zip'))))) {
    writeFileSync(join(folder, 'edgeseal', name), bytes);
  }
  mkdirSync(join(folder, 'empty'));
  writeFileSync(
    join(folder, 'empty', 'index.js'),
    'exports.handler = async (event) => event.Records[0].cf.request;\n',
  );
  const starting = (name) => {
    const code = `require('./${name}').handler(JSON.parse(require('fs').readFileSync('event.json'))).then(({ uri }) => process.stdout.write(uri))`;
    return () => String(spawnSync(process.execPath, ['-e', code], { cwd: folder }).stdout);
  };
  const contenders = ['empty', 'edgeseal'].map((name) => ({
    name: `a process with ${name === 'empty' ? 'an empty handler' : 'the bundle'}`,
    run: starting(name),
  }));
  return {
    title: 'from nothing to the first decision',
    contenders,
    check: () => {
      assert.equal(contenders[0].run(), '/download/2026/annual-report.pdf');
      assert.equal(contenders[1].run(), '/2026/annual-report.pdf');
    },
  };
}

export default {
  title: 'At the edge',
  groups: [oneRequest('RSA'), oneRequest('ECDSA'), coldStart()],
};
