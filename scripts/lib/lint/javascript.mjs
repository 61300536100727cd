/** Checks of the JavaScript and TypeScript, and of the npm package as it would be published. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { checkoutCache, root } from '../paths.mjs';
import { run } from '../process.mjs';
import { filesUnder } from '../stamp.mjs';

const tool = (name, ...args) => ({ program: join(root, 'node_modules', '.bin', name), args });

/** Every TypeScript project of the checkout. */
export const projects = () =>
  filesUnder(root)
    .filter((file) => basename(file) === 'tsconfig.json')
    .map((file) => relative(root, file));

/** Entries that are ES modules alone, which `require` takes from Node 20.19 on. */
const esModulesAlone = ['--exclude-entrypoints', 'component', 'component/instantiate'];

/** Packs the npm package as publishing would, and answers the path of the tarball. */
async function pack() {
  const source = join(root, 'wasm', 'js');
  const folder = join(checkoutCache, 'pack');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: source });
  const { name, version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  return join(folder, `${name}-${version}.tgz`);
}

/** @type {import('../test/runner.mjs').Suite[]} */
export const javascriptChecks = [
  {
    name: 'biome',
    what: 'formatting and lints of JavaScript, TypeScript and JSON',
    needs: ['npm'],
    commands: () => [tool('biome', 'ci', '--error-on-warnings', '--colors=off')],
  },
  {
    name: 'types',
    what: 'TypeScript, strict, in every project',
    needs: ['npm', 'build'],
    commands: () => projects().map((project) => tool('tsc', '--noEmit', '--project', project)),
  },
  {
    name: 'package',
    what: 'the packed npm package: exports and types for ESM and CommonJS',
    needs: ['npm', 'build'],
    commands: async () => {
      const tarball = await pack();
      return [
        tool('publint', 'run', tarball, '--strict'),
        tool('attw', tarball, '--no-emoji', '--profile', 'node16', ...esModulesAlone),
      ];
    },
  },
].map((check) => ({ ...check, runner: 'check' }));
