/**
 * Records `npm run demo` as it runs on this machine and draws it as docs/images/demo.svg: `npm run picture`.
 *
 * Only the pauses are set here, so that one can read along; every line is what the demo wrote.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { root } from './lib/paths.mjs';
import { drawRecording } from './lib/picture/draw.mjs';
import { record } from './lib/picture/record.mjs';
import { runMain, UsageProblem } from './lib/problem.mjs';
import { size, working } from './lib/progress.mjs';

const help = `Records the demo and draws it as docs/images/demo.svg.

Usage: npm run picture

Options:
  -h, --help   show this text`;

const out = join(root, 'docs', 'images', 'demo.svg');

async function main(args) {
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(`${help}\n`);
  if (args.length > 0) throw new UsageProblem(`unknown argument ${JSON.stringify(args[0])}\n\n${help}`);
  await build();
  const drawn = await working(
    'picture',
    'recording the demo',
    async () => {
      const lines = await record(process.execPath, [join(root, 'scripts', 'demo.mjs'), '--no-build']);
      const svg = drawRecording({
        lines: ['\u001b[2m$\u001b[22m npm run demo', ...lines],
        title: 'A recording of npm run demo',
        description:
          'A terminal. The demo signs, verifies and refuses six attacks. It then publishes products to a portfolio, launches ' +
          'them, uploads a file through a signed URL, downloads it, refuses ten attacks, changes the key and cleans up.',
        poster: /A person uploads a file/,
      });
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, svg);
      return svg;
    },
    (svg) => size(Buffer.byteLength(svg)),
  );
  process.stdout.write(`docs/images/demo.svg, ${size(Buffer.byteLength(drawn))}\n`);
}

await runMain(() => main(process.argv.slice(2)));
