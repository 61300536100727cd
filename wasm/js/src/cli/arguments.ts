/** Reading the command line of one command. */
import { parseArgs } from 'node:util';
import { type Command, type Given, type Options, UsageError } from './command.js';
import { printable } from './output.js';
import { suggest } from './suggest.js';

/** Options that every command has. */
export const commonOptions: Options = {
  json: { kind: 'switch', help: 'write JSON, for programs' },
  'no-color': { kind: 'switch', help: 'no colours, as with NO_COLOR=1' },
  help: { kind: 'switch', help: 'show this text' },
};

/**
 * Refuses a key in an argument, without repeating it: everyone on the machine can see the arguments of a process.
 *
 * @throws {UsageError}
 */
export function refuseKeys(args: readonly string[]): void {
  const keyLike = /-----BEGIN|PRIVATE KEY|LS0tLS1CRUdJTi|^(?:--[a-z-]+=)?MI[A-Za-z0-9+/=\s]{60,}/;
  if (!args.some((arg) => keyLike.test(arg))) return;
  throw new UsageError(
    'an argument holds a key; every user of this machine can see the arguments of a running command',
    'put the key into a file that only you can read and name the file, or use --key-env NAME, or pass it on stdin with -; if it was a private key, treat it as leaked and make a new one',
    'key-in-argument',
  );
}

/** Splits a command line by the command's options. @throws {UsageError} */
export function readArguments(command: Command, args: readonly string[]): Given {
  const options = { ...command.options, ...commonOptions };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { kind }]) => [
        name,
        { type: kind === 'switch' ? ('boolean' as const) : ('string' as const), multiple: true },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value } = checkOption(token, options);
    const earlier = values.get(name);
    if (earlier !== undefined && options[name]?.kind === 'value') {
      throw new UsageError(`--${name} is there twice`, 'give it once');
    }
    values.set(name, [...(earlier ?? []), value]);
  }
  if (!values.has('help')) checkOperands(command, operands, values);
  return {
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
    on: (name) => values.has(name),
    operands,
  };
}

interface Token {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function checkOption(token: Token, options: Options): { name: string; value: string } {
  const name = token.name === 'h' && token.rawName === '-h' ? 'help' : token.name;
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const near = suggest(name, Object.keys(options));
    throw new UsageError(
      `there is no option ${printable(token.rawName.slice(0, 40))}`,
      near === undefined ? '--help lists the options' : `did you mean --${near}?`,
    );
  }
  if (option.kind === 'switch') {
    if (token.inlineValue) throw new UsageError(`--${name} takes no value`);
    return { name, value: '' };
  }
  // A value that begins with a dash is an option whose value was forgotten, unless it is written with =, or is stdin.
  const forgotten = token.value?.startsWith('-') && token.value !== '-' && !token.inlineValue;
  if (token.value === undefined || token.value === '' || forgotten) {
    throw new UsageError(`--${name} needs a value`, `write --${name} ${option.value}`);
  }
  return { name, value: token.value };
}

function checkOperands(
  command: Command,
  operands: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): void {
  const { form } = command;
  const expected = form !== undefined && values.has(form.option) ? form.operands : command.operands;
  const needed = expected.filter((name) => !name.startsWith('[')).length;
  if (operands.length < needed) {
    throw new UsageError(`${expected[operands.length]} is missing`, usageLine(command, expected));
  }
  if (operands.length > expected.length && !expected.at(-1)?.endsWith('...')) {
    const extra = operands[expected.length] ?? '';
    const hint = /^https?:\/\/.*[?&=]/.test(operands[0] ?? '')
      ? 'put the URL in quotes, or the shell takes it apart'
      : usageLine(command, expected);
    throw new UsageError(`there is one argument too many: ${printable(extra.slice(0, 40))}`, hint);
  }
}

/** How the command is called. */
export function usageLine(command: Command, operands = command.operands): string {
  const option = operands === command.form?.operands ? [`--${command.form.option}`] : [];
  return ['edgeseal', command.name, ...option, ...operands, '[options]'].join(' ');
}
