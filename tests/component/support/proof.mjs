/** A little of everything that the component does, for any runtime: nothing is imported here. */

const keyPairId = 'K2JCJMDEHXQW5F';
const expires = 1_767_290_400n;
const now = 1_767_290_000n;

/**
 * @param {typeof import('edgeseal/component')} component
 * @param {{ privateKey: string, publicKey: string }} keys PEM
 */
export function prove({ signing, verifying, deciding }, keys) {
  const bytes = (text) => new TextEncoder().encode(text);
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const signer = signing.Signer.open(keyPairId, bytes(keys.privateKey), undefined, 'sha256', seed);
  const signed = signer.signUrl('https://files.example.com/download/a.jpg', { expires }, undefined);
  const trusted = [{ keyPairId, publicKey: bytes(keys.publicKey), enabled: true }];
  const options = { strict: true, requireResource: false, legacySchemeWildcard: false };
  const verifier = verifying.Verifier.open(trusted, options);
  const context = { cookies: [] };
  const rules = { version: 1, mode: 'standalone', rules: [{ name: 'download', path: '/download/*' }] };
  const policy = deciding.Policy.open(JSON.stringify(rules), trusted, 0);
  const request = {
    method: 'GET',
    host: 'files.example.com',
    uri: '/download/a.jpg',
    querystring: signed.split('?')[1],
    headers: [],
  };
  let refused;
  try {
    signer.signUrl('https://files.example.com/#a', { expires }, undefined);
  } catch (error) {
    refused = error.code;
  }
  return {
    verdict: verifier.verifyUrl(signed, context, now).tag,
    cause: verifier.explainUrl(signed.replace('a.jpg?', 'a.jpg?b&'), context, now, []).causes[0].code,
    decision: policy.decide(request, now).tag,
    refused,
  };
}
