// Keys: where they come from, that they are written safely, and that they are never seen again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Signer, Verifier } from 'edgeseal';
import { keyFile } from '../support/vectors.mjs';
import { edgeseal, program, withKeys } from './run.mjs';

const url = 'https://files.example.com/a';
const expires = '1767290400';
const privateKey = keyFile('rsa-pkcs8.pem');
const expected = Signer.fromPem({ keyPairId: 'K1', privateKey }).signUrl({ url, expires: Number(expires) });
const signed = (result) =>
  assert.deepEqual([result.code, result.stdout], [0, `${expected}\n`], result.stderr);

test('a private key comes from a file, an environment variable or stdin, with the same result', () =>
  withKeys(['rsa-pkcs8'], async (cwd) => {
    const sign = ['sign', url, '--key-pair-id', 'K1', '--expires', expires];
    signed(await edgeseal([...sign, '--key', 'rsa-pkcs8.pem'], { cwd }));
    signed(await edgeseal([...sign, '--key', '-'], { input: privateKey }));
    signed(await edgeseal([...sign, '--key-env', 'CF_KEY'], { env: { CF_KEY: privateKey } }));
    signed(
      await edgeseal([...sign, '--key-env', 'CF_KEY'], {
        env: { CF_KEY: privateKey.replaceAll('\n', '\\n') },
      }),
    );
  }));

test('the key-pair id comes from the environment too', () =>
  withKeys(['rsa-pkcs8'], async (cwd) => {
    const args = ['sign', url, '--key', 'rsa-pkcs8.pem', '--expires', expires];
    signed(await edgeseal(args, { cwd, env: { EDGESEAL_KEY_PAIR_ID: 'K1' } }));
  }));

test('an encrypted key is opened with a passphrase from the environment', () =>
  withKeys(['rsa-encrypted'], async (cwd) => {
    const args = [
      'sign',
      url,
      '--key',
      'rsa-encrypted.pem',
      '--key-pair-id',
      'K1',
      '--expires',
      expires,
      '--passphrase-env',
      'PASS',
    ];
    const good = await edgeseal(args, { cwd, env: { PASS: 'correct-horse' } });
    assert.equal(good.code, 0, good.stderr);
    const bad = await edgeseal(args, { cwd, env: { PASS: 'tr0ub4dor' } });
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /wrong-passphrase/);
    assert.doesNotMatch(bad.stderr, /tr0ub4dor/);
  }));

test('a policy comes from a file or from stdin and is signed as it stands', () =>
  withKeys(['rsa-pkcs8'], async (cwd) => {
    const policy = `{"Statement": [{"Resource": "${url}", "Condition": {"DateLessThan": {"AWS:EpochTime": ${expires}}}}]}`;
    writeFileSync(join(cwd, 'policy.json'), `${policy}\n`);
    const args = ['sign', url, '--key', 'rsa-pkcs8.pem', '--key-pair-id', 'K1', '--json', '--policy'];
    for (const result of [
      await edgeseal([...args, 'policy.json'], { cwd }),
      await edgeseal([...args, '-'], { cwd, input: policy }),
    ]) {
      assert.equal(result.code, 0, result.stderr);
      assert.equal(JSON.parse(result.stdout).policyText, policy);
    }
  }));

test('a URL comes from stdin, which keeps it out of the list of processes', () =>
  withKeys(['rsa-public'], async (cwd) => {
    const args = ['verify', '-', '--public-key', 'K1=rsa-public.pem', '--now', '1767290000'];
    const { code, stdout } = await edgeseal(args, { cwd, input: `${expected}\n` });
    assert.equal(code, 0);
    assert.match(stdout, /^allowed\n/);
  }));

const base64 = privateKey.replaceAll(/-----.*-----|\n/g, '');
const leaks = [
  ['a PEM', ['sign', url, '--key', privateKey]],
  ['a PEM behind an equals sign', ['sign', url, `--key=${privateKey}`]],
  ['a PEM as operand', ['sign', privateKey]],
  ['a PEM in the place of the command', [privateKey]],
  ['a PEM in an unknown option', ['sign', `--${privateKey}`]],
  ['a PEM in the name of a variable', ['sign', url, '--key-env', privateKey]],
  ['the base64 of a PEM', ['sign', url, '--key', base64]],
  ['the base64 of a PEM behind an equals sign', ['sign', url, `--key=${base64}`]],
  ['a PEM encoded once more', ['sign', url, '--key', Buffer.from(privateKey).toString('base64')]],
  ['a public key', ['verify', url, '--public-key', keyFile('rsa-public.pem')]],
];

for (const [what, args] of leaks) {
  for (const json of [false, true]) {
    test(`${what} in an argument is refused and not repeated${json ? ', in JSON either' : ''}`, async () => {
      const { code, stdout, stderr } = await edgeseal(json ? [...args, '--json'] : args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /key-in-argument/);
      assert.match(stderr, /leaked/);
      assert.doesNotMatch(stderr, /[A-Za-z0-9+/]{40}/);
    });
  }
}

test('no key material is in any output, nor in the arguments of the process', () =>
  withKeys(['rsa-pkcs8'], async (cwd) => {
    const secrets = base64.match(/.{32}/g);
    const check = (text) =>
      assert.ok(!secrets.some((part) => text.includes(part)), 'key material was written');
    const sign = ['sign', url, '--key', 'rsa-pkcs8.pem', '--key-pair-id', 'K1', '--expires', '5m'];
    for (const args of [
      sign,
      [...sign, '--json'],
      [...sign, '--hash', 'md5'],
      ['cookies', ...sign.slice(1), '--json'],
    ]) {
      const { stdout, stderr } = await edgeseal(args, { cwd });
      check(stdout + stderr);
    }
    const child = spawn(process.execPath, [
      program,
      'sign',
      url,
      '--key',
      '-',
      '--key-pair-id',
      'K1',
      '--expires',
      '5m',
    ]);
    await once(child, 'spawn');
    child.stdin.write(privateKey);
    if (existsSync('/proc/self/cmdline')) check(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'));
    child.stdin.end();
    assert.deepEqual(await once(child, 'close'), [0, null]);
  }));

for (const kind of ['rsa', 'ec']) {
  test(`keygen ${kind} makes a pair that signs and verifies, with a private key that only its owner can read`, () =>
    withKeys([], async (cwd) => {
      const { code, stdout, stderr } = await edgeseal(['keygen', kind, '--out', 'pair'], { cwd });
      assert.equal(code, 0, stderr);
      assert.equal(statSync(join(cwd, 'pair.pem')).mode & 0o777, 0o600);
      assert.match(
        stdout,
        /aws cloudfront create-public-key --public-key-config \\\n {4}"CallerReference=\$\(date \+%s\),Name=pair,EncodedKey=\$KEY"/,
      );
      assert.doesNotMatch(stdout + stderr, /BEGIN|[A-Za-z0-9+/]{40}/);
      const key = readFileSync(join(cwd, 'pair.pem'), 'utf8');
      const signer = Signer.fromPem({ keyPairId: 'K1', privateKey: key });
      assert.equal(signer.algorithm, { rsa: 'RSA-2048', ec: 'ECDSA-P256' }[kind]);
      const verifier = new Verifier({ keys: { K1: readFileSync(join(cwd, 'pair.public.pem')) } });
      assert.ok(verifier.verify(signer.signUrl({ url, expires: '5m' })).allowed);
    }));
}

test('keygen encrypts the private key when a passphrase is there', () =>
  withKeys([], async (cwd) => {
    const env = { PASS: 'correct-horse' };
    const { stdout } = await edgeseal(['keygen', 'ec', '--passphrase-env', 'PASS', '--json'], { cwd, env });
    const { privateKey: file, encrypted } = JSON.parse(stdout);
    assert.equal(encrypted, true);
    const text = readFileSync(join(cwd, file), 'utf8');
    assert.match(text, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    assert.ok(Signer.fromPem({ keyPairId: 'K1', privateKey: text, passphrase: env.PASS }));
  }));

for (const there of ['cloudfront-key.pem', 'cloudfront-key.public.pem']) {
  test(`keygen overwrites nothing and leaves nothing behind when ${there} exists`, () =>
    withKeys([], async (cwd) => {
      writeFileSync(join(cwd, there), 'mine');
      const { code, stderr } = await edgeseal(['keygen', 'ec'], { cwd });
      assert.equal(code, 2);
      assert.match(stderr.replaceAll(/\s+/g, ' '), /exists already, and nothing was written/);
      assert.equal(readFileSync(join(cwd, there), 'utf8'), 'mine');
      const other = there.includes('public') ? 'cloudfront-key.pem' : 'cloudfront-key.public.pem';
      assert.ok(!existsSync(join(cwd, other)));
    }));
}
