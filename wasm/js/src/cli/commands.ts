/**
 * The table of commands.
 *
 * To add one: write `commands/<name>.ts` that exports a `Command` (see command.ts) under the name `command`, and add a
 * row here. Its help, its `--json` and `--no-color`, suggestions for typos, the refusal of keys in arguments and the
 * printing of errors come by themselves. Two words make a command of a group: `edge build`. A command is loaded only
 * when it is called, so that it may import what it likes. Afterwards `EDGESEAL_GOLDEN=write node --test wasm/js/test/cli`
 * writes the list of commands that the tests expect anew.
 */
import type { Command } from './command.js';

/** One row of the table. */
export interface Row {
  name: string;
  /** For the list of commands; ends without a full stop. */
  summary: string;
  load(): Promise<{ command: Command }>;
}

/** Every command, in the order of the help. */
export const commands: readonly Row[] = [
  {
    name: 'keygen',
    summary: 'make a key pair for CloudFront',
    load: () => import('./commands/keygen.js'),
  },
  {
    name: 'sign',
    summary: 'sign a URL for download or upload',
    load: () => import('./commands/sign.js'),
  },
  {
    name: 'cookies',
    summary: 'sign cookies for one URL or for many',
    load: () => import('./commands/cookies.js'),
  },
  {
    name: 'verify',
    summary: 'judge a signed URL or signed cookies',
    load: () => import('./commands/verify.js'),
  },
  {
    name: 'explain',
    summary: 'find out why a signed URL or signed cookies are refused',
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'inspect',
    summary: 'do the same in the browser, on a page that sends nothing anywhere',
    load: () => import('./commands/inspect.js'),
  },
  {
    name: 'doctor',
    summary: 'say what moving here from another package changes',
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'dev',
    summary: 'run the distribution and its bucket on this machine',
    load: () => import('./commands/dev.js'),
  },
  {
    name: 'edge init',
    summary: 'write a rule file for the edge to start from',
    load: () => import('./commands/edge-init.js'),
  },
  {
    name: 'edge test',
    summary: 'hold a rule file against requests and expected decisions',
    load: () => import('./commands/edge-test.js'),
  },
  {
    name: 'edge build',
    summary: 'pack rules and public keys into a Lambda@Edge function',
    load: () => import('./commands/edge-build.js'),
  },
];
