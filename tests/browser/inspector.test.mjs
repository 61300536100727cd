// The inspector's page in Chromium: what people paste, and what they are told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Signer } from 'edgeseal';
import {
  card,
  example,
  field,
  key,
  openInspector,
  outcome,
  startInspector,
  unfold,
  verdict,
} from './support/inspector.mjs';

const id = 'K2JCJMDEHXQW5F';
const signer = Signer.fromPem({ keyPairId: id, privateKey: key('rsa-pkcs8') });
const publicKey = key('rsa-public');
const report = 'https://files.example.com/download/report.pdf';

let inspector;
before(async () => {
  inspector = await startInspector();
});
after(() => inspector.stop());

/** Runs a test on a fresh page. */
const onPage = (name, body, options) =>
  test(name, async () => {
    const opened = await openInspector(inspector, options);
    await body(opened.page, opened);
    await opened.done();
  });

onPage('a URL that was signed a moment ago is allowed', async (page) => {
  await field(page, 'Signed URL').fill(signer.signUrl({ url: report, expires: '15m' }));
  await field(page, 'Public key').fill(publicKey);
  await verdict(page, 'allowed');
  assert.equal(await outcome(page, 'Signature fits policy and key'), 'pass');
  await page.getByText(`a signed URL of key ${id}`).waitFor();
  assert.equal(await page.getByRole('status').textContent(), 'allowed.');
});

onPage('without a key the signature is unknown and the rest is checked', async (page) => {
  await field(page, 'Signed URL').fill(signer.signUrl({ url: report, expires: '15m' }));
  await verdict(page, 'not judged');
  await page.getByText('No public key was given, so the signature is not checked.').first().waitFor();
  assert.equal(await outcome(page, 'Signature fits policy and key'), 'unknown');
  assert.equal(await outcome(page, 'Trusted key'), 'unknown');
  assert.equal(await outcome(page, 'End of validity'), 'pass');
});

const told = [
  ['A link that works', 'allowed', undefined],
  ['Expired', 'denied: expired', /The policy expired 18 hours 30 minutes ago\./],
  ['Wrong key', 'denied: bad-signature', /another private key signed it/],
  ['Re-encoded path', 'denied: bad-signature', /percent-encoded differently/],
  ['Milliseconds', 'denied: malformed-policy', /The expiry is in milliseconds/],
  ['HTML-escaped', 'denied: missing-credentials', /its & signs became &amp;/],
  ['Cookies', 'denied: resource-mismatch', /The policy is for another path\./],
];
for (const [name, headline, cause] of told) {
  onPage(`the example "${name}" says ${headline}`, async (page) => {
    await example(page, name);
    await verdict(page, headline);
    const causes = card(page, 'Likely cause');
    if (cause === undefined) return assert.equal(await causes.count(), 0);
    assert.match(await causes.textContent(), cause);
    assert.match(await causes.textContent(), /Remedy: \S/);
  });
}

onPage('the policy is shown laid out, and as the text that is signed', async (page) => {
  await example(page, 'A link that works');
  const laidOut = await page.getByRole('region', { name: 'The policy, laid out' }).textContent();
  assert.match(laidOut, /^ {8}"DateLessThan": \{$/m);
  await unfold(page, 'The text that is signed');
  const raw = await page.getByRole('region', { name: 'The policy as it is signed' }).textContent();
  assert.equal(laidOut, JSON.stringify(JSON.parse(raw), null, 2));
});

onPage('the timeline can be read as a list, in the order of time', async (page) => {
  await example(page, 'Expired');
  const moments = await card(page, 'Validity').getByRole('listitem').allInnerTexts();
  assert.deepEqual(
    moments.map((text) => text.split('\n').slice(0, 2)),
    [
      ['Valid from', '2026-06-01T11:30:00Z'],
      ['Valid until', '2026-06-01T13:00:00Z'],
      ['Judged at', '2026-06-02T07:30:00Z'],
    ],
  );
  assert.match(moments[1], /18 hours 30 minutes ago/);
});

onPage('the time can be changed, and a time that is none is explained beside its field', async (page) => {
  await example(page, 'Expired');
  const time = page.getByRole('textbox', { name: 'Time' });
  await time.fill('2026-06-01T12:30:00Z');
  await verdict(page, 'allowed');
  await time.fill('1780400000');
  await verdict(page, 'denied: expired');
  await time.fill('1780400000000');
  await page.locator('#time-problem', { hasText: 'which looks like milliseconds' }).waitFor();
  assert.equal(await time.getAttribute('aria-invalid'), 'true');
  await page.getByRole('link', { name: 'Time' }).click();
  assert.equal(await time.evaluate((field) => field === document.activeElement), true);
  await time.fill('');
  assert.equal(await time.getAttribute('aria-invalid'), 'true', 'until it is looked at again');
  await verdict(page, 'denied: expired');
  assert.equal(await time.getAttribute('aria-invalid'), null);
});

onPage('an address outside the range is a cause, and what is no address is a problem', async (page) => {
  await example(page, 'A link that works');
  const ip = field(page, 'Viewer’s IP address');
  await ip.fill('198.51.100.1');
  await verdict(page, 'denied: ip-mismatch');
  await ip.fill('my house');
  await page.locator('#ip-problem', { hasText: 'This is no IP address.' }).waitFor();
});

onPage('a name under which it was signed is found', async (page) => {
  const signed = signer.signUrl({ url: report, expires: '15m' });
  await field(page, 'Public key').fill(publicKey);
  await field(page, 'Signed URL').fill(signed.replace('files.example.com', 'd111.cloudfront.net'));
  await unfold(page, 'Time, viewer and names');
  await field(page, 'Other host names').fill('www.example.com, files.example.com');
  await page.getByText('The URL was signed for the host files.example.com.').waitFor();
});

const { cookieHeader, setCookie } = signer.signCookies({
  resource: 'https://files.example.com/video/*',
  expires: '2h',
});
const video = 'https://files.example.com/video/1.ts';
const pasted = {
  'a Cookie header and a URL': [video, `Cookie: theme=dark; ${cookieHeader}`],
  'bare cookies and a URL': [video, cookieHeader],
  'Set-Cookie lines and a URL': [video, setCookie.map((line) => `Set-Cookie: ${line}`).join('\n')],
  'bare Set-Cookie values and a URL': [video, setCookie.join('\n')],
  'cookies and URL in one field': [`${video}\nCookie: ${cookieHeader}`, ''],
  'a line of curl': [
    `curl '${video}' \\\n  -H 'accept: */*' \\\n  -b 'theme=dark; ${cookieHeader}' --compressed`,
    '',
  ],
  'a line of curl with another quoting': [`curl -sS -H"Cookie: ${cookieHeader}" --url=${video}`, ''],
  'a call of fetch': [`fetch("${video}", {"headers": {"cookie": "${cookieHeader}"}, "method": "GET"});`, ''],
};
for (const [name, [request, cookies]] of Object.entries(pasted)) {
  onPage(`${name} are understood`, async (page) => {
    await field(page, 'Public key').fill(publicKey);
    await field(page, 'Signed URL').fill(request);
    await field(page, 'Signed cookies').fill(cookies);
    await verdict(page, 'allowed');
    await page.getByText(`a signed cookie of key ${id}`).waitFor();
  });
}

onPage('what follows the URL and means nothing is left out, and said to be', async (page) => {
  const url = signer.signUrl({ url: report, expires: '15m' });
  await field(page, 'Public key').fill(publicKey);
  await field(page, 'Signed URL').fill(`${url.slice(0, 200)}\n${url.slice(200)}`);
  await page.getByText('If the URL was broken into lines, put it into one.').waitFor();
  await field(page, 'Signed URL').fill(url);
  await verdict(page, 'allowed');
  assert.equal(await page.getByText('If the URL was broken into lines').count(), 0);
});

onPage('cookies without a URL ask for one', async (page) => {
  await field(page, 'Signed cookies').fill(cookieHeader);
  await page.locator('#request-problem', { hasText: 'There is no URL here.' }).waitFor();
});

onPage('a public key in a file is taken, PEM or DER, and a key that is none is explained', async (page) => {
  await field(page, 'Signed URL').fill(signer.signUrl({ url: report, expires: '15m' }));
  const der = Buffer.from(publicKey.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  for (const [name, buffer] of [
    ['key.pem', Buffer.from(publicKey)],
    ['key.der', der],
  ]) {
    await field(page, 'Public key').fill('');
    await verdict(page, 'not judged');
    await page.setInputFiles('#key-file', { name, mimeType: 'application/octet-stream', buffer });
    await verdict(page, 'allowed');
  }
  await field(page, 'Public key').fill(key('refused-rsa-4096-public'));
  await page.locator('#key-problem', { hasText: /2048/ }).waitFor();
});

onPage('everything can be done by keyboard', async (page) => {
  await field(page, 'Signed URL').focus();
  await page.keyboard.insertText(signer.signUrl({ url: report, expires: '15m' }));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  // The control for a file comes before the field for the key.
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(publicKey);
  for (const name of ['Time, viewer and names', 'Rules of the edge', 'Explain']) {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
  }
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Findings');
  await verdict(page, 'allowed');
  await page.keyboard.press('Tab');
  assert.equal(
    await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
    'The policy, laid out',
  );
});

onPage('clearing empties everything and goes back to the start', async (page) => {
  await example(page, 'Upload at the edge');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByText('Paste a URL or choose an example.').waitFor();
  const values = await page
    .locator('form :is(textarea, input[type=text], select)')
    .evaluateAll((fields) => fields.map(({ value }) => value));
  assert.deepEqual([...new Set(values)], ['']);
});

onPage('a megabyte is refused politely, and the page stays quick', async (page) => {
  await field(page, 'Signed URL').fill(`https://files.example.com/${'a'.repeat(1_000_000)}`);
  await page.locator('#request-problem', { hasText: 'This is 1,000,026 characters long' }).waitFor();
  await example(page, 'A link that works');
  await verdict(page, 'allowed');
});
