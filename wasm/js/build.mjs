/**
 * Builds the npm package: each TypeScript module becomes one ES module and one CommonJS module, so that either kind
 * of importer shares one instance of the core; declarations come from the TypeScript compiler.
 *
 *   node build.mjs --generated <folder with full/, edge/ and rules/> --out <folder>
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { libraries } from './libraries.mjs';
import { notices } from './notices.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: { generated: { type: 'string' }, out: { type: 'string', default: join(here, 'dist') } },
});
const generated = resolve(values.generated ?? join(here, 'generated'));
const out = resolve(values.out);
const source = join(here, 'src');
/** What runs inside an edge bundle is packed by itself. */
const bundled = /^edge-build\/runtime\//;
const modules = filesBelow(source, /(?<!\.d)\.ts$/).filter((file) => !bundled.test(file));

/** Files whose path below a folder ends as asked. */
function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true }).filter((file) => ending.test(file));
}

/** Keeps imports between our own modules as imports, with the ending of the format; inlines the wasm glue. */
function siblings(ending) {
  return {
    name: 'siblings',
    setup(bundler) {
      bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        const target = resolve(resolveDir, path);
        if (relative(source, target).startsWith('..')) {
          return { path: join(generated, relative(join(here, 'generated'), target)) };
        }
        if (path.endsWith('.cjs')) {
          const up = '../'.repeat(relative(source, resolveDir).split('/').filter(Boolean).length + 1);
          return { path: `${up}${relative(source, target)}`, external: true };
        }
        return { path: path.replace(/\.js$/, ending), external: true };
      });
    },
  };
}

const common = {
  absWorkingDir: here,
  entryPoints: modules.map((file) => join(source, file)),
  outbase: source,
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  packages: 'external',
  logLevel: 'warning',
};

/** The glue names its own URL for a way of loading that is never used here. */
const noOwnUrl = { 'import.meta.url': '"about:blank"' };

function packModules() {
  mkdirSync(join(out, 'wasm'), { recursive: true });
  for (const flavour of ['full', 'edge', 'rules']) {
    const bytes = readFileSync(join(generated, flavour, 'edgeseal_bg.wasm'));
    const packed = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    writeFileSync(
      join(out, 'wasm', `${flavour}-bytes.cjs`),
      `module.exports="${packed.toString('base64')}";\n`,
    );
  }
}

/** Packs the code of the edge bundle into one text, so that `edge build` needs no bundler. */
async function packHandler() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [join(source, 'edge-build', 'runtime', 'handler.ts')],
    format: 'cjs',
    minify: true,
    write: false,
    define: noOwnUrl,
    plugins: [
      {
        name: 'module-from-file',
        setup(bundler) {
          bundler.onResolve({ filter: /\/wasm\/edge\.js$/ }, () => ({
            path: join(source, 'edge-build', 'runtime', 'core.ts'),
            sideEffects: true,
          }));
          bundler.onResolve({ filter: /\/generated\/edge\// }, ({ path }) => ({
            path: join(generated, 'edge', basename(path)),
          }));
        },
      },
    ],
  });
  const [{ text }] = outputFiles;
  writeFileSync(join(out, 'wasm', 'handler-bytes.cjs'), `module.exports=${JSON.stringify(text)};\n`);
}

/** Packs each library into one file, so that the package needs none, and repeats their licences. */
async function packLibraries() {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: libraries,
    outdir: join(out, 'vendor'),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    bundle: true,
    minify: true,
    // A library asks for it only if it happens to be there.
    external: ['supports-color'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const files = Object.keys(metafile.inputs).map((file) => resolve(here, file));
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.md'), notices(files));
}

function declarations() {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  execFileSync(
    process.execPath,
    [join(dirname(tsc), 'bin', 'tsc'), '-p', here, '--outDir', join(out, 'esm')],
    { stdio: 'inherit' },
  );
  for (const file of filesBelow(join(out, 'esm'), /\.d\.ts$/)) {
    // Only what the public declarations refer to.
    if (/^(?:wasm\/|platform\/|cli\/|edge-build\/|options\.|private-key\.)/.test(file)) {
      rmSync(join(out, 'esm', file));
      continue;
    }
    const text = readFileSync(join(out, 'esm', file), 'utf8').replaceAll(/(from '\.[^']*)\.js'/g, "$1.cjs'");
    writeFileSync(join(out, 'cjs', file.replace(/\.d\.ts$/, '.d.cts')), text);
  }
}

rmSync(out, { recursive: true, force: true });
packModules();
await packHandler();
await packLibraries();
await build({
  ...common,
  format: 'esm',
  outdir: join(out, 'esm'),
  plugins: [siblings('.js')],
  define: noOwnUrl,
});
await build({
  ...common,
  // The command line is a program, not something to require.
  entryPoints: common.entryPoints.filter((file) => !/^(?:cli|edge-build)/.test(relative(source, file))),
  format: 'cjs',
  outdir: join(out, 'cjs'),
  outExtension: { '.js': '.cjs' },
  plugins: [siblings('.cjs')],
  define: noOwnUrl,
});
declarations();
const command = join(out, 'esm', 'cli', 'main.js');
if (existsSync(command)) chmodSync(command, 0o755);
