/**
 * `npm run demo`. First the main job: makes a key pair, signs, verifies, and refuses six attacks. Then the whole
 * workflow: publishes the products to a rehearsal catalog, provisions them, uploads, downloads, rotates, terminates.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';
import { build } from './build.mjs';
import { playStory } from './lib/demo/story.mjs';
import { tell } from './lib/demo/tell.mjs';
import { root } from './lib/paths.mjs';
import { Problem, runMain, UsageProblem } from './lib/problem.mjs';
import { duration, say } from './lib/progress.mjs';

const help = `Signs, verifies and refuses with the package as it is built here; then plays the
whole workflow on local stand-ins: publish, provision, upload, rotate, terminate.

Usage: npm run demo [-- OPTIONS]

Options:
  --quick      the main job only, which needs no Rust compiled for this machine
  --no-build   use the package that is there
  --keep       leave the workflow running, with a page to try it
  --open       the same, and open the page in the browser
  -h, --help   show this text`;

const flags = ['--quick', '--no-build', '--keep', '--open'];

function paint(style, text) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

/** A demonstration that does not show what it says has failed. */
function check({ allowed, refused }) {
  const wrong = [
    ...allowed.filter(({ verdict }) => !verdict.allowed),
    ...refused.filter(({ verdict, expected }) => verdict.reason !== expected),
  ];
  if (wrong.length > 0) {
    throw new Problem(`not as it should be: ${wrong.map(({ title }) => title).join('; ')}`);
  }
}

async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const unknown = args.find((arg) => !flags.includes(arg));
  if (unknown) throw new UsageProblem(`unknown argument ${JSON.stringify(unknown)}\n\n${help}`);
  if (!args.includes('--no-build')) await build();
  const entry = join(root, 'wasm', 'js', 'dist', 'esm', 'index.js');
  if (!existsSync(entry)) throw new Problem('the package is not built; run npm run build');
  const edgeseal = await import(pathToFileURL(entry).href);
  mainJob(edgeseal);
  if (args.includes('--quick')) return 0;
  const passedOn = args.filter((arg) => arg === '--keep' || arg === '--open');
  return workflow(passedOn);
}

function mainJob(edgeseal) {
  const started = performance.now();
  const story = playStory(edgeseal, Math.floor(Date.now() / 1000));
  process.stdout.write(`${tell(story, paint).join('\n')}\n`);
  check(story);
  say(`(signed, verified and refused in ${duration(performance.now() - started)})`);
}

/** A process of its own: it hears Ctrl-C by itself and cleans up. The SDK's notice of its future Node is kept out. */
function workflow(args) {
  say('\nThe whole workflow, from an empty account to a file uploaded and downloaded:');
  const program = join(root, 'scripts', 'story.mjs');
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', (code) => done(code ?? 1));
  });
}

await runMain(() => main(process.argv.slice(2)));
