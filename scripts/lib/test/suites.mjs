/** Every test suite: what it proves, what it needs, how it runs. */
import { join, relative, resolve, sep } from 'node:path';
import { root } from '../paths.mjs';
import { which } from '../process.mjs';
import { filesUnder } from '../stamp.mjs';

/** Test files under folders of the checkout, as paths from its root, without those in left-out folders. */
export function testFiles(folders, leftOut = []) {
  const out = leftOut.map((folder) => folder + sep);
  return folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .map((file) => relative(root, file))
    .filter((file) => file.endsWith('.test.mjs') && !out.some((folder) => file.startsWith(folder)))
    .sort();
}

/** Folders under tests/ that are suites of their own; everything else there belongs to the npm package. */
const ownSuites = [
  'tests/aws',
  'tests/products',
  'tests/rehearsal',
  'tests/browser',
  'tests/component',
  'tests/runtimes',
];

const nodeTests = (files, env) =>
  files.length === 0
    ? []
    : [{ program: process.execPath, args: ['--test', '--test-reporter=spec', ...files], env }];

/** The glue generator is compiled in a profile of its own, so its tests run there too. */
const workspace = ['--workspace', '--exclude', 'edgeseal-bindgen'];

const rustTests = () =>
  which('cargo-nextest')
    ? { program: 'cargo', args: ['nextest', 'run', ...workspace, '--no-fail-fast'], runner: 'nextest' }
    : {
        program: 'cargo',
        args: ['test', ...workspace, '--lib', '--bins', '--tests', '--no-fail-fast'],
        runner: 'cargo',
      };

/** @type {import('./runner.mjs').Suite[]} */
const always = [
  {
    name: 'scripts',
    what: 'the build and test scripts themselves',
    needs: ['npm'],
    runner: 'node',
    commands: () => nodeTests(testFiles(['scripts/test'])),
  },
  {
    name: 'rust',
    what: 'every crate: units, properties, vectors, command lines',
    needs: [],
    runner: 'nextest',
    commands: () => [rustTests()],
    // Its integration tests have the programs compiled; with a selection of its own cargo would compile them anew.
    leaves: { EDGESEAL_BIN: join(resolve(root, process.env.CARGO_TARGET_DIR || 'target'), 'debug') },
  },
  {
    name: 'rust-docs',
    what: 'the examples in the Rust documentation',
    needs: [],
    runner: 'cargo',
    commands: () => [{ program: 'cargo', args: ['test', '--doc', ...workspace, '--no-fail-fast'] }],
  },
  {
    name: 'bindgen',
    what: 'the glue generator',
    needs: [],
    runner: 'cargo',
    commands: () => [
      {
        program: 'cargo',
        args: [
          'test',
          '--package',
          'edgeseal-bindgen',
          '--profile',
          'tool',
          '--target-dir',
          join(root, 'target', 'tool'),
        ],
      },
    ],
  },
  {
    name: 'js',
    what: 'the npm package, against shared vectors and against its peers',
    needs: ['npm', 'build', 'aws', 'emulator'],
    runner: 'node',
    commands: () => nodeTests(testFiles(['wasm/js', 'tests'], ownSuites)),
  },
  {
    name: 'products',
    what: 'the templates: linters, house rules, and stacks on the emulator',
    needs: ['npm', 'build', 'aws', 'emulator', 'lint', 'guard'],
    runner: 'node',
    commands: () => nodeTests(testFiles(['products', 'tests/products'])),
  },
  {
    name: 'rehearsal',
    what: 'the local Service Catalog, driven by boto3 and the AWS CLI',
    needs: ['npm', 'aws', 'emulator'],
    runner: 'node',
    commands: () => nodeTests(testFiles(['tests/rehearsal'])),
  },
  {
    name: 'aws',
    what: 'signer, records and uploads on stacks of the products',
    needs: ['npm', 'build', 'aws', 'emulator'],
    runner: 'node',
    commands: () => nodeTests(testFiles(['tests/aws'])),
  },
  {
    name: 'component',
    what: 'the WebAssembly component, under wasmtime and in every runtime',
    needs: ['npm', 'build', 'component', 'chromium', 'runtimes'],
    runner: 'node',
    commands: ({ chromium }) => nodeTests(testFiles(['tests/component']), { EDGESEAL_CHROMIUM: chromium }),
  },
  {
    name: 'runtimes',
    what: 'the packed package in every runtime, and the table in the README',
    needs: ['npm', 'build', 'chromium', 'runtimes'],
    runner: 'node',
    commands: ({ chromium }) => nodeTests(testFiles(['tests/runtimes']), { EDGESEAL_CHROMIUM: chromium }),
  },
];

const browser = {
  name: 'browser',
  what: 'the package and the pages in Chromium',
  needs: ['npm', 'build', 'chromium'],
  runner: 'node',
  commands: ({ chromium }) => nodeTests(testFiles(['tests/browser']), { EDGESEAL_CHROMIUM: chromium }),
};

/** Chromium is large, so its suite is there only together with tests for it. */
export const suites = testFiles(['tests/browser']).length > 0 ? [...always, browser] : always;
