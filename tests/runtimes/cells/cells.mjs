/**
 * The cells of the matrix: where the package must work. A row here is a test, a row of the table in the README, and a
 * contender of the bench.
 *
 * @typedef {object} Prepared
 * @property {() => Promise<unknown>} run starts the program anew and answers what it answers: the suite its report
 * @property {() => Promise<import('../support/sizes.mjs').Size>} size what it loads of the package
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Cell
 * @property {string} id
 * @property {string} runtime
 * @property {string} form how the package comes in
 * @property {() => Promise<string> | string} version
 * @property {boolean} [drifts] the version is whatever the system has, so another one is no difference
 * @property {(projects: import('../support/projects.mjs').Projects, program: import('../support/projects.mjs').Program)
 *   => Promise<Prepared>} prepare
 */
import { packageOf, programs } from '../support/toolchain.mjs';
import { plainPage } from './browser.mjs';
import { esbuildBundle, viteBuild, viteServer, webpackBuild } from './bundlers.mjs';
import { browser } from './page.mjs';
import { server } from './server.mjs';
import { workerd } from './workerd.mjs';

const { arch } = process;
const versionOf = (name) => () => packageOf(name).version;

const node = (major) =>
  [
    ['esm', 'ES module'],
    ['cjs', 'CommonJS'],
  ].map(([form, words]) => ({
    id: `node-${major}-${form}`,
    runtime: `Node ${major}`,
    form: words,
    version: versionOf(`node-${major}-${arch}`),
    prepare: server({ program: programs[`node${major}`], form, conditions: ['node'] }),
  }));

const inBundle = (id, runtime, prepare, name = id) => ({
  id,
  runtime,
  form: 'bundle, in Chromium',
  version: versionOf(name),
  prepare,
});

/** @type {Cell[]} */
export const cells = [
  ...[20, 22, 24].flatMap(node),
  {
    id: 'deno',
    runtime: 'Deno',
    form: 'ES module, no permissions',
    version: versionOf(`@deno/linux-${arch}-glibc`),
    prepare: server({
      program: programs.deno,
      args: ['run', '--no-prompt', '--no-remote', '--cached-only'],
      form: 'esm',
      conditions: ['deno', 'node'],
    }),
  },
  {
    id: 'bun',
    runtime: 'Bun',
    form: 'ES module',
    version: versionOf(`@oven/bun-linux-${arch === 'arm64' ? 'aarch64' : arch}`),
    prepare: server({ program: programs.bun, form: 'esm', conditions: ['bun', 'node'] }),
  },
  {
    id: 'workerd',
    runtime: 'workerd',
    form: 'bundle, WebAssembly module',
    version: versionOf(`@cloudflare/workerd-linux-${arch === 'x64' ? '64' : arch}`),
    prepare: workerd,
  },
  {
    id: 'chromium',
    runtime: 'Chromium',
    form: '`<script type="module">`',
    version: async () => (await browser()).version(),
    drifts: true,
    prepare: plainPage,
  },
  inBundle('vite-dev', 'Vite, dev server', viteServer, 'vite'),
  inBundle('vite', 'Vite', viteBuild),
  inBundle('esbuild', 'esbuild', esbuildBundle),
  inBundle('webpack', 'webpack', webpackBuild),
];
