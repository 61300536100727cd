// `edgeseal inspect` as a process: what it serves, to whom, and what it writes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { edgeseal, program } from './run.mjs';

function folder(t) {
  const made = mkdtempSync(join(tmpdir(), 'edgeseal-inspect-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Starts it, and answers its first line. It is ended with the test. */
async function start(t, args, env = {}) {
  const child = spawn(process.execPath, [program, 'inspect', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  const stop = async (signal) => {
    child.kill(signal);
    const [code] = await closed;
    return code;
  };
  t.after(() => stop('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { line, stop };
}

async function startForPrograms(t, args = ['--port', '0']) {
  const { line, stop } = await start(t, [...args, '--json']);
  return { url: JSON.parse(line).url, stop };
}

/** A request with every header under the test's control. */
function ask(url, { method = 'GET', path = '/', headers = {} } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const asked = request({ hostname, port, method, path, headers }, async (response) => {
      const chunks = await response.toArray();
      done({
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      });
    });
    asked.on('error', failed).end();
  });
}

test('it serves the page with headers that let nothing in and nothing out', async (t) => {
  const { url } = await startForPrograms(t);
  const { status, headers, body } = await ask(url);
  assert.equal(status, 200);
  assert.match(body, /<title>Edgeseal inspector/);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['access-control-allow-origin'], undefined);
});

test('the policy in the header is that of the page, and forbids frames as well', async (t) => {
  const { url } = await startForPrograms(t);
  const { headers, body } = await ask(url);
  const [, inPage] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(body);
  const directives = (text) => text.split(';').map((part) => part.trim());
  assert.deepEqual(
    directives(headers['content-security-policy']).sort(),
    [...directives(inPage), "frame-ancestors 'none'"].sort(),
  );
  for (const directive of [
    "default-src 'none'",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ])
    assert.ok(directives(inPage).includes(directive), directive);
});

test('the page names only files that are served, and no other origin', async (t) => {
  const { url } = await startForPrograms(t);
  const { body } = await ask(url);
  const named = [...body.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path]) => path);
  assert.ok(named.length >= 3);
  for (const path of named) {
    assert.doesNotMatch(path, /^(?:\w+:|\/)/);
    assert.equal((await ask(url, { path: `/${path}` })).status, 200, path);
  }
  assert.doesNotMatch(body, /<script(?![^>]*src=)|<style|\son\w+=|style="/);
});

const elsewhere = ['/package.json', '/inspector/../../package.json', '/inspector/%2e%2e/esm/cli/main.js'];
for (const path of [
  ...elsewhere,
  '/esm/cli/main.js',
  '/inspector/files.json',
  '//etc/passwd',
  '/index.html/',
]) {
  test(`nothing is served at ${path}`, async (t) => {
    const { url } = await startForPrograms(t);
    const { status, body } = await ask(url, { path });
    assert.equal(status, 404);
    assert.equal(body, '');
  });
}

test('a name of a stranger that leads here gets nothing', async (t) => {
  const { url } = await startForPrograms(t);
  const { port } = new URL(url);
  const statusFor = async (host) => (await ask(url, { headers: { host } })).status;
  assert.equal(await statusFor(`attacker.example:${port}`), 403);
  assert.equal(await statusFor(`127.0.0.1.attacker.example:${port}`), 403);
  assert.equal(await statusFor(`localhost:${port}`), 200);
});

test('HEAD gets the headers alone, and other methods are refused', async (t) => {
  const { url } = await startForPrograms(t);
  const head = await ask(url, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.body, '');
  assert.ok(Number(head.headers['content-length']) > 1000);
  const post = await ask(url, { method: 'POST' });
  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, 'GET, HEAD');
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} ends it with exit code 0`, async (t) => {
    const { url, stop } = await startForPrograms(t);
    assert.equal(await stop(signal), 0);
    await assert.rejects(ask(url));
  });
}

test('people read where it is', async (t) => {
  const { line } = await start(t, ['--port', '0']);
  assert.match(line, /^The inspector is at http:\/\/127\.0\.0\.1:\d+\/$/);
});

test('a given port that is taken ends it, and says so', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const { code, stderr } = await edgeseal(['inspect', '--port', String(other.address().port)]);
  assert.equal(code, 2);
  assert.match(stderr, /something else listens on 127\.0\.0\.1:\d+ \[port-in-use\]\n {2}hint: /);
});

test('without a port, one of them is free: two can run side by side', async (t) => {
  const [one, other] = [await startForPrograms(t, []), await startForPrograms(t, [])];
  assert.notEqual(one.url, other.url);
});

test('--open shows the page in the browser of the system', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const cwd = folder(t);
  const opener = join(cwd, 'xdg-open');
  const note = join(cwd, 'opened');
  writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > "${note}.part" && mv "${note}.part" "${note}"\n`);
  chmodSync(opener, 0o755);
  const { line } = await start(t, ['--port', '0', '--json', '--open'], {
    PATH: `${cwd}:${process.env.PATH}`,
  });
  while (!readdirSync(cwd).includes('opened')) await new Promise((later) => setTimeout(later, 20));
  assert.equal(readFileSync(note, 'utf8'), JSON.parse(line).url);
});

test('--out writes the files that would be served, and nothing else', async (t) => {
  const cwd = folder(t);
  const { code, stdout, stderr } = await edgeseal(['inspect', '--out', 'site/inspector', '--json'], { cwd });
  assert.equal(code, 0, stderr);
  const { files } = JSON.parse(stdout);
  const root = join(cwd, 'site', 'inspector');
  const written = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
  assert.deepEqual(written.sort(), [...files].sort());
  const { url } = await startForPrograms(t);
  for (const file of files) {
    const { body } = await ask(url, { path: file === 'index.html' ? '/' : `/${file}` });
    assert.equal(body, readFileSync(join(root, file), 'utf8'), file);
  }
});

const wrong = [
  ['a port that is none', ['--port', 'http'], /--port must be a number up to 65535/],
  ['a typo', ['--prot', '1'], /there is no option --prot\b.*did you mean --port\?/s],
  ['--out with --port', ['--out', 'a', '--port', '0'], /--port and --out do not go together/],
  ['--out with --open', ['--out', 'a', '--open'], /--open and --out do not go together/],
  ['a URL, which belongs on the page', ['https://a.example/'], /there is one argument too many/],
];
for (const [name, args, message] of wrong) {
  test(`${name} ends with exit code 2 and says what to do`, async (t) => {
    const { code, stdout, stderr } = await edgeseal(['inspect', ...args], { cwd: folder(t) });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
}

test('a folder that cannot be one is refused', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'taken'), '');
  const { code, stderr } = await edgeseal(['inspect', '--out', 'taken'], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /--out: taken cannot be written \(\w+\)\s+\[unwritable-file\]/);
});
