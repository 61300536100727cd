/** The functions of the component as the tests call them, on any host. */
import { readFileSync } from 'node:fs';

const keys = new URL('../../keys/', import.meta.url);
const utf8 = new TextEncoder();

/** A key file as the component takes it. */
export const keyFile = (name) => new Uint8Array(readFileSync(new URL(name, keys)));

/** A fixed seed: it blinds, and shows in nothing. */
export const seed = new Uint8Array(32).fill(7);

export const lenient = { strict: false, requireResource: false, legacySchemeWildcard: false };
const noContext = { cookies: [] };

/**
 * Calls on one host.
 * @param {() => { call(interfaceName: string, name: string, ...args: unknown[]): Promise<any> }} host asked for at each
 *   call, since a host starts after the tests are named
 */
export function callsOn(host) {
  const call = (...args) => host().call(...args);
  const signer = (method, self, ...args) => call('signing', `[method]signer.${method}`, self, ...args);
  const verifier = (method, self, ...args) => call('verifying', `[method]verifier.${method}`, self, ...args);
  return {
    call,
    signer: ({ keyPairId, privateKey, passphrase, hash = 'SHA256' }) =>
      call(
        'signing',
        '[static]signer.open',
        keyPairId,
        privateKey,
        passphrase === undefined ? undefined : utf8.encode(passphrase),
        hash.toLowerCase(),
        seed,
      ),
    signUrl: (self, url, terms, upload) => signer('sign-url', self, url, terms, upload),
    signUrls: (self, urls, terms) => signer('sign-urls', self, urls, terms),
    signUrlWithPolicy: (self, url, policy) => signer('sign-url-with-policy', self, url, policy),
    signCookies: (self, resource, terms, attributes) =>
      signer('sign-cookies', self, resource, terms, attributes),
    signCookiesWithPolicy: (self, policy) => signer('sign-cookies-with-policy', self, policy, undefined),
    defaultAttributes: () => call('signing', 'default-cookie-attributes'),
    verifier: (trusted, options = lenient) => call('verifying', '[static]verifier.open', trusted, options),
    verifyUrl: (self, url, now, context = noContext) => verifier('verify-url', self, url, context, now),
    verifyRequest: (self, request, now, context = noContext) =>
      verifier('verify-request', self, request, context, now),
    explainUrl: (self, url, now, context = noContext) => verifier('explain-url', self, url, context, now, []),
    explainRequest: (self, request, now, context = noContext) =>
      verifier('explain-request', self, request, context, now, []),
    policy: (rules, trusted, remember) => call('deciding', '[static]policy.open', rules, trusted, remember),
    decide: (self, request, now) => call('deciding', '[method]policy.decide', self, request, now),
  };
}
