/** The programs and bundlers that `npm run setup -- runtimes` installs, and the versions they are of. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runtimePrograms, runtimesHome } from '../../../scripts/lib/setup/runtimes.mjs';

const home = runtimesHome();
const require = createRequire(join(home, 'package.json'));

/** The programs by name. */
export const programs = runtimePrograms(home);

/** A package that a runtime or a bundler came in, by the folder that npm made. */
export const packageOf = (name) =>
  JSON.parse(readFileSync(join(home, 'node_modules', name, 'package.json'), 'utf8'));

/** A bundler, as its users import it. */
export async function bundler(name) {
  const found = await import(require.resolve(name));
  return found.default ?? found;
}

/** esbuild of the toolchain. */
export const esbuild = () => bundler('esbuild');

const exec = promisify(execFile);
/** What has not ended by then hangs. */
export const longestMillis = 240_000;

/**
 * Runs a program to its end and answers what it printed, read as JSON.
 * @throws {Error} with all it said, when it failed or printed something else
 */
export async function printed(program, args, cwd) {
  let output;
  try {
    output = await exec(program, args, {
      cwd,
      timeout: longestMillis,
      maxBuffer: 16 * 1024 * 1024,
      env: { PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
    });
    return JSON.parse(output.stdout);
  } catch (error) {
    const said = output ?? error;
    throw new Error(
      `${program} ${args.join(' ')}\n${said.stdout ?? ''}${said.stderr ?? ''}\n${error.message}`,
    );
  }
}
