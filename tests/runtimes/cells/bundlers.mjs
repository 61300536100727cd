/** Bundlers with an entry and no other setting; what they make runs in a page. */
import { join } from 'node:path';
import { programText } from '../support/projects.mjs';
import { bundler } from '../support/toolchain.mjs';
import { pageAt, pageScript, pageText, serveFolder } from './page.mjs';

const application = (projects, name, { page = 'index.html', script }) =>
  projects.make({
    [page]: pageText(script),
    'main.js': pageScript,
    'program.mjs': programText(name, 'esm'),
  });

/** @type {import('./cells.mjs').Cell['prepare']} */
export async function viteServer(projects, name) {
  const folder = application(projects, name, { script: '/main.js' });
  const { createServer } = await bundler('vite');
  const server = await createServer({
    root: folder,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  });
  await server.listen();
  const origin = `http://127.0.0.1:${server.httpServer.address().port}`;
  return pageAt({ origin, close: () => server.close() }, (path) => path.startsWith('/node_modules/.vite/'));
}

/** @type {import('./cells.mjs').Cell['prepare']} */
export async function viteBuild(projects, name) {
  const folder = application(projects, name, { script: '/main.js' });
  const { build } = await bundler('vite');
  await build({ root: folder, logLevel: 'error' });
  return pageAt(await serveFolder(join(folder, 'dist')));
}

/** @type {import('./cells.mjs').Cell['prepare']} */
export async function esbuildBundle(projects, name) {
  const folder = application(projects, name, { page: 'dist/index.html', script: 'main.js' });
  const { build } = await bundler('esbuild');
  await build({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    bundle: true,
    outdir: 'dist',
    logLevel: 'error',
  });
  return pageAt(await serveFolder(join(folder, 'dist')));
}

/** @type {import('./cells.mjs').Cell['prepare']} */
export async function webpackBuild(projects, name) {
  const folder = application(projects, name, { page: 'dist/index.html', script: 'main.js' });
  const webpack = await bundler('webpack');
  const compiler = webpack({ context: folder, entry: './main.js', output: { path: join(folder, 'dist') } });
  const stats = await new Promise((done, fail) => {
    compiler.run((error, result) => (error ? fail(error) : done(result)));
  });
  await new Promise((done) => compiler.close(done));
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  return pageAt(await serveFolder(join(folder, 'dist')));
}
