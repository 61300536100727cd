/** The vectors about judging: requests and verdicts, resources, policies as they come, times, public keys. */
import { asQuery } from './credentials.mjs';
import { transforms } from './key-files.mjs';
import { at, given, same } from './support.mjs';

/** @param {import('./world.mjs').World} world */
export function verifyCases(world) {
  const { now, expires, url, keyPairId } = world;
  /** Signs a policy text as it stands and answers the query string that carries it. */
  const carry = (policy) => asQuery(world.signer.signCookies({ policy }).cookies);

  const runners = {
    'encoding decode': ({ text, hex }) => {
      const cookies = `CloudFront-Key-Pair-Id=${keyPairId}; CloudFront-Expires=${expires}; CloudFront-Signature=${text}`;
      const request = { scheme: 'https', host: 'h', path: '/', query: '' };
      const { reason } = world.verifier.verify({ request, cookies, now });
      same(reason, hex === null ? 'malformed-signature' : 'bad-signature', 'the reason');
    },
    'policies parse': ({ text, policy, error }) => {
      if (error) return world.refused(() => carry(text), error, text);
      const explanation = world.verifier.explain({ url: `${url}?${carry(text)}`, now });
      const { resource = null, notBefore = null, ipAddress = null, ...others } = explanation.policy;
      const warnings = explanation.warnings.map(({ code }) => code);
      same({ resource, notBefore, ipAddress, warnings, ...others }, policy);
    },
    'resource-match match': ({ resource, target, legacySchemeWildcard, mismatch }) => {
      const judge = new world.Verifier({
        keys: { [keyPairId]: world.key('rsa-public.pem') },
        legacySchemeWildcard,
      });
      const policy = { Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': expires } } };
      const query = [target.query, carry(JSON.stringify({ Statement: [policy] }))].filter(Boolean).join('&');
      const verdict = judge.verify({ request: { ...given(target), query }, now });
      same(verdict.allowed, mismatch === null, 'the verdict');
      if (mismatch !== null)
        same(
          `${verdict.reason}: ${verdict.detail}`,
          `resource-mismatch: the ${mismatch} differs`,
          'the reason',
        );
    },
    'time parse': ({ text, now: moment, seconds, error }) => {
      const signed = world.signer.signUrl({ url, expires });
      const explain = () => at(moment, () => world.verifier.explain({ url: signed, now: text }));
      if (error) return world.refused(explain, error);
      same(Date.parse(explain().times.now), seconds * 1000);
    },
    'time format': ({ seconds, text }) => {
      const signed = world.signer.signUrl({ url, expires });
      // As a Date, since a bare number in milliseconds is refused.
      same(world.verifier.explain({ url: signed, now: new Date(seconds * 1000) }).times.now, text);
    },
    'time words': ({ seconds, text }) => {
      const signed = world.signer.signUrl({ url, expires });
      const { causes } = world.verifier.explain({ url: signed, now: expires + seconds });
      same(causes[0].sentence, `The policy expired ${text} ago.`);
    },
    'cookies read': ({ headers, conflict }) => {
      const { reason } = world.verifier.verify({ url, cookies: headers, now });
      same(reason === 'duplicate-parameter', conflict);
    },
    'verify verify': judges,
    'keys public': ({ file, transform, error }, crypto) => {
      const text = (transforms[transform] ?? String)(world.key(file));
      const read = () => new world.Verifier({ keys: { [keyPairId]: text }, crypto });
      if (error) return world.refused(read, error);
      read();
    },
  };

  function judges(one, crypto) {
    const keys = Object.fromEntries(
      one.keys.map(({ id, file, enabled }) => [id, { publicKey: world.key(file), enabled }]),
    );
    const { scheme, host, path, query, cookies, clientIp } = one.request;
    const judge = new world.Verifier({ keys, crypto, ...one.options });
    const input = given({
      request: given({ scheme, host, path, query }),
      cookies,
      clientIp,
      now: one.now,
    });
    const verdict = judge.verify(input);
    same(verdict.allowed, one.expect.allowed, `the verdict ${verdict.reason ?? ''}`);
    same(judge.explain(input).verdict, verdict, 'the verdict of the explanation');
    if (!verdict.allowed) return same(verdict.reason, one.expect.reason, 'the reason');
    const warnings = verdict.warnings.map(({ code }) => code);
    const {
      source,
      policyKind: kind,
      hash,
      keyPairId: id,
      query: rest,
      remainingSeconds: remaining,
    } = verdict;
    same(
      { allowed: true, source, kind, hash, keyPairId: id, query: rest, remaining, warnings },
      one.expect,
      'the verdict',
    );
  }

  const both = ['auto', 'wasm'];
  return world.casesFor('verify', runners, { cryptos: { 'verify verify': both, 'keys public': both } });
}
