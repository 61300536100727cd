/**
 * Reads expressions from tokens: literals, names, member chains, calls, objects, lists, arithmetic. Whatever else an
 * expression holds makes it `unknown`; nothing is guessed and nothing is run.
 */
import type { Token } from './tokens.js';

/** One expression; `at` is the index of its first token, `end` that of the first token behind it. */
export type Expression = { at: number; end: number } & (
  | { kind: 'text'; value: string /** Parts of a template are left out of the value. */; whole: boolean }
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string }
  | { kind: 'member'; object: Expression; property: string }
  | { kind: 'call'; callee: Expression; args: readonly Expression[]; made: boolean }
  | {
      kind: 'object';
      properties: ReadonlyMap<string, Expression>;
      spreads: readonly Expression[];
      /** There are properties whose names are not to be seen. */
      open: boolean;
    }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'either'; choices: readonly Expression[] }
  | { kind: 'unknown' }
);

const deepest = 60;
const longestArrow = 60;
const arithmetic: Record<string, number> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '**': 3 };
const keywords = new Set('function class async yield delete void typeof'.split(' '));

/** Reads expressions of one file. */
export class Reader {
  readonly tokens: readonly Token[];
  /** For each opening token, the index of the one that closes it. */
  readonly #closing = new Map<number, number>();

  readonly #opening = new Map<number, number>();
  /** For each token, the index of the innermost bracket around it, or -1. */
  readonly #around: number[] = [];
  /** For each piece of a template with an expression behind it, the next piece. */
  readonly #nextPiece = new Map<number, number>();

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    const brackets: number[] = [];
    const pieces: number[] = [];
    for (const [index, { kind, text, open, continues }] of tokens.entries()) {
      this.#around.push(brackets.at(-1) ?? -1);
      if (kind === 'template') {
        const before = continues ? pieces.pop() : undefined;
        if (before !== undefined) this.#nextPiece.set(before, index);
        if (open) pieces.push(index);
      }
      if (kind !== 'punct') continue;
      if (text === '(' || text === '[' || text === '{') brackets.push(index);
      if (text === ')' || text === ']' || text === '}') {
        const start = brackets.pop();
        if (start === undefined) continue;
        this.#closing.set(start, index);
        this.#opening.set(index, start);
      }
    }
  }

  /** Whether the token at an index is this word or sign, and no string. */
  is(index: number, ...texts: string[]): boolean {
    const token = this.tokens[index];
    return (
      token !== undefined && (token.kind === 'punct' || token.kind === 'name') && texts.includes(token.text)
    );
  }

  /** The name at an index. */
  name(index: number): string | undefined {
    const token = this.tokens[index];
    return token?.kind === 'name' ? token.text : undefined;
  }

  /** The text of a string, or of a template without expressions. */
  text(index: number): string | undefined {
    const token = this.tokens[index];
    return token?.kind === 'string' || (token?.kind === 'template' && !token.open) ? token.text : undefined;
  }

  /** The index of the token that closes the one at an index, or the number of tokens. */
  closing(index: number): number {
    return this.#closing.get(index) ?? this.tokens.length;
  }

  /** The index of the token that opens what the one at an index closes. */
  opening(index: number): number | undefined {
    return this.#opening.get(index);
  }

  /** Whether what stands at an index runs when a function is called, and not when the file is loaded. */
  inFunction(index: number): boolean {
    let at = index;
    for (let level = 0; at >= 0 && level < deepest; level += 1) {
      if (this.#behindArrow(at)) return true;
      at = this.#around[at] ?? -1;
      if (this.is(at, '{') && this.#opensFunction(at)) return true;
    }
    return false;
  }

  /** Whether the arrow of a function without braces stands before an index, at the same depth. */
  #behindArrow(index: number): boolean {
    const around = this.#around[index];
    for (let at = index - 1; at > (around ?? -1) && at > index - longestArrow; at -= 1) {
      if (this.#around[at] !== around) continue;
      if (this.is(at, '=>')) return true;
      if (this.is(at, ';', ',', '=', ...statements)) return false;
    }
    return false;
  }

  /** Whether a brace is the body of a function: it is a block, and of no statement. */
  #opensFunction(brace: number): boolean {
    if (this.tokens[this.closing(brace)]?.open !== true) return false;
    if (this.is(brace - 1, 'else', 'try', 'finally', 'do') || brace === 0) return false;
    if (!this.is(brace - 1, ')')) return this.#behindParameters(brace);
    const head = this.name((this.opening(brace - 1) ?? 0) - 1);
    return head === undefined || !['if', 'for', 'while', 'switch', 'with', 'catch', 'await'].includes(head);
  }

  /** `=> {`, and `): Type {`. */
  #behindParameters(brace: number): boolean {
    if (this.is(brace - 1, '=>')) return true;
    for (let at = brace - 1; at > brace - longestArrow; at -= 1) {
      if (this.is(at, ';', '{', '}')) return false;
      if (this.is(at, ':') && this.is(at - 1, ')')) return true;
    }
    return false;
  }

  /** Reads the expression at an index. */
  read(index: number, depth = 0): Expression {
    const result = this.#alternatives(index, depth);
    const next = this.tokens[result.end];
    if (next === undefined) return result;
    if (this.is(result.end, 'as', 'satisfies')) return { ...result, end: this.#skip(result.end) };
    // An operand behind an operand begins another statement.
    const goesOn =
      next.kind === 'punct' ? this.#skip(result.end) > result.end : /^in(?:stanceof)?$/.test(next.text);
    return goesOn ? { kind: 'unknown', at: index, end: this.#skip(result.end) } : result;
  }

  /** `a ?? b`, `a || b` and `c ? a : b` may be either. */
  #alternatives(index: number, depth: number): Expression {
    const first = this.#sum(index, 0, depth);
    if (depth < deepest && this.is(first.end, '??', '||')) {
      const other = this.#alternatives(first.end + 1, depth + 1);
      return { kind: 'either', choices: [first, other], at: index, end: other.end };
    }
    if (depth < deepest && this.is(first.end, '?')) {
      const yes = this.#alternatives(first.end + 1, depth + 1);
      if (!this.is(yes.end, ':')) return { kind: 'unknown', at: index, end: yes.end };
      const no = this.#alternatives(yes.end + 1, depth + 1);
      return { kind: 'either', choices: [yes, no], at: index, end: no.end };
    }
    return first;
  }

  #sum(index: number, power: number, depth: number): Expression {
    let left = this.#chain(index, depth);
    for (let terms = 0; ; terms += 1) {
      const token = this.tokens[left.end];
      const binds = token?.kind === 'punct' ? (arithmetic[token.text] ?? 0) : 0;
      if (token === undefined || binds <= power || depth >= deepest || terms >= deepest) return left;
      const right = this.#sum(left.end + 1, binds, depth + 1);
      left = { kind: 'binary', operator: token.text, left, right, at: index, end: right.end };
    }
  }

  /** An operand with what hangs on it: `.name`, `[...]`, `(...)`, `!`. */
  #chain(index: number, depth: number): Expression {
    let result = this.#operand(index, depth);
    while (result.end < this.tokens.length) {
      const { end } = result;
      if (this.is(end, '.', '?.') && this.name(end + 1) !== undefined) {
        result = {
          kind: 'member',
          object: result,
          property: this.name(end + 1) ?? '',
          at: index,
          end: end + 2,
        };
      } else if (this.is(end, '?.') && this.is(end + 1, '(')) {
        result = this.#call(result, end + 1, depth, false);
      } else if (this.is(end, '[')) {
        const property = this.text(end + 1);
        const next = this.closing(end) + 1;
        result =
          property !== undefined && next === end + 3
            ? { kind: 'member', object: result, property, at: index, end: next }
            : { kind: 'unknown', at: index, end: next };
      } else if (this.is(end, '(')) {
        result = this.#call(result, end, depth, false);
      } else if (this.is(end, '!') && !this.is(end + 1, '=')) {
        result = { ...result, end: end + 1 };
      } else return result;
      if (++depth > 4 * deepest) return { kind: 'unknown', at: index, end: result.end };
    }
    return result;
  }

  #call(callee: Expression, open: number, depth: number, made: boolean): Expression {
    return {
      kind: 'call',
      callee,
      args: this.list(open, depth + 1),
      made,
      at: callee.at,
      end: this.closing(open) + 1,
    };
  }

  /** The expressions between a bracket and the one that closes it. */
  list(open: number, depth = 0): Expression[] {
    const end = this.closing(open);
    const items: Expression[] = [];
    for (let index = open + 1; index < end; index += 1) {
      const item = depth > deepest ? this.#unknown(index) : this.read(index, depth);
      items.push(item);
      index = Math.max(index, item.end);
      if (!this.is(index, ',')) break;
    }
    return items;
  }

  #operand(index: number, depth: number): Expression {
    const token = this.tokens[index];
    const here = { at: index, end: index + 1 };
    if (token === undefined || depth > deepest) return this.#unknown(index);
    if (token.kind === 'string') return { kind: 'text', value: token.text, whole: true, ...here };
    if (token.kind === 'number') return { kind: 'number', value: numberOf(token.text), ...here };
    if (token.kind === 'template') return this.#template(index);
    if (token.kind === 'name') return this.#word(index, token.text, depth);
    if (token.text === '{') return this.#object(index, depth);
    if (token.text === '(') return this.#group(index, depth);
    if (token.text === '[') return { kind: 'unknown', at: index, end: this.closing(index) + 1 };
    if (token.text === '+' || token.text === '-') {
      const value = this.#chain(index + 1, depth + 1);
      const zero: Expression = { kind: 'number', value: 0, at: index, end: index + 1 };
      return { kind: 'binary', operator: token.text, left: zero, right: value, at: index, end: value.end };
    }
    return this.#unknown(index);
  }

  #word(index: number, word: string, depth: number): Expression {
    if (word === 'await') return { ...this.#chain(index + 1, depth + 1), at: index };
    if (word === 'new') return this.#made(index, depth);
    if (keywords.has(word) || this.is(index + 1, '=>')) return this.#unknown(index);
    return { kind: 'name', name: word, at: index, end: index + 1 };
  }

  /** `new A.B(...)`: the chain up to the first parenthesis, and nothing behind it. */
  #made(index: number, depth: number): Expression {
    let callee = this.#operand(index + 1, depth + 1);
    while (this.is(callee.end, '.') && this.name(callee.end + 1) !== undefined) {
      const { end } = callee;
      callee = {
        kind: 'member',
        object: callee,
        property: this.name(end + 1) ?? '',
        at: index,
        end: end + 2,
      };
    }
    if (!this.is(callee.end, '('))
      return { kind: 'call', callee, args: [], made: true, at: index, end: callee.end };
    return { ...this.#call(callee, callee.end, depth, true), at: index };
  }

  #group(index: number, depth: number): Expression {
    const end = this.closing(index) + 1;
    if (this.is(end, '=>')) return this.#unknown(index);
    const inner = this.read(index + 1, depth + 1);
    return inner.end + 1 === end ? { ...inner, at: index, end } : { kind: 'unknown', at: index, end };
  }

  #template(index: number): Expression {
    let value = this.tokens[index]?.text ?? '';
    let last = index;
    for (let next = this.#nextPiece.get(last); next !== undefined; next = this.#nextPiece.get(last)) {
      value += this.tokens[next]?.text ?? '';
      last = next;
    }
    const whole = this.tokens[index]?.open !== true;
    return { kind: 'text', value, whole, at: index, end: last + 1 };
  }

  #object(index: number, depth: number): Expression {
    const end = this.closing(index);
    const properties = new Map<string, Expression>();
    const spreads: Expression[] = [];
    let open = false;
    for (let at = index + 1; at < end; at += 1) {
      const key = this.name(at) ?? this.text(at) ?? this.#digits(at);
      if (key !== undefined && this.is(at + 1, ':')) {
        const value = this.read(at + 2, depth + 1);
        properties.set(key, value);
        at = Math.max(at + 1, value.end);
      } else if (key !== undefined && (this.is(at + 1, ',') || at + 1 === end)) {
        properties.set(key, { kind: 'name', name: key, at, end: at + 1 });
        at += 1;
      } else if (this.is(at, '...')) {
        const spread = this.read(at + 1, depth + 1);
        spreads.push(spread);
        at = Math.max(at + 1, spread.end);
      } else {
        open = true;
        at = this.#skip(at);
      }
    }
    return { kind: 'object', properties, spreads, open, at: index, end: end + 1 };
  }

  #digits(index: number): string | undefined {
    const token = this.tokens[index];
    return token?.kind === 'number' ? token.text : undefined;
  }

  #unknown(index: number): Expression {
    return { kind: 'unknown', at: index, end: this.#skip(index) };
  }

  /** The next `,`, `;`, `:` or closing bracket at this depth; a new statement on a new line ends it too. */
  #skip(index: number): number {
    let at = index;
    while (at < this.tokens.length && !this.is(at, ',', ';', ')', ']', '}', ':')) {
      if (at > index && this.is(at, ...statements)) break;
      at = this.is(at, '(', '[', '{') ? this.closing(at) + 1 : at + 1;
    }
    return at;
  }
}

const statements = ['const', 'let', 'var', 'return', 'import', 'export', 'if', 'for', 'while', 'throw'];

function numberOf(text: string): number {
  return Number(text.replaceAll('_', '').replace(/n$/, ''));
}
