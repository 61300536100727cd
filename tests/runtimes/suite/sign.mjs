/** The vectors about signing: URLs, cookies, policies, upload constraints, private keys, and the drop-in functions. */
import { cookieHeader, frame, unsigned } from './credentials.mjs';
import { transforms } from './key-files.mjs';
import { fromHex, given, same, textOf } from './support.mjs';

/** @param {import('./world.mjs').World} world */
export function signCases(world) {
  const { now, expires, url, keyPairId } = world;
  const privateKey = world.key('rsa-pkcs8.pem');
  const own = `{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;

  const runners = {
    'encoding encode': ({ hex, text }) => {
      const policy = textOf(fromHex(hex));
      const cookies = world.compat.getSignedCookies({ policy, keyPairId, privateKey });
      same(cookies['CloudFront-Policy'], text);
    },
    'encoding aws-sdk-js-url': ({ input, output }) => {
      const dateLessThan = expires * 1000;
      same(unsigned(world.compat.getSignedUrl({ url: input, keyPairId, privateKey, dateLessThan })), output);
    },
    'urls canonicalise': ({ input, output, error }) => {
      const sign = (text) => unsigned(world.signer.signUrl({ url: text, policy: own }));
      if (error) return world.refused(() => sign(input), error, input);
      same(sign(input), output);
      same(sign(output), output);
    },
    'policies build': ({ url: target, terms, kind, text, error }) => {
      const sign = () => world.signer.signUrl({ url: target, ...given(terms) });
      if (error) return world.refused(sign, error, target);
      const clientIp = terms.ipAddress?.split('/')[0];
      const verdict = world.verifier.verify({ url: sign(), now: terms.expires - 1, clientIp });
      same([verdict.policyText, verdict.policyKind], [text, kind]);
    },
    'policies ip': ({ input, text, error }) => {
      const sign = () => world.signer.signUrl({ url, expires, ipAddress: input });
      if (error) return world.refused(sign, error, input);
      const { policyText } = world.verifier.explain({ url: sign(), now });
      same(JSON.parse(policyText).Statement[0].Condition.IpAddress['AWS:SourceIp'], text);
    },
    'upload write': ({ constraints, query, error }) => {
      const sign = () => world.signer.signUrl({ url, expires, upload: constraints });
      if (error) return world.refused(sign, error, ...Object.values(constraints));
      const prefix = constraints.method === undefined ? `es-method=PUT${query === '' ? '' : '&'}` : '';
      same(unsigned(sign()), `${url}?${prefix}${query}`);
    },
    'signing sign': signsUrl,
    'cookies sign': signsCookies,
    'cookies set-cookie': async (one, crypto) => {
      const sign = async () =>
        (await world.signerFor(one, crypto)).signCookies({
          resource: one.resource,
          ...one.terms,
          cookie: one.attributes,
        });
      if (one.error) return world.refused(sign, one.error, ...Object.values(one.attributes));
      same((await sign()).setCookie, one.setCookie);
    },
    'keys private': ({ file, transform, passphrase, algorithm, error }, crypto) => {
      const text = (transforms[transform] ?? String)(world.key(file));
      const read = () =>
        world.Signer.fromPem({ keyPairId, privateKey: text, crypto, ...given({ passphrase }) });
      if (error) return world.refused(read, error, passphrase);
      same(read().algorithm, algorithm);
    },
  };

  async function signsUrl(one, crypto) {
    const sign = async () =>
      (await world.signerFor(one, crypto)).signUrl(given({ url: one.url, upload: one.upload, ...one.terms }));
    if (one.error) return world.refused(sign, one.error, one.url, one.keyPairId);
    const signed = await sign();
    if (one.signedUrl) same(signed, one.signedUrl);
    else same(frame(signed), one.signedUrlFrame);
    const judge = world.verifierFor(one, crypto, { strict: true });
    const clientIp = one.terms.ipAddress?.split('/')[0];
    for (const good of [signed, one.signedByOpenssl ?? signed]) {
      const verdict = judge.verify(given({ url: good, now, clientIp }));
      same(
        [verdict.allowed, verdict.policyText],
        [true, one.policyText],
        `the verdict ${verdict.reason ?? ''}`,
      );
    }
  }

  async function signsCookies(one, crypto) {
    const sign = async () =>
      (await world.signerFor(one, crypto)).signCookies(given({ resource: one.resource, ...one.terms }));
    if (one.error) return world.refused(sign, one.error, one.resource);
    const { cookies, cookieHeader: header } = await sign();
    same(one.cookies ? header : frame(header), cookieHeader(one.cookies ?? one.cookiesFrame));
    same(cookies, Object.fromEntries(header.split('; ').map((pair) => /^(.*?)=(.*)$/.exec(pair).slice(1))));
    const judge = world.verifierFor(one, crypto);
    for (const good of [header, one.signedByOpenssl ? cookieHeader(one.signedByOpenssl) : header]) {
      const { checks, policyText } = judge.explain({
        url: one.resource.replaceAll('*', 'x'),
        cookies: good,
        now,
      });
      same(
        [checks.find(({ id }) => id === 'signature').outcome, policyText],
        ['pass', one.policyText],
        'the explanation',
      );
    }
  }

  /** What no public function shows, or shows in another way. */
  const notHere = {
    'encoding encode': ({ hex }) => hex === '' || textOf(fromHex(hex)) === undefined,
    // The signature itself takes room, so a URL of the full length cannot be signed.
    'urls canonicalise': ({ output }) => output?.length > 7_000,
    // The package always writes SameSite.
    'cookies set-cookie': ({ attributes }) => attributes.sameSite === null,
  };
  /** What is done with each kind of cryptography; the rest is the same with all. */
  const cryptos = {
    'signing sign': ['auto', 'wasm', 'webcrypto'],
    'cookies sign': ['auto', 'wasm', 'webcrypto'],
    'cookies set-cookie': ['auto', 'wasm', 'webcrypto'],
    'keys private': ['auto', 'wasm'],
  };
  return world.casesFor('sign', runners, { notHere, cryptos });
}
