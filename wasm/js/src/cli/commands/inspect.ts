/** `edgeseal inspect`: the inspector's page, served on this machine or written for a web host. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type Command, exitCodes, type Given, UsageError } from '../command.js';
import { type Io, printable } from '../output.js';
import { readPage, writePage } from '../page-files.js';
import { servePage } from '../page-server.js';

/** The same on each call where it is free, so that links to findings keep working on this machine. */
const usualPort = 8788;

/** The command. */
export const command: Command = {
  name: 'inspect',
  operands: [],
  about:
    'Serves a page, on this machine alone, into which one pastes a signed URL or signed cookies to see the policy, every check and the likely mistake: the findings of edgeseal explain. Everything happens in the browser, and nothing leaves it. Ctrl-C ends it.',
  options: {
    port: { kind: 'value', value: 'N', help: `port (default: ${usualPort}, or any that is free)` },
    open: { kind: 'switch', help: 'open the page in the browser' },
    out: {
      kind: 'value',
      value: 'FOLDER',
      help: 'write the page as static files for any web host, and serve nothing',
    },
  },
  examples: [
    ['look at a URL in the browser', 'edgeseal inspect --open'],
    ['put the page on a site of your own', 'edgeseal inspect --out public/inspector'],
  ],
  async run(given, io) {
    const out = given.text('out');
    if (out === undefined) await serve(given, io);
    else await write(out, given, io);
    return exitCodes.ok;
  },
};

async function write(folder: string, given: Given, io: Io): Promise<void> {
  for (const option of ['port', 'open']) {
    if (given.list(option).length > 0) {
      throw new UsageError(`--${option} and --out do not go together`, '--out serves nothing');
    }
  }
  const files = await readPage();
  await writePage(files, folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (io.json) {
    io.value({ folder: resolve(folder), files: files.map(({ path }) => path), bytes });
    return;
  }
  io.line(`${printable(folder)}: ${files.length} files, ${(bytes / 1000).toFixed(0)} kB`);
  io.remark('Any web host will do. Let it add the headers that a page cannot give itself:');
  io.remark("  Content-Security-Policy: frame-ancestors 'none'");
  io.remark('  X-Content-Type-Options: nosniff');
}

async function serve(given: Given, io: Io): Promise<void> {
  const ports = readPorts(given.text('port'));
  const stopped = new Promise<void>((done) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => done());
  });
  const files = await readPage();
  const page = await servePage(files, ports);
  if (io.json) io.line(JSON.stringify({ event: 'listening', url: page.url }));
  else {
    io.line(`${io.paint('bold', 'The inspector is at')} ${io.paint('green', page.url)}`);
    io.remark('Nothing that is pasted there leaves the browser. Ctrl-C ends it.');
  }
  if (given.on('open')) openInBrowser(page.url, io);
  await stopped;
  await page.stop();
}

function readPorts(text: string | undefined): number[] {
  if (text === undefined) return [usualPort, 0];
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return [Number(text)];
  throw new UsageError('--port must be a number up to 65535');
}

const openers: Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Asks the system to show the page. Where that cannot be done, the address is on the screen already. */
function openInBrowser(url: string, io: Io): void {
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', () =>
    io.remark(`no browser could be opened (${program} is missing); open ${url} yourself`),
  );
  child.unref();
}
