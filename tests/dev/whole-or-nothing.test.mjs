// An upload is stored whole or not at all, in constant memory.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { curl, filesIn, folder, startEdge, until } from './support/edge.mjs';

/** Opens a connection and sends the head of an upload, and what of the body is given. */
async function begin(url, length, body) {
  const { host, port, hostname, pathname, search } = new URL(url);
  const socket = connect({ port, host: hostname, allowHalfOpen: true });
  await once(socket, 'connect');
  let answer = '';
  socket.once('end', () => socket.end());
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.write(
    `PUT ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${length}\r\n\r\n${body}`,
  );
  return { socket, answer: () => answer };
}

/** Waits until the edge writes the draft of an upload. */
const drafted = (store) =>
  until(() => filesIn(store).some((file) => file.startsWith(join('.edgeseal', 'incoming'))));

for (const [name, leave, reason] of [
  ['breaks off', (socket) => socket.destroy(), 'incomplete-body'],
  ['resets', (socket) => socket.resetAndDestroy(), 'viewer-gone'],
]) {
  test(`an upload that the viewer ${name} leaves nothing`, async (t) => {
    const { store, sign, decisions } = await startEdge(t);
    const { socket } = await begin(sign('/upload/deep/a.txt'), 100, 'only this');
    await drafted(store);
    leave(socket);
    await until(() => decisions.length === 1);
    assert.deepEqual([decisions[0].decision, decisions[0].reason], ['deny', reason]);
    assert.deepEqual(filesIn(store), []);
    assert.equal(statSync(join(store, 'deep'), { throwIfNoEntry: false }), undefined);
  });
}

test('fewer bytes than announced are refused with 400, and nothing is stored', async (t) => {
  const { store, sign, decisions } = await startEdge(t);
  const { socket, answer } = await begin(sign('/upload/a.txt'), 100, 'only this');
  await drafted(store);
  socket.end();
  await once(socket, 'close');
  assert.match(answer(), /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(answer(), /<Code>IncompleteBody<\/Code>.*<RequestId>/);
  await until(() => decisions.length === 1);
  assert.deepEqual([decisions[0].reason, decisions[0].status], ['incomplete-body', 400]);
  assert.deepEqual(filesIn(store), []);
});

test('more bytes than announced are refused with 400, and nothing is stored', async (t) => {
  const { store, sign, decisions } = await startEdge(t);
  const { socket, answer } = await begin(sign('/upload/a.txt'), 4, 'fourand more');
  await once(socket, 'close');
  assert.match(answer(), /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(answer(), /<Code>IncompleteBody<\/Code>/);
  await until(() => decisions.length === 1);
  assert.deepEqual([decisions[0].reason, decisions[0].status], ['incomplete-body', 400]);
  assert.deepEqual(filesIn(store), []);
});

test('stopping the edge in the middle of an upload leaves nothing', async (t) => {
  const { edge, store, sign } = await startEdge(t);
  const { socket } = await begin(sign('/upload/a.txt'), 100, 'only this');
  socket.on('error', () => {});
  await drafted(store);
  await edge.stop();
  assert.deepEqual(filesIn(store), []);
});

test('what a killed edge left behind is gone after the next start', async (t) => {
  const store = await folder(t);
  const incoming = join(store, '.edgeseal', 'incoming');
  mkdirSync(incoming, { recursive: true });
  const ended = spawn(process.execPath, ['-e', '']);
  await once(ended, 'close');
  writeFileSync(join(incoming, `${ended.pid}-draft`), 'half');
  writeFileSync(join(incoming, `${process.pid}-draft`), 'of one that still runs');
  await startEdge(t, { store });
  assert.deepEqual(filesIn(store), [join('.edgeseal', 'incoming', `${process.pid}-draft`)]);
});

test('two uploads of one key end as one of them, whole, with its own ETag and type', async (t) => {
  const { store, sign } = await startEdge(t);
  const contents = Array.from({ length: 8 }, (_, at) => String(at).repeat(300_000 + at));
  const file = await folder(t);
  await Promise.all(
    contents.map((content, at) => {
      const path = join(file, String(at));
      writeFileSync(path, content);
      return curl('-T', path, '-H', `content-type: text/x-${at}`, sign('/upload/same.txt'));
    }),
  );
  const { text, headers } = await curl(sign('/download/same.txt'));
  const winner = contents.indexOf(text);
  assert.notEqual(winner, -1, 'the object is none of the uploads');
  assert.equal(headers['content-type'], `text/x-${winner}`);
  assert.equal(headers.etag, `"${createHash('md5').update(text).digest('hex')}"`);
  assert.deepEqual(filesIn(store), ['same.txt']);
});

test('a download that has begun goes on with the object it began with', async (t) => {
  const { sign } = await startEdge(t);
  const size = 8_000_000;
  const file = join(await folder(t), 'large');
  writeFileSync(file, 'a'.repeat(size));
  await curl('-T', file, sign('/upload/large'));
  const download = await fetch(sign('/download/large'));
  const reader = download.body.getReader();
  let received = (await reader.read()).value;
  writeFileSync(file, 'b'.repeat(size));
  await curl('-T', file, sign('/upload/large'));
  let total = 0;
  while (received !== undefined) {
    assert.ok(received.every((byte) => byte === 0x61));
    total += received.length;
    received = (await reader.read()).value;
  }
  assert.equal(total, size);
});

test('half a gigabyte goes through in constant memory', async (t) => {
  const store = await folder(t);
  const program = fileURLToPath(new URL('./support/edge-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, store], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  const ask = async (word) => {
    child.stdin.write(`${word}\n`);
    return JSON.parse((await lines.next()).value);
  };
  const { upload, download } = await ask('urls');
  const size = 512 * 1024 ** 2;
  const file = join(await folder(t), 'sparse');
  writeFileSync(file, '');
  truncateSync(file, size);
  // One small round first, so that what is loaded once is not counted.
  await curl('-X', 'PUT', '--data-binary', 'x', upload);
  const before = await ask('memory');
  const up = await curl('-T', file, upload);
  assert.equal(up.status, 200, up.text);
  assert.equal(statSync(join(store, 'large.bin')).size, size);
  const down = await curl('--output', '/dev/null', '--write-out', '%{size_download}', download);
  assert.equal(down.exit, 0);
  const after = await ask('memory');
  assert.ok(
    after.peak - before.peak < 96 * 1024 ** 2,
    `grew by ${(after.peak - before.peak) / 1024 ** 2} MiB`,
  );
});
