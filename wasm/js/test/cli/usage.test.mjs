// Wrong command lines and unusable input: exit code 2, one clear sentence, a hint, and never a stack trace.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { edgeseal, obeyed, withKeys } from './run.mjs';

const url = 'https://files.example.com/a';
const key = ['--key', 'rsa-pkcs8.pem', '--key-pair-id', 'K1'];
const sign = (...more) => ['sign', url, ...key, '--expires', '5m', ...more];
const unsigned = (...more) => ['verify', url, '--public-key', 'K1=rsa-public.pem', ...more];

/** What is wrong, the arguments, and what stderr must say (line breaks count as spaces). */
const wrong = [
  [
    'a mistyped command',
    ['sing'],
    'edgeseal: error: there is no command sing [usage] hint: did you mean edgeseal sign?',
  ],
  [
    'a command nobody meant',
    ['frobnicate'],
    'there is no command frobnicate [usage] hint: edgeseal --help lists',
  ],
  [
    'half a command',
    ['edge'],
    'edge needs a second word [usage] hint: there is edge init, edge test, edge build',
  ],
  [
    'a mistyped second word',
    ['edge', 'tset'],
    'there is no command edge tset [usage] hint: did you mean edgeseal edge test?',
  ],
  [
    'a second word nobody meant',
    ['edge', 'frobnicate'],
    'there is no command edge frobnicate [usage] hint: there is edge init, edge test, edge build',
  ],
  ['an option in the place of a second word', ['edge', '--no-color'], 'edge needs a second word'],
  ['an option before the command', ['--key', 'x', 'sign'], '--key comes after a command'],
  [
    'a mistyped option without a command',
    ['--hepl'],
    '--hepl comes after a command [usage] hint: did you mean edgeseal --help?',
  ],
  [
    'a mistyped option',
    sign('--expire', '1h'),
    'edgeseal sign: error: there is no option --expire [usage] hint: did you mean --expires?',
  ],
  [
    'an option of another command',
    sign('--domain', 'x'),
    'there is no option --domain [usage] hint: --help lists the options',
  ],
  ['a name of every object', sign('--constructor', 'x'), 'there is no option --constructor'],
  [
    'an option without its value',
    ['sign', url, '--key'],
    '--key needs a value [usage] hint: write --key FILE',
  ],
  ['an option in the place of a value', ['sign', url, '--key', '--expires', '5m'], '--key needs a value'],
  ['an empty value', sign('--ip='), '--ip needs a value'],
  ['a switch with a value', sign('--json=yes'), '--json takes no value'],
  ['an option twice', sign('--expires', '6m'), '--expires is there twice'],
  ['no URL', ['sign', ...key, '--expires', '5m'], 'URL is missing [usage] hint: edgeseal sign URL [options]'],
  [
    'a URL that the shell took apart',
    ['sign', `${url}?a=1`, 'b=2', ...key],
    'one argument too many: b=2 [usage] hint: put the URL in quotes',
  ],
  ['no expiry', ['sign', url, ...key], '--expires is missing [usage] hint: say how long the link lives'],
  [
    'no key',
    ['sign', url, '--key-pair-id', 'K1', '--expires', '5m'],
    'there is no private key [usage] hint: name it with --key FILE',
  ],
  ['two keys', sign('--key-env', 'X'), '--key and --key-env do not go together'],
  [
    'no key-pair id',
    ['sign', url, '--key', 'rsa-pkcs8.pem', '--expires', '5m'],
    'there is no key-pair id [usage] hint: give --key-pair-id ID or set EDGESEAL_KEY_PAIR_ID',
  ],
  [
    'a key file that is not there',
    ['sign', url, '--key', 'none.pem', '--key-pair-id', 'K1', '--expires', '5m'],
    '--key: none.pem does not exist [unreadable-file]',
  ],
  [
    'a folder as key file',
    ['sign', url, '--key', 'folder', '--key-pair-id', 'K1', '--expires', '5m'],
    '--key: folder is a folder [unreadable-file]',
  ],
  [
    'an empty key file',
    ['sign', url, '--key', 'empty', '--key-pair-id', 'K1', '--expires', '5m'],
    '--key: empty is empty',
  ],
  [
    'a huge key file',
    ['sign', url, '--key', '/dev/zero', '--key-pair-id', 'K1', '--expires', '5m'],
    '--key: /dev/zero is too large to be meant',
  ],
  [
    'a key file without a key',
    ['sign', url, '--key', 'text', '--key-pair-id', 'K1', '--expires', '5m'],
    '[invalid-key]',
  ],
  [
    'a public key to sign with',
    ['sign', url, '--key', 'rsa-public.pem', '--key-pair-id', 'K1', '--expires', '5m'],
    'which is not what belongs here [invalid-key] hint: pass the private key',
  ],
  [
    'a private key to verify with',
    ['verify', url, '--public-key', 'K1=rsa-pkcs8.pem'],
    'which is not what belongs here [invalid-key] hint: pass the public key',
  ],
  [
    'an encrypted key without its passphrase',
    ['sign', url, '--key', 'rsa-encrypted.pem', '--key-pair-id', 'K1', '--expires', '5m'],
    '--passphrase-env: the private key is encrypted',
  ],
  [
    'a variable that is not set',
    ['sign', url, '--key-env', 'NO_SUCH_KEY', '--key-pair-id', 'K1', '--expires', '5m'],
    '--key-env: there is no such environment variable',
  ],
  ['an unknown hash', sign('--hash', 'md5'), '--hash must be SHA256 or SHA1'],
  [
    'milliseconds',
    ['sign', url, ...key, '--expires', '1767290400000'],
    '--expires: expires is 1767290400000, which looks like milliseconds',
  ],
  [
    'milliseconds to judge at',
    ['verify', url, '--public-key', 'K1=rsa-public.pem', '--now', '1767290400000'],
    '--now: now is 1767290400000, which looks like milliseconds',
  ],
  [
    'milliseconds to explain at',
    ['explain', url, '--now', '1767290400000'],
    '--now: now is 1767290400000, which looks like milliseconds',
  ],
  [
    'milliseconds as the start of a report on logs',
    ['explain', '--from-log', 'rsa-public.pem', '--since', '1767290400000'],
    '--since is no time that can be read [time-in-milliseconds] hint: divide by 1000',
  ],
  [
    'a time in words',
    ['sign', url, ...key, '--expires', 'tomorrow'],
    '--expires: expires is not a time that can be read [invalid-time]',
  ],
  ['an IPv6 address', sign('--ip', '::1'), '--ip: the IP address cannot be used'],
  ['a fragment', ['sign', `${url}#top`, ...key, '--expires', '5m'], 'URL: the URL has a #fragment'],
  ['a size in words', sign('--upload-max-bytes', 'ten'), '--upload-max-bytes must be a number of bytes'],
  ['a size without end', sign('--upload-max-bytes', '99GiB'), '[invalid-upload-constraint]'],
  [
    'a method that uploads nothing',
    sign('--upload-method', 'delete'),
    '--upload-...: the method must be PUT or POST',
  ],
  ['a policy beside an expiry', sign('--policy', 'text'), 'policy and expires do not go together'],
  [
    'a policy that is none',
    ['sign', url, ...key, '--policy', 'text'],
    '--policy: the policy is not a CloudFront policy',
  ],
  ['no resource', ['cookies', ...key, '--expires', '5m'], 'RESOURCE is missing'],
  [
    'an unknown SameSite',
    ['cookies', url, ...key, '--expires', '5m', '--same-site', 'loose'],
    '--same-site must be Lax, Strict or None',
  ],
  [
    'a Max-Age that is none',
    ['cookies', url, ...key, '--expires', '5m', '--max-age', '1h'],
    '--max-age must be a number of seconds',
  ],
  [
    'a domain that is none',
    ['cookies', url, ...key, '--expires', '5m', '--domain', 'a;b'],
    '--domain: the cookie domain is not a domain name',
  ],
  ['nothing to verify with', ['verify', url], 'there is no public key to verify with'],
  [
    'a public key without an id',
    ['verify', url, '--public-key', 'rsa-public.pem'],
    'it is not known to which key-pair id the public key belongs',
  ],
  [
    'two keys under one id',
    unsigned('--public-key', 'K1=rsa-public.pem'),
    'two public keys have the same key-pair id',
  ],
  [
    'a path to verify',
    ['verify', '/a', '--public-key', 'K1=rsa-public.pem'],
    'URL: the URL must start with https:// or http://',
  ],
  ['stdin twice', ['verify', '-', '--public-key', 'K1=-'], 'stdin was read already'],
  ['a kind of key that CloudFront does not take', ['keygen', 'dsa'], 'the kind of key must be rsa or ec'],
  [
    'a folder that is not there',
    ['keygen', '--out', 'none/key'],
    'none/key.pem is in a folder that does not exist',
  ],
];

for (const [what, args, says] of wrong) {
  test(`${what} is refused with exit code 2 and a hint of what to do`, () =>
    withKeys(['rsa-pkcs8', 'rsa-public', 'rsa-encrypted'], async (cwd) => {
      mkdirSync(join(cwd, 'folder'));
      writeFileSync(join(cwd, 'empty'), '');
      writeFileSync(join(cwd, 'text'), 'just a text\n', { mode: 0o600 });
      const { code, stdout, stderr } = await edgeseal(args, { cwd, input: 'x' });
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      const flat = stderr.replaceAll(/\s+/g, ' ');
      assert.ok(flat.includes(says), flat);
      assert.doesNotMatch(stderr, / at .*:\d+:\d+|node:|\.js\b/);
      assert.ok(!obeyed(stderr));
      for (const line of stderr.split('\n')) assert.ok(line.length <= 80, line);
    }));
}

test('an error is JSON when JSON was asked for', () =>
  withKeys(['rsa-pkcs8'], async (cwd) => {
    const { code, stdout, stderr } = await edgeseal(sign('--ip', 'x', '--json'), { cwd });
    assert.deepEqual([code, stdout], [2, '']);
    const { error } = JSON.parse(stderr);
    assert.deepEqual([error.code, error.field, error.option], ['invalid-ip', 'ipAddress', '--ip']);
  }));

test('no command at all shows the overview on stderr, and is an error', async () => {
  const { code, stdout, stderr } = await edgeseal([]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^Sign, verify and explain .*\n\nUsage: edgeseal COMMAND/);
});

test('help can be asked for in four ways', async () => {
  const [{ stdout: overview }, ...same] = await Promise.all(
    [['--help'], ['-h'], ['help']].map((args) => edgeseal(args)),
  );
  for (const { code, stdout } of same) assert.deepEqual([code, stdout], [0, overview]);
  const [{ stdout: help }, ...others] = await Promise.all(
    [
      ['sign', '--help'],
      ['sign', '-h'],
      ['help', 'sign'],
      ['sign', url, '--key', 'x', '-h'],
    ].map((args) => edgeseal(args)),
  );
  for (const { code, stdout } of others) assert.deepEqual([code, stdout], [0, help]);
});

test('the version is the one of the package', async () => {
  const { default: manifest } = await import('edgeseal/package.json', { with: { type: 'json' } });
  assert.equal((await edgeseal(['--version'])).stdout, `${manifest.version}\n`);
});

test('a key file that others can read is used, with a warning on stderr', () =>
  withKeys(['rsa-pkcs8'], async (cwd) => {
    chmodSync(join(cwd, 'rsa-pkcs8.pem'), 0o644);
    const { code, stdout, stderr } = await edgeseal(sign(), { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^https:\S+\n$/);
    assert.match(
      stderr,
      /^warning other users can read rsa-pkcs8\.pem \(mode 644\)\n {2}run: chmod 600 rsa-pkcs8\.pem\n/,
    );
  }));

for (const args of [
  ['edge', '--help'],
  ['edge', '-h'],
  ['help', 'edge'],
]) {
  test(`edgeseal ${args.join(' ')} lists the commands of the group`, async () => {
    const { code, stdout, stderr } = await edgeseal(args);
    assert.equal(code, 0, stderr);
    for (const name of ['edge init', 'edge test', 'edge build'])
      assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
    assert.doesNotMatch(stdout, /keygen/);
  });
}
