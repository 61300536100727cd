// Makes the signed parts of the inspector's samples from the test keys; run it to see them.
import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Signer } from 'edgeseal';

const key = (name) => readFileSync(new URL(`../../keys/${name}.pem`, import.meta.url), 'utf8');
const id = 'K2JCJMDEHXQW5F';
const signer = Signer.fromPem({ keyPairId: id, privateKey: key('rsa-pkcs8') });
const stranger = Signer.fromPem({ keyPairId: id, privateKey: key('other-rsa') });
const report = 'https://files.example.com/download/annual report.pdf?size=large';
const noon = Date.parse('2026-06-01T12:00:00Z') / 1000;
const expires = noon + 3600;

/** As a program does that takes JavaScript's clock for CloudFront's. */
function inMilliseconds() {
  const url = encodeURI(report);
  const text = `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}000}}}]}`;
  const base64 = createSign('sha256').update(text).sign(key('rsa-pkcs8'), 'base64');
  const signature = base64.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
  return `${url}&Expires=${expires}000&Signature=${signature}&Key-Pair-Id=${id}&Hash-Algorithm=SHA256`;
}

export const signed = {
  publicKey: key('rsa-public'),
  custom: signer.signUrl({
    url: report,
    resource: 'https://files.example.com/download/*',
    notBefore: noon - 1800,
    expires,
    ipAddress: '203.0.113.0/24',
  }),
  canned: signer.signUrl({ url: report, expires }),
  stranger: stranger.signUrl({ url: report, expires }),
  milliseconds: inMilliseconds(),
  cookies: signer.signCookies({ resource: 'https://files.example.com/video/*', expires }).cookieHeader,
  upload: signer.signUrl({
    url: 'https://files.example.com/upload/holiday.mp4',
    expires,
    upload: { method: 'PUT', maxBytes: 5_000_000 },
  }),
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(JSON.stringify(signed, null, 2));
