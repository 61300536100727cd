// Whatever text or bytes come in, the component answers with a value or with its own error. A trap is a bug: it would take
// the instance with it, and every resource in it. From a fixed seed, on both hosts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { callsOn, keyFile, seed } from './support/calls.mjs';
import { jcoHost } from './support/jco-host.mjs';
import { Refusal } from './support/refusal.mjs';
import { wasmtimeHost } from './support/wasmtime-host.mjs';

const keyPairId = 'K2JCJMDEHXQW5F';
const now = 1_767_290_000;
const rules = {
  version: 1,
  mode: 'standalone',
  rules: [
    {
      name: 'all',
      path: '/*',
      methods: ['GET', 'PUT'],
      query: { allow: ['*'] },
      upload: { maxBytes: '1MB' },
    },
  ],
};

/** Texts near what is expected, and any others; a component takes Unicode, so no half of a surrogate pair. */
const fragment = fc.constantFrom(
  ...[
    'https://',
    'h.example',
    '/',
    '?',
    '&',
    '=',
    '%',
    '%2',
    '%00',
    '\0',
    '..',
    '#',
    '*',
    '[',
    '💥',
    '_',
    '~',
    '{',
    '"',
  ],
  ...[
    'Expires=1767290400',
    'Policy=',
    'Signature=',
    'Key-Pair-Id=',
    keyPairId,
    'Hash-Algorithm=SHA256',
    'es-max-bytes=',
  ],
  ...[
    'CloudFront-Policy=',
    '; ',
    '18446744073709551615',
    'eyJTdGF0ZW1lbnQiOltdfQ__',
    '{"Statement":[',
    '\u{10ffff}',
  ],
);
const near = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));
const any = fc.oneof(near, fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('x'.repeat(70_000)));
const times = fc.constantFrom(0, 1, now, 2_147_483_647, 100_000_000_000, Number.MAX_SAFE_INTEGER);
const optional = (arbitrary) => fc.option(arbitrary, { nil: undefined });

/** The value, or that it was refused; anything else that is thrown fails. */
async function answered(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    assert.ok(error instanceof Refusal, `${error.name}: ${error.message}`);
    assert.match(error.code, /^[a-z-]+$/);
    return { refused: error };
  }
}

function suite(title, start, numRuns) {
  describe(title, () => {
    let host;
    let signer;
    let verifier;
    let policy;
    const on = callsOn(() => host);
    const trusted = [{ keyPairId, publicKey: keyFile('ec-public.pem'), enabled: true }];
    before(async () => {
      host = start();
      signer = await on.signer({ keyPairId, privateKey: keyFile('ec-pkcs8.pem') });
      verifier = await on.verifier(trusted);
      policy = await on.policy(JSON.stringify(rules), trusted, 4);
    });
    after(() => host?.stop());

    const property = (name, arbitraries, body) =>
      test(name, () => fc.assert(fc.asyncProperty(...arbitraries, body), { seed: 20_260_101, numRuns }));

    property(
      'any URL and any terms are signed or refused, and what is signed can be judged',
      [any, times, optional(times), optional(any), optional(any)],
      async (url, expires, notBefore, ipAddress, resource) => {
        const terms = { expires, notBefore, ipAddress, resource };
        const { value } = await answered(on.signUrl(signer, url, terms));
        await answered(on.signUrls(signer, [url, url], terms));
        await answered(on.signCookies(signer, url, terms));
        if (value !== undefined) assert.ok((await on.verifyUrl(verifier, value, now)).tag);
      },
    );

    property('any policy text is signed or refused', [any, any], async (url, text) => {
      await answered(on.signUrlWithPolicy(signer, url, text));
      await answered(on.signCookiesWithPolicy(signer, text));
    });

    property(
      'any upload constraints and cookie attributes are written or refused',
      [any, any, any, any, times],
      async (one, two, three, four, number) => {
        const terms = { expires: now };
        const upload = { method: one, maxBytes: number, contentType: two, sha256: three, filename: four };
        await answered(on.signUrl(signer, 'https://h.example/a', terms, upload));
        const flags = { secure: number % 2 === 0, httpOnly: true, sameSite: 'none' };
        const attributes = { ...flags, path: one, domain: two, maxAge: number };
        await answered(on.signCookies(signer, 'https://h.example/a', terms, attributes));
      },
    );

    property(
      'any request is judged and explained',
      [any, any, any, fc.array(any, { maxLength: 3 }), optional(any), times],
      async (host_, path, query, cookies, clientIp, at) => {
        const context = { cookies, clientIp };
        const request = { scheme: 'https', host: host_, path, query };
        const verdict = await on.verifyRequest(verifier, request, at, context);
        assert.deepEqual((await on.explainRequest(verifier, request, at, context)).verdict, verdict);
        await answered(on.verifyUrl(verifier, path, at, context));
        await answered(on.explainUrl(verifier, path, at, context));
      },
    );

    property(
      'any request at the edge is decided about',
      [any, any, any, any, fc.array(fc.record({ name: any, value: any }), { maxLength: 4 }), times],
      async (method, host_, uri, querystring, headers, at) => {
        const request = { method, host: host_, uri, querystring, headers };
        assert.ok((await on.decide(policy, request, at)).tag);
      },
    );

    property('any rule file is read, checked or refused', [fc.oneof(any, fc.json())], async (text) => {
      await answered(on.policy(text, trusted, 0));
      assert.ok(Array.isArray(await on.call('deciding', 'check-rules', text, [keyPairId])));
    });

    property(
      'any bytes are a key or are refused, and no refusal holds any of them',
      [
        fc.constantFrom('rsa-pkcs1.pem', 'ec-sec1.pem', 'rsa-encrypted.pem', 'rsa-certificate.pem'),
        fc.nat(),
        fc.nat(255),
      ],
      async (file, at, byte) => {
        const bytes = keyFile(file);
        bytes[at % bytes.length] = byte;
        const read = [
          on.signer({ keyPairId, privateKey: bytes, passphrase: 'x' }),
          on.verifier([{ keyPairId, publicKey: bytes, enabled: true }]),
        ];
        for (const { refused } of await Promise.all(read.map(answered))) {
          const line = new TextDecoder().decode(bytes).split('\n')[2];
          assert.ok(!`${refused?.message}${refused?.hint}`.includes(line));
        }
      },
    );

    for (const [what, bytes] of [
      ['too few bytes', seed.slice(1)],
      ['too many bytes', new Uint8Array(33).fill(7)],
      ['no bytes', new Uint8Array(0)],
      ['all zeroes', new Uint8Array(32)],
    ]) {
      test(`a seed of ${what} is refused`, async () => {
        const key = keyFile('rsa-pkcs8.pem');
        const open = on.call('signing', '[static]signer.open', keyPairId, key, undefined, 'sha256', bytes);
        const { refused } = await answered(open);
        assert.equal(refused.code, 'invalid-argument');
        assert.equal(refused.field, 'seed');
        assert.match(refused.hint, /32 fresh bytes/);
      });
    }

    test('an error about one of several keys says which', async () => {
      const broken = { keyPairId: 'K3', publicKey: new Uint8Array(3), enabled: true };
      const { refused } = await answered(on.verifier([...trusted, broken]));
      assert.equal(refused.code, 'invalid-key');
      assert.equal(refused.field, 'keys[1].publicKey');
    });
  });
}

suite('as jco makes it, in Node', jcoHost, 300);
suite('under wasmtime, from Python', wasmtimeHost, 60);
