// The shared vectors, through the public functions of the package: signing, cookies, verdicts and keys with both
// kinds of cryptography, everything else with the default one. What no public function shows (splitting a query
// string, reading constraints, bytes that are no policy text) is left to the Rust test over the same files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EdgesealError, Signer, Verifier } from 'edgeseal';
import { getSignedCookies, getSignedUrl } from 'edgeseal/compat';
import { transforms } from './support/transforms.mjs';
import { asQuery, cases, frame, keyFile, unsigned } from './support/vectors.mjs';

const now = 1_767_290_000;
const cryptos = ['node', 'wasm'];
const keyPairId = 'K2JCJMDEHXQW5F';
const privateKey = keyFile('rsa-pkcs8.pem');
const signer = Signer.fromPem({ keyPairId, privateKey });
const verifier = new Verifier({ keys: { [keyPairId]: keyFile('rsa-public.pem') } });
const url = 'https://d111111abcdef8.cloudfront.net/a';
const expires = 1_767_290_400;

/** An option that the vectors leave out is absent here too, not null. */
const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));

/** The case's error code; a required text that is empty is refused before the core sees it. */
function refused(call, code, ...texts) {
  const expected = texts.includes('') ? 'invalid-argument' : code;
  assert.throws(call, (error) => error instanceof EdgesealError && error.code === expected);
}

/** Signs a policy text as it stands and answers the query string that carries it. */
const carry = (policy) => asQuery(signer.signCookies({ policy }).cookies);

const runners = {
  'encoding encode': ({ hex, text }) => {
    const policy = Buffer.from(hex, 'hex').toString();
    const cookies = getSignedCookies({ policy, keyPairId, privateKey });
    assert.equal(cookies['CloudFront-Policy'], text);
  },
  'encoding decode': ({ text, hex }) => {
    const verdict = verifier.verify({
      request: { scheme: 'https', host: 'h', path: '/', query: '' },
      cookies: `CloudFront-Key-Pair-Id=${keyPairId}; CloudFront-Expires=${expires}; CloudFront-Signature=${text}`,
      now,
    });
    assert.equal(verdict.reason, hex === null ? 'malformed-signature' : 'bad-signature');
  },
  'encoding aws-sdk-js-url': ({ input, output }) => {
    const signed = getSignedUrl({ url: input, keyPairId, privateKey, dateLessThan: expires * 1000 });
    assert.equal(unsigned(signed), output);
  },
  'urls canonicalise': ({ input, output, error }) => {
    const sign = (text) => {
      const policy = `{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
      return unsigned(signer.signUrl({ url: text, policy }));
    };
    if (error) return refused(() => sign(input), error, input);
    assert.equal(sign(input), output);
    assert.equal(sign(output), output);
  },
  'policies build': ({ url: target, terms, kind, text, error }) => {
    const sign = () => signer.signUrl({ url: target, ...given(terms) });
    if (error) return refused(sign, error, target);
    const verdict = verifier.verify({
      url: sign(),
      now: terms.expires - 1,
      clientIp: terms.ipAddress?.split('/')[0],
    });
    assert.equal(verdict.policyText, text);
    assert.equal(verdict.policyKind, kind);
  },
  'policies parse': ({ text, policy, error }) => {
    if (error) return refused(() => carry(text), error, text);
    const explanation = verifier.explain({ url: `${url}?${carry(text)}`, now });
    const { resource = null, notBefore = null, ipAddress = null, ...others } = explanation.policy;
    const warnings = explanation.warnings.map(({ code }) => code);
    assert.deepEqual({ resource, notBefore, ipAddress, warnings, ...others }, policy);
  },
  'policies ip': ({ input, text, error }) => {
    const sign = () => signer.signUrl({ url, expires, ipAddress: input });
    if (error) return refused(sign, error, input);
    const { policyText } = verifier.explain({ url: sign(), now });
    assert.equal(JSON.parse(policyText).Statement[0].Condition.IpAddress['AWS:SourceIp'], text);
  },
  'resource-match match': ({ resource, target, legacySchemeWildcard, mismatch }) => {
    const judge = new Verifier({ keys: { [keyPairId]: keyFile('rsa-public.pem') }, legacySchemeWildcard });
    const policy = { Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': expires } } };
    const query = [target.query, carry(JSON.stringify({ Statement: [policy] }))].filter(Boolean).join('&');
    const verdict = judge.verify({ request: { ...given(target), query }, now });
    assert.equal(verdict.allowed, mismatch === null);
    if (mismatch !== null)
      assert.equal(`${verdict.reason}: ${verdict.detail}`, `resource-mismatch: the ${mismatch} differs`);
  },
  'time parse': ({ text, now: at, seconds, error }, t) => {
    t.mock.timers.enable({ apis: ['Date'], now: at * 1000 });
    const signed = signer.signUrl({ url, expires });
    const explain = () => verifier.explain({ url: signed, now: text });
    if (error) return refused(explain, error);
    assert.equal(Date.parse(explain().times.now), seconds * 1000);
  },
  'time format': ({ seconds, text }) => {
    assert.equal(verifier.explain({ url: signer.signUrl({ url, expires }), now: seconds }).times.now, text);
  },
  'time words': ({ seconds, text }) => {
    const { causes } = verifier.explain({ url: signer.signUrl({ url, expires }), now: expires + seconds });
    assert.equal(causes[0].sentence, `The policy expired ${text} ago.`);
  },
  'upload write': ({ constraints, query, error }) => {
    const sign = () => signer.signUrl({ url, expires, upload: constraints });
    if (error) return refused(sign, error, ...Object.values(constraints));
    const prefix = constraints.method === undefined ? `es-method=PUT${query === '' ? '' : '&'}` : '';
    assert.equal(unsigned(sign()), `${url}?${prefix}${query}`);
  },
  'cookies read': ({ headers, conflict }) => {
    const { reason } = verifier.verify({ url, cookies: headers, now });
    assert.equal(reason === 'duplicate-parameter', conflict);
  },
};

/** What no public function shows, or shows in another way. */
const notHere = {
  'encoding encode': ({ hex }) =>
    hex === '' || Buffer.from(Buffer.from(hex, 'hex').toString()).toString('hex') !== hex,
  'urls split': () => true,
  'upload read': () => true,
  'cookies sign': () => true,
  'cookies set-cookie': () => true,
  // The signature itself takes room, so a URL of the full length cannot be signed.
  'urls canonicalise': ({ output }) => output?.length > 7_000,
};

for (const file of ['encoding', 'urls', 'policies', 'resource-match', 'time', 'upload', 'cookies']) {
  for (const one of cases(file)) {
    const name = `${file} ${one.op}`;
    if (notHere[name]?.(one)) continue;
    test(`${name} ${one.id}: ${one.what}`, (t) => runners[name](one, t));
  }
}

const signs = ({ key, keyPairId: id, hash, crypto }) =>
  Signer.fromPem({ keyPairId: id, privateKey: keyFile(key), hash, crypto });
const judgeFor = (one, crypto) =>
  new Verifier({ keys: { [one.keyPairId]: keyFile(one.publicKey) }, crypto, strict: true });

for (const one of cases('signing')) {
  for (const crypto of cryptos) {
    test(`signing ${one.id} with ${crypto}: ${one.what}`, () => {
      const sign = () =>
        signs({ ...one, crypto }).signUrl(given({ url: one.url, upload: one.upload, ...one.terms }));
      if (one.error) return refused(sign, one.error, one.url, one.keyPairId);
      const signed = sign();
      if (one.signedUrl) assert.equal(signed, one.signedUrl);
      else assert.equal(frame(signed), one.signedUrlFrame);
      for (const good of [signed, one.signedByOpenssl ?? signed]) {
        const clientIp = one.terms.ipAddress?.split('/')[0];
        const verdict = judgeFor(one, crypto).verify(given({ url: good, now, clientIp }));
        assert.ok(verdict.allowed, `${verdict.reason} (${verdict.detail})`);
        assert.equal(verdict.policyText, one.policyText);
      }
    });
  }
}

const cookieHeader = (pairs) => pairs.map((pair) => pair.join('=')).join('; ');

for (const one of cases('cookies').filter(({ op }) => op === 'sign')) {
  for (const crypto of cryptos) {
    test(`cookies ${one.id} with ${crypto}: ${one.what}`, () => {
      const sign = () =>
        signs({ ...one, crypto }).signCookies(given({ resource: one.resource, ...one.terms }));
      if (one.error) return refused(sign, one.error, one.resource);
      const { cookies, cookieHeader: header } = sign();
      assert.equal(one.cookies ? header : frame(header), cookieHeader(one.cookies ?? one.cookiesFrame));
      assert.deepEqual(
        cookies,
        Object.fromEntries(header.split('; ').map((pair) => /^(.*?)=(.*)$/.exec(pair).slice(1))),
      );
      const judge = new Verifier({ keys: { [one.keyPairId]: keyFile(one.publicKey) }, crypto });
      for (const good of [header, one.signedByOpenssl ? cookieHeader(one.signedByOpenssl) : header]) {
        const { checks, policyText } = judge.explain({
          url: one.resource.replaceAll('*', 'x'),
          cookies: good,
          now,
        });
        assert.equal(checks.find(({ id }) => id === 'signature').outcome, 'pass');
        assert.equal(policyText, one.policyText);
      }
    });
  }
}

for (const one of cases('cookies').filter(({ op }) => op === 'set-cookie')) {
  // The package always writes SameSite.
  if (one.attributes.sameSite === null) continue;
  test(`cookies set-cookie ${one.id}: ${one.what}`, () => {
    const sign = () =>
      signs(one).signCookies({ resource: one.resource, ...one.terms, cookie: one.attributes });
    if (one.error) return refused(sign, one.error, ...Object.values(one.attributes));
    assert.deepEqual(sign().setCookie, one.setCookie);
  });
}

for (const one of cases('verify')) {
  for (const crypto of cryptos) {
    test(`verify ${one.id} with ${crypto}: ${one.what}`, () => {
      const keys = Object.fromEntries(
        one.keys.map(({ id, file, enabled }) => [id, { publicKey: keyFile(file), enabled }]),
      );
      const { scheme, host, path, query, cookies, clientIp } = one.request;
      const request = given({ scheme, host, path, query });
      const judge = new Verifier({ keys, crypto, ...one.options });
      const input = given({ request, cookies, clientIp, now: one.now });
      const verdict = judge.verify(input);
      assert.equal(verdict.allowed, one.expect.allowed, verdict.reason);
      assert.deepEqual(judge.explain(input).verdict, verdict);
      if (!verdict.allowed) return assert.equal(verdict.reason, one.expect.reason);
      assert.deepEqual(
        {
          allowed: true,
          source: verdict.source,
          kind: verdict.policyKind,
          hash: verdict.hash,
          keyPairId: verdict.keyPairId,
          query: verdict.query,
          remaining: verdict.remainingSeconds,
          warnings: verdict.warnings.map(({ code }) => code),
        },
        one.expect,
      );
    });
  }
}

for (const one of cases('keys')) {
  for (const crypto of cryptos) {
    test(`keys ${one.id} with ${crypto}: ${one.what}`, () => {
      const text = (transforms[one.transform] ?? ((same) => same))(keyFile(one.file));
      const read =
        one.kind === 'private'
          ? () =>
              Signer.fromPem({
                keyPairId,
                privateKey: text,
                crypto,
                ...given({ passphrase: one.passphrase }),
              })
          : () => new Verifier({ keys: { [keyPairId]: text }, crypto });
      if (one.error) return refused(read, one.error, one.passphrase);
      const key = read();
      if (one.kind === 'private') assert.equal(key.algorithm, one.algorithm);
    });
  }
}
