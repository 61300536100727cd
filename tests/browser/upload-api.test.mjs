// The page of the example application in Chromium: upload with progress, list, download, on a phone and on a desktop.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './support/browser.mjs';

const program = fileURLToPath(new URL('../../examples/upload-api/local.mjs', import.meta.url));
/** Where pictures go when somebody wants to look at them. */
const pictures = process.env.EDGESEAL_PICTURES;

let folder;
let child;
let address;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgeseal-page-'));
  const env = { ...process.env, PORT: '0', STORE: join(folder, 'files') };
  child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  [address] = await once(createInterface({ input: child.stdout }), 'line');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  const closed = once(child, 'close');
  child?.kill('SIGTERM');
  await closed;
  rmSync(folder, { recursive: true, force: true });
});

const looks = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

/** A page that fails the test when it meets an error. */
async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(address);
  return { context, page, errors };
}

const file = (name, bytes, mimeType = 'application/pdf') => ({
  name,
  mimeType,
  buffer: Buffer.alloc(bytes, name),
});

for (const [device, options] of Object.entries(looks)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`on a ${device} in ${colorScheme} mode: a file goes up, is listed, and comes down again`, async () => {
      const { context, page, errors } = await open({ ...options, colorScheme });
      const name = `${device} ${colorScheme}, a name as long as people give to the files they scan.pdf`;
      const sent = file(name, 300_000);
      await page.setInputFiles('#file', sent);
      const button = page.getByRole('button', { name: `Download ${name}` });
      await button.waitFor();
      assert.equal(await page.locator('#uploads li').count(), 0);
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({
          path: join(pictures, `upload-api-${device}-${colorScheme}.png`),
          fullPage: true,
        });
      }
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
      assert.ok((await readFile(await download.path())).equals(sent.buffer));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      const box = await button.boundingBox();
      assert.ok(box.height >= 44, 'the button is large enough for a thumb');
      assert.deepEqual(errors, []);
      await context.close();
    });
  }
}

test('progress is shown while a file goes up', async () => {
  const { context, page } = await open(looks.desktop);
  const seen = page.evaluate(
    () =>
      new Promise((resolve) => {
        const texts = [];
        new MutationObserver(() => {
          for (const each of document.querySelectorAll('#uploads .facts')) texts.push(each.textContent);
          if (texts.some((text) => text.startsWith('100 %'))) resolve(texts);
        }).observe(document.getElementById('uploads'), {
          subtree: true,
          childList: true,
          characterData: true,
        });
      }),
  );
  await page.setInputFiles('#file', file('large.bin', 20_000_000, 'application/octet-stream'));
  const texts = await seen;
  assert.ok(texts.some((text) => /^\d+ % of 20 MB$/.test(text)));
  await context.close();
});

test('a file that is too large, and a refusal, are told in words beside the file', async () => {
  const { context, page } = await open(looks.phone);
  await page.route('**/api/uploads', (route) =>
    route.fulfill({ status: 413, json: { error: 'A file may have up to 25000000 bytes.' } }),
  );
  await page.setInputFiles('#file', file('huge.bin', 10));
  await page.locator('.failed', { hasText: 'A file may have up to 25000000 bytes.' }).waitFor();
  await page.unroute('**/api/uploads');
  await page.route('**/upload/**', (route) => route.abort());
  await page.setInputFiles('#file', file('broken.bin', 10));
  await page.locator('.failed', { hasText: 'The connection broke. Please try again.' }).waitFor();
  await context.close();
});
