// Taking findings along: the link, which holds no secret, and the text, which says what the command line says.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Signer } from 'edgeseal';
import {
  card,
  example,
  field,
  key,
  openInspector,
  outcome,
  program,
  startInspector,
  verdict,
} from './support/inspector.mjs';

const id = 'K2JCJMDEHXQW5F';
const signer = Signer.fromPem({ keyPairId: id, privateKey: key('rsa-pkcs8') });
const publicKey = key('rsa-public');

let inspector;
before(async () => {
  inspector = await startInspector();
});
after(() => inspector.stop());

/** The link that the page offers, and what stands in it. */
async function shared(page) {
  await page.getByText('Make a link to these findings').click();
  const link = await field(page, 'The link').inputValue();
  const { hash, origin, pathname, search } = new URL(link);
  assert.equal(`${origin}${pathname}`, inspector.url);
  assert.equal(search, '');
  return { link, hash, held: new URLSearchParams(hash.slice(1)) };
}

const signatureOf = (text) => /Signature=([^&;\s]+)/.exec(text)[1];

/** No part of a signature of that length comes about by chance. */
function assertWithout(text, signature) {
  const all = [text, text.replaceAll(/%[0-9A-F]{2}/gi, decodeURIComponent)].join('\n');
  for (let at = 0; at + 12 <= signature.length; at += 1) {
    assert.ok(!all.includes(signature.slice(at, at + 12)), 'a part of the signature is in the link');
  }
}

const video = 'https://files.example.com/video/1.ts';
const { cookieHeader } = signer.signCookies({ resource: 'https://files.example.com/video/*', expires: '2h' });
const custom = signer.signUrl({ url: video, expires: '1h', ipAddress: '203.0.113.0/24' });
const canned = signer.signUrl({ url: video, expires: '1h' });
const requests = {
  'a canned policy': [canned, canned],
  'a custom policy': [custom, custom],
  cookies: [`${video}\nCookie: session=topsecret; ${cookieHeader}`, cookieHeader],
  'a line of curl': [`curl -H 'Authorization: Bearer topsecret' -b 'session=topsecret' '${custom}'`, custom],
  'a URL that went through HTML': [canned.replaceAll('&', '&amp;'), canned],
  'a URL that was escaped as a whole': [`https://a.example/?to=${encodeURIComponent(canned)}`, canned],
  'a signature under a damaged name': [canned.replace('Signature=', 'Sgnature='), canned],
};
for (const [name, [request, credential]] of Object.entries(requests)) {
  test(`link and text hold no signature, no other cookie and no other header: ${name}`, async () => {
    const { page, done } = await openInspector(inspector);
    await field(page, 'Signed URL').fill(request);
    await page.locator('.verdict').waitFor();
    const { link, held } = await shared(page);
    assertWithout(link, signatureOf(credential));
    const text = await page.locator('#report').inputValue();
    assertWithout(text, signatureOf(credential));
    for (const taken of [link, text]) assert.ok(!taken.includes('topsecret'));
    assert.match(held.get('request') + held.get('cookies'), /REDACTED/);
    await done();
  });
}

test('key, rules and address are in the link only when they are chosen', async () => {
  const { page, done } = await openInspector(inspector);
  await example(page, 'Upload at the edge');
  await field(page, 'Viewer’s IP address').fill('203.0.113.7');
  // The findings are made anew a moment after the last key, and offer then what was typed.
  await page.locator('#share-ip').waitFor({ state: 'attached' });
  const { held } = await shared(page);
  for (const name of ['key', 'rules', 'ip']) assert.equal(held.get(name), null);
  for (const name of ['the public key', 'the rule file', 'the viewer’s IP address'])
    await page.getByRole('checkbox', { name }).check();
  const all = new URLSearchParams(new URL(await field(page, 'The link').inputValue()).hash.slice(1));
  assert.match(all.get('key'), /BEGIN PUBLIC KEY/);
  assert.match(all.get('rules'), /mode: standalone/);
  assert.equal(all.get('ip'), '203.0.113.7');
  await done();
});

test('who opens the link sees the same policy and times, and what cannot be checked is unknown', async () => {
  const sender = await openInspector(inspector);
  await example(sender.page, 'Re-encoded path');
  await verdict(sender.page, 'denied: bad-signature');
  await sender.page.getByText('Make a link to these findings').click();
  await sender.page.getByRole('checkbox', { name: 'the public key' }).check();
  const link = await field(sender.page, 'The link').inputValue();
  const validity = await card(sender.page, 'Validity').textContent();
  await sender.done();

  const receiver = await openInspector(inspector, {}, new URL(link).hash);
  const { page } = receiver;
  await verdict(page, 'not judged');
  await page.getByText('The signature was left out when the link to this page was made.').waitFor();
  await page.getByText('said: bad-signature, with re-encoded-path as the likely cause').waitFor();
  assert.equal(await outcome(page, 'Signature fits policy and key'), 'unknown');
  assert.equal(await outcome(page, "Signature in CloudFront's base64"), 'unknown');
  assert.equal(await card(page, 'Validity').textContent(), validity);
  assert.equal(await field(page, 'Public key').inputValue(), key('rsa-public').trim());
  assert.equal(page.url(), inspector.url, 'the fragment is out of the address bar');
  await example(page, 'A link that works');
  await verdict(page, 'allowed');
  await receiver.done();
});

test('a link that is opened in a page that is open already is taken in', async () => {
  const { page, done } = await openInspector(inspector);
  const parameters = new URLSearchParams({
    inspect: '1',
    request: canned.replace(signatureOf(canned), 'REDACTED'),
  });
  await page.evaluate((hash) => {
    location.hash = hash;
  }, parameters.toString());
  await verdict(page, 'not judged');
  assert.equal(page.url(), inspector.url);
  await done();
});

test('a link from a stranger brings neither markup, nor a private key, nor a megabyte', async () => {
  const markup = '<img src=x onerror=document.title="pwned">';
  const parameters = new URLSearchParams({
    inspect: '1',
    request: `https://a.example/${markup}?Expires=1&Signature=REDACTED&Key-Pair-Id=K1`,
    key: key('rsa-pkcs8'),
    rules: 'x'.repeat(1_000_000),
    seen: `${markup}.bad-signature`,
    unknown: markup,
  });
  const { page, done } = await openInspector(inspector, {}, `#${parameters}`);
  await page.locator('.verdict').waitFor();
  assert.equal(await field(page, 'Public key').inputValue(), '');
  assert.equal(await page.locator('#rules').inputValue(), '');
  assert.equal(await page.locator('#result img').count(), 0);
  assert.match(await page.title(), /^Edgeseal inspector/);
  await done();
});

/** What `edgeseal explain` writes for the same question. */
function explained(args, cwd) {
  return new Promise((done) => {
    const env = { PATH: process.env.PATH };
    execFile(process.execPath, [program, 'explain', ...args], { cwd, env }, (_error, stdout) => done(stdout));
  });
}

const questions = {
  Expired: ['--ip', '203.0.113.7', '--now', '2026-06-02T07:30:00Z'],
  'A link that works': ['--ip', '203.0.113.7', '--now', '2026-06-01T12:00:00Z'],
  'Wrong key': ['--now', '2026-06-01T12:00:00Z'],
};
for (const [name, args] of Object.entries(questions)) {
  test(`"Copy as text" says what edgeseal explain says: ${name}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'edgeseal-inspector-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'key.pem'), publicKey);
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, done } = await openInspector(inspector, { permissions });
    await example(page, name);
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const url = await field(page, 'Signed URL').inputValue();
    assertWithout(copied, signatureOf(url));
    const [first, second, , ...rest] = copied.split('\n');
    assert.equal(first, url.replace(signatureOf(url), 'REDACTED'));
    assert.match(second, /^judged at 2026-06-0\dT/);
    assert.equal(rest.join('\n'), await explained([url, '--public-key', `${id}=key.pem`, ...args], folder));
    await done();
  });
}
