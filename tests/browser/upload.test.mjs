// A page in Chromium uploads to the local edge, which is another origin, and reads back what it sent.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLocalEdge } from 'edgeseal/dev';
import { startApplication } from './support/application.mjs';
import { launch } from './support/browser.mjs';

/** Where pictures of the page go, for people to look at. */
const pictures = process.env.EDGESEAL_PICTURES;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const limits = { maxBytes: '12MB', contentTypes: ['image/*', 'application/octet-stream'] };
const rulesFor = (mode, origin) => ({
  version: 1,
  mode,
  rules: [
    {
      name: 'upload',
      path: '/upload/*',
      methods: ['PUT'],
      stripPrefix: '/upload',
      upload: limits,
      cors: { origins: [origin] },
    },
    { name: 'download', path: '/download/*', stripPrefix: '/download', cors: { origins: [origin] } },
  ],
});

/** Page, application and edge for one test. */
async function open(t, { mode, upload } = {}) {
  const store = await mkdtemp(join(tmpdir(), 'edgeseal-browser-'));
  const application = await startApplication();
  const decisions = [];
  const edge = await createLocalEdge({
    store,
    cors: { origins: [application.origin] },
    ...(mode === undefined ? {} : { policy: rulesFor(mode, application.origin) }),
    onDecision: (decision) => decisions.push(decision),
  }).start();
  const sign = (path, more = {}) => edge.signer.signUrl({ url: edge.origin + path, expires: '5m', ...more });
  application.signWith((name) => ({
    upload: sign(`/upload/${name}`, { upload }),
    download: sign(`/download/${name}`),
  }));
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  t.after(async () => {
    await page.close();
    await edge.stop();
    await application.stop();
    rmSync(store, { recursive: true, force: true });
  });
  await page.goto(application.origin);
  return { page, store, decisions, application, sign, faults };
}

/** Slows uploads down to some bytes a second: this machine alone would take them all at once, without progress. */
async function slowUploads(page, uploadThroughput) {
  const session = await page.context().newCDPSession(page);
  const rates = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput };
  await session.send('Network.emulateNetworkConditions', rates);
}

/** Chooses a file, sends it, and waits for the end. */
async function send(page, file) {
  await page.setInputFiles('#file', file);
  await page.click('button');
  await page.waitForSelector('#status[data-kind=done], #status[data-kind=refused]');
  return page.textContent('#status');
}

const bytes = (length) => Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) % 256));
const picture = async (page, name) => {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
};

for (const mode of [undefined, 'behind-key-group', 'standalone']) {
  test(`${mode ?? 'without rules'}, a file goes up with progress and comes back the same`, async (t) => {
    const { page, store, decisions, faults } = await open(t, { mode });
    const buffer = bytes(8_000_000);
    await slowUploads(page, 16_000_000);
    const said = await send(page, { name: 'cat pictures 1.png', mimeType: 'image/png', buffer });
    assert.equal(said, 'Done.');
    assert.equal(await page.textContent('#came-back'), 'the same bytes');
    assert.equal(await page.textContent('#stored'), '8000000 bytes as image/png');
    assert.match(await page.textContent('#etag'), /^"[0-9a-f]{32}"$/);
    assert.equal(await page.$eval('#progress', ({ value }) => value), 1);
    assert.ok(
      (await page.$eval('#progress', ({ dataset }) => Number(dataset.steps))) >= 2,
      'progress was shown on the way',
    );
    assert.deepEqual(readFileSync(join(store, 'cat pictures 1.png')), buffer);
    assert.deepEqual(
      decisions.map(({ method, path, status }) => [method, path, status]),
      [
        ['OPTIONS', '/upload/cat%20pictures%201.png', mode === undefined ? 200 : 204],
        ['PUT', '/upload/cat%20pictures%201.png', 200],
        ['GET', '/download/cat%20pictures%201.png', 200],
      ],
    );
    assert.deepEqual(faults, []);
    await picture(page, `done-${mode ?? 'without-rules'}`);
  });
}

const refusals = [
  [
    'a type that the rules do not allow',
    { name: 'a.zip', mimeType: 'application/zip', buffer: bytes(10) },
    415,
    'Unsupported Media Type',
  ],
  [
    'more than the rules allow',
    { name: 'a.png', mimeType: 'image/png', buffer: bytes(12_000_001) },
    413,
    'Content Too Large',
  ],
  [
    'more than the URL was signed for',
    { name: 'a.png', mimeType: 'image/png', buffer: bytes(11) },
    413,
    'Content Too Large',
    { maxBytes: 10 },
  ],
];
for (const mode of ['behind-key-group', 'standalone']) {
  for (const [name, file, status, words, upload] of refusals) {
    test(`${mode}, the page can read that ${name} was refused with ${status}`, async (t) => {
      const { page } = await open(t, { mode, upload });
      assert.equal(await send(page, file), `The upload was refused with ${status}: ${words}.`);
      assert.equal(await page.isVisible('dl'), false);
      await picture(page, `refused-${status}`);
    });
  }
}

test('standalone, the page can read that its URL has expired', async (t) => {
  const { page, application, sign } = await open(t, { mode: 'standalone' });
  application.signWith(() => ({ upload: sign('/upload/a.png', { expires: 1_700_000_000 }), download: '' }));
  const said = await send(page, { name: 'a.png', mimeType: 'image/png', buffer: bytes(10) });
  assert.equal(said, 'The upload was refused with 403: Forbidden.');
});

test('behind a key group an expired URL fails at the preflight, of which a page learns nothing', async (t) => {
  const { page, application, sign, decisions } = await open(t, { mode: 'behind-key-group' });
  application.signWith(() => ({ upload: sign('/upload/a.png', { expires: 1_700_000_000 }), download: '' }));
  const said = await send(page, { name: 'a.png', mimeType: 'image/png', buffer: bytes(10) });
  assert.equal(said, 'The upload could not be sent.');
  assert.deepEqual(
    decisions.map(({ method, by, reason }) => [method, by, reason]),
    [['OPTIONS', 'key-group', 'expired']],
  );
});

test('an uploaded page runs no script when it is opened from the edge', async (t) => {
  const { page, sign, store } = await open(t);
  const html = Buffer.from('<title>before</title><script>document.title = "script ran"</script>');
  await send(page, { name: 'x.html', mimeType: 'text/html', buffer: html });
  assert.deepEqual(readFileSync(join(store, 'x.html')), html);
  await page.goto(sign('/download/x.html'));
  assert.equal(await page.title(), 'before');
});
