/**
 * Finds or makes everything the project builds and tests with: `npm run setup`.
 *
 * `npm run demo`, `npm run build` and `npm test` call the steps they need by themselves. Each step is cached, can be
 * repeated, and may be interrupted.
 */
import { pathToFileURL } from 'node:url';
import { runMain, UsageProblem } from './lib/problem.mjs';
import { duration, say } from './lib/progress.mjs';
import { bindgen } from './lib/setup/bindgen.mjs';
import { chromium } from './lib/setup/browser.mjs';
import { cargoTool } from './lib/setup/cargo-tools.mjs';
import { lambdaRic } from './lib/setup/lambda-ric.mjs';
import { npmPackages } from './lib/setup/npm.mjs';
import { pythonEnvironment } from './lib/setup/python.mjs';
import { runtimes } from './lib/setup/runtimes.mjs';
import { wasmTarget } from './lib/setup/wasm-target.mjs';

/** Every step by name, in the order they run. Each is a function that can be called alone. */
export const steps = {
  npm: { what: 'npm packages from package-lock.json', run: npmPackages },
  wasm: { what: 'a Rust compiler for wasm32-unknown-unknown', run: () => wasmTarget() },
  bindgen: { what: 'the wasm-bindgen glue generator', run: bindgen },
  aws: { what: 'boto3 and the AWS command line, in .cache/venv-aws', run: () => pythonEnvironment('aws') },
  emulator: {
    what: 'the local AWS emulator, in .cache/venv-emulator',
    run: () => pythonEnvironment('emulator'),
  },
  component: { what: 'wasmtime, in .cache/venv-component', run: () => pythonEnvironment('component') },
  lint: { what: 'cfn-lint and checkov, in .cache/venv-lint', run: () => pythonEnvironment('lint') },
  guard: { what: 'cfn-guard, compiled', run: () => cargoTool('cfn-guard') },
  deny: { what: 'cargo-deny, compiled', run: () => cargoTool('cargo-deny') },
  'lambda-ric': { what: 'the Lambda runtime client for Node, compiled', run: lambdaRic },
  chromium: { what: 'Chromium, from Debian', run: chromium },
  runtimes: { what: 'Node 20 to 24, Deno, Bun, workerd and bundlers, from npm', run: runtimes },
};

/** What a build needs. */
const buildSteps = ['npm', 'wasm', 'bindgen'];

/**
 * Runs steps in the order of {@link steps}.
 * @param {Iterable<string>} names
 * @returns {Promise<Record<string, unknown>>} what each step answered: a path, a toolchain or nothing
 */
export async function setup(names = buildSteps) {
  const wanted = new Set(names);
  const results = {};
  for (const [name, step] of Object.entries(steps)) if (wanted.has(name)) results[name] = await step.run();
  return results;
}

const help = `Finds or makes what the project builds and tests with.

Usage: npm run setup [-- STEP ...]

Steps (default: ${buildSteps.join(' ')}):
${Object.entries(steps)
  .map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`)
  .join('\n')}
  all        everything`;

async function main(args) {
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(`${help}\n`);
  const unknown = args.find((arg) => arg !== 'all' && !(arg in steps));
  if (unknown) throw new UsageProblem(`unknown step ${JSON.stringify(unknown)}\n\n${help}`);
  const started = performance.now();
  const chosen = args.length > 0 ? args : buildSteps;
  await setup(chosen.includes('all') ? Object.keys(steps) : chosen);
  say(`everything is there (${duration(performance.now() - started)})`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runMain(() => main(process.argv.slice(2)));
