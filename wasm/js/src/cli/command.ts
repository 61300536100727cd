/** What a command is. */
import type { Io } from './output.js';

/** Exit codes, the same for every command. */
export const exitCodes = {
  /** Done, or allowed. */
  ok: 0,
  /** Denied. */
  denied: 1,
  /** A wrong command line, or input that cannot be used. */
  usage: 2,
} as const;

/** One option of a command. */
export interface Option {
  /** `switch` takes no value. */
  kind: 'value' | 'list' | 'switch';
  /** The placeholder of the value, such as `FILE`. */
  value?: string;
  /** Ends without a full stop. */
  help: string;
}

/** The options of a command by name, without the dashes, in the order of the help. */
export type Options = Readonly<Record<string, Option>>;

/** What stood on the command line. */
export interface Given {
  /** The value of an option. */
  text(name: string): string | undefined;
  /** All values of an option that may be repeated. */
  list(name: string): readonly string[];
  /** Whether a switch is there. */
  on(name: string): boolean;
  /** Everything that is no option. */
  operands: readonly string[];
}

/** A command: one file in `commands/` exports one. */
export interface Command {
  /** One or two words, as typed: `sign`, `edge build`. */
  name: string;
  /** Operands for the usage line, such as `URL`; one that may be left out stands in brackets, and `...` repeats one. */
  operands: readonly string[];
  /** Other operands, where a switch is there. */
  form?: { option: string; operands: readonly string[] };
  /** A few sentences. */
  about: string;
  options: Options;
  /** What an example does, and its command line. */
  examples: readonly (readonly [what: string, line: string])[];
  /** The option that an `EdgesealError` with this field is about. */
  fields?: Readonly<Record<string, string>>;
  /** Does the work and answers the exit code. Throws a `UsageError` or an `EdgesealError`. */
  run(given: Given, io: Io): number | Promise<number>;
}

/** A wrong command line, or a file that cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, code = 'usage') {
    super(message);
    this.hint = hint;
    this.code = code;
  }
}
