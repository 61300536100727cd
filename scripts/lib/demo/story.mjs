/** What the demonstration does, as data: nothing here writes to the terminal. */
import { generateKeyPairSync } from 'node:crypto';

const keyPairId = 'KDEMO2EXAMPLE1';
const host = 'https://files.example.com';
const office = '203.0.113.7';
const minute = 60;

function makeKeyPair() {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Everything that is handed out: an upload URL, a download URL and a set of cookies. */
function handOut(signer, now) {
  return {
    upload: signer.signUrl({
      url: `${host}/upload/photo.png`,
      expires: now + 10 * minute,
      upload: { method: 'PUT', maxBytes: 5 * 1024 * 1024, contentType: 'image/*' },
    }),
    download: signer.signUrl({
      url: `${host}/download/report 2026.pdf`,
      expires: now + 15 * minute,
      ipAddress: '203.0.113.0/24',
    }),
    cookies: signer.signCookies({ resource: `${host}/video/*`, expires: now + 60 * minute }),
  };
}

/** Six ways to get in without a right to, each as a request and the reason it must fail for. */
function attacks({ upload, download, cookies }, thief, now) {
  const cookie = cookies.cookieHeader;
  return [
    {
      title: 'The link is used an hour later',
      reason: 'expired',
      request: { url: download, clientIp: office, now: now + 60 * minute },
    },
    {
      title: 'The path is changed to another file',
      reason: 'bad-signature',
      request: { url: upload.replace('photo.png', 'index.html'), now },
    },
    {
      title: 'The link is signed with another private key',
      reason: 'bad-signature',
      request: { url: thief.signUrl({ url: `${host}/download/all.zip`, expires: now + 15 * minute }), now },
    },
    {
      title: 'The link is passed on to someone elsewhere',
      reason: 'ip-mismatch',
      request: { url: download, clientIp: '198.51.100.99', now },
    },
    {
      title: 'A larger limit is appended to the upload link',
      reason: 'bad-signature',
      request: { url: `${upload}&es-max-bytes=5368709120`, now },
    },
    {
      title: 'The cookies are sent to another host',
      reason: 'resource-mismatch',
      request: { url: 'https://intranet.example.com/video/1.ts', cookies: cookie, now },
    },
  ];
}

/**
 * Plays the whole story.
 * @param {typeof import('edgeseal')} edgeseal the package
 * @param {number} now seconds since 1970
 */
export function playStory({ Signer, Verifier }, now) {
  const pair = makeKeyPair();
  const signer = Signer.fromPem({ keyPairId, privateKey: pair.privateKey });
  const verifier = new Verifier({ keys: { [keyPairId]: pair.publicKey } });
  const signed = handOut(signer, now);
  const good = [
    { title: 'the upload link', request: { url: signed.upload, now } },
    { title: 'the download link, from the office', request: { url: signed.download, clientIp: office, now } },
    {
      title: 'the cookies, for a video',
      request: { url: `${host}/video/1.ts`, cookies: signed.cookies.cookieHeader, now },
    },
  ];
  const thief = Signer.fromPem({ keyPairId, privateKey: makeKeyPair().privateKey });
  return {
    key: { keyPairId, algorithm: signer.algorithm, hash: signer.hash, crypto: signer.crypto },
    signed,
    allowed: good.map(({ title, request }) => ({ title, verdict: verifier.verify(request) })),
    refused: attacks(signed, thief, now).map(({ title, reason, request }) => {
      const { verdict, causes } = verifier.explain(request);
      return { title, expected: reason, verdict, cause: causes[0] };
    }),
  };
}
