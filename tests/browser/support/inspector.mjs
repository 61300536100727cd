// The inspector as people meet it: `edgeseal inspect` as a process, and its page in Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.mjs';

/** The command line. */
export const program = fileURLToPath(new URL('../../../wasm/js/dist/esm/cli/main.js', import.meta.url));

/** A key of the test folder. */
export const key = (name) => readFileSync(new URL(`../../keys/${name}.pem`, import.meta.url), 'utf8');

/** Starts the command and a browser. */
export async function startInspector() {
  const child = spawn(process.execPath, [program, 'inspect', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const browser = await launch();
  return {
    url: JSON.parse(line).url,
    browser,
    stop: async () => {
      await browser.close();
      child.kill('SIGINT');
      await closed;
    },
  };
}

/** Opens the page. `done` closes it, and fails for errors and for requests that went anywhere else. */
export async function openInspector({ url, browser }, options = {}, fragment = '') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors = [];
  const requests = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => errors.push(`${message.type()}: ${message.text()}`));
  context.on('request', (request) => requests.push(request.url()));
  await page.goto(url + fragment);
  await page.locator('main[aria-busy=false]').waitFor();
  return {
    page,
    context,
    requests,
    done: async () => {
      await context.close();
      assert.deepEqual(errors, []);
      for (const each of requests) assert.ok(each.startsWith(url), `a request went to ${each}`);
    },
  };
}

/** A text field by its label. */
export const field = (page, name) => page.getByRole('textbox', { name });

/** Presses the button of an example. */
export const example = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Waits for the headline of the findings. */
export async function verdict(page, words) {
  await page.locator('.verdict h3', { hasText: words }).waitFor();
}

/** A card of the findings by its heading. */
export const card = (page, title) =>
  page.locator('.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

/** The outcome of a check, by the title that the command line gives it. */
export async function outcome(page, title) {
  const row = card(page, 'Checks').getByRole('listitem').filter({ hasText: title });
  return row.locator('.word').textContent();
}

/** Opens a part of the form, where it is closed. */
export async function unfold(page, title) {
  const details = page.locator('details').filter({ has: page.locator('summary', { hasText: title }) });
  if (!(await details.evaluate((element) => element.open))) await details.locator('summary').click();
}
