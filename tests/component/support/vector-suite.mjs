/**
 * The shared vectors of tests/vectors and tests/edge-vectors through the component, on one host.
 *
 * What no function of the component shows (splitting a query string, reading constraints, reading and writing times) is
 * left to the Rust test over the same files. How many pass is recorded in matrix.json, so that none is lost unseen.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { vectorFiles, vectorKeys, vectorNow } from '../../edge/support/vectors.mjs';
import { asQuery, cookieHeader, frame, unsigned } from '../../runtimes/suite/credentials.mjs';
import { transforms } from '../../runtimes/suite/key-files.mjs';
import { callsOn, keyFile, lenient } from './calls.mjs';
import { Refusal } from './refusal.mjs';

const now = 1_767_290_000;
const expires = 1_767_290_400;
const keyPairId = 'K2JCJMDEHXQW5F';
const url = 'https://d111111abcdef8.cloudfront.net/a';
const vectors = new URL('../../vectors/', import.meta.url);
const cases = (file) => JSON.parse(readFileSync(new URL(`${file}.json`, vectors), 'utf8')).cases;
const codesOf = (warnings) => warnings.map(({ code }) => code);
const trusted = (id, file, enabled = true) => ({ keyPairId: id, publicKey: keyFile(file), enabled });
const policyFor = (resource) =>
  JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': expires } } }],
  });

/** The operations of each file that the component can show, and what they are about. */
const shown = {
  encoding: { decode: 'verify' },
  urls: { canonicalise: 'sign' },
  policies: { build: 'sign', parse: 'verify', ip: 'sign' },
  'resource-match': { match: 'verify' },
  time: { words: 'verify' },
  upload: { write: 'sign' },
  cookies: { sign: 'sign', 'set-cookie': 'sign', read: 'verify' },
  signing: { undefined: 'sign' },
  verify: { undefined: 'verify' },
  keys: { private: 'sign', public: 'verify' },
};

/** A refusal with this code; anything else that is thrown is a fault. */
const refused = (promise, code) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof Refusal, `${error.name}: ${error.message}`);
    assert.equal(error.code, code);
    assert.ok(error.message.length > 0);
    return true;
  });

function runners(on) {
  /** A signer and a verifier of the same key, made once. */
  let pair;
  const made = () => {
    pair ??= Promise.all([
      on.signer({ keyPairId, privateKey: keyFile('rsa-pkcs8.pem') }),
      on.verifier([trusted(keyPairId, 'rsa-public.pem')]),
    ]);
    return pair;
  };
  const signer = async () => (await made())[0];
  const verifier = async () => (await made())[1];
  const carry = async (policy) => {
    const { cookies } = await on.signCookiesWithPolicy(await signer(), policy);
    return asQuery(Object.fromEntries(cookies.map(({ name, value }) => [name, value])));
  };
  const signerFor = (one) =>
    on.signer({ keyPairId: one.keyPairId, privateKey: keyFile(one.key), hash: one.hash });

  return {
    async 'encoding decode'({ text, hex }) {
      const cookies = [
        `CloudFront-Key-Pair-Id=${keyPairId}; CloudFront-Expires=${expires}; CloudFront-Signature=${text}`,
      ];
      const request = { scheme: 'https', host: 'h', path: '/', query: '' };
      const verdict = await on.verifyRequest(await verifier(), request, now, { cookies });
      assert.equal(verdict.val.reason, hex === null ? 'malformed-signature' : 'bad-signature');
    },
    async 'urls canonicalise'({ input, output, error }) {
      const sign = async (text) => unsigned(await on.signUrlWithPolicy(await signer(), text, policyFor('*')));
      // The signature itself takes room, so a URL of the full length cannot be signed.
      if (output?.length > 7_000) return refused(sign(input), 'url-too-long');
      if (error) return refused(sign(input), error);
      assert.equal(await sign(input), output);
      assert.equal(await sign(output), output);
    },
    async 'policies build'({ url: target, terms, kind, text, error }) {
      const signed = on.signUrl(await signer(), target, terms);
      if (error) return refused(signed, error);
      const context = { cookies: [], clientIp: terms.ipAddress?.split('/')[0] };
      const verdict = await on.verifyUrl(await verifier(), await signed, terms.expires - 1, context);
      assert.equal(verdict.val.policyText, text);
      assert.equal(verdict.val.kind, kind);
    },
    async 'policies parse'({ text, policy, error }) {
      if (error) return refused(carry(text), error);
      const found = await on.explainUrl(await verifier(), `${url}?${await carry(text)}`, now);
      const { resource = null, notBefore = null, ipAddress = null, ...others } = found.policy;
      assert.deepEqual(
        { resource, notBefore, ipAddress, warnings: codesOf(found.warnings), ...others },
        policy,
      );
    },
    async 'policies ip'({ input, text, error }) {
      const signed = on.signUrl(await signer(), url, { expires, ipAddress: input });
      if (error) return refused(signed, error);
      const { policyText } = await on.explainUrl(await verifier(), await signed, now);
      assert.equal(JSON.parse(policyText).Statement[0].Condition.IpAddress['AWS:SourceIp'], text);
    },
    async 'resource-match match'({ resource, target, legacySchemeWildcard, mismatch }) {
      const judge = await on.verifier([trusted(keyPairId, 'rsa-public.pem')], {
        ...lenient,
        legacySchemeWildcard,
      });
      const query = [target.query, await carry(policyFor(resource))].filter(Boolean).join('&');
      const { tag, val } = await on.verifyRequest(judge, { ...target, query }, now);
      assert.equal(tag, mismatch === null ? 'allowed' : 'denied');
      if (mismatch !== null)
        assert.equal(`${val.reason}: ${val.detail}`, `resource-mismatch: the ${mismatch} differs`);
    },
    async 'time words'({ seconds, text }) {
      const signed = await on.signUrl(await signer(), url, { expires });
      const { causes } = await on.explainUrl(await verifier(), signed, expires + seconds);
      assert.equal(causes[0].sentence, `The policy expired ${text} ago.`);
    },
    async 'upload write'({ constraints, query, error }) {
      const signed = on.signUrl(await signer(), url, { expires }, constraints);
      if (error) return refused(signed, error);
      assert.equal(unsigned(await signed), query === '' ? url : `${url}?${query}`);
    },
    async 'cookies sign'(one) {
      const signed = signerFor(one).then((self) => on.signCookies(self, one.resource, one.terms));
      if (one.error) return refused(signed, one.error);
      const { cookies, cookieHeader: header } = await signed;
      assert.equal(one.cookies ? header : frame(header), cookieHeader(one.cookies ?? one.cookiesFrame));
      assert.equal(cookieHeader(cookies.map(({ name, value }) => [name, value])), header);
      const judge = await on.verifier([trusted(one.keyPairId, one.publicKey)]);
      for (const good of [header, one.signedByOpenssl ? cookieHeader(one.signedByOpenssl) : header]) {
        const target = one.resource.replaceAll('*', 'x');
        const { checks, policyText } = await on.explainUrl(judge, target, now, { cookies: [good] });
        assert.equal(checks.find(({ id }) => id === 'signature').outcome, 'pass');
        assert.equal(policyText, one.policyText);
      }
    },
    async 'cookies set-cookie'(one) {
      const attributes = { ...(await on.defaultAttributes()), ...one.attributes };
      const sameSite = attributes.sameSite?.toLowerCase();
      const signed = on.signCookies(await signerFor(one), one.resource, one.terms, {
        ...attributes,
        sameSite,
      });
      if (one.error) return refused(signed, one.error);
      assert.deepEqual((await signed).setCookie, one.setCookie);
    },
    async 'cookies read'({ headers, conflict }) {
      const { val } = await on.verifyUrl(await verifier(), url, now, { cookies: headers });
      assert.equal(val.reason === 'duplicate-parameter', conflict);
    },
    async signing(one) {
      const signed = signerFor(one).then((self) => on.signUrl(self, one.url, one.terms, one.upload));
      if (one.error) return refused(signed, one.error);
      if (one.signedUrl) assert.equal(await signed, one.signedUrl);
      else assert.equal(frame(await signed), one.signedUrlFrame);
      const judge = await on.verifier([trusted(one.keyPairId, one.publicKey)], { ...lenient, strict: true });
      const context = { cookies: [], clientIp: one.terms.ipAddress?.split('/')[0] };
      for (const good of [await signed, one.signedByOpenssl ?? (await signed)]) {
        const { tag, val } = await on.verifyUrl(judge, good, now, context);
        assert.equal(tag, 'allowed', val.reason);
        assert.equal(val.policyText, one.policyText);
      }
    },
    async verify({ keys, options, request: given, now: at, expect }) {
      const judge = await on.verifier(
        keys.map(({ id, file, enabled }) => trusted(id, file, enabled)),
        options,
      );
      const { scheme, host, path, query, cookies, clientIp } = given;
      const request = { scheme, host, path, query };
      const context = { cookies, clientIp };
      const verdict = await on.verifyRequest(judge, request, at, context);
      assert.deepEqual((await on.explainRequest(judge, request, at, context)).verdict, verdict);
      const { tag, val } = verdict;
      assert.equal(tag, expect.allowed ? 'allowed' : 'denied', val.reason);
      if (!expect.allowed) return assert.equal(val.reason, expect.reason);
      const { source, kind, hash, keyPairId: id, query: rest, remainingSeconds: remaining, warnings } = val;
      const found = {
        allowed: true,
        source,
        kind,
        hash: hash.toUpperCase(),
        keyPairId: id,
        query: rest,
        remaining,
      };
      assert.deepEqual({ ...found, warnings: codesOf(warnings) }, expect);
    },
    async keys(one) {
      const transform = transforms[one.transform] ?? ((same) => same);
      const bytes = new TextEncoder().encode(transform(new TextDecoder().decode(keyFile(one.file))));
      const read =
        one.kind === 'private'
          ? on.signer({ keyPairId, privateKey: bytes, passphrase: one.passphrase })
          : on.verifier([{ keyPairId, publicKey: bytes, enabled: true }]);
      if (one.error) return refused(read, one.error);
      const self = await read;
      if (one.kind !== 'private') return;
      const algorithm = await on.call('signing', '[method]signer.algorithm', self);
      assert.equal({ rsa2048: 'RSA-2048', 'ecdsa-p256': 'ECDSA-P256' }[algorithm], one.algorithm);
    },
  };
}

/** A viewer-request event as the component takes a request. */
function edgeRequest({ method, uri, querystring, clientIp, headers }) {
  const listed = Object.values(headers).flat();
  return {
    method,
    host: headers.host[0].value,
    uri,
    querystring,
    clientIp: clientIp === 'unknown' ? undefined : clientIp,
    headers: listed.map(({ key, value }) => ({ name: key, value })),
  };
}

/** A decision in the words of the vectors. */
function outcome({ tag, val }) {
  const { grant, headers, ...others } = val;
  const asObject = headers && Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  const { source, verifiedHere, keyPairId: id } = grant ?? {};
  return [tag, { ...others, headers: asObject, source, verifiedHere, keyPairId: id }];
}

/** Fields that must be absent where the vector does not name them. */
const silent = { allow: ['uri', 'querystring', 'cookies'], deny: ['rule'], respond: [] };

function assertDecision(decision, expect) {
  const [kind, found] = outcome(decision);
  const [[wanted, fields]] = Object.entries(expect);
  assert.equal(kind, wanted, JSON.stringify(found));
  for (const name of silent[kind]) if (!(name in fields)) assert.equal(found[name], undefined, name);
  for (const [name, value] of Object.entries(fields)) assert.deepEqual(found[name], value, name);
}

function edgeSuite(on, counted) {
  const keys = Object.entries(vectorKeys).map(([id, { publicKey, enabled }]) => ({
    keyPairId: id,
    publicKey: new TextEncoder().encode(publicKey),
    enabled,
  }));
  for (const { name, policy, cases: list } of vectorFiles()) {
    for (const one of list) {
      counted('decide', `edge ${name.slice(0, -5)}: ${one.name}`, async () => {
        const self = await on.policy(JSON.stringify(policy), one.keys === false ? [] : keys, 8);
        const request = edgeRequest(one.event().Records[0].cf.request);
        const at = one.now ?? vectorNow;
        assertDecision(await on.decide(self, request, at), one.expect);
        // The second time the signature may be remembered, and the decision is the same.
        assertDecision(await on.decide(self, request, at), one.expect);
      });
    }
  }
}

/**
 * Declares the suite.
 * @param {{ name: string, start: () => { call: Function, stop(): Promise<void> } }} host
 * @returns {Record<'sign' | 'verify' | 'decide', number>} how many have passed, while the tests run
 */
export function vectorSuite({ name, start }) {
  const passed = { sign: 0, verify: 0, decide: 0 };
  const counted = (group, title, body) =>
    test(title, async () => {
      await body();
      passed[group] += 1;
    });
  describe(name, () => {
    let host;
    before(() => {
      host = start();
    });
    after(() => host?.stop());
    const on = callsOn(() => host);
    const run = runners(on);
    for (const [file, groups] of Object.entries(shown)) {
      for (const one of cases(file)) {
        const group = groups[one.op ?? one.kind];
        if (group === undefined) continue;
        const body = run[one.op ? `${file} ${one.op}` : file];
        counted(group, `${file} ${one.op ?? ''} ${one.id}: ${one.what}`, () => body(one));
      }
    }
    edgeSuite(on, counted);
  });
  return passed;
}
