// The command `edgeseal dev` as its users meet it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Signer } from 'edgeseal';
import { curl, filesIn, folder, rules } from './support/edge.mjs';

const program = fileURLToPath(new URL('../../wasm/js/dist/esm/cli/main.js', import.meta.url));
const key = (name) => fileURLToPath(new URL(`../keys/${name}.pem`, import.meta.url));

const yaml = `version: 1
mode: standalone
rules:
  - name: images
    path: /upload/*
    methods: [PUT]
    stripPrefix: /upload
    maxLifetime: 10m
    requireIp: true
    upload:
      maxBytes: 25MB
      contentTypes: [image/*]
      extensions: [png]
      requireChecksum: true
      requireConstraints: [method, maxBytes, contentType, sha256]
  - name: download
    path: /download/*
    stripPrefix: /download
`;

/** Starts the command; its lines come one after another. */
async function start(t, args, { env = {} } = {}) {
  const cwd = await folder(t);
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [program, 'dev', '--port', '0', ...args], {
    cwd,
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let remarks = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    remarks += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`it ended: ${remarks}`);
    return value;
  };
  const stop = (signal = 'SIGINT') =>
    new Promise((ended) => {
      child.once('close', (code) => ended(code));
      child.kill(signal);
    });
  return { cwd, next, stop, remarks: () => remarks };
}

/** All that is said at the start. */
async function announcement({ next }) {
  const lines = [];
  do lines.push(await next());
  while (!/^Requests/.test(lines.at(-1)));
  return lines;
}

/** Runs the command to its end. */
function run(args, cwd) {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [program, 'dev', ...args],
      { cwd, env: { PATH: process.env.PATH } },
      (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

/** Runs a line as it was printed, in a shell. */
function shell(line) {
  return new Promise((done) => {
    execFile(
      'sh',
      ['-c', `${line.trim()} --silent --show-error --write-out ' %{http_code}'`],
      (_error, stdout, stderr) => done(stdout + stderr),
    );
  });
}

const withPolicy = async (t, text = yaml) => {
  const file = join(await folder(t), 'edge.yaml');
  writeFileSync(file, text);
  return file;
};

for (const [name, args] of [
  ['without rules', async () => []],
  ['with demanding rules', async (t) => ['--policy', await withPolicy(t)]],
  [
    'for the real domain',
    async (t) => ['--policy', await withPolicy(t), '--origin', 'https://files.example.com'],
  ],
  ['under a name of its own', async () => ['--host-name', 'files.localhost']],
  ['with hidden parameters', async () => ['--hide-signing-params']],
]) {
  test(`${name}, the sample lines work as they are printed`, async (t) => {
    const running = await start(t, ['--store', 'files', ...(await args(t))]);
    const lines = await announcement(running);
    const [upload, download] = lines.filter((line) => line.startsWith('  curl '));
    assert.equal(await shell(upload), ' 200');
    assert.equal(await shell(download), 'hello 200');
    assert.match(
      await running.next(),
      /^\d\d:\d\d:\d\dZ allow {3}200 PUT {2}\/upload\/hello\.\w+ .*5 bytes$/,
    );
    assert.match(
      await running.next(),
      /^\d\d:\d\d:\d\dZ allow {3}200 GET {2}\/download\/hello\.\w+ .*5 bytes$/,
    );
    assert.equal(await running.stop(), 0);
    assert.equal(filesIn(join(running.cwd, 'files')).length, 1);
  });
}

test('the start says where it is, which stages a request goes through, and whose key signs', async (t) => {
  const running = await start(t, ['--store', 'files', '--policy', await withPolicy(t)]);
  const text = (await announcement(running)).join('\n');
  assert.match(text, /^The local edge listens on http:\/\/127\.0\.0\.1:\d+\n/);
  assert.match(text, /\nObjects are in the folder files\n/);
  assert.match(text, /signed by LOCALDEV, a key that was made just now/);
  assert.match(
    text,
    /\n {2}\/upload\/\* +all methods +rules\n {2}\/download\/\* +GET HEAD OPTIONS +rules\n {2}\* +GET HEAD +prefix function\n/,
  );
  for (const line of text.split('\n').filter((each) => !each.includes('curl')))
    assert.ok(line.length <= 80, line);
  assert.ok(!text.includes('\u001b'), 'no colours in a pipe');
});

test('each request is one line, refusals with their reason, and no line holds a query', async (t) => {
  const running = await start(t, ['--store', 'files', '--policy', await withPolicy(t)]);
  const [first] = await announcement(running);
  const [url] = /http:\S+/.exec(first);
  await curl(`${url}/download/a?Signature=verysecret`);
  assert.match(
    await running.next(),
    /^\d\d:\d\d:\d\dZ deny {4}403 GET {2}\/download\/a rule download, missing-key-pair-id \(viewer-request\)$/,
  );
  await curl('-X', 'DELETE', `${url}/download/a`);
  assert.match(
    await running.next(),
    /deny {4}403 DELETE \/download\/a method-not-in-behaviour \(distribution\)$/,
  );
  await curl(`${url}/download/%1b[31mred\u009b`);
  const odd = await running.next();
  assert.ok(!/\p{Cc}/u.test(odd), odd);
});

test('--json writes one object a line', async (t) => {
  const running = await start(t, ['--store', 'files', '--json', '--origin', 'https://files.example.com']);
  const listening = JSON.parse(await running.next());
  assert.equal(listening.event, 'listening');
  assert.equal(listening.origin, 'https://files.example.com');
  assert.equal(listening.keyGroup, true);
  assert.equal(listening.keyPairId, 'LOCALDEV');
  const local = listening.uploadUrl.replace('https://files.example.com', listening.url);
  await curl('-X', 'PUT', '--data-binary', 'hi', local);
  const { event, method, path, decision, status, bytes } = JSON.parse(await running.next());
  assert.deepEqual(
    [event, method, path, decision, status, bytes],
    ['decision', 'PUT', '/upload/hello.txt', 'allow', 200, 2],
  );
  assert.equal(await running.stop('SIGTERM'), 0);
  assert.equal(running.remarks(), '');
});

test('a key of the team signs and is trusted, and applications that hold it are let in', async (t) => {
  const keys = await folder(t);
  copyFileSync(key('rsa-pkcs8'), join(keys, 'private'));
  chmodSync(join(keys, 'private'), 0o600);
  mkdirSync(join(keys, 'public'));
  copyFileSync(key('rsa-public'), join(keys, 'public', 'K2JCJMDEHXQW5F.pem'));
  copyFileSync(key('other-rsa-public'), join(keys, 'public', 'KOTHER.public.pem'));
  const args = ['--store', 'files', '--json', '--sign-with', join(keys, 'private')];

  const found = await start(t, [...args, '--keys', join(keys, 'public')]);
  const listening = JSON.parse(await found.next());
  assert.equal(listening.keyPairId, 'K2JCJMDEHXQW5F');
  const other = Signer.fromPem({
    keyPairId: 'KOTHER',
    privateKey: readFileSync(key('other-rsa')),
  });
  const answer = await curl(other.signUrl({ url: `${listening.url}/download/a`, expires: '5m' }));
  assert.match(answer.text, /<HostId>/);

  const named = await start(t, [...args, '--key-pair-id', 'KTEAM']);
  assert.equal(JSON.parse(await named.next()).keyPairId, 'KTEAM');
});

test('a private key that others can read is warned of', async (t) => {
  const file = join(await folder(t), 'open.pem');
  copyFileSync(key('rsa-pkcs8'), file);
  chmodSync(file, 0o644);
  const running = await start(t, ['--store', 'files', '--sign-with', file, '--key-pair-id', 'KTEAM']);
  await announcement(running);
  assert.match(running.remarks(), /warning other users can read .*open\.pem/);
});

test('warnings of the linter are shown, with their place', async (t) => {
  const text = 'version: 1\nmode: standalone\nrules:\n  - name: all\n    path: /*\n    require: none\n';
  const running = await start(t, ['--store', 'files', '--policy', await withPolicy(t, text)]);
  const lines = await announcement(running);
  assert.match(running.remarks(), /edge\.yaml:5:11: warning: .*\[opens-everything\]/s);
  assert.ok(lines.includes('An upload to try: no rule takes a PUT below /upload/'));
});

test('a sample that the rules refuse says so', async (t) => {
  const text = yaml.replace('path: /upload/*', 'path: /upload/*\n    keyPairIds: [KELSEWHERE]');
  const running = await start(t, ['--store', 'files', '--policy', await withPolicy(t, text)]);
  const lines = (await announcement(running)).join(' ').replaceAll(/\s+/g, ' ');
  assert.match(lines, /It will be refused \(key-not-allowed\): The rule does not accept this key-pair id\./);
});

test('a bucket needs the SDK, and says so where it is missing', async (t) => {
  const cwd = await folder(t);
  // Without node_modules above it, the package finds no SDK.
  const alone = join(cwd, 'edgeseal');
  cpSync(fileURLToPath(new URL('../../wasm/js/', import.meta.url)), alone, {
    recursive: true,
    filter: (path) => !/\/(?:src|test|generated)$/.test(path),
  });
  const { code, stderr } = await new Promise((done) => {
    const main = join(alone, 'dist/esm/cli/main.js');
    execFile(process.execPath, [main, 'dev', '--s3', 'b', '--port', '0'], { cwd }, (error, _stdout, text) =>
      done({ code: error?.code, stderr: text }),
    );
  });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /--s3: a bucket needs the package\s+@aws-sdk\/client-s3\s+\[missing-package\]\n {2}hint: run: npm install --save-dev @aws-sdk\/client-s3\n/,
  );
});

const wrong = [
  [
    'no place',
    [],
    /there is no place for the objects \[usage\]\n {2}hint: give --store FOLDER, or --s3 BUCKET/,
  ],
  ['two places', ['--store', 'a', '--s3', 'b'], /--store and --s3 do not go together/],
  [
    'an endpoint without a bucket',
    ['--store', 'a', '--endpoint-url', 'http://x'],
    /--endpoint-url goes with --s3/,
  ],
  ['a typo', ['--stor', 'a'], /did you mean --store\?/],
  ['a port that is none', ['--store', 'a', '--port', 'http'], /--port must be a number/],
  [
    'every network, unconfirmed',
    ['--store', 'a', '--listen', '0.0.0.0'],
    /--listen: 0\.0\.0\.0 takes requests from every network\s+\[open-to-everyone\]/,
  ],
  ['credentials without origins', ['--store', 'a', '--cors-credentials'], /goes with --cors-origin/],
  ['a missing rule file', ['--store', 'a', '--policy', 'none.yaml'], /--policy: none\.yaml does not exist/],
  [
    'a key without id',
    ['--store', 'a', '--sign-with', key('rsa-pkcs8')],
    /the key-pair id of --sign-with is not known/,
  ],
  [
    'a public key as private',
    ['--store', 'a', '--sign-with', key('rsa-public'), '--key-pair-id', 'K1'],
    /--sign-with: /,
  ],
  [
    'an origin with a path',
    ['--store', 'a', '--origin', 'https://a.example.com/x'],
    /--origin: origin must be a scheme and a host/,
  ],
];
for (const [name, args, message] of wrong) {
  test(`${name} ends with exit code 2 and says what to do`, async (t) => {
    const { code, stdout, stderr } = await run(args, await folder(t));
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^edgeseal dev: error: /m);
    assert.match(stderr.replaceAll(/\n(?! {2}hint)/g, ' '), message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
}

test('rules with an error end it, with the place', async (t) => {
  const policy = await withPolicy(t, 'version: 1\nmode: standalone\nrulez: []\n');
  const { code, stderr } = await run(['--store', 'a', '--policy', policy], await folder(t));
  assert.equal(code, 2);
  assert.match(
    stderr.replaceAll(/\s+/g, ' '),
    /edge\.yaml:3:1: error: unknown field.*edgeseal dev: error: \S+edge\.yaml: 1 error \[invalid-rules\]/,
  );
});

test('a port that is taken ends it', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await new Promise((listening) => other.once('listening', listening));
  const { code, stderr } = await run(
    ['--store', 'a', '--port', String(other.address().port)],
    await folder(t),
  );
  assert.equal(code, 2);
  assert.match(stderr, /--port: something else listens on/);
});

test('JSON rules are taken as well as YAML', async (t) => {
  const running = await start(t, [
    '--store',
    'files',
    '--policy',
    await withPolicy(t, JSON.stringify(rules('behind-key-group'))),
  ]);
  assert.match((await announcement(running)).join('\n'), /key group, rules/);
});
