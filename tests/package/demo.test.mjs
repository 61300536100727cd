// The demonstration shows what it says: everything handed out is allowed, and each attack fails for its own reason.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as edgeseal from 'edgeseal';
import { playStory } from '../../scripts/lib/demo/story.mjs';

const program = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));
const now = 1_767_290_000;
const run = (args, env = {}) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });

test('what the story hands out is allowed', () => {
  const { allowed } = playStory(edgeseal, now);
  assert.deepEqual(
    allowed.map(({ verdict }) => [
      verdict.allowed,
      verdict.source,
      verdict.policyKind,
      verdict.remainingSeconds,
    ]),
    [
      [true, 'url', 'canned', 600],
      [true, 'url', 'custom', 900],
      [true, 'cookie', 'custom', 3600],
    ],
  );
});

test('six attacks are refused, each for its reason and with its cause', () => {
  const { refused } = playStory(edgeseal, now);
  assert.deepEqual(
    refused.map(({ verdict, expected, cause }) => [verdict.allowed, verdict.reason, expected, cause.code]),
    [
      [false, 'expired', 'expired', 'expired'],
      [false, 'bad-signature', 'bad-signature', 'tampered-or-other-key'],
      [false, 'bad-signature', 'bad-signature', 'tampered-or-other-key'],
      [false, 'ip-mismatch', 'ip-mismatch', 'wrong-ip'],
      [false, 'bad-signature', 'bad-signature', 'appended-parameter'],
      [false, 'resource-mismatch', 'resource-mismatch', 'wrong-host'],
    ],
  );
});

test('the signed URLs carry what was asked for, and nothing of the key', () => {
  const story = playStory(edgeseal, now);
  const upload = new URL(story.signed.upload).searchParams;
  assert.deepEqual(
    ['es-method', 'es-max-bytes', 'es-content-type', 'Expires', 'Hash-Algorithm'].map((name) =>
      upload.get(name),
    ),
    ['PUT', '5242880', 'image/*', String(now + 600), 'SHA256'],
  );
  assert.ok(!JSON.stringify(story).includes('PRIVATE KEY'));
});

test('the program tells it in 80 columns, without colours in a pipe', () => {
  const { status, stdout, stderr } = run(['--quick', '--no-build'], { FORCE_COLOR: '' });
  assert.equal(status, 0, stderr);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `${line.length}: ${line}`);
  assert.doesNotMatch(stdout, /\p{Cc}(?<!\n)/u);
  const reasons = [...stdout.matchAll(/denied: ([a-z-]+)/g)].map(([, reason]) => reason);
  assert.deepEqual(reasons, [
    'expired',
    'bad-signature',
    'bad-signature',
    'ip-mismatch',
    'bad-signature',
    'resource-mismatch',
  ]);
  assert.equal([...stdout.matchAll(/^ {4}allowed/gm)].length, 3);
});

test('the program explains itself, and refuses what it does not know', () => {
  assert.match(run(['--help']).stdout, /^Signs, verifies and refuses/);
  const wrong = run(['--fast']);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /unknown argument "--fast"/);
});

test('a workflow that fails fails the demonstration, without a stack', () => {
  const { status, stderr } = run(['--no-build'], { EDGESEAL_BIN: '/nowhere' });
  assert.equal(status, 1);
  assert.match(stderr, /EDGESEAL_BIN names \/nowhere/);
  assert.doesNotMatch(stderr, /^ {4}at /m);
});
