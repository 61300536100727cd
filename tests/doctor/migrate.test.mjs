// docs/migrate.md: its programs run, and what it says of bytes and behaviour is so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { getSignedCookies as awsCookies, getSignedUrl as awsUrl } from '@aws-sdk/cloudfront-signer';
import cf from 'aws-cloudfront-sign';
import { Signer, Verifier } from 'edgeseal';
import * as compat from 'edgeseal/compat';
import { pythonEnvironment } from '../../scripts/lib/setup/python.mjs';
import { inside, program } from './support/doctor.mjs';
import { blocks, guide, runBlock, withKeys } from './support/guide.mjs';
import {
  brokenByCloudfrontSign,
  brokenByVersion2,
  expires,
  plainUrls,
  policy,
  reservedUrl,
} from './support/inputs.mjs';

const read = (name) => readFileSync(new URL(`../keys/${name}.pem`, import.meta.url), 'utf8');
const keyPairId = 'K2JCJMDEHXQW5F';
const privateKey = read('rsa-pkcs8');
const signer = Signer.fromPem({ keyPairId, privateKey, hash: 'SHA1' });
const modern = Signer.fromPem({ keyPairId, privateKey });
const keys = { [keyPairId]: read('rsa-public') };
const verifier = new Verifier({ keys });
const v2 = JSON.parse(readFileSync(new URL('recorded/aws-sdk-v2.json', import.meta.url), 'utf8'));
const dateLessThan = expires * 1000;
const drop = (url, more = {}) => compat.getSignedUrl({ url, keyPairId, privateKey, dateLessThan, ...more });
const old = (url, more = {}) =>
  cf.getSignedUrl(url, {
    keypairId: keyPairId,
    privateKeyString: privateKey,
    expireTime: dateLessThan,
    ...more,
  });
const works = (url) => verifier.verify({ url, clientIp: '203.0.113.7' }).allowed;
const parameter = (url, name) => new URL(url).searchParams.get(name);
const texts = (cookies) =>
  Object.fromEntries(Object.entries(cookies).map(([name, value]) => [name, String(value)]));
const withoutSigning = (url) => {
  const bare = new URL(url);
  for (const name of ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'])
    bare.searchParams.delete(name);
  return bare.href;
};
let python;

before(async () => {
  python = join(await pythonEnvironment('aws'), 'python');
});

/** What a program that signs with another package prints; version 2 is too large to be installed for this. */
function outputOf(block, folder) {
  const kept = v2.programs[block.name];
  if (!block.code.includes("require('aws-sdk')")) {
    return runBlock(block, folder, block.language === 'python' ? { python } : {});
  }
  assert.equal(kept?.code, block.code, 'record it anew: tests/doctor/record-aws-sdk-v2.mjs');
  return kept.output;
}

const befores = new Map(blocks.filter(({ role }) => role === 'before').map((block) => [block.name, block]));

for (const block of blocks.filter(({ role }) => role === 'after')) {
  test(`the program after ${block.name} gives ${block.claim === 'same' ? 'the same bytes' : 'a link that verifies, for the same URL'}`, () =>
    withKeys((folder) => {
      const was = outputOf(befores.get(block.name), folder);
      const is = runBlock(block, folder);
      if (block.claim === 'same') return assert.deepEqual(sorted(is), sorted(was));
      assert.equal(block.claim, 'verifies');
      assert.ok(works(was) && works(is), `${was}\n${is}`);
      assert.equal(withoutSigning(is), withoutSigning(was));
    }));
}

/** Objects print their properties in the order in which they were made. */
const sorted = (text) =>
  text.startsWith('{')
    ? text
        .replaceAll(/[{},]/g, '')
        .split('\n')
        .map((line) => line.trim())
        .sort()
    : text;

test('every program before has one after, and is a package that the guide is about', () => {
  const afters = new Set(blocks.filter(({ role }) => role === 'after').map(({ name }) => name));
  assert.deepEqual(
    [...befores.keys()].filter((name) => !afters.has(name)),
    [],
  );
  assert.equal(befores.size, 7);
  assert.equal([...guide.matchAll(/^```(?:js|python)/gm)].length, blocks.length);
});

test('the remaining programs print what the guide says', () =>
  withKeys((folder) => {
    const star = blocks.find(({ name, role }) => role === 'run' && name === 'star');
    assert.equal(runBlock(star, folder), 'bad-signature');
    const verify = blocks.find(({ role }) => role === 'verify');
    const link = outputOf(befores.get('boto3-url'), folder);
    const [allowed, cause] = runBlock(verify, folder, { args: [link] }).split('\n');
    assert.equal(allowed, 'true');
    assert.match(cause, /^A query parameter was added after signing/);
  }));

test('AWS signer: how a URL is written', () => {
  for (const url of [
    ...plainUrls,
    ...brokenByVersion2.filter((one) => !one.endsWith('.com')),
    'https://h.example/a?x=%2f',
  ]) {
    const terms = { url, keyPairId, privateKey, dateLessThan };
    assert.equal(drop(url), awsUrl(terms));
    assert.deepEqual(compat.getSignedCookies(terms), awsCookies(terms));
  }
  assert.ok(drop('https://h.example/a?x=%2f').startsWith('https://h.example/a?x=%2F&'));
  assert.ok(drop('https://h.example/a?flag').startsWith('https://h.example/a?flag=&'));
  assert.ok(drop("https://h.example/a b?n='\u00e9'").startsWith('https://h.example/a%20b?n=%27%C3%A9%27&'));
});

test('AWS signer: what it signs and edgeseal/compat refuses', () => {
  const url = plainUrls[0];
  const rows = [
    [{ url: reservedUrl, dateLessThan }, 'reserved-parameter'],
    [{ url, dateLessThan: new Date(-1e6) }, 'invalid-time'],
    [{ url, dateLessThan, ipAddress: '10.0.0.1/1e1' }, 'invalid-ip'],
    [{ url: 'rtmp://h.example/a', dateLessThan }, 'invalid-url'],
    [{ url, dateLessThan, privateKey: read('refused-rsa-4096') }, 'unsupported-key'],
    [{ url, dateLessThan, privateKey: read('refused-p384') }, 'unsupported-key'],
  ];
  for (const [terms, code] of rows) {
    const input = { keyPairId, privateKey, ...terms };
    assert.equal(typeof awsUrl(input), 'string');
    assert.throws(() => compat.getSignedUrl(input), { name: 'EdgesealError', code });
  }
  assert.equal(
    awsUrl({ url: reservedUrl, keyPairId, privateKey, dateLessThan }).match(/Expires=/g).length,
    2,
  );
});

test('AWS signer: seconds end in January 1970 with both, and Signer refuses milliseconds', () => {
  const terms = { url: plainUrls[0], keyPairId, privateKey, dateLessThan: 1_767_290_400 };
  assert.equal(compat.getSignedUrl(terms), awsUrl(terms));
  assert.ok(Number(parameter(awsUrl(terms), 'Expires')) < 31 * 86_400);
  assert.throws(() => signer.signUrl({ url: plainUrls[0], expires: dateLessThan }), {
    code: 'time-in-milliseconds',
  });
});

test('AWS signer: SHA-1 is the default there and in edgeseal/compat, SHA-256 in Signer, and both are announced alike', () => {
  const terms = { url: plainUrls[0], keyPairId, privateKey, dateLessThan };
  assert.equal(parameter(drop(terms.url), 'Hash-Algorithm'), null);
  assert.equal(parameter(drop(terms.url, { algorithm: 'SHA256' }), 'Hash-Algorithm'), 'SHA256');
  assert.equal(parameter(modern.signUrl({ url: terms.url, expires }), 'Hash-Algorithm'), 'SHA256');
});

test('edgeseal/compat has no default export', () => assert.equal('default' in compat, false));

test('Signer refuses fragments, dot segments, and a start behind the end; both append /32', () => {
  const url = plainUrls[0];
  assert.throws(() => signer.signUrl({ url: `${url}#a`, expires }), { code: 'fragment-in-url' });
  assert.throws(() => signer.signUrl({ url: 'https://h.example/a/../b', expires }), { code: 'dot-segment' });
  assert.throws(() => signer.signUrl({ url, expires, notBefore: expires + 1 }), { code: 'invalid-window' });
  for (const link of [
    drop(url, { ipAddress: '203.0.113.7' }),
    signer.signUrl({ url, expires, ipAddress: '203.0.113.7' }),
  ]) {
    assert.equal(verifier.verify({ url: link, clientIp: '203.0.113.7' }).policy.ipAddress, '203.0.113.7/32');
  }
});

test('version 2: plain URLs and policies have the bytes of edgeseal/compat, and the signature of Signer', () => {
  for (const url of plainUrls) {
    assert.equal(drop(url), v2.canned[url]);
    const own = signer.signUrl({ url, expires });
    assert.equal(parameter(own, 'Signature'), parameter(v2.canned[url], 'Signature'));
    assert.deepEqual(
      [...new URL(own).searchParams.keys()].sort(),
      [...new URL(v2.canned[url]).searchParams.keys()].sort(),
    );
  }
  const text = JSON.stringify(policy);
  assert.equal(drop(plainUrls[0], { dateLessThan: undefined, policy: text }), v2.custom.compact);
  assert.deepEqual(texts(signer.signCookies({ policy: text }).cookies), texts(v2.customCookies));
  assert.deepEqual(
    texts(signer.signCookies({ resource: plainUrls[0], expires }).cookies),
    texts(v2.cannedCookies),
  );
});

test('version 2: links that it breaks work with Edgeseal', () => {
  for (const url of brokenByVersion2) {
    assert.ok(!works(v2.canned[url]), url);
    assert.ok(works(signer.signUrl({ url, expires })), url);
  }
  assert.notEqual(parameter(v2.canned[reservedUrl], 'Expires'), '1');
  assert.ok(!works(v2.canned[reservedUrl]));
  for (const sign of [drop, (url) => signer.signUrl({ url, expires })]) {
    assert.throws(() => sign(reservedUrl), { code: 'reserved-parameter' });
  }
});

test('version 2: whitespace in a policy is signed away there, and signed here; both verify', () => {
  assert.equal(v2.custom.spaced, v2.custom.compact);
  const spaced = signer.signUrl({ url: plainUrls[0], policy: JSON.stringify(policy, null, 2) });
  assert.notEqual(parameter(spaced, 'Policy'), parameter(v2.custom.spaced, 'Policy'));
  assert.ok(works(spaced) && works(v2.custom.spaced));
});

test('aws-cloudfront-sign: the same signature, on a shorter link', () => {
  for (const url of plainUrls) {
    const own = signer.signUrl({ url, expires });
    assert.equal(parameter(own, 'Signature'), parameter(old(url), 'Signature'));
    assert.ok(parameter(old(url), 'Policy') && parameter(old(url), 'Expires') && works(old(url)));
    assert.equal(parameter(own, 'Policy'), null);
    assert.ok(own.length < old(url).length * 0.75);
    assert.equal(new Verifier({ keys, strict: true }).verify(old(url)).reason, 'ambiguous-policy');
  }
});

test('aws-cloudfront-sign: cookies for one URL carry the policy there, the expiry here, and one signature', () => {
  const [url] = plainUrls;
  const theirs = cf.getSignedCookies(url, {
    keypairId: keyPairId,
    privateKeyString: privateKey,
    expireTime: dateLessThan,
  });
  const { cookies } = signer.signCookies({ resource: url, expires });
  assert.equal(cookies['CloudFront-Signature'], theirs['CloudFront-Signature']);
  assert.ok(theirs['CloudFront-Policy'] && cookies['CloudFront-Expires']);
});

test('aws-cloudfront-sign: links that it breaks work with Edgeseal, and a star needs a resource', () => {
  for (const url of brokenByCloudfrontSign) {
    assert.ok(!works(old(url)), url);
    assert.ok(works(signer.signUrl({ url, expires })), url);
  }
  const star = 'https://files.example.com/a*.pdf';
  assert.equal(typeof old(star), 'string');
  assert.throws(() => signer.signUrl({ url: star, expires }), { code: 'invalid-resource' });
});

test('aws-cloudfront-sign: what it throws at', () => {
  const [url] = plainUrls;
  assert.throws(() => old(url, { expireTime: 1_000_000 }), /after the current time/);
  assert.throws(() => old(url, { expireTime: 2_147_483_648_000 }), /2038/);
  assert.ok(signer.signUrl({ url, expires: 1_000 }));
  assert.throws(() => signer.signUrl({ url, expires: 2_147_483_648 }), { code: 'invalid-time' });
  assert.throws(() => cf.getSignedRTMPUrl('h', 'k', {}), /RTMP/);
  const flat = privateKey.trim().replaceAll('\n', '\\n');
  assert.throws(() => old(url, { privateKeyString: flat }), /line breaks/);
  assert.ok(Signer.fromPem({ keyPairId, privateKey: flat }));
});

test('botocore: what it makes of times, addresses, spaces and SHA-256', () =>
  withKeys((folder) => {
    const code = `
import datetime, json, rsa
from botocore.signers import CloudFrontSigner
key = rsa.PrivateKey.load_pkcs1(open("cloudfront-key.pkcs1.pem", "rb").read())
sha1 = CloudFrontSigner("${keyPairId}", lambda message: rsa.sign(message, key, "SHA-1"))
sha256 = CloudFrontSigner("${keyPairId}", lambda message: rsa.sign(message, key, "SHA-256"))
utc = datetime.timezone.utc
naive, aware = datetime.datetime(2036, 1, 1), datetime.datetime(2036, 1, 1, tzinfo=utc)
url = "https://files.example.com/a b.pdf"
print(json.dumps({
    "naive": sha1.generate_presigned_url(url, date_less_than=naive),
    "aware": sha1.generate_presigned_url(url, date_less_than=aware),
    "policy": sha1.build_policy("https://files.example.com/*", aware, datetime.datetime(2026, 1, 1, tzinfo=utc), "203.0.113.7"),
    "sha256": sha256.generate_presigned_url("https://files.example.com/a", date_less_than=aware),
}))
`;
    const {
      naive,
      aware,
      policy: text,
      sha256,
    } = JSON.parse(runBlock({ language: 'python', code }, folder, { python }));
    assert.equal(naive, aware);
    assert.ok(naive.startsWith('https://files.example.com/a b.pdf?'));
    assert.deepEqual(Object.keys(JSON.parse(text).Statement[0].Condition), [
      'DateLessThan',
      'IpAddress',
      'DateGreaterThan',
    ]);
    assert.ok(text.includes('203.0.113.7/32'));
    const terms = {
      url: 'https://files.example.com/a',
      resource: 'https://files.example.com/*',
      expires,
      notBefore: 1_767_225_600,
      ipAddress: '203.0.113.7',
    };
    const own = Buffer.from(
      parameter(signer.signUrl(terms), 'Policy')
        .replaceAll('-', '+')
        .replaceAll('_', '=')
        .replaceAll('~', '/'),
      'base64',
    ).toString();
    assert.deepEqual(JSON.parse(own), JSON.parse(text));
    assert.notEqual(own, text);
    assert.equal(verifier.verify(sha256).reason, 'bad-signature');
    assert.ok(works(`${sha256}&Hash-Algorithm=SHA256`));
  }));

test('the table of codes is that of the doctor, with its severities', async () => {
  const { codes } = await inside('findings');
  const rows = [...guide.split('| Code |')[1].matchAll(/^\| `([a-z0-9-]+)` \| (\w+) \|/gm)].map(
    ([, code, severity]) => [code, severity],
  );
  assert.deepEqual(rows, Object.entries(codes));
});

test('every option of the doctor is in the guide, and the folders and files that it reads are named', async () => {
  const help = execFileSync(process.execPath, [program, 'doctor', '--help'], { encoding: 'utf8' });
  for (const [, option] of help.matchAll(/^ {2}(--(?:check|diff|json)) /gm))
    assert.ok(guide.includes(`\`${option}\``), option);
  const { packages } = await inside('packages');
  const anchors = [...guide.matchAll(/^## (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const { guide: link } of Object.values(packages))
    assert.ok(anchors.includes(link.split('#')[1]), link);
});
