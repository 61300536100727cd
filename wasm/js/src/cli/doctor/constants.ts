/** The names of a file that have one value for good, as far as the text shows. */
import type { Expression, Reader } from './syntax.js';

const assignments = ['=', '+=', '-=', '*=', '/=', '||=', '??=', '&&=', '++', '--'];
const noFunction = new Set('if for while switch with catch'.split(' '));
const longestTrail = 6;

/** Looks up names. */
export class Constants {
  readonly #reader: Reader;
  readonly #values = new Map<string, number>();
  readonly #writes = new Map<string, number>();
  /** Names of parameters, and names whose properties are written. */
  readonly #unsure = new Set<string>();

  constructor(reader: Reader) {
    this.#reader = reader;
    for (let index = 0; index < reader.tokens.length; index += 1) {
      this.#note(index);
      this.#noteParameters(index);
    }
  }

  /** The value of an expression, where it is a name with one value; otherwise the expression. */
  resolve(expression: Expression): Expression {
    let value = expression;
    for (let step = 0; value.kind === 'name' && step < longestTrail; step += 1) {
      const found = this.#value(value.name);
      if (found === undefined) return value;
      value = found;
    }
    return value;
  }

  /** Every value that an expression may have, by `??`, `||` and `?:`. */
  choices(expression: Expression): Expression[] {
    const found: Expression[] = [];
    const open = [expression];
    for (let next = open.pop(); next !== undefined && found.length < 16; next = open.pop()) {
      const value = this.resolve(next);
      if (value.kind === 'either' && open.length < 16) open.push(...value.choices);
      else found.push(value);
    }
    return found;
  }

  /** The texts that an expression may be, with the parts of a template that are known. */
  texts(expression: Expression): string[] {
    return this.choices(expression).flatMap((value) => {
      if (value.kind === 'text') return [value.value];
      if (value.kind !== 'binary' || value.operator !== '+') return [];
      return [this.#joined(value, 0)];
    });
  }

  #joined(expression: Expression, depth: number): string {
    const value = this.resolve(expression);
    if (value.kind === 'text') return value.value;
    if (value.kind !== 'binary' || value.operator !== '+' || depth > longestTrail) return '';
    return this.#joined(value.left, depth + 1) + this.#joined(value.right, depth + 1);
  }

  #value(name: string): Expression | undefined {
    const start = this.#values.get(name);
    if (start === undefined || this.#writes.get(name) !== 1 || this.#unsure.has(name)) return undefined;
    return this.#reader.read(start);
  }

  #note(index: number): void {
    const reader = this.#reader;
    const name = reader.name(index);
    if (name === undefined || reader.is(index - 1, '.', '?.')) return;
    if (reader.is(index + 1, '.', '[') && this.#writesProperty(index + 1)) this.#unsure.add(name);
    if (reader.is(index - 1, 'const', 'let', 'var')) {
      const value = this.#initialValue(index + 1);
      this.#writes.set(name, (this.#writes.get(name) ?? 0) + (value === undefined ? 2 : 1));
      if (value !== undefined) this.#values.set(name, value);
    } else if (reader.is(index + 1, ...assignments) || reader.is(index - 1, '++', '--')) {
      this.#writes.set(name, (this.#writes.get(name) ?? 0) + 1);
    }
  }

  /** The value behind `=`, with a type between. */
  #initialValue(index: number): number | undefined {
    const reader = this.#reader;
    if (reader.is(index, '=')) return index + 1;
    if (!reader.is(index, ':')) return undefined;
    for (let at = index + 1; at < index + 40 && !reader.is(at, ';', ',', 'const', 'let', 'var'); at += 1) {
      if (reader.is(at, '=')) return at + 1;
    }
    return undefined;
  }

  #writesProperty(index: number): boolean {
    const reader = this.#reader;
    let at = index;
    for (let step = 0; step < longestTrail && reader.is(at, '.', '['); step += 1) {
      at = reader.is(at, '.') ? at + 2 : reader.closing(at) + 1;
    }
    return reader.is(at, ...assignments);
  }

  #noteParameters(index: number): void {
    const reader = this.#reader;
    const alone = reader.name(index);
    if (alone !== undefined && reader.is(index + 1, '=>')) this.#unsure.add(alone);
    if (!reader.is(index, '(')) return;
    const close = reader.closing(index);
    const head = reader.name(index - 1);
    const isFunction =
      reader.is(close + 1, '=>', ':') || (reader.is(close + 1, '{') && !noFunction.has(head ?? ''));
    if (!isFunction) return;
    for (let at = index + 1; at < close && at < index + 200; at += 1) {
      const name = reader.name(at);
      if (name !== undefined && reader.is(at - 1, '(', ',', '{', '...', ':')) this.#unsure.add(name);
    }
  }
}
