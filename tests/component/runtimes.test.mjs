// The component as the npm package exports it, in every runtime that the package knows.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from '../browser/support/browser.mjs';
import { printed, programs } from '../runtimes/support/toolchain.mjs';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const read = (name) => readFileSync(path(name), 'utf8');
const keys = { privateKey: read('tests/keys/rsa-pkcs8.pem'), publicKey: read('tests/keys/rsa-public.pem') };
const expected = {
  verdict: 'allowed',
  cause: 'appended-parameter',
  decision: 'allow',
  refused: 'fragment-in-url',
};

const body = `import { prove } from './proof.mjs';
const answer = () => JSON.stringify(prove(component, ${JSON.stringify(keys)}));
`;

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgeseal-component-'));
  const installed = join(folder, 'node_modules/edgeseal');
  mkdirSync(installed, { recursive: true });
  cpSync(path('wasm/js/package.json'), join(installed, 'package.json'));
  cpSync(path('wasm/js/dist/component'), join(installed, 'dist/component'), { recursive: true });
  cpSync(path('tests/component/support/proof.mjs'), join(folder, 'proof.mjs'));
  const { version } = JSON.parse(read('wasm/js/package.json'));
  const manifest = { private: true, type: 'module', dependencies: { edgeseal: version } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const program = `import * as component from 'edgeseal/component';\n${body}console.log(answer());\n`;
  writeFileSync(join(folder, 'program.mjs'), program);
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const [name, program, ...args] of [
  ['Node 20', programs.node20],
  ['Node 22', programs.node22],
  ['Node 24', programs.node24],
  ['Deno, which may read the package and nothing else', programs.deno, 'run', '--no-prompt', '--no-remote'],
  ['Bun', programs.bun],
]) {
  test(`it works in ${name}`, async () => {
    const allowed =
      program === programs.deno ? [`--allow-read=${join(folder, 'node_modules/edgeseal')}`] : [];
    assert.deepEqual(await printed(program, [...args, ...allowed, 'program.mjs'], folder), expected);
  });
}

test('it works in workerd, without a bundler', async () => {
  const packaged = 'node_modules/edgeseal/dist/component';
  writeFileSync(
    join(folder, 'worker.mjs'),
    `import * as component from './${packaged}/workerd.js';
${body}export default { test() { console.log(answer()); } };\n`,
  );
  const modules = [
    'workerd.js',
    'exports.js',
    'edgeseal.js',
    'edgeseal.core.wasm',
    'edgeseal.core2.wasm',
    'edgeseal.core3.wasm',
  ];
  const names = ['worker.mjs', 'proof.mjs', ...modules.map((name) => `${packaged}/${name}`)];
  const entries = names.map((name) => {
    const kind = name.endsWith('.wasm') ? 'wasm' : 'esModule';
    return `(name = "${name}", ${kind} = embed "${name}")`;
  });
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (modules = [${entries.join(', ')}], compatibilityDate = "2026-11-01");
`,
  );
  assert.deepEqual(await printed(programs.workerd, ['test', 'config.capnp'], folder), expected);
});

test('it works in a page, from a plain script tag', async (t) => {
  const packaged = 'node_modules/edgeseal/dist/component';
  writeFileSync(
    join(folder, 'page.html'),
    `<!doctype html><title>.</title><script type="module">
import * as component from './${packaged}/web.js';
${body}document.title = answer();
</script>`,
  );
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' };
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(404).end();
    const file = join(folder, decodeURI(request.url));
    // A server that knows no type for .wasm files is the common case.
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/page.html`);
  await page.waitForFunction(() => document.title !== '.');
  assert.deepEqual(JSON.parse(await page.title()), expected);
});
