/**
 * Builds the wasm modules and the npm package: `npm run build`.
 *
 * Steps whose inputs have not changed are skipped. `--wasm` stops after the modules.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildComponent } from './lib/build/component.mjs';
import { buildPackage } from './lib/build/package.mjs';
import { buildModules } from './lib/build/wasm.mjs';
import { withLock } from './lib/fresh.mjs';
import { checkoutCache } from './lib/paths.mjs';
import { runMain, UsageProblem } from './lib/problem.mjs';
import { say } from './lib/progress.mjs';
import { bindgen } from './lib/setup/bindgen.mjs';
import { npmPackages } from './lib/setup/npm.mjs';
import { wasmTarget } from './lib/setup/wasm-target.mjs';

const help = `Builds the wasm modules and the npm package.

Usage: npm run build [-- --wasm]

Options:
  --wasm       stop after the wasm modules and their glue
  -h, --help   show this text`;

/**
 * Builds what is out of date, with everything it needs.
 * @param {object} [options]
 * @param {boolean} [options.wasmOnly] leave the npm package alone
 */
export async function build({ wasmOnly = false } = {}) {
  const waiting = () => say('another build is running in this checkout; waiting for it');
  await withLock(
    join(checkoutCache, 'build.lock'),
    async () => {
      await npmPackages();
      const toolchain = await wasmTarget();
      await buildModules({ toolchain, generator: await bindgen() });
      await buildComponent(toolchain);
      if (!wasmOnly) await buildPackage();
    },
    waiting,
  );
}

async function main(args) {
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(`${help}\n`);
  const unknown = args.find((arg) => arg !== '--wasm');
  if (unknown) throw new UsageProblem(`unknown argument ${JSON.stringify(unknown)}\n\n${help}`);
  await build({ wasmOnly: args.includes('--wasm') });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runMain(() => main(process.argv.slice(2)));
