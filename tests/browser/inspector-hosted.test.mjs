// The page of `edgeseal inspect --out` on a plain web host, and in a browser that lacks what it needs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from './support/browser.mjs';
import { example, field, openInspector, program, verdict } from './support/inspector.mjs';

const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const base = '/tools/inspector/';

let folder;
let server;
let host;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgeseal-hosted-'));
  execFileSync(process.execPath, [program, 'inspect', '--out', folder], { stdio: 'ignore' });
  // A host that knows nothing of the page: it sends no policy.
  server = createServer(({ url }, response) => {
    const file = url.startsWith(base) ? join(folder, url.slice(base.length) || 'index.html') : folder;
    try {
      const body = readFileSync(file);
      response.setHeader('content-type', types[extname(file)]).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = { url: `http://127.0.0.1:${server.address().port}${base}`, browser: await launch() };
});
after(async () => {
  await host.browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('it works below any path of any host, and its links lead there', async () => {
  const { page, done } = await openInspector(host);
  await example(page, 'Upload at the edge');
  await verdict(page, 'allowed');
  await page.locator('.decision', { hasText: 'deny: too-large' }).waitFor();
  await page.getByText('Make a link to these findings').click();
  const link = await field(page, 'The link').inputValue();
  assert.ok(link.startsWith(`${host.url}#inspect=1&`));
  await page.goto('about:blank');
  await page.goto(link);
  await verdict(page, 'not judged');
  assert.equal(page.url(), host.url);
  await done();
});

test('the policy that is in the page alone forbids connections', async () => {
  const { page, context } = await openInspector(host);
  const outcome = await page.evaluate(() =>
    fetch('.').then(
      () => 'sent',
      ({ name }) => name,
    ),
  );
  assert.equal(outcome, 'TypeError');
  await context.close();
});

test('a browser that lacks what it needs is told so', async () => {
  const { browser, url } = host;
  const page = await browser.newPage();
  await page.addInitScript(() => {
    delete globalThis.DecompressionStream;
  });
  await page.goto(url);
  await page.getByRole('heading', { name: 'The inspector cannot start here' }).waitFor();
  assert.match(await page.locator('.verdict').textContent(), /DecompressionStream/);
  await example(page, 'Expired');
  assert.equal(await page.getByRole('heading', { name: 'The inspector cannot start here' }).count(), 1);
  await page.close();
});

test('without scripts it says that it needs them', async () => {
  const context = await host.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(host.url);
  await page.locator('noscript .notice').waitFor();
  await context.close();
});
