// What the inspector must never do: send, store, keep a private key, or put a signature into a link.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Signer } from 'edgeseal';
import { example, field, key, openInspector, startInspector, verdict } from './support/inspector.mjs';

const signer = Signer.fromPem({ keyPairId: 'K2JCJMDEHXQW5F', privateKey: key('rsa-pkcs8') });
const signedUrl = signer.signUrl({ url: 'https://files.example.com/download/a', expires: '1h' });
const examples = ['A link that works', 'Expired', 'Cookies', 'Upload at the edge'];

let inspector;
before(async () => {
  inspector = await startInspector();
});
after(() => inspector.stop());

test('once the page is there, nothing is requested any more, whatever is pasted', async () => {
  const { page, requests, done } = await openInspector(inspector);
  const atStart = requests.length;
  for (const name of examples) await example(page, name);
  await field(page, 'Signed URL').fill(signedUrl);
  await field(page, 'Public key').fill(key('rsa-public'));
  await verdict(page, 'allowed');
  await page.waitForLoadState('networkidle');
  assert.equal(requests.length, atStart);
  await done();
});

/** Ways to send something, as a script in the page would try them. */
const leaks = {
  fetch: (url) => fetch(url, { mode: 'no-cors' }).then(() => 'sent'),
  XMLHttpRequest: (url) =>
    new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open('GET', url);
      request.onload = () => done('sent');
      request.onerror = () => done('blocked');
      request.send();
    }),
  'an image': (url) =>
    new Promise((done) => {
      const image = new Image();
      image.onload = image.onerror = () => done('tried');
      image.src = url;
    }),
  'a beacon': (url) => navigator.sendBeacon(url, 'secret'),
  'a WebSocket': (url) =>
    new Promise((done) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.onopen = socket.onerror = () => done('tried');
    }),
  'an event stream': (url) =>
    new Promise((done) => {
      const stream = new EventSource(url);
      stream.onopen = stream.onerror = () => {
        stream.close();
        done('tried');
      };
    }),
  'a style sheet': (url) =>
    new Promise((done) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = url;
      link.onload = link.onerror = () => done('tried');
      document.head.append(link);
    }),
  'a frame': (url) =>
    new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      frame.onload = () => done('tried');
      document.body.append(frame);
    }),
  'a form': (url) => {
    const form = document.createElement('form');
    form.action = url;
    document.body.append(form);
    form.submit();
  },
};
for (const [way, leak] of Object.entries(leaks)) {
  test(`the page's policy stops ${way}`, async () => {
    const heard = [];
    const stranger = createServer((request, response) => {
      heard.push(request.url);
      response.end('');
    }).listen(0, '127.0.0.1');
    stranger.on('upgrade', ({ url }) => heard.push(url));
    await once(stranger, 'listening');
    const { page, context } = await openInspector(inspector);
    const violated = page.evaluate(
      () =>
        new Promise((done) =>
          document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
            done(effectiveDirective),
          ),
        ),
    );
    await page.evaluate(leak, `http://127.0.0.1:${stranger.address().port}/`).catch(() => 'blocked');
    assert.match(await violated, /-src(?:-elem)?$|form-action/);
    await context.close();
    stranger.closeAllConnections();
    stranger.close();
    assert.deepEqual(heard, []);
  });
}

test('not even its own server can be asked, and markup cannot be made from text', async () => {
  const { page, context } = await openInspector(inspector);
  const tried = await page.evaluate(async () => {
    const outcomes = [];
    await fetch('/').catch(({ name }) => outcomes.push(name));
    try {
      document.body.innerHTML = '<p>text</p>';
      outcomes.push('done');
    } catch ({ name }) {
      outcomes.push(name);
    }
    return outcomes;
  });
  assert.deepEqual(tried, ['TypeError', 'TypeError']);
  await context.close();
});

test('nothing is stored, and no entry of the history is made', async () => {
  const { page, context, done } = await openInspector(inspector);
  for (const name of examples) await example(page, name);
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookies: document.cookie,
    name: window.name,
    entries: history.length,
    state: history.state,
    address: location.href,
  }));
  const nothing = { local: 0, session: 0, databases: 0, caches: 0, workers: 0, cookies: '', name: '' };
  // The first entry is the empty tab that the browser began with.
  assert.deepEqual(kept, { ...nothing, entries: 2, state: null, address: inspector.url });
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  assert.equal(await field(page, 'Signed URL').inputValue(), '');
  await done();
});

const der = (name) => createPrivateKey(key(name)).export({ format: 'der', type: 'pkcs8' });
const privateKeys = {
  'PKCS#8': key('rsa-pkcs8'),
  'PKCS#1': key('rsa-pkcs1'),
  'SEC 1': key('ec-sec1'),
  'PKCS#8 of ECDSA': key('ec-pkcs8'),
  'encrypted PKCS#8': key('rsa-encrypted'),
  'encrypted PKCS#1': key('rsa-encrypted-legacy'),
  'PEM in one line': key('rsa-pkcs8').replaceAll('\n', '\\n'),
  'PEM in base64': Buffer.from(key('rsa-pkcs8')).toString('base64'),
  'DER in base64': der('rsa-pkcs8').toString('base64'),
  'DER of ECDSA in base64url': der('ec-pkcs8').toString('base64url'),
  'encrypted DER in base64': key('rsa-encrypted').replaceAll(/-----[A-Z ]+-----|\s/g, ''),
  'a JSON Web Key': JSON.stringify(createPrivateKey(key('rsa-pkcs8')).export({ format: 'jwk' })),
  'a secret of the key-pair product': JSON.stringify({ keyPairId: 'K1', privateKey: key('rsa-pkcs8') }),
  'a part of a URL': `https://a.example/?key=${encodeURIComponent(key('rsa-pkcs8'))}`,
};
for (const [form, text] of Object.entries(privateKeys)) {
  test(`a private key is refused and taken out of the field: ${form}`, async () => {
    const { page, done } = await openInspector(inspector);
    await field(page, 'Public key').fill(text);
    await page.getByRole('alert').getByText('That is a private key.').waitFor();
    await page.getByText('treat it as exposed and rotate it').waitFor();
    assert.equal(await field(page, 'Public key').inputValue(), '');
    await done();
  });
}

test('a private key is refused in every field, and the warning stays until something else is typed', async () => {
  const { page, done } = await openInspector(inspector);
  await page.locator('form > details').evaluateAll((parts) => {
    for (const part of parts) part.open = true;
  });
  const fields = page.locator('form :is(textarea, input[type=text])');
  const count = await fields.count();
  assert.ok(count >= 11);
  for (let index = 0; index < count; index += 1) {
    const one = fields.nth(index);
    await one.fill(key('rsa-pkcs8'));
    await page.getByRole('alert').getByText('That is a private key.').waitFor();
    assert.equal(await one.inputValue(), '');
    await one.fill('x');
    await page.getByRole('alert').getByText('That is a private key.').waitFor({ state: 'hidden' });
    await one.fill('');
  }
  await done();
});

for (const [name, buffer] of [
  ['private.pem', Buffer.from(key('rsa-pkcs8'))],
  ['private.der', der('rsa-pkcs8')],
]) {
  test(`a file with a private key is not taken in: ${name}`, async () => {
    const { page, done } = await openInspector(inspector);
    await page.setInputFiles('#key-file', { name, mimeType: 'application/octet-stream', buffer });
    await page.getByRole('alert').getByText('the file was not taken in').waitFor();
    assert.equal(await field(page, 'Public key').inputValue(), '');
    await done();
  });
}

for (const name of [
  'rsa-public',
  'rsa-public-pkcs1',
  'ec-public',
  'rsa-certificate',
  'refused-ed25519-public',
]) {
  test(`a public key is not mistaken for a private one: ${name}`, async () => {
    const { page, done } = await openInspector(inspector);
    for (const text of [key(name), Buffer.from(key(name)).toString('base64')]) {
      await field(page, 'Public key').fill(text);
      assert.equal(await page.getByRole('alert').textContent(), '');
      assert.equal(await field(page, 'Public key').inputValue(), text.replaceAll('\r', ''));
    }
    await done();
  });
}
