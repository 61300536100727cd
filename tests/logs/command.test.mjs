// The command as its users meet it: inputs, filters, exit codes, widths.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { header, line, request, standardLog } from './support/logs.mjs';
import { causes, explainLog, folder, report, signed, trusted } from './support/run.mjs';

const at = (time, url = signed('/a')) => request(url, { time });
const day = (number) => at(`2026-01-0${number}T12:00:00Z`);
const one = standardLog([day(2)]);

describe('the inputs', () => {
  test('are files, folders with folders in them, and stdin, packed or not, in one run', async () => {
    const cwd = folder({ 'a.log': one, 'b.whatever': gzipSync(one) });
    mkdirSync(join(cwd, 'deep/er'), { recursive: true });
    writeFileSync(join(cwd, 'deep/er/c.gz'), one);
    symlinkSync('..', join(cwd, 'deep/up'));
    const { code, stdout } = await explainLog(['.', 'a.log', '-', '--json'], { cwd, input: gzipSync(one) });
    assert.equal(code, 0);
    const found = JSON.parse(stdout);
    assert.equal(found.files.read, 5);
    assert.deepEqual(causes(found), { expired: 5 });
  });

  test('that are not there are refused before anything is read', async () => {
    const cwd = folder({ 'a.log': one });
    const { code, stdout, stderr } = await explainLog(['a.log', 'missing.log'], { cwd });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /missing\.log does not exist \[unreadable-file\]/);
  });

  test('that are damaged are counted as far as they go, named, and end with exit code 2', async () => {
    const log = standardLog(
      Array.from({ length: 300 }, (_, index) => at('2026-01-02T12:00:00Z', signed(`/${index}`))),
    );
    const packed = gzipSync(log);
    const broken = Buffer.from(packed);
    broken.fill(0xff, packed.length - 3000, packed.length - 2950);
    const cwd = folder({
      'cut.gz': packed.subarray(0, packed.length - 2000),
      'broken.gz': broken,
      'table.parquet': 'PAR1\u0000\u0000PAR1',
      'picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]),
      'whole.log': one,
    });
    const { code, stdout } = await explainLog(['.', '--json'], { cwd });
    assert.equal(code, 2);
    const found = JSON.parse(stdout);
    assert.deepEqual(found.files.damaged, [
      { file: 'broken.gz', reason: 'the compressed data is damaged' },
      { file: 'cut.gz', reason: 'the compressed data ends too early' },
      { file: 'picture.png', reason: 'is no text' },
      { file: 'table.parquet', reason: 'is in Parquet, which is not read' },
    ]);
    assert.ok(causes(found).expired > 400);
    assert.equal(found.files.read, 5);
    const text = await explainLog(['.'], { cwd });
    assert.match(text.stdout, /Damaged: cut\.gz the compressed data ends too early/);
  });

  test('may be empty', async () => {
    const found = await report('');
    assert.equal(found.lines.total, 0);
    assert.deepEqual(found.groups, []);
  });

  test('without one line of a log are refused, with what was wrong first', async () => {
    const { code, stderr } = await explainLog(['-'], { input: 'name,size\na,1\n' });
    assert.equal(code, 2);
    assert.match(stderr, /stdin:1/);
    assert.match(stderr, /--log-fields/);
    assert.match(stderr, /\[no-log\]/);
  });

  test('with lines that cannot be read are read on, and the first few are named', async () => {
    const bad = 'neither one nor the other\n';
    const cut = `${line(day(2)).slice(0, 120)}\n`;
    const wide = `${line(day(2))}\tmore\n`;
    const found = await report(
      `${one}${bad}${cut}${wide}${'x'.repeat(4_200_000)}\n${bad.repeat(9)}${line(day(2))}`,
    );
    assert.deepEqual(causes(found), { expired: 2 });
    assert.equal(found.lines.unreadable, 13);
    assert.deepEqual(
      found.lines.unreadableExamples.map(({ file, line: number, reason }) => `${file}:${number}: ${reason}`),
      [
        'stdin:4: it is no line of an access log or of Lambda@Edge',
        'stdin:5: the line is cut short',
        'stdin:6: the line has more values than the log has fields',
        'stdin:7: the line is too long',
        'stdin:8: it is no line of an access log or of Lambda@Edge',
      ],
    );
  });

  test('may hold bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(header),
      Buffer.from(`${line(day(2)).replace('Mozilla', 'M\u00ff\u00fe')}\n`, 'latin1'),
      Buffer.from(`${line(day(2)).replace('/a\t', '/\u00ff\u00fe\t')}\n`, 'latin1'),
    ]);
    const found = await report(bytes, []);
    assert.deepEqual(causes(found), { expired: 1, 'not-explainable': 1 });
  });
});

describe('the filters', () => {
  const log = standardLog([
    day(1),
    day(2),
    day(3),
    { ...day(4), 'sc-status': '200' },
    { ...day(4), 'x-host-header': 'other.example.com' },
  ]);
  const cases = [
    [['--since', '2026-01-02'], { refused: 3, allowed: 1, filtered: 1 }],
    [['--since', '2026-01-02T12:00:00Z', '--until', '1767528000'], { refused: 2, allowed: 0, filtered: 3 }],
    [['--until', '2026-01-02T12:00:00Z'], { refused: 1, allowed: 0, filtered: 4 }],
    [['--host', 'FILES.example.com'], { refused: 3, allowed: 1, filtered: 1 }],
    [['--host', 'files.example.com', '--host', 'other.example.com'], { refused: 4, allowed: 1, filtered: 0 }],
  ];
  for (const [args, expected] of cases) {
    test(args.join(' '), async () => {
      const { requests, lines } = await report(log, args);
      assert.deepEqual(
        { refused: requests.refused.total, allowed: requests.allowed, filtered: lines.filtered },
        expected,
      );
    });
  }

  test('a duration counts back from now', async () => {
    const ago = (hours) => at(`${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19)}Z`);
    const { requests } = await report(standardLog([ago(1), ago(5), ago(30)]), [
      '--since',
      '1d',
      '--until',
      '2h',
    ]);
    assert.equal(requests.refused.total, 1);
  });

  test('--top leaves the rest out of the list, and counts it', async () => {
    const text = standardLog([day(2), day(2), at('2026-01-01T12:00:00Z', 'https://files.example.com/plain')]);
    const found = await report(text, ['--top', '1']);
    assert.deepEqual(causes(found), { expired: 2 });
    assert.equal(found.others, 1);
  });
});

test('groups are bounded, whatever the lines say', async () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const lines = Array.from({ length: 300 }, (_, index) =>
    JSON.stringify({
      source: 'edgeseal',
      decision: 'deny',
      reason: `${letters[index % 26]}-${letters[Math.floor(index / 26)]}`,
      message: '',
    }),
  );
  const found = await report(lines.join('\n'), []);
  assert.equal(found.groups.length, 100);
  assert.equal(found.others, 200);
  assert.equal(found.edge.refused, 300);
});

test('clients and paths are counted exactly while they are few, and nearly when they are many', async () => {
  const many = (count) =>
    standardLog(
      Array.from({ length: count }, (_, index) => ({
        ...at(
          '2026-01-02T12:00:00Z',
          `https://files.example.com/p/${index}?Expires=1&Signature=x&Key-Pair-Id=K1`,
        ),
        'c-ip': `10.0.${index >> 8}.${index & 255}`,
      })),
    );
  const [few] = (await report(many(900), [])).groups;
  assert.deepEqual(few.clients, { count: 900, approximate: false });
  const [lots] = (await report(many(20_000), [])).groups;
  for (const { count, approximate } of [lots.clients, lots.paths]) {
    assert.ok(approximate);
    assert.ok(Math.abs(count - 20_000) < 2000, String(count));
  }
});

describe('a wrong command line is refused:', () => {
  const cases = {
    'no file': [[], /FILE\.\.\. is missing/],
    'stdin twice': [['-', '-'], /stdin is named twice/],
    'an address of one request': [['-', '--ip', '203.0.113.7'], /--ip and --from-log do not go together/],
    'a time of one request': [['-', '--now', '2026-01-01'], /--now and --from-log/],
    'cookies of one request': [['-', '--cookie', 'a=b'], /--cookie and --from-log/],
    'no number of causes': [['-', '--top', '0'], /--top must be/],
    'times in the wrong order': [
      ['-', '--since', '2026-01-02', '--until', '2026-01-01'],
      /--since is not before/,
    ],
    'no time': [['-', '--since', 'yesterday'], /--since is no time/],
    'a key that is none': [['-', '--public-key', 'K1=/dev/null'], /--public-key/],
  };
  for (const [name, [args, message]] of Object.entries(cases)) {
    test(name, async () => {
      const { code, stdout, stderr } = await explainLog(args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
  }
});

test('the report fits 80 columns, without colours where none are wanted', async () => {
  const values = [
    day(2),
    request(`https://files.example.com/${'long-name/'.repeat(15)}a?${'Signature=x&'.repeat(14)}Expires=1`),
    request('https://files.example.com/plain'),
    request(signed('/good')),
  ];
  const edge = JSON.stringify({
    source: 'edgeseal',
    decision: 'deny',
    reason: 'no-rule',
    path: '/x',
    status: 403,
  });
  const input = `${standardLog(values)}${edge}\nstray\n`;
  for (const args of [trusted, ['--no-color'], ['--redact-ip']]) {
    const { code, stdout, stderr } = await explainLog(['-', ...args], { input });
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.ok(!stdout.includes('\u001b'));
    for (const text of stdout.split('\n')) assert.ok(text.length <= 80, text);
  }
});
