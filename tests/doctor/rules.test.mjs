// biome-ignore-all lint/suspicious/noTemplateCurlyInString: rows are sources of programs
// Every rule: what sets it off, and what does not. Each row is a source; the findings of its last lines are compared.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { codesIn, inside } from './support/doctor.mjs';

const { codes } = await inside('findings');
const key = (name) => readFileSync(new URL(`../keys/${name}.pem`, import.meta.url), 'utf8');
const ignored = new Set(['replace-import', 'replace-call', 'replace-signer', 'sha1-default']);
const seen = new Set();

/** The codes in a source that are not about moving alone. */
async function graveCodes(source, file, others) {
  const found = (await codesIn(source, file, others)).map((line) => line.split(' ')[1]);
  for (const code of found) seen.add(code);
  return found.filter((code) => !ignored.has(code));
}

const v3 = (options, before = '') =>
  `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';\n${before}\ngetSignedUrl({ url, keyPairId, privateKey, ${options} });`;
const v2 = (options, before = '') =>
  `const AWS = require('aws-sdk');\n${before}\nnew AWS.CloudFront.Signer(id, key).getSignedUrl({ url, ${options} });`;
const sign = (options, before = '') =>
  `const cf = require('aws-cloudfront-sign');\n${before}\ncf.getSignedUrl(url, { keypairId, privateKeyString, ${options} });`;

const times = [
  ['dateLessThan', v3],
  ['expires', v2],
  ['expireTime', sign],
];

/** What a time gives where milliseconds are taken, and where seconds are. */
const moments = [
  ['now and a quarter of an hour in ms', 'Date.now() + 15 * 60 * 1000', undefined, 'time-in-milliseconds'],
  ['a Date', 'new Date(Date.now() + 900_000)', undefined, 'time-in-milliseconds'],
  ['its text', 'new Date(Date.now() + 900_000).toISOString()', undefined, 'time-in-milliseconds'],
  ['its number', '+new Date() + 900_000', undefined, 'time-in-milliseconds'],
  ['getTime', 'new Date().getTime() + 9e5', undefined, 'time-in-milliseconds'],
  ['seconds by floor', 'Math.floor(Date.now() / 1000) + 900', 'time-in-seconds', undefined],
  ['seconds by parseInt', 'parseInt(Date.now() / 1000, 10) + 900', 'time-in-seconds', undefined],
  ['seconds by floor of a sum', 'Math.floor((Date.now() + 900 * 1e3) / 1000)', 'time-in-seconds', undefined],
  [
    'seconds made ms again',
    '(Math.floor(Date.now() / 1000) + 900) * 1000',
    undefined,
    'time-in-milliseconds',
  ],
  [
    'seconds of a Date',
    'new Date(Math.round(Date.now() / 1000) + 60)',
    'time-in-seconds',
    'time-in-milliseconds',
  ],
  ['moment in seconds', "moment().add(15, 'minutes').unix()", 'time-in-seconds', undefined],
  ['dayjs as a Date', "dayjs().add(15, 'm').toDate()", undefined, 'time-in-milliseconds'],
  ['luxon in seconds', 'DateTime.now().plus({ minutes: 15 }).toSeconds()', 'time-in-seconds', undefined],
  ['a number of seconds', '1767290400', 'time-in-seconds', 'fixed-expiry'],
  ['a lifetime', '3600', 'time-in-seconds', 'fixed-expiry'],
  ['a number of ms', '1767290400000', 'fixed-expiry', 'time-in-milliseconds'],
  ['seconds added to ms', 'Date.now() + 3600', 'seconds-added-to-milliseconds', 'time-in-milliseconds'],
  [
    'a day of seconds added to ms',
    'Date.now() + 24 * 60 * 60',
    'seconds-added-to-milliseconds',
    'time-in-milliseconds',
  ],
  ['half a minute in ms', 'Date.now() + 30_000', undefined, 'time-in-milliseconds'],
  [
    'ms added to seconds',
    'Math.floor(Date.now() / 1000) + 60 * 60 * 1000',
    'time-in-seconds',
    'milliseconds-added-to-seconds',
  ],
  ['seven days', 'Date.now() + 7 * 864e5', undefined, 'time-in-milliseconds'],
  ['eight days', 'Date.now() + 8 * 24 * 60 * 60 * 1000', 'long-expiry', 'time-in-milliseconds'],
  ['thirty days of seconds', 'Math.floor(Date.now() / 1000) + 30 * 86400', 'time-in-seconds', 'long-expiry'],
  ['thirty days of a library', "moment().add(30, 'days').toDate()", 'long-expiry', 'time-in-milliseconds'],
  ['one of two', 'wanted ?? Date.now() + 30 * 864e5', 'long-expiry', 'time-in-milliseconds'],
  ['something of the caller', 'request.body.expires', undefined, undefined],
  ['what a function answers', 'inOneHour()', undefined, undefined],
  ['now and something of the caller', 'Date.now() + lifetime', undefined, 'time-in-milliseconds'],
];

for (const [option, source] of times) {
  for (const [what, value, inMs, inSeconds] of moments) {
    const expected = option === 'expires' ? inSeconds : inMs;
    test(`${option}: ${what} gives ${expected ?? 'nothing'}`, async () => {
      const file = 'a.ts';
      assert.deepEqual(
        await graveCodes(source(`${option}: ${value}`), file),
        expected === undefined ? [] : [expected],
      );
      const named = source(option, `const ${option} = ${value};`);
      assert.deepEqual(await graveCodes(named, file), expected === undefined ? [] : [expected], named);
    });
  }
}

test('a date text is fixed, and seconds are what version 1 of aws-cloudfront-sign took', async () => {
  assert.deepEqual(await graveCodes(v3("dateLessThan: '2035-01-01'")), ['fixed-expiry']);
  const old = { 'package.json': '{"dependencies":{"aws-cloudfront-sign":"~1.4.0"}}' };
  const source = sign('expireTime: Math.floor(Date.now() / 1000) + 900');
  assert.deepEqual(await graveCodes(source, 'a.ts', old), []);
  assert.deepEqual(await graveCodes(sign('expireTime: Date.now() + 900_000'), 'a.ts', old), [
    'time-in-milliseconds',
  ]);
});

test('a start in seconds is found too, but no start is too far away', async () => {
  const end = 'dateLessThan: end,';
  assert.deepEqual(await graveCodes(v3(`${end} dateGreaterThan: Math.floor(Date.now() / 1000)`)), [
    'time-in-seconds',
  ]);
  assert.deepEqual(await graveCodes(v3(`${end} dateGreaterThan: new Date('2030-01-01')`)), []);
});

const others = [
  ['an option that is written later', v3('dateLessThan', 'let dateLessThan = 1;\ndateLessThan = end();'), []],
  [
    'a parameter that hides a constant',
    v3('dateLessThan', 'const dateLessThan = 1; function f(dateLessThan) {}'),
    [],
  ],
  [
    'options in a constant',
    `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';\nconst o = { url, dateLessThan: 1 };\ngetSignedUrl(o);`,
    ['time-in-seconds'],
  ],
  [
    'options that are spread',
    `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';\nconst o = { dateLessThan: 1 };\ngetSignedUrl({ ...o, url });`,
    ['time-in-seconds'],
  ],
  [
    'options that override a spread',
    `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';\nconst o = { dateLessThan: 1 };\ngetSignedUrl({ ...o, url, dateLessThan: new Date(end) });`,
    [],
  ],
  [
    'a reserved parameter',
    v3('dateLessThan').replace('url,', 'url: `https://h/${id}?a=1&Key-Pair-Id=2`,'),
    ['reserved-parameter'],
  ],
  [
    'a reserved parameter joined on',
    v3('dateLessThan').replace('url,', "url: base + '?Expires=1',"),
    ['reserved-parameter'],
  ],
  [
    'a parameter of like name',
    v3('dateLessThan').replace('url,', "url: 'https://h/?Expiress=1&policy=2',"),
    [],
  ],
  [
    'a star with an expiry alone',
    v3('dateLessThan').replace('url,', "url: 'https://h/*',"),
    ['wildcard-in-canned-policy'],
  ],
  ['a star with a start', v3('dateGreaterThan, dateLessThan').replace('url,', "url: 'https://h/*',"), []],
  ['a star with unseen options', v3('...terms').replace('url,', "url: 'https://h/*',"), []],
  [
    'a star of version 2',
    v2('expires').replace('url,', "url: 'https://h/*',"),
    ['wildcard-in-canned-policy'],
  ],
  [
    'a star of aws-cloudfront-sign, whose policy is custom',
    sign('expireTime').replace('(url,', "('https://h/*',"),
    [],
  ],
  ['every address', v3("dateLessThan, ipAddress: '0.0.0.0/0'"), ['any-address']],
  ['every address, of aws-cloudfront-sign', sign("ipRange: '0.0.0.0/0'"), ['any-address']],
  ['one address of aws-cloudfront-sign', sign("ipRange: '203.0.113.7'"), ['bare-address']],
  ['one address of the AWS signer', v3("dateLessThan, ipAddress: '203.0.113.7'"), []],
  ['a policy with an indent', v3('policy: JSON.stringify(policy, null, 2)'), ['policy-with-whitespace']],
  ['a policy with a tab', v3("policy: JSON.stringify(policy, undefined, '\\t')"), ['policy-with-whitespace']],
  ['a policy without', v3('policy: JSON.stringify(policy)'), []],
  ['a policy in a template', v3('policy: `{ "Statement": [${statement}] }`'), ['policy-with-whitespace']],
  [
    'a policy of version 2, whose whitespace went',
    v2('policy: JSON.stringify(policy, null, 2)'),
    ['policy-with-whitespace'],
  ],
  [
    'milliseconds in a policy',
    v3(
      'policy: JSON.stringify({ Statement: [{ Condition: { DateLessThan: { "AWS:EpochTime": Date.now() } } }] })',
    ),
    ['time-in-milliseconds'],
  ],
  [
    'seconds in a policy',
    v3(
      'policy: JSON.stringify({ Statement: [{ Condition: { DateLessThan: { "AWS:EpochTime": Math.floor(Date.now() / 1000) + 60 } } }] })',
    ),
    [],
  ],
  [
    'a far end in a policy',
    v3(
      'policy: JSON.stringify({ Condition: { DateLessThan: { "AWS:EpochTime": Math.floor(Date.now() / 1000) + 31536000 } } })',
    ),
    ['long-expiry'],
  ],
  [
    'every address in a policy',
    v3('policy: JSON.stringify({ IpAddress: { "AWS:SourceIp": "0.0.0.0/0" } })'),
    ['any-address'],
  ],
  ['RTMP', `import cf from 'aws-cloudfront-sign';\ncf.getSignedRTMPUrl('d', 'k', {});`, ['rtmp-is-gone']],
];

for (const [what, source, expected] of others) {
  test(`${what} gives ${expected.join() || 'nothing'}`, async () =>
    assert.deepEqual(await graveCodes(source), expected));
}

const cookies = (line) =>
  `import { getSignedCookies } from '@aws-sdk/cloudfront-signer';\ngetSignedCookies({ url, dateLessThan });\n${line}`;
const jars = [
  ["res.cookie('CloudFront-Policy', v)", true],
  ["res.cookie('CloudFront-Policy', v, { secure: true })", true],
  ["res.cookie('CloudFront-Policy', v, { secure: false, httpOnly: true })", true],
  ["res.cookie('CloudFront-Policy', v, { secure: true, httpOnly: true })", false],
  ['res.cookie(name, v, { ...options })', false],
  ['res.cookie(name, v, options)', false],
  ['const o = { httpOnly: true };\nres.cookie(name, v, o)', true],
  ["res.cookie('session', v)", false],
  ['ctx.cookies.set(name, v)', true],
  ['(await cookies()).set(name, v, { secure: prod, httpOnly: true })', false],
  ['new Map().set(name, v)', false],
  ['h = `CloudFront-Signature=${v}; Path=/; Secure`', true],
  ['h = `CloudFront-Signature=${v}; Path=/; secure; HttpOnly`', false],
  ['h = `CloudFront-Signature=${v}`', false],
];

for (const [line, expected] of jars) {
  test(`${line.replaceAll('\n', ' ')} is ${expected ? 'a danger' : 'fine'}`, async () =>
    assert.deepEqual(await graveCodes(cookies(line)), expected ? ['cookie-without-secure'] : []));
}

const moment = 'new Date(Date.now() + 900_000)';
const made = (body) =>
  `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';\nconst end = ${moment};\nconst o = { url, dateLessThan: ${moment} };\n${body}`;
const spots = [
  ['export function f() { return getSignedUrl({ url, dateLessThan: end }); }', true],
  ['export const f = (url) => getSignedUrl({ url, dateLessThan: end });', true],
  ['export const f = (url) =>\n  wrap({ a: [getSignedUrl({ ...o })] });', true],
  ['class A { f(): string { if (a) { return getSignedUrl(o); } } }', true],
  ["app.get('/', async (a, b) => { b.send(getSignedUrl(o)); });", true],
  [
    `export function f() { const late = ${moment}; return getSignedUrl({ url, dateLessThan: late }); }`,
    false,
  ],
  ['export const f = () => getSignedUrl({ url, dateLessThan: new Date(Date.now() + 900_000) });', false],
  ['console.log({ a: getSignedUrl({ url, dateLessThan: end }) });', false],
  ['if (a) { console.log(getSignedUrl(o)); } else { b(getSignedUrl(o)); }', false],
  ['for (const url of urls) { console.log(getSignedUrl(o)); }', false],
  ['const f = () => 1; console.log(getSignedUrl(o));', false],
];

for (const [body, expected] of spots) {
  test(`an end counted at load is ${expected ? 'a danger' : 'fine'} in ${body.replaceAll('\n', ' ')}`, async () =>
    assert.deepEqual(await graveCodes(made(body)), expected ? ['expiry-at-load'] : []));
}

test('SHA-1 is named once for each package in a file, and not when SHA-256 is asked for', async () => {
  const twice = `${v3('dateLessThan')}\ngetSignedUrl({ url, dateLessThan });`;
  const count = async (source) =>
    (await codesIn(source)).filter((line) => line.endsWith('sha1-default')).length;
  assert.equal(await count(twice), 1);
  assert.equal(await count(v3("dateLessThan, algorithm: 'SHA1'")), 1);
  assert.equal(await count(v3("dateLessThan, algorithm: 'SHA256'")), 0);
  assert.equal(await count(v3('dateLessThan, algorithm')), 0);
  assert.equal(await count(sign('expireTime')), 1);
});

const places = [
  [`readFileSync('key.pem')`, 'src/key.pem'],
  [`fs.readFileSync('./key.pem', 'utf8')`, 'src/key.pem'],
  [`readFileSync(path.join(__dirname, '..', 'keys', 'key.pem')).toString()`, 'keys/key.pem'],
  [`await fs.promises.readFile(new URL('../keys/key.pem', import.meta.url), 'utf8')`, 'keys/key.pem'],
  [`readFileSync('keys/key.pem')`, 'keys/key.pem'],
  [`String(readFileSync(join(__dirname, './key.pem')))`, 'src/key.pem'],
];

for (const [value, file] of places) {
  test(`a key by ${value} is found when the file is there, and not otherwise`, async () => {
    const source = v3(`dateLessThan, privateKey: ${value}`).replace('keyPairId, privateKey,', '');
    assert.deepEqual(await graveCodes(source, 'src/a.ts', { [file]: 'no key' }), ['key-file-in-project']);
    assert.deepEqual(await graveCodes(source, 'src/a.ts'), []);
  });
}

test('a key outside the folder is nobody’s finding here', async () => {
  for (const path of ['/etc/ssl/key.pem', '../../../../../../../../etc/hosts', 'a\0b']) {
    assert.deepEqual(await graveCodes(sign(`privateKeyPath: ${JSON.stringify(path)}`), 'src/a.ts'), []);
  }
  assert.deepEqual(await graveCodes(sign("privateKeyPath: './k.pem'"), 'src/a.ts', { 'src/k.pem': '' }), [
    'key-file-in-project',
  ]);
});

for (const name of ['rsa-pkcs1', 'rsa-pkcs8', 'rsa-encrypted', 'ec-sec1', 'ec-pkcs8', 'refused-ed25519']) {
  test(`a private key in the source is found in every spelling: ${name}`, async () => {
    const pem = key(name);
    const spellings = [
      `const key = \`${pem}\`;`,
      `const key = ${JSON.stringify(pem)};`,
      `const key = [\n${pem
        .trimEnd()
        .split('\n')
        .map((line) => `  '${line}',`)
        .join('\n')}\n].join('\\n');`,
      `const key =\n${pem
        .trimEnd()
        .split('\n')
        .map((line) => `  '${line}\\n'`)
        .join(' +\n')};`,
      `const key = Buffer.from('${Buffer.from(pem).toString('base64')}', 'base64');`,
    ];
    for (const source of spellings) {
      assert.deepEqual(await graveCodes(source, 'a.js'), ['private-key-in-source'], source.slice(0, 60));
      assert.deepEqual(await graveCodes(source, 'a.py'), ['private-key-in-source']);
    }
  });
}

test('a public key, a certificate, and a header alone are no private key', async () => {
  for (const text of [
    key('rsa-public'),
    key('rsa-certificate'),
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\\n...\\n-----END',
  ]) {
    assert.deepEqual(await graveCodes(`const a = \`${text}\`;`, 'a.js'), []);
  }
});

const python = (lines) =>
  `from botocore.signers import CloudFrontSigner\nsigner = CloudFrontSigner(key_id, sign)\n${lines}\n`;
const call = (rest) => python(`signer.generate_presigned_url(${rest})`);
const snakes = [
  ['local time', call('url, date_less_than=datetime.now() + timedelta(minutes=5)'), ['local-time']],
  [
    'local time under a name',
    python('end = datetime.datetime.now()\nsigner.generate_presigned_url(url, end)'),
    ['local-time'],
  ],
  ['UTC', call('url, date_less_than=datetime.now(timezone.utc) + timedelta(minutes=5)'), []],
  ['utcnow', call('url, date_less_than=datetime.utcnow() + timedelta(hours=1)'), []],
  [
    'local time on the line behind',
    python('end = later()\nstarted = datetime.now()\nsigner.generate_presigned_url(url, date_less_than=end)'),
    [],
  ],
  ['thirty days', call('url, date_less_than=now + timedelta(days=30)'), ['long-expiry']],
  ['thirty days without a name', call('url, now + timedelta(30)'), ['long-expiry']],
  [
    'weeks and hours',
    call('url, date_less_than=now + datetime.timedelta(weeks=1, hours=1)'),
    ['long-expiry'],
  ],
  ['seven days', call('url, date_less_than=now + timedelta(days=7)'), []],
  ['one moment for good', call('url, date_less_than=datetime(2035, 1, 1)'), ['fixed-expiry']],
  ['a star with an expiry', call('"https://h/*", date_less_than=end'), ['wildcard-in-canned-policy']],
  ['a star with a policy', call('"https://h/*", policy=policy'), []],
  [
    'a reserved parameter',
    call("f'https://h/{name}?Signature=1', date_less_than=end"),
    ['reserved-parameter'],
  ],
  ['every address', python('signer.build_policy(url, end, None, "0.0.0.0/0")'), ['any-address']],
  ['SHA-256 that is not said', python('rsa.sign(message, key, "SHA-256")'), ['hash-not-announced']],
  [
    'SHA-256 of cryptography',
    python('key.sign(m, padding.PKCS1v15(), hashes.SHA256())'),
    ['hash-not-announced'],
  ],
  ['SHA-256 that is said', python('key.sign(m, p, hashes.SHA256())\nurl + "&Hash-Algorithm=SHA256"'), []],
  ['S3', python('s3.generate_presigned_url("get_object", Params={"Bucket": "*"})'), []],
  ['a comment', '# from botocore.signers import CloudFrontSigner\n', []],
  ['a docstring', '"""from botocore.signers import CloudFrontSigner"""\n', []],
];

for (const [what, source, expected] of snakes) {
  test(`in Python, ${what} gives ${expected.join() || 'nothing'}`, async () => {
    const found = await graveCodes(source, 'a.py');
    assert.deepEqual(
      found.filter((code) => code !== 'python-stays'),
      expected,
    );
    assert.equal(found.includes('python-stays'), source.includes('signer ='));
  });
}

test('a key that Python opens is found when it lies in the folder', async () => {
  const source = python("open('./certs/key.pem')\nopen('notes.txt')");
  const found = await graveCodes(source, 'src/a.py', { 'certs/key.pem': '', 'notes.txt': '' });
  assert.deepEqual(found, ['python-stays', 'key-file-in-project']);
  assert.deepEqual(await graveCodes(source, 'src/a.py'), ['python-stays']);
});

test('CloudFrontSigner is found under another name and through its module', async () => {
  for (const source of [
    'from botocore.signers import CloudFrontSigner as Signer\nSigner(a, b)',
    'import botocore.signers\nbotocore.signers.CloudFrontSigner(a, b)',
    'from botocore import signers\nsigners.CloudFrontSigner(a, b)',
  ])
    assert.deepEqual(await codesIn(source, 'a.py'), ['2 python-stays']);
});

test('every code was set off by some row, but for those about package.json', () => {
  const elsewhere = new Set(['replace-dependency', 'other-version']);
  assert.deepEqual(
    Object.keys(codes).filter((code) => !seen.has(code) && !elsewhere.has(code)),
    [],
  );
});
