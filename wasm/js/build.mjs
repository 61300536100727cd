/**
 * Builds the npm package.
 *
 * For Node, each TypeScript module becomes one ES module and one CommonJS module, so that each kind of importer has one
 * instance of the core whatever it imports; declarations come from the TypeScript compiler. For browsers and for
 * workerd, what the entries share is in chunks beside them, imported by relative paths, so that a plain script tag works.
 *
 *   node build.mjs --generated <folder with component/, core/, crypto/, edge/ and rules/> --out <folder>
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { packComponent } from './component/pack.mjs';
import { crateNotices } from './crate-notices.mjs';
import { libraries } from './libraries.mjs';
import { notices } from './notices.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: { generated: { type: 'string' }, out: { type: 'string', default: join(here, 'dist') } },
});
const generated = resolve(values.generated ?? join(here, 'generated'));
const out = resolve(values.out);
const source = join(here, 'src');
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
/** The WebAssembly modules. */
const flavours = ['core', 'crypto', 'edge', 'rules'];
/** What is not one of Node's modules: what runs inside an edge bundle, and what other platforms have of their own. */
const elsewhere = /^(?:edge-build\/runtime|platform\/(?:web|workerd)|inspector)\//;
const modules = filesBelow(source, /(?<!\.d)\.ts$/).filter((file) => !elsewhere.test(file));
/** The entries for browsers, by the path below the output. Each must be one folder deep, as the scripts in `bytes` are. */
const webEntries = {
  'web/index': 'index.ts',
  'web/compat': 'compat.ts',
  'web/edge': 'edge/index.ts',
  'inspector/app': 'inspector/app.ts',
};
/** The entries for workerd. */
const workerdEntries = {
  'workerd/index': 'index.ts',
  'workerd/compat': 'compat.ts',
  'workerd/edge': 'edge/index.ts',
};

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
        if (relative(source, target).startsWith('..')) return inGenerated(target);
        if (path.endsWith('.cjs') || inBytes(target)) {
          const up = '../'.repeat(relative(source, resolveDir).split('/').filter(Boolean).length + 1);
          return { path: `${up}${relative(source, target)}`, external: true, sideEffects: true };
        }
        return { path: path.replace(/\.js$/, ending), external: true };
      });
    },
  };
}

/** Bundles for a platform: its folder takes the place of Node's, and the bytes of the modules stay outside. */
function forPlatform(platform) {
  return {
    name: platform,
    setup(bundler) {
      bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (path.endsWith('.wasm')) return { path, external: true };
        const target = resolve(resolveDir, path);
        if (relative(source, target).startsWith('..')) return inGenerated(target);
        if (inBytes(target))
          return { path: `../${relative(source, target)}`, external: true, sideEffects: true };
        if (platform === 'workerd' && dirname(target) === join(source, 'wasm', 'source')) {
          return { path: basename(target, '.js'), namespace: 'wasm-file', sideEffects: false };
        }
        const own = target.replace(join(source, 'platform', 'node'), join(source, 'platform', platform));
        return { path: own.replace(/\.js$/, '.ts') };
      });
      // workerd compiles a module that is imported, and no other.
      bundler.onLoad({ filter: /.*/, namespace: 'wasm-file' }, ({ path }) => ({
        contents: `import module from './${path}.wasm'; export const source = () => module;`,
      }));
    },
  };
}

const inGenerated = (target) => ({ path: join(generated, relative(join(here, 'generated'), target)) });
const inBytes = (target) => dirname(target) === join(source, 'bytes');

/** The glue names its own URL for a way of loading that is never used here. */
const define = { 'import.meta.url': '"about:blank"', EDGESEAL_VERSION: JSON.stringify(version) };

const common = {
  absWorkingDir: here,
  bundle: true,
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  packages: 'external',
  logLevel: 'warning',
  define,
};

const forNode = {
  ...common,
  entryPoints: modules.map((file) => join(source, file)),
  outbase: source,
  platform: 'node',
};

/** The modules as scripts that CommonJS, ES modules and a plain script tag all take. */
function packModules() {
  mkdirSync(join(out, 'bytes'), { recursive: true });
  for (const flavour of flavours) {
    const packed = deflateRawSync(readFileSync(moduleOf(flavour)), { level: 9, memLevel: 9 });
    writeFileSync(
      join(out, 'bytes', `${flavour}.js`),
      `globalThis[Symbol.for("edgeseal@${version}/${flavour}")]="${packed.toString('base64')}";\n`,
    );
  }
  writeFileSync(join(out, 'bytes', 'package.json'), '{"type":"commonjs","sideEffects":true}\n');
}

const moduleOf = (flavour) => join(generated, flavour, 'edgeseal_bg.wasm');

/**
 * Packs what `edge build` puts into a bundle: the code, so that it needs no bundler, and the module, compressed here so
 * that the same rules and keys make the same bundle wherever it is built.
 */
async function packHandler() {
  const { outputFiles } = await build({
    ...common,
    platform: 'node',
    entryPoints: [join(source, 'edge-build', 'runtime', 'handler.ts')],
    format: 'cjs',
    minify: true,
    write: false,
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
  const bytes = readFileSync(moduleOf('edge'));
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  mkdirSync(join(out, 'wasm'), { recursive: true });
  writeFileSync(join(out, 'wasm', 'edge-brotli.cjs'), `module.exports="${packed.toString('base64')}";\n`);
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
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.md'), `${notices(files)}\n${await crateNotices()}`);
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
    if (
      /^(?:bytes\/|wasm\/|platform\/|cli\/|edge-build\/|inspector\/|arithmetic\.|options\.|private-key\.)/.test(
        file,
      )
    ) {
      rmSync(join(out, 'esm', file));
      continue;
    }
    const text = readFileSync(join(out, 'esm', file), 'utf8').replaceAll(/(from '\.[^']*)\.js'/g, "$1.cjs'");
    writeFileSync(join(out, 'cjs', file.replace(/\.d\.ts$/, '.d.cts')), text);
  }
}

/** Bundles entries for a platform into `out`; the chunks that they share go into the platform's folder. */
function bundleFor(platform, entries) {
  return build({
    ...common,
    entryPoints: Object.entries(entries).map(([to, file]) => ({ in: join(source, file), out: to })),
    outdir: out,
    chunkNames: `${platform}/[name]-[hash]`,
    format: 'esm',
    splitting: true,
    platform: 'browser',
    target: 'es2022',
    minify: true,
    metafile: true,
    plugins: [forPlatform(platform)],
  });
}

/** Puts the files of the inspector's page beside its script, and a list of all that the page needs. */
function packInspector({ outputs }) {
  const files = filesBelow(join(source, 'inspector'), /\.(?:html|css|svg)$/);
  for (const file of files) copyFileSync(join(source, 'inspector', file), join(out, 'inspector', file));
  const byName = Object.fromEntries(
    Object.entries(outputs).map(([file, made]) => [relative(out, resolve(here, file)), made]),
  );
  const needed = new Set(files.map((file) => `inspector/${file}`));
  const need = (file) => {
    needed.add(file);
    for (const { path, external } of byName[file].imports) {
      if (external) needed.add(join(dirname(file), path));
      else if (!needed.has(relative(out, resolve(here, path)))) need(relative(out, resolve(here, path)));
    }
  };
  need('inspector/app.js');
  writeFileSync(join(out, 'inspector', 'files.json'), `${JSON.stringify([...needed].sort())}\n`);
}

rmSync(out, { recursive: true, force: true });
packModules();
packComponent({ generated: join(generated, 'component'), out: join(out, 'component') });
await packHandler();
await packLibraries();
await build({ ...forNode, format: 'esm', outdir: join(out, 'esm'), plugins: [siblings('.js')] });
await build({
  ...forNode,
  // The command line is a program, not something to require.
  entryPoints: forNode.entryPoints.filter((file) => !/^(?:cli|edge-build)/.test(relative(source, file))),
  format: 'cjs',
  outdir: join(out, 'cjs'),
  outExtension: { '.js': '.cjs' },
  plugins: [siblings('.cjs')],
});
const { metafile } = await bundleFor('web', webEntries);
packInspector(metafile);
await bundleFor('workerd', workerdEntries);
for (const flavour of ['core', 'crypto', 'edge']) {
  copyFileSync(moduleOf(flavour), join(out, 'workerd', `${flavour}.wasm`));
}
declarations();
const command = join(out, 'esm', 'cli', 'main.js');
if (existsSync(command)) chmodSync(command, 0o755);
