/**
 * Splits JavaScript, TypeScript and JSX into tokens: enough to tell code from comments, strings, templates, regular
 * expressions and JSX text, and no more. It never throws: what no parser would take still gives tokens.
 */

/** A piece of the source. Comments and JSX text are none. */
export interface Token {
  kind: 'name' | 'string' | 'template' | 'number' | 'regex' | 'punct';
  /** As written; for a string or a piece of a template, the value. */
  text: string;
  /** Where it begins, in UTF-16 units. */
  start: number;
  /** Where it ends. */
  end: number;
  /** A piece of a template: whether an expression follows. A closing bracket: whether an operand follows. */
  open?: boolean;
  /** A piece of a template that stands behind an expression. */
  continues?: boolean;
}

/** What `}`, `)` or `>` will close. */
interface Level {
  kind: 'block' | 'object' | 'paren' | 'bracket' | 'template' | 'tag' | 'children' | 'jsx-expression';
  /** A parenthesis of `if (...)`, after which an operand comes. */
  statement?: boolean;
  /** A tag `</...>`. */
  closing?: boolean;
}

const name = /#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const number =
  /0[xX][\da-fA-F_]+n?|0[bB][01_]+n?|0[oO][0-7_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?n?/y;
const punct =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|\*\*|<<|>>|[\s\S]/y;
const regex =
  /\/(?![*/])(?:[^\\/[\r\n\u2028\u2029]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n]){0,999}\]){1,999}\/[\p{ID_Continue}$]*/uy;
const blank = /[\s\uFEFF]+|\/\/[^\r\n\u2028\u2029]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const jsxText = /[^<{]+/y;
/** `<T,>` and `<T extends U>` begin a generic arrow function in .tsx, not an element. */
const generic = /<\s*(?:const\s+)?[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(?:,|extends\s)/uy;

const beforeOperand = new Set(
  'return typeof case in of delete void throw new do else instanceof yield await default extends'.split(' '),
);
const statementHeads = new Set(['if', 'while', 'for', 'with']);
/** So many elements that never end, and the rest of the file is read without JSX. */
const patience = 16;

/** The tokens of a source. `jsx` says whether the file may hold elements. */
export function tokenize(source: string, jsx: boolean): Token[] {
  return new Scanner(source, jsx).run();
}

class Scanner {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  readonly #levels: Level[] = [];
  #at = 0;
  #jsx: boolean;
  /** How many of the levels are tags and their children. */
  #inElement = 0;
  /** Where to go back to when the outermost element turns out to be none. */
  #retreat = { at: 0, tokens: 0, levels: 0 };
  readonly #noElement = new Set<number>();

  constructor(source: string, jsx: boolean) {
    this.#source = source;
    this.#jsx = jsx;
  }

  run(): Token[] {
    if (this.#source.startsWith('#!')) this.#at = lineEnd(this.#source, 0);
    while (this.#at < this.#source.length || this.#goBack()) this.#step();
    return this.#tokens;
  }

  #step(): void {
    const level = this.#levels.at(-1)?.kind;
    if (level === 'children') this.#child();
    else if (this.#match(blank) === undefined) {
      if (level === 'tag') this.#inTag();
      else this.#code(this.#source[this.#at] ?? '');
    }
  }

  #code(character: string): void {
    if (character === '"' || character === "'") this.#string(character);
    else if (character === '`') this.#template(this.#at + 1, this.#at, false);
    else if (character === '<' && this.#startsElement()) this.#openTag();
    else if (character === '/' && this.#wantsOperand() && this.#take('regex', regex)) return;
    else if (this.#take('name', name) || (/[\d.]/.test(character) && this.#take('number', number))) return;
    else this.#punct();
  }

  /** Whether an operand comes next, so that `/` begins a regular expression and `<` an element. */
  #wantsOperand(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === 'name') {
      return beforeOperand.has(last.text) && !/^\??\.$/.test(this.#tokens.at(-2)?.text ?? '');
    }
    if (last.kind === 'template') return last.open === true;
    if (last.kind !== 'punct') return false;
    if (last.text === ')' || last.text === '}') return last.open === true;
    return !['>jsx', ']', '++', '--'].includes(last.text);
  }

  #startsElement(): boolean {
    const next = this.#source[this.#at + 1] ?? '';
    if (!this.#jsx || !/[\p{ID_Start}$_>]/u.test(next)) return false;
    if (this.#noElement.has(this.#at) || !this.#wantsOperand()) return false;
    generic.lastIndex = this.#at;
    return !generic.test(this.#source);
  }

  #openTag(): void {
    if (this.#inElement === 0) {
      this.#retreat = { at: this.#at, tokens: this.#tokens.length, levels: this.#levels.length };
    }
    this.#push('punct', '<jsx', this.#at, this.#at + 1);
    this.#at += 1;
    this.#enter({ kind: 'tag' });
  }

  /** Between `<` and `>`. */
  #inTag(): void {
    const level = this.#levels.at(-1);
    const character = this.#source[this.#at] ?? '';
    const start = this.#at;
    if (character === '"' || character === "'") {
      const close = this.#source.indexOf(character, start + 1);
      this.#at = close < 0 ? this.#source.length : close + 1;
      return;
    }
    this.#at += 1;
    if (character === '{') {
      this.#openExpression(start);
      return;
    }
    const empty = character === '/' && this.#source[this.#at] === '>';
    if (empty) this.#at += 1;
    if (!empty && character !== '>') return;
    this.#leave();
    if (level?.closing) this.#leave();
    if (!level?.closing && !empty) this.#enter({ kind: 'children' });
    else this.#push('punct', '>jsx', start, this.#at);
  }

  /** Between `<a>` and `</a>`. */
  #child(): void {
    if (this.#match(jsxText) !== undefined) return;
    const start = this.#at;
    this.#at += 1;
    if (this.#source[start] === '{') {
      this.#openExpression(start);
      return;
    }
    this.#push('punct', '<jsx', start, this.#at);
    const closing = this.#source[this.#at] === '/';
    this.#enter({ kind: 'tag', closing });
    if (closing) this.#at += 1;
  }

  #openExpression(start: number): void {
    this.#push('punct', '{', start, this.#at);
    this.#levels.push({ kind: 'jsx-expression' });
  }

  #enter(level: Level): void {
    this.#levels.push(level);
    this.#inElement += 1;
  }

  #leave(): void {
    this.#levels.pop();
    this.#inElement -= 1;
  }

  /** At the end of the source, inside an element: so it was none. Levels below an element outlive it. */
  #goBack(): boolean {
    if (this.#inElement === 0) return false;
    const back = this.#retreat;
    this.#tokens.length = back.tokens;
    this.#levels.length = back.levels;
    this.#inElement = 0;
    this.#at = back.at;
    this.#noElement.add(back.at);
    if (this.#noElement.size >= patience) this.#jsx = false;
    return true;
  }

  #string(quote: string): void {
    const start = this.#at;
    let value = '';
    for (this.#at += 1; this.#at < this.#source.length; this.#at += 1) {
      const character = this.#source[this.#at] ?? '';
      if (character === quote || character === '\n' || character === '\r') break;
      value += character === '\\' ? this.#escape() : character;
    }
    if (this.#source[this.#at] === quote) this.#at += 1;
    this.#at = Math.min(this.#at, this.#source.length);
    this.#push('string', value, start, this.#at);
  }

  /** A piece of a template, up to its end or to the next expression. */
  #template(from: number, start: number, continues: boolean): void {
    let value = '';
    for (this.#at = from; this.#at < this.#source.length; this.#at += 1) {
      const character = this.#source[this.#at] ?? '';
      if (character === '`') break;
      if (character === '$' && this.#source[this.#at + 1] === '{') {
        this.#at += 2;
        this.#push('template', value, start, this.#at, { open: true, continues });
        this.#levels.push({ kind: 'template' });
        return;
      }
      value += character === '\\' ? this.#escape() : character;
    }
    this.#at = Math.min(this.#at + 1, this.#source.length);
    this.#push('template', value, start, this.#at, { open: false, continues });
  }

  /** Reads an escape whose backslash is at the place; leaves the place at its last character. */
  #escape(): string {
    this.#at += 1;
    const rest = this.#source.slice(this.#at, this.#at + 10);
    const [long, braced, four, two] =
      /^(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2}))/.exec(rest) ?? [];
    if (long !== undefined) {
      this.#at += long.length - 1;
      const point = Number.parseInt(braced ?? four ?? two ?? '0', 16);
      return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
    }
    if (rest.startsWith('\r\n')) this.#at += 1;
    return { n: '\n', r: '\r', t: '\t', '\n': '', '\r': '', 0: '\0' }[rest[0] ?? ''] ?? rest[0] ?? '';
  }

  #punct(): void {
    const start = this.#at;
    const operand = this.#wantsOperand();
    const text = this.#match(punct) ?? '';
    const token = this.#push('punct', text, start, this.#at);
    if (text === '(') this.#levels.push({ kind: 'paren', statement: this.#afterStatementHead() });
    else if (text === '[') this.#levels.push({ kind: 'bracket' });
    else if (text === '{') this.#levels.push({ kind: this.#opensObject(operand) ? 'object' : 'block' });
    else if (text === ')' || text === ']' || text === '}') this.#close(token);
  }

  #afterStatementHead(): boolean {
    const head = this.#tokens.at(-2);
    return head?.kind === 'name' && statementHeads.has(head.text) && this.#tokens.at(-3)?.text !== '.';
  }

  /** A brace where an operand is due is an object, unless a statement may stand there. */
  #opensObject(operand: boolean): boolean {
    const before = this.#tokens.at(-2);
    if (!operand || before === undefined) return false;
    if (before.kind === 'name') return !['else', 'do'].includes(before.text);
    return before.kind === 'template' || !['=>', '{', '}', ')', ';'].includes(before.text);
  }

  #close(token: Token): void {
    const level = this.#levels.at(-1);
    const expected = { ')': ['paren'], ']': ['bracket'] }[token.text] ?? [
      'block',
      'object',
      'template',
      'jsx-expression',
    ];
    if (level === undefined || !expected.includes(level.kind)) {
      token.open = token.text === '}';
      return;
    }
    this.#levels.pop();
    if (level.kind === 'template') {
      this.#tokens.pop();
      this.#template(this.#at, token.start, true);
    }
    token.open = level.kind === 'block' || level.statement === true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #take(kind: Token['kind'], pattern: RegExp): boolean {
    const start = this.#at;
    const text = this.#match(pattern);
    if (text !== undefined) this.#push(kind, text, start, this.#at);
    return text !== undefined;
  }

  #push(kind: Token['kind'], text: string, start: number, end: number, marks: Partial<Token> = {}): Token {
    const token: Token = { kind, text, start, end, ...marks };
    this.#tokens.push(token);
    return token;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
}

/** Turns an offset into a line and a column, both from 1; columns count UTF-16 units. */
export class Places {
  readonly #starts: number[] = [0];

  constructor(source: string) {
    for (const { index, 0: end } of source.matchAll(/\r\n|[\n\r]/g)) this.#starts.push(index + end.length);
  }

  of(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
