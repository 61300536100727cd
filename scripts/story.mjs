/**
 * The whole workflow on this machine: from an empty account to a file uploaded and downloaded, and back.
 *
 * The steps are in lib/story; a test asserts them on real state.
 */
import { runMain, UsageProblem } from './lib/problem.mjs';
import { duration, say } from './lib/progress.mjs';
import { interrupted, interruption } from './lib/story/interruption.mjs';

const help = `Plays the whole workflow on this machine: publish, provision, sign, upload,
download, attack, rotate, terminate. No AWS account is needed.

Usage: node scripts/story.mjs [OPTIONS]

Options:
  --keep        leave it running, with a page to try it; Ctrl-C cleans up
  --open        the same, and open the page in the browser
  --port PORT   the port of the edge; a free one by default
  -h, --help    show this text`;

function readArguments(args) {
  const options = { keep: false, open: false, port: undefined, help: false };
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--keep') options.keep = true;
    else if (args[at] === '--open') options.open = true;
    else if (args[at] === '--help' || args[at] === '-h') options.help = true;
    else if (args[at] === '--port') options.port = readPort(args[++at]);
    else throw new UsageProblem(`unknown argument ${JSON.stringify(args[at])}\n\n${help}`);
  }
  return options;
}

function readPort(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageProblem('--port needs a number from 1 to 65535');
}

async function main(args) {
  const { keep, open, port, help: wantsHelp } = readArguments(args);
  if (wantsHelp) return void process.stdout.write(`${help}\n`);
  const started = performance.now();
  // What they import is there only once the packages are installed and built.
  const [{ openLocalWorld }, { Story }, { play, finish }, { narrator }] = await Promise.all([
    import('./lib/story/local.mjs'),
    import('./lib/story/steps.mjs'),
    import('./lib/story/play.mjs'),
    import('./lib/story/tell.mjs'),
  ]);
  const { arrived, stopped, forget } = interruption('stopped; all is cleaned up');
  const colour = process.stdout.isTTY && !process.env.NO_COLOR;
  const tell = narrator({ write: (text) => process.stdout.write(text), colour });
  let world;
  let page;
  let story;
  try {
    if (keep || open) page = await (await import('./lib/story/page.mjs')).startPage();
    const opening = openLocalWorld({ port, page: page?.origin });
    world = await Promise.race([opening, stopped.catch(async (error) => endOf(opening, error))]);
    story = new Story(world, { onLaunch: (product) => say(`   ${product} ...`) });
    await Promise.race([play(story, world, tell), stopped]);
    if (page) await stay({ world, story, page, open, arrived });
    else await Promise.race([finish(story, tell), stopped]);
  } finally {
    story?.close();
    await page?.stop();
    await world?.stop();
    forget();
  }
  say(`(all of it took ${duration(performance.now() - started)})`);
}

/** A world that was still being made when the signal came is stopped as well. */
async function endOf(opening, error) {
  await (await opening).stop();
  throw error;
}

async function stay({ world, story, page, open, arrived }) {
  const edge = await world.servedAt();
  const { uploads, records } = story.tools;
  page.show({ uploads, records, signedFor: world.origin, edge });
  process.stdout.write(`
Running until Ctrl-C:
   page           ${page.origin}
   edge           ${edge}, signed for ${world.origin}
   AWS stand-in   ${world.endpoint}
   bucket         ${story.outputs.S3BucketName}
`);
  if (open) (await import('./lib/story/page.mjs')).openInBrowser(page.origin);
  await arrived;
}

await runMain(() => main(process.argv.slice(2)));
// A step that was under way when Ctrl-C came may still wait for what is gone.
if (process.exitCode === interrupted) process.exit();
