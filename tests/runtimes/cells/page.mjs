/** A page in Chromium, served from a folder on loopback. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { launch } from '../../browser/support/browser.mjs';
import { sizeOf } from '../support/sizes.mjs';
import { longestMillis } from '../support/toolchain.mjs';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The page around a script. */
export const pageText = (script) => `<!doctype html>
<meta charset="utf-8">
<title>edgeseal</title>
<link rel="icon" href="data:,">
<script type="module" src="${script}"></script>
`;

/** What hands the answer of a program to the page. */
export const pageScript = `import main from './program.mjs';

globalThis.answer = main();
`;

/** Serves the files of a folder. */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

let shared;
/** One browser for all pages. */
export async function browser() {
  shared ??= launch();
  return shared;
}

/** Ends the browser, if there is one. */
export async function closeBrowser() {
  await (await shared)?.close();
  shared = undefined;
}

/**
 * Opens a page where nothing is cached, and answers what its program answers.
 * @param {string} url
 * @param {(response: import('playwright-core').Response) => void} [onResponse]
 */
async function visit(url, onResponse = () => {}) {
  const context = await (await browser()).newContext();
  try {
    const page = await context.newPage();
    const troubles = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('response', onResponse);
    await page.goto(url, { timeout: longestMillis });
    try {
      await page.waitForFunction(() => 'answer' in globalThis, undefined, { timeout: longestMillis });
      return await page.evaluate(() => globalThis.answer);
    } catch (error) {
      throw new Error(`${url}: ${troubles.join('\n')}\n${error.message}`);
    }
  } finally {
    await context.close();
  }
}

/**
 * What a cell prepares, for a page at an address.
 * @param {{ origin: string, close: () => Promise<void> }} served
 * @param {(path: string) => boolean} [counts] which of the files that the page loads belong to the package
 * @returns {import('./cells.mjs').Prepared}
 */
export function pageAt({ origin, close }, counts = () => true) {
  return {
    run: () => visit(`${origin}/`),
    size: async () => {
      const bodies = [];
      await visit(`${origin}/`, (response) => {
        const { pathname } = new URL(response.url());
        if (response.url().startsWith(origin) && pathname !== '/' && counts(pathname))
          bodies.push(response.body());
      });
      return sizeOf(await Promise.all(bodies));
    },
    close,
  };
}
