#!/usr/bin/env node
/** The command line `edgeseal`. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EdgesealError } from '../errors.js';
import { readArguments, refuseKeys } from './arguments.js';
import { type Command, exitCodes, UsageError } from './command.js';
import { commands, type Row } from './commands.js';
import { commandHelp, commandsOf, groupHelp, overview } from './help.js';
import { Io, printable, wantsColour, wrap } from './output.js';
import { suggest } from './suggest.js';

async function main(args: readonly string[]): Promise<number> {
  const io = new Io(process.stdout, process.stderr, {
    json: args.includes('--json'),
    colour: wantsColour(process.env) && !args.includes('--no-color'),
  });
  let command: Command | undefined;
  try {
    refuseKeys(args);
    const general = answerGeneral(args, io);
    if (general !== undefined) return general;
    const { row, rest } = find(args);
    command = (await row.load()).command;
    const given = readArguments(command, rest);
    if (given.on('help') || args[0] === 'help') {
      io.line(commandHelp(command, io));
      return exitCodes.ok;
    }
    return await command.run(given, io);
  } catch (thrown) {
    io.failure(describe(thrown, command, io));
    return exitCodes.usage;
  }
}

/** What is asked of no command. */
function answerGeneral(args: readonly string[], io: Io): number | undefined {
  const [first, second] = args;
  if (first === '--version') {
    io.line(version());
    return exitCodes.ok;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    io.line(overview(io));
    return exitCodes.ok;
  }
  const group = first === 'help' ? second : first;
  const asksForGroup = first === 'help' ? args.length === 2 : second === '--help' || second === '-h';
  if (group !== undefined && asksForGroup && commandsOf(group).length > 0) {
    io.line(groupHelp(group, io));
    return exitCodes.ok;
  }
  if (first === undefined) {
    io.failure(overview(io));
    return exitCodes.usage;
  }
  return undefined;
}

/** Finds the command that is called; `help sign` stands for `sign --help`. */
function find(args: readonly string[]): { row: Row; rest: readonly string[] } {
  const words = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const row = commands.find((candidate) => candidate.name === name);
    if (row !== undefined) return { row, rest: words.slice(length) };
  }
  const typed = words[0] ?? '';
  if (typed.startsWith('-')) {
    const meant = suggest(typed, ['--help', '--version']);
    throw new UsageError(
      `${printable(typed.slice(0, 40))} comes after a command`,
      meant === undefined ? 'edgeseal --help lists the commands' : `did you mean edgeseal ${meant}?`,
    );
  }
  const group = commandsOf(typed).map(({ name }) => name);
  if (group.length > 0) {
    const second = words[1]?.startsWith('-') ? undefined : words[1];
    const meant = second === undefined ? undefined : suggest(`${typed} ${second}`, group);
    throw new UsageError(
      second === undefined
        ? `${typed} needs a second word`
        : `there is no command ${typed} ${printable(second.slice(0, 40))}`,
      meant === undefined ? `there is ${group.join(', ')}` : `did you mean edgeseal ${meant}?`,
    );
  }
  const near = suggest(
    typed,
    commands.map(({ name }) => name),
  );
  throw new UsageError(
    `there is no command ${printable(typed.slice(0, 40))}`,
    near === undefined ? 'edgeseal --help lists the commands' : `did you mean edgeseal ${near}?`,
  );
}

/** An error as text: what was wrong, where, and what to do next. Never a stack trace. */
function describe(thrown: unknown, command: Command | undefined, io: Io): string {
  const error = thrown instanceof UsageError || thrown instanceof EdgesealError ? thrown : internal();
  const field = error instanceof EdgesealError ? error.field : undefined;
  const option = field === undefined ? undefined : command?.fields?.[field];
  if (io.json) {
    const { code, message, hint } = error;
    return JSON.stringify({ error: { code, message, field, option, hint } });
  }
  const where = ['edgeseal', command?.name].filter(Boolean).join(' ');
  const place = option === undefined ? '' : `${option}: `;
  const sentence = `${where}: error: ${place}${printable(error.message)} [${error.code}]`;
  const head = wrap(sentence, io.width).replace('error', io.paintRemark('red', 'error'));
  return error.hint === undefined
    ? head
    : `${head}\n${wrap(`hint: ${printable(error.hint)}`, io.width, '  ')}`;
}

function internal(): EdgesealError {
  return new EdgesealError('internal', 'an internal fault', {
    hint: 'please report it, with the command line and without keys and signatures',
  });
}

function version(): string {
  const here = dirname(realpathSync(process.argv[1] ?? ''));
  const { version: number } = JSON.parse(readFileSync(join(here, '../../../package.json'), 'utf8')) as {
    version: string;
  };
  return number;
}

// A reader that stops reading, such as head, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
