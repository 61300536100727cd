/** The help texts. */
import { commonOptions, usageLine } from './arguments.js';
import type { Command, Options } from './command.js';
import { commands, type Row } from './commands.js';
import { columns, type Io, wrap } from './output.js';

const exitText: readonly (readonly [string, string])[] = [
  ['0', 'done, or allowed'],
  ['1', 'denied, or a check failed'],
  ['2', 'a wrong command line, or input that cannot be used'],
];

/** The list of commands. */
export function overview(io: Io): string {
  return [
    'Sign, verify and explain Amazon CloudFront signed URLs and signed cookies.',
    `${io.paint('bold', 'Usage:')} edgeseal COMMAND [options]`,
    `${io.paint('bold', 'Commands:')}\n${columns(
      commands.map(({ name, summary }) => [name, summary]),
      io.width,
    )}`,
    `${io.paint('bold', 'Everywhere:')}\n${columns([...optionRows(commonOptions), ['--version', 'show the version']], io.width)}`,
    `${io.paint('bold', 'Exit codes:')}\n${columns(exitText, io.width)}`,
    wrap('edgeseal COMMAND --help shows the options of a command, with examples.', io.width),
  ].join('\n\n');
}

/** The commands of a group, such as `edge`. */
export function groupHelp(group: string, io: Io): string {
  const rows = commandsOf(group).map(({ name, summary }): [string, string] => [name, summary]);
  return [
    `${io.paint('bold', 'Usage:')} edgeseal ${group} COMMAND [options]`,
    `${io.paint('bold', 'Commands:')}\n${columns(rows, io.width)}`,
    wrap(`edgeseal ${group} COMMAND --help shows the options of a command, with examples.`, io.width),
  ].join('\n\n');
}

/** The rows of a group; none when there is no such group. */
export function commandsOf(group: string): Row[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}

/** The help of one command. */
export function commandHelp(command: Command, io: Io): string {
  return [
    wrap(command.about, io.width),
    `${io.paint('bold', 'Usage:')} ${usageLines(command)}`,
    `${io.paint('bold', 'Options:')}\n${columns(optionRows({ ...command.options, ...commonOptions }), io.width)}`,
    `${io.paint('bold', 'Examples:')}\n${command.examples.map(([what, line]) => `  ${io.paint('dim', `# ${what}`)}\n  ${line}`).join('\n\n')}`,
    `${io.paint('bold', 'Exit codes:')}\n${columns(exitText, io.width)}`,
  ].join('\n\n');
}

function usageLines(command: Command): string {
  const forms = command.form === undefined ? [] : [usageLine(command, command.form.operands)];
  return [usageLine(command), ...forms].join('\n       ');
}

function optionRows(options: Options): [string, string][] {
  return Object.entries(options).map(([name, { value, help }]) => [
    name === 'help' ? '-h, --help' : `--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
}
