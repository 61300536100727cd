/** Writing for people and for programs: the result on stdout, remarks on stderr, 80 columns, colours only on terminals. */

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const codes: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/** The part of a stream that is used. */
export interface Sink {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Where a command writes to. */
export class Io {
  /** Programs read what is written. */
  readonly json: boolean;
  readonly #out: Sink;
  readonly #err: Sink;
  readonly #colour: boolean;

  constructor(out: Sink, err: Sink, choices: { json: boolean; colour: boolean }) {
    this.#out = out;
    this.#err = err;
    this.json = choices.json;
    this.#colour = choices.colour;
  }

  /** How wide a line may be. A terminal that does not know its size says 0. */
  get width(): number {
    return Math.min(100, Math.max(60, this.#out.columns || 80));
  }

  /** Writes a line of the result. */
  line(text = ''): void {
    this.#out.write(`${text}\n`);
  }

  /** Writes the result for programs. */
  value(value: unknown): void {
    this.#out.write(`${ascii(JSON.stringify(value, null, 2))}\n`);
  }

  /** Writes a remark, which is no part of the result. Programs get none. */
  remark(text: string): void {
    if (!this.json) this.#err.write(`${text}\n`);
  }

  /** Shows on a terminal how far the work has come, in place of what was shown before; an empty text clears it. */
  progress(text: string): void {
    if (!this.json && this.#err.isTTY === true) this.#err.write(`\r${text}\u001b[K`);
  }

  /** Writes an error. */
  failure(text: string): void {
    this.#err.write(`${text}\n`);
  }

  /** Text in a style for stdout. */
  paint(style: Style, text: string): string {
    return paint(style, text, this.#colour && this.#out.isTTY === true);
  }

  /** Text in a style for stderr. */
  paintRemark(style: Style, text: string): string {
    return paint(style, text, this.#colour && this.#err.isTTY === true);
  }
}

function paint(style: Style, text: string, colour: boolean): string {
  return colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

/** Whether colours are wanted, by the conventions of no-color.org. */
export function wantsColour(env: { NO_COLOR?: string; TERM?: string }): boolean {
  return !env.NO_COLOR && env.TERM !== 'dumb';
}

/** Text of others made safe for a terminal: control and direction characters become visible. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** JSON with nothing in it that a terminal would obey. */
function ascii(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** Breaks text at spaces so that no line is wider than asked, unless one word is. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(indent + line);
  return lines.join('\n');
}

/** Two columns: names, and text that is wrapped beside them. */
export function columns(rows: readonly (readonly [string, string])[], width: number, indent = '  '): string {
  const first = Math.min(30, Math.max(...rows.map(([name]) => name.length)));
  const gap = indent.length + first + 2;
  return rows
    .map(([name, text]) => {
      const body = wrap(text, width, ' '.repeat(gap));
      const head = `${indent}${name}`;
      return name.length > first ? `${head}\n${body}` : head.padEnd(gap) + body.slice(gap);
    })
    .join('\n');
}
