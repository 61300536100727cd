// What the inspector does with text, without a browser: reading pastes, taking signatures out, finding private keys.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Signer } from 'edgeseal';
import fc from 'fast-check';
import { key } from './support/inspector.mjs';
import { pageModule } from './support/page-module.mjs';

const { readCookies, readHeaders, readPasted } = await pageModule('paste');
const { shellWords } = await pageModule('shell-words');
const { withoutForeignCookies, withoutSignatures } = await pageModule('redact');
const { holdsPrivateKey, isPrivateKey } = await pageModule('private-key');

const seed = { seed: 20_260_601, numRuns: 300 };
const signers = ['rsa-pkcs8', 'ec-pkcs8'].map((name) =>
  Signer.fromPem({ keyPairId: 'K2JCJMDEHXQW5F', privateKey: key(name) }),
);
const expires = 1_780_318_800;

/** Ways in which a URL is damaged on its way. */
const damages = {
  none: (url) => url,
  'HTML-escaped': (url) => url.replaceAll('&', '&amp;'),
  'escaped as a whole': (url) => `https://a.example/?u=${encodeURIComponent(url)}`,
  'escaped twice': (url) => `https://a.example/?u=${encodeURIComponent(encodeURIComponent(url))}`,
  'in lower case': (url) => url.replace('Signature=', 'signature='),
  'under another name': (url) => url.replace('Signature=', 'Sig='),
  'in a path': (url) => url.replace('?', '%3F'),
  'in another base64': (url) =>
    url.replace(
      /Signature=([^&]+)/,
      (_, text) => `Signature=${text.replaceAll('-', '+').replaceAll('~', '/')}`,
    ),
  'cut short': (url) => url.replace(/(Signature=.{40})[^&]*/, '$1'),
  'in quotes': (url) => JSON.stringify({ url, Signature: /Signature=([^&]+)/.exec(url)[1] }),
};

const urls = fc
  .record({
    signer: fc.constantFrom(...signers),
    name: fc.stringMatching(/^[a-z0-9 _.-]{1,30}$/).filter((name) => !/^\.+$/.test(name)),
    query: fc.constantFrom('', '?size=large', '?response-content-disposition=attachment'),
    custom: fc.boolean(),
  })
  .map(({ signer, name, query, custom }) => {
    const url = `https://files.example.com/download/${encodeURIComponent(name)}${query}`;
    return signer.signUrl({ url, expires, ...(custom ? { ipAddress: '203.0.113.0/24' } : {}) });
  });

for (const [damage, apply] of Object.entries(damages)) {
  test(`no part of a signature is left, whatever became of its URL: ${damage}`, () => {
    fc.assert(
      fc.property(urls, (url) => {
        const signature = /Signature=([^&]+)/.exec(url)[1];
        const left = withoutSignatures(apply(url));
        for (const text of [left, decodeURIComponent(left), left.replaceAll('+', '-').replaceAll('/', '~')]) {
          for (let at = 0; at + 12 <= signature.length; at += 1)
            assert.ok(!text.includes(signature.slice(at, at + 12)), left);
        }
      }),
      seed,
    );
  });
}

test('everything but the signature stays as it was', () => {
  fc.assert(
    fc.property(urls, (url) => {
      assert.equal(withoutSignatures(url), url.replace(/Signature=[^&]+/, 'Signature=REDACTED'));
    }),
    seed,
  );
});

test('a long name in a path is no signature, and neither is one in an alphabet of its own', () => {
  for (const name of ['a-long-name'.repeat(7), encodeURIComponent('レポート'.repeat(12)), 'a/b'.repeat(60)]) {
    const url = `https://files.example.com/${name}.pdf?Expires=1&Signature=REDACTED&Key-Pair-Id=K1`;
    assert.equal(withoutSignatures(url), url);
  }
});

test('a signature in the place of a policy is taken out', () => {
  const url = signers[0].signUrl({ url: 'https://files.example.com/a', expires });
  const signature = /Signature=([^&]+)/.exec(url)[1];
  assert.ok(
    !withoutSignatures(`https://files.example.com/a?Policy=${signature}`).includes(signature.slice(0, 20)),
  );
});

test('taking out twice changes nothing more', () => {
  const apply = fc.constantFrom(...Object.values(damages));
  fc.assert(
    fc.property(urls, apply, (url, damaged) => {
      const once = withoutSignatures(damaged(url));
      assert.equal(withoutSignatures(once), once);
    }),
    seed,
  );
});

test('a signature whose + signs became spaces is taken out whole', () => {
  for (const signature of ['Ab1+cd/EF==', '+Ab1+cd', 'Ab1++cd+']) {
    const url = `https://a.example/b?Expires=1&Signature=${signature.replaceAll('+', ' ')}&Key-Pair-Id=K1`;
    assert.match(
      withoutSignatures(url),
      /^https:\/\/a\.example\/b\?Expires=1&Signature=REDACTED\s*&Key-Pair-Id=K1$/,
    );
  }
});

test('a name and a password before the host are taken out', () => {
  assert.equal(withoutSignatures('https://ann:secret@a.example/b'), 'https://REDACTED@a.example/b');
  assert.equal(withoutSignatures('https://ann:p@ss:w@rd@a.example/b@c'), 'https://REDACTED@a.example/b@c');
});

test("of cookies only CloudFront's are left", () => {
  const { cookieHeader } = signers[0].signCookies({ resource: 'https://files.example.com/*', expires });
  const left = withoutForeignCookies(`session=abc; ${cookieHeader}; __Host-token=def`);
  assert.equal(left, cookieHeader.replace(/(CloudFront-Signature=)[^;]+/, '$1REDACTED'));
});

const words = [
  ["a 'b c' d", ['a', 'b c', 'd']],
  ['a "b \\"c\\" $d" e', ['a', 'b "c" $d', 'e']],
  ['a\\ b \'c\'"d"e', ['a b', 'cde']],
  ['a \\\n  b', ['a', 'b']],
  ["$'it\\'s \\u00e9\\n'", ["it's é\n"]],
  ["'' a", ['', 'a']],
  ['"never closed', ['never closed']],
];
for (const [line, expected] of words) {
  test(`a shell line is taken apart: ${JSON.stringify(line)}`, () => {
    assert.deepEqual(shellWords(line), expected);
  });
}

test('a line of curl gives URL, method, cookies and headers', () => {
  const line = `curl -X PUT 'https://a.example/b?c=1&d' -H 'Content-Type: image/png' -H'Cookie: a=1' -b b=2 --data-binary @x -o out -k`;
  assert.deepEqual(readPasted(line), {
    url: 'https://a.example/b?c=1&d',
    method: 'PUT',
    cookies: ['a=1', 'b=2'],
    headers: [['content-type', 'image/png']],
    ignored: 0,
  });
  const methodOf = (options) => readPasted(`curl ${options} https://a.example/`).method;
  assert.equal(methodOf('-I'), 'HEAD');
  assert.equal(methodOf('-T file'), 'PUT');
  assert.equal(methodOf('-d a=b'), 'POST');
  assert.equal(methodOf('-s'), undefined);
});

test('a call of fetch gives the same, and one that is no JSON gives its URL', () => {
  const call =
    'await fetch("https://a.example/", {\n "headers": {"Range": "bytes=0-", "Cookie": "a=1"},\n "method": "GET"\n});';
  const read = readPasted(call);
  assert.deepEqual(
    [read.url, read.method, read.cookies, read.headers],
    ['https://a.example/', 'GET', ['a=1'], [['range', 'bytes=0-']]],
  );
  assert.equal(readPasted("fetch('https://a.example/x', { method })").url, 'https://a.example/x');
});

test('headers are lines with a name, and cookies are lines with or without one', () => {
  assert.deepEqual(readHeaders('Origin: https://a.example\nnonsense\n X-Y :z '), [
    ['origin', 'https://a.example'],
    ['x-y', 'z'],
  ]);
  assert.deepEqual(readCookies('a=1; b=2\ncookie:c=3'), ['a=1; b=2', 'c=3']);
  assert.deepEqual(readCookies('Set-Cookie: a=1; Path=/\nSet-Cookie: b=2; Secure'), ['a=1; b=2']);
});

test('no text makes the readers throw, or take long', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom('curl ', 'fetch(', '"', "'", '\\', '-H', '-b', '$', 'a=1;', '\n', '{', 'https://a/'),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      for (const read of [readPasted, readCookies, readHeaders, withoutSignatures, withoutForeignCookies])
        assert.notEqual(read(given), undefined);
      assert.equal(typeof holdsPrivateKey(given), 'boolean');
    }),
    seed,
  );
});

// A link of a stranger could bring them; a reader that tries every way to share the gap out would freeze the page.
test('great gaps within lines are read in one go', () => {
  for (const end of ['\u2028x', '\rx', 'x']) {
    const gap = `${' '.repeat(90_000)}x${end}`;
    assert.equal(readHeaders(`a:${gap}`)[0]?.[0], 'a');
    assert.equal(readCookies(`cookie:${gap}`).length, 1);
    assert.equal(readPasted(`curl https://a.example/ -H 'a:${gap}'`).headers.length, 1);
    assert.equal(readPasted(`fetch("https://a.example/" + b)${gap}`).url, 'https://a.example/');
  }
});

const kinds = [
  ['rsa', { modulusLength: 1024 }],
  ['ec', { namedCurve: 'P-256' }],
  ['ed25519', {}],
];
for (const [kind, options] of kinds) {
  test(`private keys are found and public ones are not: ${kind}`, () => {
    for (let count = 0; count < 5; count += 1) {
      const { privateKey, publicKey } = generateKeyPairSync(kind, options);
      const secret = privateKey.export({ type: 'pkcs8', format: 'der' });
      const open = publicKey.export({ type: 'spki', format: 'der' });
      for (const encoding of ['base64', 'base64url']) {
        assert.equal(holdsPrivateKey(`key: ${secret.toString(encoding)}`), true);
        assert.equal(holdsPrivateKey(`key: ${open.toString(encoding)}`), false);
      }
      assert.equal(isPrivateKey(secret), true);
      assert.equal(isPrivateKey(open), false);
      assert.equal(holdsPrivateKey(JSON.stringify(privateKey.export({ format: 'jwk' }), null, 1)), true);
      assert.equal(holdsPrivateKey(JSON.stringify(publicKey.export({ format: 'jwk' }))), false);
    }
  });
}

test('a signed URL is never taken for a private key', () => {
  fc.assert(
    fc.property(urls, (url) => {
      assert.equal(holdsPrivateKey(url), false);
    }),
    seed,
  );
});
