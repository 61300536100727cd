/** Requests that must be refused, each with the reason that the edge gives. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { Signer } from 'edgeseal';

const soon = () => Math.floor(Date.now() / 1000) + 600;

/** A URL with one query parameter replaced. */
function changed(url, name, value) {
  const copy = new URL(url);
  copy.searchParams.set(name, value);
  return copy.href;
}

/** Signs with the key of the private-key-secret product, which no key group knows. */
async function ownSigner({ world, ownSecret }) {
  const { SecretString } = await world.admin.secrets.send(new GetSecretValueCommand({ SecretId: ownSecret }));
  const { keyPairId, privateKey } = JSON.parse(SecretString);
  return Signer.fromPem({ keyPairId, privateKey });
}

/**
 * Tries them all.
 * @param {object} tools of the story
 * @param {string} key of a file that exists
 * @returns {Promise<{ title: string, expected: string, status: number, reason: string | undefined }[]>}
 *   `expected` is the reason on this machine; AWS tells viewers none
 */
export async function tryAttacks(tools, key) {
  const { world, signer, uploads } = tools;
  const plain = `${world.origin}/download/${key}`;
  const good = await signer.signUrl({ url: plain, expires: soon() });
  const stranger = await ownSigner(tools);
  const ticket = async () =>
    uploads.requestUpload({ owner: 'mallory', maxBytes: 10, contentType: 'text/plain', filename: 'a.txt' });
  const put = async (options) => {
    const { url, headers } = await ticket();
    return { url, options: { method: 'PUT', headers, body: '0123456789', ...options } };
  };
  const requests = [
    ['no signature', 'missing-credentials', { url: plain }],
    [
      'a longer life written into the URL',
      'bad-signature',
      { url: changed(good, 'Expires', soon() + 86_400) },
    ],
    ['the signature put on another file', 'bad-signature', { url: good.replace(key, 'secret.pdf') }],
    [
      'a URL that has expired',
      'expired',
      { url: await signer.signUrl({ url: plain, expires: soon() - 1200 }) },
    ],
    [
      'a key that the group does not trust',
      'unknown-key',
      { url: stranger.signUrl({ url: plain, expires: soon() }) },
    ],
    [
      'DELETE with a signed download',
      'method-not-in-behaviour',
      { url: good, options: { method: 'DELETE' } },
    ],
    ['GET with a signed upload', 'method-not-allowed', { url: (await ticket()).url }],
    ['a body larger than was signed', 'too-large', await put({ body: '0123456789-' }), 'validator'],
    [
      'another type of content than was signed',
      'type-mismatch',
      await put({ headers: { 'content-type': 'text/html' } }),
      'validator',
    ],
    ['a larger size written into the URL', 'bad-signature', await bigger(put)],
  ];
  const results = [];
  for (const [title, expected, { url, options }, needs] of requests) {
    if (needs === 'validator' && !world.hasValidator) continue;
    const { status, reason } = await world.send(url, options);
    results.push({ title, expected, status, reason });
  }
  return results;
}

async function bigger(put) {
  const { url, options } = await put({});
  return { url: changed(url, 'es-max-bytes', '999999999'), options };
}
