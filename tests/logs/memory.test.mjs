// Large logs in constant memory: the peak of a long run is about that of a short one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { jsonLog, request, standardLog } from './support/logs.mjs';
import { program } from './support/run.mjs';

const hook = `process.on('exit', () => process._rawDebug(JSON.stringify({ peak: process.resourceUsage().maxRSS })));`;
const peakMegabytes = (stderr) => JSON.parse(stderr.trim().split('\n').at(-1)).peak / 1024;

/** About half a megabyte of log; every block has clients and paths of its own, and as many refusals as asked. */
function block(number, refusals) {
  return Array.from({ length: 700 }, (_, index) =>
    request(
      `https://files.example.com/${number}/${index}?Expires=1&Signature=${'x'.repeat(342)}__&Key-Pair-Id=K2JCJMDEHXQW5F`,
      {
        status: index < refusals ? 403 : 200,
        'c-ip': `10.${number >> 8}.${number & 255}.${index & 255}`,
      },
    ),
  );
}

/** Runs the command over a stream of blocks, in a heap of 48 MB, and tells its peak and its report. */
async function run(blocks) {
  const args = [
    '--max-old-space-size=48',
    '--import',
    `data:text/javascript,${encodeURIComponent(hook)}`,
    program,
    'explain',
    '--from-log',
    '-',
    '--json',
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (piece) => {
      texts[name] += piece;
    });
  }
  const closed = once(child, 'close');
  await pipeline(Readable.from(blocks), child.stdin);
  const [code] = await closed;
  assert.equal(code, 0, texts.stderr);
  return { peak: peakMegabytes(texts.stderr), report: JSON.parse(texts.stdout) };
}

function* repeated(pieces, times) {
  for (let round = 0; round < times; round += 1) yield* pieces;
}

const forms = {
  plain: (values) => Buffer.from(standardLog(values)),
  gzip: (values) => gzipSync(standardLog(values)),
  json: (values) => Buffer.from(jsonLog(values)),
};

/** What the long run may need more than the short one, in megabytes; the input is 125 MB larger. */
const slack = 60;

for (const [name, form] of Object.entries(forms)) {
  test(`150 MB of ${name} need no more memory than 25 MB`, async () => {
    const pieces = Array.from({ length: 10 }, (_, number) => form(block(number, 1)));
    const short = await run(repeated(pieces, 5));
    const long = await run(repeated(pieces, 30));
    assert.equal(long.report.lines.requests, 210_000);
    assert.equal(long.report.requests.refused.total, 300);
    assert.ok(long.peak < short.peak + slack, `${short.peak} MB, then ${long.peak} MB`);
    assert.ok(long.peak < 200, `${long.peak} MB`);
  });
}

test('refusals of ever new clients for ever new paths need no more memory either', async () => {
  function* blocks(count) {
    for (let number = 0; number < count; number += 1) yield forms.plain(block(number, 700));
  }
  const short = await run(blocks(3));
  const long = await run(blocks(20));
  assert.equal(long.report.requests.refused.total, 14_000);
  assert.ok(long.report.groups[0].paths.approximate);
  assert.ok(long.peak < short.peak + slack, `${short.peak} MB, then ${long.peak} MB`);
});

test('a line without an end needs no more memory than the longest line', async () => {
  const piece = Buffer.alloc(1_000_000, 'x');
  const { peak, report } = await run(
    (function* () {
      yield forms.plain(block(0, 1));
      yield* repeated([piece], 150);
    })(),
  );
  assert.equal(report.lines.unreadable, 1);
  assert.ok(peak < 200, `${peak} MB`);
});
