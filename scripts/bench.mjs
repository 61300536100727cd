/** Times the project's work against its peers: `npm run bench`. Each bench/<name>/bench.mjs is one bench. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { timeGroup } from './lib/bench/measure.mjs';
import { lines, machine, markdown, placed } from './lib/bench/table.mjs';
import { root } from './lib/paths.mjs';
import { runMain, UsageProblem } from './lib/problem.mjs';

const folder = join(root, 'bench');
const document = join(folder, 'README.md');
const efforts = {
  thorough: { rounds: 5, millis: 300, most: Number.POSITIVE_INFINITY },
  quick: { rounds: 1, millis: 20, most: 3 },
};

const names = () => readdirSync(folder).filter((name) => existsSync(join(folder, name, 'bench.mjs')));

const help = () => `Times the project's work against its peers.

Usage: npm run bench [-- OPTIONS] [NAME ...]

Options:
  --quick      short and rough
  --write      put the results where they are shown: bench/README.md, or README.md for runtimes
  --json       write JSON
  --no-build   use the package that is there
  -h, --help   show this text

Names:
${names()
  .map((name) => `  ${name}`)
  .join('\n')}`;

function read(args) {
  const known = names();
  const flags = args.filter((arg) => arg.startsWith('-'));
  const chosen = args.filter((arg) => !arg.startsWith('-'));
  const unknown =
    flags.find((flag) => !['--quick', '--write', '--json', '--no-build', '--help', '-h'].includes(flag)) ??
    chosen.find((name) => !known.includes(name));
  if (unknown) throw new UsageProblem(`unknown argument ${JSON.stringify(unknown)}\n\n${help()}`);
  return { on: (flag) => flags.includes(flag), chosen: chosen.length > 0 ? chosen : known };
}

async function main(args) {
  const { on, chosen } = read(args);
  if (on('--help') || on('-h')) return void process.stdout.write(`${help()}\n`);
  if (!on('--no-build')) await build();
  const where = machine();
  const show = (text) => !on('--json') && process.stdout.write(`${text}\n`);
  show(where.join('\n'));
  const results = [];
  const shown = [];
  for (const name of chosen) {
    const { default: bench } = await import(pathToFileURL(join(folder, name, 'bench.mjs')).href);
    const groups = [];
    try {
      for (const group of bench.groups) {
        const rows = await timeGroup(group, on('--quick') ? efforts.quick : efforts.thorough);
        groups.push({ title: group.title, rows });
        show(`\n${lines(group.title, rows).join('\n')}`);
      }
    } finally {
      await bench.close?.();
    }
    results.push({ name, title: bench.title, groups });
    if (on('--write')) bench.keep?.(groups, where);
    if (bench.keep === undefined) shown.push(results.at(-1));
  }
  if (on('--json')) process.stdout.write(`${JSON.stringify({ machine: where, results }, null, 2)}\n`);
  if (on('--write') && shown.length > 0) {
    writeFileSync(document, placed(readFileSync(document, 'utf8'), markdown(shown, where)));
  }
}

await runMain(() => main(process.argv.slice(2)));
