/**
 * Shows the main job at work: `npm run demo`. Builds what is missing, then makes a key pair, signs, verifies, and
 * refuses six attacks.
 */
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

const help = `Signs, verifies and refuses with the package as it is built here.

Usage: npm run demo [-- --no-build]

Options:
  --no-build   use the package that is there
  -h, --help   show this text`;

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
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(`${help}\n`);
  const unknown = args.find((arg) => arg !== '--no-build');
  if (unknown) throw new UsageProblem(`unknown argument ${JSON.stringify(unknown)}\n\n${help}`);
  if (!args.includes('--no-build')) await build();
  const entry = join(root, 'wasm', 'js', 'dist', 'esm', 'index.js');
  if (!existsSync(entry)) throw new Problem('the package is not built; run npm run build');
  const edgeseal = await import(pathToFileURL(entry).href);
  const started = performance.now();
  const story = playStory(edgeseal, Math.floor(Date.now() / 1000));
  process.stdout.write(`${tell(story, paint).join('\n')}\n`);
  check(story);
  say(`(signed, verified and refused in ${duration(performance.now() - started)})`);
}

await runMain(() => main(process.argv.slice(2)));
