// What people see: whole outputs at 80 columns, kept in golden/. `EDGESEAL_GOLDEN=write node --test` writes them anew.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Signer } from 'edgeseal';
import { keyFile } from '../support/vectors.mjs';
import { edgeseal, withKeys } from './run.mjs';

const golden = new URL('golden/', import.meta.url);
const id = 'K2JCJMDEHXQW5F';
const signer = Signer.fromPem({ keyPairId: id, privateKey: keyFile('rsa-pkcs8.pem') });
const url = 'https://files.example.com/download/annual report.pdf?size=large';
const expires = 1_767_290_400;
const canned = signer.signUrl({ url, expires });
const custom = signer.signUrl({
  url,
  expires,
  notBefore: 1_767_200_000,
  ipAddress: '203.0.113.0/24',
  resource: 'https://files.example.com/download/*',
});
const { cookieHeader } = signer.signCookies({ resource: 'https://files.example.com/video/*', expires });
const undocumented = signer.signCookies({
  policy: `{"Statement":{"Resource":"https://files.example.com/*","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}}`,
}).cookieHeader;
const at = ['--now', '2026-01-01T17:30:00Z'];
const trusted = ['--public-key', `${id}=rsa-public.pem`];
const signing = ['--key', 'rsa-pkcs8.pem', '--key-pair-id', id];

const cases = {
  overview: ['--help'],
  ...Object.fromEntries(
    ['keygen', 'sign', 'cookies', 'verify', 'explain', 'inspect'].map((name) => [
      `help-${name}`,
      [name, '--help'],
    ]),
  ),
  sign: ['sign', url, ...signing, '--expires', String(expires)],
  'sign-upload': [
    'sign',
    'https://files.example.com/upload/photo',
    ...signing,
    '--expires',
    '2026-01-01T18:00:00Z',
    '--upload-max-bytes',
    '10MiB',
    '--upload-content-type',
    'image/*',
    '--hash',
    'sha1',
  ],
  'sign-json': ['sign', url, ...signing, '--expires', String(expires), '--ip', '203.0.113.7', '--json'],
  cookies: [
    'cookies',
    'https://files.example.com/video/*',
    ...signing,
    '--expires',
    String(expires),
    '--domain',
    'files.example.com',
    '--max-age',
    '3600',
  ],
  'cookies-header': [
    'cookies',
    'https://files.example.com/a',
    ...signing,
    '--expires',
    String(expires),
    '--header',
  ],
  'verify-canned': ['verify', canned, ...trusted, ...at],
  'verify-custom': ['verify', custom, ...trusted, ...at, '--ip', '203.0.113.9'],
  'verify-cookies': [
    'verify',
    'https://files.example.com/video/1.ts',
    '--cookie',
    cookieHeader,
    ...trusted,
    ...at,
  ],
  'verify-warning': ['verify', 'https://files.example.com/a', '--cookie', undocumented, ...trusted, ...at],
  'verify-denied': ['verify', custom, ...trusted, ...at],
  'verify-denied-json': ['verify', canned.replace('annual', 'other'), ...trusted, ...at, '--json'],
  'explain-allowed': ['explain', canned, ...trusted, ...at],
  'explain-expired': ['explain', custom, ...trusted, '--now', '2026-01-02', '--ip', '198.51.100.1'],
  'explain-appended': ['explain', `${canned}&utm_source=mail`, ...trusted, ...at],
  'explain-other-host': [
    'explain',
    canned.replace('files.example.com', 'd111111abcdef8.cloudfront.net'),
    ...trusted,
    ...at,
    '--host',
    'files.example.com',
  ],
  'explain-without-key': ['explain', custom, ...at],
  'explain-unsigned': ['explain', 'https://files.example.com/a', ...at],
  'explain-warning': ['explain', 'https://files.example.com/a', '--cookie', undocumented, ...trusted, ...at],
  'explain-json': ['explain', canned, ...trusted, ...at, '--json'],
};

const denied = /^(?:verify-denied|explain-(?!allowed|warning|json))/;

for (const [name, args] of Object.entries(cases)) {
  test(`the output of ${name} is what it was`, () =>
    withKeys(['rsa-pkcs8', 'rsa-public'], async (cwd) => {
      const { code, stdout, stderr } = await edgeseal(args, { cwd });
      assert.equal(code, denied.test(name) ? 1 : 0, stderr);
      const file = new URL(`${name}.txt`, golden);
      if (process.env.EDGESEAL_GOLDEN === 'write') writeFileSync(file, stdout);
      assert.equal(stdout, readFileSync(file, 'utf8'));
      // Only what must not be broken may be wider than a terminal: URLs, header lines, values of JSON.
      if (args.includes('--json') || /^(?:sign|cookies)/.test(name)) return;
      for (const line of stdout.split('\n').filter((text) => !/^ +"/.test(text)))
        assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
    }));
}

test('every golden output belongs to a case', () => {
  assert.deepEqual(
    readdirSync(golden).sort(),
    Object.keys(cases)
      .map((name) => `${name}.txt`)
      .sort(),
  );
});
