// The edge commands as processes: what they write, refuse and say.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { edgeseal } from './cli/run.mjs';
import { keyFile } from './support/vectors.mjs';

const kilobyte = 1000;
const id = 'K2JCJMDEHXQW5F';

/** Lends a folder with these files. */
async function withFiles(files, work) {
  const cwd = mkdtempSync(join(tmpdir(), 'edgeseal-edge-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(cwd, name, '..'), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    return await work(cwd);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

const keys = {
  [`keys/${id}.pem`]: keyFile('ec-public.pem'),
  'keys/K3RSAEXAMPLE01.pem': keyFile('rsa-public.pem'),
};

for (const mode of ['behind-key-group', 'standalone']) {
  test(`what edge init writes for ${mode} has no finding, passes its own cases and builds`, () =>
    withFiles(keys, async (cwd) => {
      const written = await edgeseal(['edge', 'init', '--mode', mode], { cwd });
      assert.deepEqual([written.code, written.stdout], [0, 'edge.yaml\ncases.yaml\n']);
      const tested = await edgeseal(['edge', 'test'], { cwd });
      assert.equal(tested.code, 0, tested.stdout);
      assert.match(tested.stdout, /\n8 passed, 0 failed\n$/);
      assert.equal(tested.stderr, '');
      const built = await edgeseal(['edge', 'build', '--strict', '--keys', 'keys', '--json'], { cwd });
      assert.equal(built.code, 0, built.stdout);
      assert.deepEqual(JSON.parse(built.stdout).findings, []);
      assert.match(readFileSync(join(cwd, 'edge.yaml'), 'utf8'), /^# yaml-language-server: \$schema=https:/);
    }));
}

test('edge init overwrites nothing, and leaves nothing when it cannot write everything', () =>
  withFiles({ 'cases.yaml': 'mine' }, async (cwd) => {
    const { code, stderr } = await edgeseal(['edge', 'init'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /cases\.yaml is there already, and is not overwritten/);
    assert.equal(readFileSync(join(cwd, 'cases.yaml'), 'utf8'), 'mine');
    assert.ok(!existsSync(join(cwd, 'edge.yaml')));
  }));

test('a bundle is one file of code and the module, readable by everybody, and as small as promised', () =>
  withFiles(keys, async (cwd) => {
    await edgeseal(['edge', 'init', '--mode', 'standalone'], { cwd });
    const { stdout, code } = await edgeseal(['edge', 'build', '--keys', 'keys', '--out', 'out', '--json'], {
      cwd,
    });
    assert.equal(code, 0);
    const { zip, codeSha256, sizes, keys: listed } = JSON.parse(stdout);
    const bytes = readFileSync(join(cwd, zip));
    assert.equal(codeSha256, createHash('sha256').update(bytes).digest('base64'));
    const files = unzipSync(bytes);
    assert.deepEqual(Object.keys(files), ['index.js', 'edgeseal.wasm.br']);
    const gzipped = Object.values(files).reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    assert.equal(sizes.gzip, gzipped);
    assert.equal(sizes.zip, bytes.length);
    assert.ok(bytes.length <= 120 * kilobyte, `the zip file has ${bytes.length} bytes`);
    assert.ok(gzipped <= 90 * kilobyte, `code and module have ${gzipped} bytes as gzip`);
    // The mode of each file stands in the central directory, above the low 16 bits of the attributes.
    const directory = bytes.readUInt32LE(bytes.length - 6);
    assert.equal(bytes.readUInt32LE(directory + 38) >>> 16, 0o100644);
    assert.deepEqual(
      listed.map(({ keyPairId, algorithm }) => [keyPairId, algorithm]),
      [
        [id, 'ECDSA-P256'],
        ['K3RSAEXAMPLE01', 'RSA-2048'],
      ],
    );
    assert.ok(!existsSync(join(cwd, `out/edge.zip.${process.pid}.part`)));
    assert.ok(statSync(join(cwd, 'out/edge.zip')).isFile());
  }));

test('the same rules and keys make the same bytes, in every time zone and from JSON as from YAML', () =>
  withFiles(
    {
      ...keys,
      'keys.json': JSON.stringify({
        K3RSAEXAMPLE01: keyFile('rsa-public.pem'),
        [id]: keyFile('ec-public.pem'),
      }),
    },
    async (cwd) => {
      await edgeseal(['edge', 'init', '--mode', 'standalone'], { cwd });
      const hashes = new Set();
      for (const [TZ, path] of [
        ['UTC', 'keys'],
        ['Asia/Kolkata', 'keys'],
        ['America/New_York', 'keys.json'],
      ]) {
        const { stdout } = await edgeseal(['edge', 'build', '--keys', path, '--json'], { cwd, env: { TZ } });
        hashes.add(JSON.parse(stdout).codeSha256);
      }
      assert.equal(hashes.size, 1);
    },
  ));

const loose = `version: 1
mode: standalone
rules:
  - name: all
    path: /*
    methods: [GET, PUT]
    keyPairIds: [KUNKNOWN]
`;

test('an error in the rules ends the build with its place and what to do, and writes nothing', () =>
  withFiles({ ...keys, 'edge.yaml': loose }, async (cwd) => {
    const { code, stdout, stderr } = await edgeseal(['edge', 'build', '--keys', 'keys'], { cwd });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^edge\.yaml:7:18: error: there is no public key KUNKNOWN \[unknown-key-pair-id\]\n {2}fix: \S/,
    );
    assert.match(stderr, /^edge\.yaml:\d+:\d+: warning: /m);
    assert.match(stderr, /edgeseal edge build: nothing was built: edge\.yaml has 1 error, \d warnings/);
    assert.ok(!existsSync(join(cwd, 'dist')));
    for (const line of stderr.split('\n')) assert.ok(line.length <= 80, line);
  }));

test('warnings end the build only with --strict', () =>
  withFiles({ 'edge.yaml': loose.replace(/ {4}keyPairIds.*\n/, ''), ...keys }, async (cwd) => {
    const lax = await edgeseal(['edge', 'build', '--keys', 'keys'], { cwd });
    assert.equal(lax.code, 0, lax.stderr);
    assert.match(lax.stderr, /warning/);
    const strict = await edgeseal(
      ['edge', 'build', '--keys', 'keys', '--strict', '--json', '--out', 'strict'],
      { cwd },
    );
    assert.equal(strict.code, 2);
    assert.ok(JSON.parse(strict.stdout).findings.some(({ code }) => code === 'opens-everything'));
    assert.ok(!existsSync(join(cwd, 'strict')));
  }));

test('a standalone policy is not built without keys', () =>
  withFiles({}, async (cwd) => {
    await edgeseal(['edge', 'init', '--mode', 'standalone'], { cwd });
    const { code, stderr } = await edgeseal(['edge', 'build'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /\[no-keys\]/);
  }));

const minimal = 'version: 1\nmode: standalone\nrules:\n  - { name: a, path: /a/*, maxLifetime: 1h }\n';
for (const [what, files, path, expected] of [
  [
    'a private key',
    { [`keys/${id}.pem`]: keyFile('ec-pkcs8.pem') },
    'keys',
    /is a private key, which has no place at\s+the edge \[invalid-key\]/,
  ],
  [
    'a key of a size that CloudFront refuses',
    { [`keys/${id}.pem`]: keyFile('refused-rsa-1024-public.pem') },
    'keys',
    /keys\/K2JCJMDEHXQW5F\.pem: [\s\S]*\[unsupported-key\]/,
  ],
  [
    'a name that is no id',
    { 'keys/my key.pem': keyFile('ec-public.pem') },
    'keys',
    /\[invalid-key-pair-id\]/,
  ],
  ['a folder without keys', { 'keys/readme.txt': 'x' }, 'keys', /has no file that ends in \.pem/],
  ['a folder that is not there', {}, 'keys', /--keys: keys does not exist/],
  ['a file that is no JSON', { 'keys.json': 'x' }, 'keys.json', /neither a folder nor JSON/],
  [
    'JSON with another field',
    { 'keys.json': JSON.stringify({ [id]: { publicKey: 'x', enable: true } }) },
    'keys.json',
    /must be PEM text or/,
  ],
  ['JSON with a list', { 'keys.json': '[]' }, 'keys.json', /must be an object from key-pair ids/],
]) {
  test(`${what} is refused by edge build`, () =>
    withFiles({ 'edge.yaml': minimal, ...files }, async (cwd) => {
      const { code, stdout, stderr } = await edgeseal(['edge', 'build', '--keys', path], { cwd });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr.replaceAll(/\n/g, ' '), expected);
      assert.doesNotMatch(stderr, /MI[A-Za-z0-9+/]{20}/);
    }));
}

test('a certificate and a disabled key go into the bundle as public keys', () =>
  withFiles(
    {
      'edge.yaml': minimal,
      'keys.json': JSON.stringify({
        [id]: keyFile('rsa-certificate.pem'),
        K9: { publicKey: keyFile('ec-public.pem'), enabled: false },
      }),
    },
    async (cwd) => {
      const { stdout, code, stderr } = await edgeseal(['edge', 'build', '--keys', 'keys.json', '--json'], {
        cwd,
      });
      assert.equal(code, 0, stderr);
      assert.deepEqual(JSON.parse(stdout).keys, [
        { keyPairId: id, algorithm: 'RSA-2048', enabled: true },
        { keyPairId: 'K9', algorithm: 'ECDSA-P256', enabled: false },
      ]);
      const index = Buffer.from(unzipSync(readFileSync(join(cwd, 'dist/edge.zip')))['index.js']).toString();
      assert.doesNotMatch(index, /CERTIFICATE/);
    },
  ));

const policy = `version: 1
mode: standalone
rules:
  - name: upload
    path: /upload/*
    methods: [PUT]
    keyPairIds: [${id}]
    maxLifetime: 1h
    upload: { maxBytes: 1MB, requireConstraints: [maxBytes] }
    cors: { origins: [https://app.example.com] }
  - name: download
    path: /download/*
    stripPrefix: /download
    maxLifetime: 1h
    query: { allow: [v] }
`;
const request = (fields, expect) =>
  `  - name: one\n    request: ${JSON.stringify(fields)}\n    expect: ${JSON.stringify(expect)}\n`;
const download = { path: '/download/a.png' };

for (const [what, fields, expect] of [
  ['an unsigned request', download, { decision: 'deny', reason: 'missing-credentials', rule: 'download' }],
  ['a signed URL', { ...download, signed: true }, { decision: 'allow', uri: '/a.png', querystring: '' }],
  ['a short form', 'GET /elsewhere', 'deny'],
  [
    'a query that is signed along',
    { path: '/download/a.png?v=2', signed: true },
    { decision: 'allow', querystring: 'v=2' },
  ],
  [
    'a parameter that is added later',
    { ...download, signed: true, append: 'v=3' },
    { decision: 'deny', reason: 'bad-signature' },
  ],
  [
    'a request that comes too late',
    { ...download, signed: { expires: '10m' }, after: '11m' },
    { decision: 'deny', reason: 'expired' },
  ],
  [
    'a URL for another path',
    { ...download, signed: { url: '/download/b.png' } },
    { decision: 'deny', reason: 'bad-signature' },
  ],
  ['a resource with a wildcard', { ...download, signed: { resource: '/download/*' } }, 'allow'],
  [
    'signed cookies',
    { ...download, cookies: { resource: '/download/*' } },
    { decision: 'allow', headers: { cookie: null } },
  ],
  [
    'a key nobody trusts',
    { ...download, signed: { keyPairId: 'KNOBODY' } },
    { decision: 'deny', reason: 'unknown-key' },
  ],
  [
    'another address',
    { ...download, clientIp: '198.51.100.1', signed: { ipAddress: '192.0.2.0/24' } },
    { decision: 'deny', reason: 'ip-mismatch' },
  ],
  [
    'a lifetime beyond the rule',
    { ...download, signed: { expires: '2h' } },
    { decision: 'deny', reason: 'lifetime-too-long' },
  ],
  [
    'an upload within its own limit',
    {
      method: 'PUT',
      path: '/upload/a',
      headers: { 'content-length': 10 },
      signed: { upload: { maxBytes: 10 } },
    },
    'allow',
  ],
  [
    'an upload beyond its own limit',
    {
      method: 'PUT',
      path: '/upload/a',
      headers: { 'content-length': 11 },
      signed: { upload: { maxBytes: 10 } },
    },
    { decision: 'deny', reason: 'too-large', status: 413 },
  ],
  [
    'a header that stands twice',
    { method: 'PUT', path: '/upload/a', headers: { 'content-length': [1, 2] } },
    { decision: 'deny', reason: 'ambiguous-length' },
  ],
  [
    'a preflight',
    {
      method: 'OPTIONS',
      path: '/upload/a',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'PUT' },
    },
    {
      decision: 'respond',
      status: 204,
      headers: { 'access-control-allow-origin': 'https://app.example.com' },
    },
  ],
]) {
  test(`edge test decides about ${what}`, () =>
    withFiles({ 'edge.yaml': policy, 'cases.yaml': `cases:\n${request(fields, expect)}` }, async (cwd) => {
      const { code, stdout } = await edgeseal(['edge', 'test', 'cases.yaml'], { cwd });
      assert.equal(code, 0, stdout);
    }));
}

test('edge test shows what differs, where the case stands, and why it was decided so', () =>
  withFiles(
    {
      'edge.yaml': policy,
      'cases.yaml': `cases:\n  - name: readers read\n    request: { path: /download/a.png, signed: { expires: 2h } }\n    expect: { decision: allow, uri: /a.png }\n`,
    },
    async (cwd) => {
      const { code, stdout, stderr } = await edgeseal(['edge', 'test'], { cwd });
      assert.equal(code, 1);
      assert.equal(
        stdout,
        [
          'FAIL  readers read',
          '      cases.yaml:2:11',
          '      GET /download/a.png',
          '      decision  expected  allow',
          '                got       deny',
          '      uri       expected  /a.png',
          '                got       (absent)',
          '      decided: deny (lifetime-too-long, rule download): The credential is',
          '        valid for longer than the rule accepts.',
          '0 passed, 1 failed',
          '',
        ].join('\n'),
      );
      assert.equal(stderr, 'no case reaches: upload\n');
    },
  ));

for (const [what, cases, expected] of [
  ['no YAML', 'cases: [', /cases\.yaml:1:\d+: /],
  ['no cases', 'host: a.example\n', /there are no cases/],
  ['an empty list', 'cases: []\n', /cases\.yaml:1:\d: there are no cases/],
  [
    'a misspelt field',
    'cases:\n  - request: GET /\n    expects: allow\n',
    /cases\.yaml:3:14: a case has no field "expects"[\s\S]*did you mean expect\?/,
  ],
  [
    'a misspelt decision',
    'cases:\n  - request: GET /\n    expect: allowed\n',
    /cases\.yaml:3:13: the decision must be allow, deny or respond/,
  ],
  [
    'a path that is none',
    'cases:\n  - request: { path: a }\n    expect: allow\n',
    /cases\.yaml:2:22: path must be there/,
  ],
  [
    'a time that is none',
    'cases:\n  - request: { path: /a, signed: { expires: soon } }\n    expect: allow\n',
    /cases\.yaml:2:45: /,
  ],
  [
    'two credentials',
    'cases:\n  - request: { path: /a, signed: true, cookies: true }\n    expect: allow\n',
    /signed or cookies, not both/,
  ],
  [
    'a signature that cannot be made',
    'cases:\n  - request: { path: /a, signed: { resource: "/a*", upload: { maxBytes: 1 } } }\n    expect: allow\n',
    /cases\.yaml:2:5: the request cannot be signed/,
  ],
]) {
  test(`a case file with ${what} is refused with its place`, () =>
    withFiles({ 'edge.yaml': policy, 'cases.yaml': cases }, async (cwd) => {
      const { code, stdout, stderr } = await edgeseal(['edge', 'test'], { cwd });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr.replaceAll(/\n */g, ' '), expected);
    }));
}

test('a recorded signed URL is judged with the real key', () =>
  withFiles({ 'edge.yaml': policy, ...keys }, async (cwd) => {
    copyFileSync(new URL('../../../tests/keys/ec-pkcs8.pem', import.meta.url), join(cwd, 'private.pem'));
    const signed = await edgeseal(
      [
        'sign',
        'https://files.example.com/download/a.png',
        '--key',
        'private.pem',
        '--key-pair-id',
        id,
        '--expires',
        '2026-01-01T12:30:00Z',
      ],
      { cwd },
    );
    const recorded = signed.stdout.trim().slice('https://files.example.com'.length);
    const cases = [
      request({ path: recorded }, { decision: 'allow', uri: '/a.png' }),
      request({ path: recorded.replace('a.png', 'b.png') }, { decision: 'deny', reason: 'bad-signature' }),
    ];
    writeFileSync(join(cwd, 'cases.yaml'), `cases:\n${cases.join('')}`);
    const { code, stdout } = await edgeseal(['edge', 'test', '--keys', 'keys'], { cwd });
    assert.equal(code, 0, stdout);
  }));

test('the cases in the documentation are decided as it says', () =>
  withFiles({}, async (cwd) => {
    const page = readFileSync(new URL('../../../docs/edge-bundle.md', import.meta.url), 'utf8');
    const [, cases] = /```yaml\n(host:[\s\S]*?)```/.exec(page);
    await edgeseal(['edge', 'init', '--mode', 'standalone'], { cwd });
    writeFileSync(join(cwd, 'documented.yaml'), cases);
    const { code, stdout } = await edgeseal(['edge', 'test', 'documented.yaml'], { cwd });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /\n3 passed, 0 failed\n$/);
  }));
