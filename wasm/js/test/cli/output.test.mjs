// The shared output: colours on terminals alone, text of others made harmless, readers that stop reading.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { Signer } from 'edgeseal';
import { columns, Io, printable, wantsColour, wrap } from '../../dist/esm/cli/output.js';
import { suggest } from '../../dist/esm/cli/suggest.js';
import { keyFile } from '../support/vectors.mjs';
import { edgeseal, obeyed, program, withKeys } from './run.mjs';

const url = 'https://files.example.com/a';

test('a terminal gets colours, a pipe gets none, and neither does anyone who wants none', () => {
  const sink = (isTTY) => ({ isTTY, write() {} });
  const red = (isTTY, colour) => new Io(sink(isTTY), sink(isTTY), { json: false, colour }).paint('red', 'no');
  assert.equal(red(true, true), '\u001b[31mno\u001b[0m');
  assert.equal(red(false, true), 'no');
  assert.equal(red(true, false), 'no');
  assert.equal(wantsColour({}), true);
  assert.equal(wantsColour({ NO_COLOR: '1' }), false);
  assert.equal(wantsColour({ NO_COLOR: '' }), true);
  assert.equal(wantsColour({ TERM: 'dumb' }), false);
});

test('what is piped has no colours, whatever the environment says', () =>
  withKeys(['rsa-public'], async (cwd) => {
    const args = ['explain', url, '--public-key', 'K1=rsa-public.pem'];
    const plain = await edgeseal(args, { cwd });
    assert.ok(!obeyed(plain.stdout + plain.stderr));
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '1' }, { TERM: 'xterm-256color' }]) {
      assert.equal((await edgeseal(args, { cwd, env })).stdout, plain.stdout);
    }
  }));

test('control characters, direction marks and line breaks of others are shown, not obeyed', () => {
  assert.equal(printable('a\u001b[31mb\u202ec\nd\u2028é🦀'), 'a\\u{1b}[31mb\\u{202e}c\\u{a}d\\u{2028}é🦀');
});

test('a policy with control characters reaches no terminal as such, in text and in JSON', async () => {
  const policy =
    '{"Statement":[{"Resource":"https://files.example.com/\\u001b[2J\\u009b\\u202e*","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}';
  const encoded = Buffer.from(policy)
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('=', '_')
    .replaceAll('/', '~');
  const target = `${url}?Policy=${encoded}&Signature=AAAA&Key-Pair-Id=%1b[2JK`;
  for (const more of [[], ['--json']]) {
    const { stdout, stderr } = await edgeseal(['explain', target, ...more]);
    assert.ok(stdout.includes('files.example.com'));
    assert.ok(!obeyed(stdout + stderr));
  }
});

test('lines are as wide as the terminal, within reason', () => {
  for (const [columns, width] of [
    [undefined, 80],
    [0, 80],
    [72, 72],
    [20, 60],
    [300, 100],
  ]) {
    const sink = { columns, write() {} };
    assert.equal(new Io(sink, sink, { json: false, colour: false }).width, width);
  }
});

test('text is wrapped at spaces, and columns line up', () => {
  assert.equal(wrap('aa bb cc', 5), 'aa bb\ncc');
  assert.equal(wrap('aaaaaaa b', 3, ' '), ' aaaaaaa\n b');
  assert.equal(
    columns(
      [
        ['a', 'one two'],
        ['bbb', 'three'],
      ],
      12,
    ),
    '  a    one\n       two\n  bbb  three',
  );
});

test('a typo leads to the word that was meant, and nonsense to none', () => {
  const known = ['keygen', 'sign', 'cookies', 'verify', 'explain'];
  for (const [typed, meant] of [
    ['sing', 'sign'],
    ['verfy', 'verify'],
    ['Explain', 'explain'],
    ['cookie', 'cookies'],
    ['gen', undefined],
    ['xyz', undefined],
    ['', undefined],
  ]) {
    assert.equal(suggest(typed, known), meant, typed);
  }
});

test('a reader that stops reading ends the command quietly', async () => {
  const child = spawn(process.execPath, [program, 'sign', '--help']);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.destroy();
  await once(child, 'close');
  assert.equal(errors, '');
});

test('a signed URL on stdout is nothing but the URL, for use in a shell', () =>
  withKeys(['ec-pkcs8'], async (cwd) => {
    const args = ['sign', url, '--key', 'ec-pkcs8.pem', '--key-pair-id', 'K1', '--expires', '15m'];
    const { stdout, stderr } = await edgeseal(args, { cwd });
    assert.match(stdout, /^https:\/\/files\.example\.com\/a\?Expires=\d+&Signature=\S+\n$/);
    assert.match(stderr, /^signed by K1 \(ECDSA-P256, SHA256\)\nexpires .*, in 1[45] minutes/);
  }));

test('verify and explain judge alike and end with 0 when allowed and 1 when denied', () =>
  withKeys(['ec-public'], async (cwd) => {
    const signed = Signer.fromPem({ keyPairId: 'K1', privateKey: keyFile('ec-pkcs8.pem') }).signUrl({
      url,
      expires: '5m',
    });
    for (const command of ['verify', 'explain']) {
      const judge = (target) =>
        edgeseal([command, target, '--public-key', 'K1=ec-public.pem', '--json'], { cwd });
      const verdict = ({ stdout }) => JSON.parse(stdout).verdict ?? JSON.parse(stdout);
      const good = await judge(signed);
      assert.deepEqual([good.code, verdict(good).allowed], [0, true]);
      const bad = await judge(`${signed}x`);
      assert.deepEqual([bad.code, verdict(bad).allowed], [1, false]);
    }
  }));
