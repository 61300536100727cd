/** Finds where a file names one of the modules, and what the file calls their exports. */
import { moduleOf, type PackageName } from './packages.js';
import type { Reader } from './syntax.js';

/** A place where a file names a module. */
export interface Mention {
  name: PackageName;
  specifier: string;
  /** `import`, `export ... from`, `require()`, `import()`, or a call such as `jest.mock()`. */
  form: 'import' | 're-export' | 'require' | 'dynamic' | 'mock';
  /** The index of the specifier. */
  at: number;
  /** The indexes of the first token of the statement and of the one behind its last. */
  start: number;
  end: number;
  /** The names that are taken from the module, where they are listed. */
  names: readonly string[];
}

/** What a name in the file stands for: a path of names from the root of a package. */
export interface Binding {
  name: PackageName;
  path: readonly string[];
}

/** What a file has to do with the packages. */
export interface Modules {
  mentions: readonly Mention[];
  /** By local name. */
  bindings: ReadonlyMap<string, Binding>;
}

const mocking = new Set(
  'mock doMock unmock dontMock requireActual requireMock importActual importMock resolve'.split(' '),
);
const longestStatement = 400;

/** Reads the mentions and the bindings of a file. */
export function findModules(reader: Reader): Modules {
  const finder = new Finder(reader);
  finder.run();
  return finder;
}

class Finder implements Modules {
  readonly mentions: Mention[] = [];
  readonly bindings = new Map<string, Binding>();
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  run(): void {
    for (let index = 0; index < this.#reader.tokens.length; index += 1) {
      const specifier = this.#reader.text(index);
      const module = specifier === undefined ? undefined : moduleOf(specifier);
      if (specifier !== undefined && module !== undefined) this.#mention(index, specifier, module);
    }
    // A name for a part of a bound name may itself have parts with names.
    for (let round = 0; round < 3 && this.mentions.length > 0; round += 1) this.#aliases();
  }

  #mention(at: number, specifier: string, binding: Binding): void {
    const reader = this.#reader;
    const base = { name: binding.name, specifier, at };
    if (reader.is(at - 1, 'from') || reader.is(at - 1, 'import')) {
      const start = this.#statementStart(at);
      if (start === undefined) return;
      const form = reader.is(start, 'export') ? 're-export' : 'import';
      const names = this.#clause(start + 1, at, form === 'import' ? binding : undefined);
      this.mentions.push({ ...base, form, start, end: at + 1, names });
      return;
    }
    if (!reader.is(at - 1, '(')) return;
    const form = this.#callForm(at - 2);
    if (form === undefined) return;
    const close = reader.closing(at - 1);
    if (form === 'mock') {
      this.mentions.push({ ...base, form, start: at, end: at + 1, names: [] });
      return;
    }
    this.mentions.push({ ...base, form, ...this.#assigned(at - 2, close, binding) });
  }

  #callForm(index: number): Mention['form'] | undefined {
    const word = this.#reader.name(index);
    const method = this.#reader.is(index - 1, '.', '?.');
    if (method) return mocking.has(word ?? '') ? 'mock' : undefined;
    return word === 'require' ? 'require' : word === 'import' ? 'dynamic' : undefined;
  }

  #statementStart(at: number): number | undefined {
    for (let index = at - 1; index >= 0 && index > at - longestStatement; index -= 1) {
      if (this.#reader.is(index, 'import', 'export') && !this.#reader.is(index - 1, '.')) return index;
      if (this.#reader.is(index, ';')) return undefined;
    }
    return undefined;
  }

  /** Between `import` and `from`: binds the names and answers those that are taken. */
  #clause(from: number, to: number, binding: Binding | undefined): string[] {
    const reader = this.#reader;
    const names: string[] = [];
    const bind = (local: string | undefined, path: readonly string[]) => {
      if (local !== undefined && binding !== undefined) {
        this.#bind(local, { name: binding.name, path: [...binding.path, ...path] });
      }
    };
    let inBraces = false;
    for (let index = from; index < to; index += 1) {
      if (reader.is(index, '{')) inBraces = true;
      else if (reader.is(index, '}')) inBraces = false;
      else if (reader.is(index, '*')) {
        names.push('*');
        if (reader.is(index + 1, 'as')) bind(reader.name(index + 2), []);
        index += 2;
      } else if (!inBraces && reader.is(index, 'from')) break;
      else if (this.#isTypeMark(index, inBraces)) continue;
      else {
        const name = reader.name(index) ?? (inBraces ? reader.text(index) : undefined);
        if (name === undefined) continue;
        const renamed = reader.is(index + 1, 'as');
        names.push(inBraces ? name : 'default');
        bind(renamed ? reader.name(index + 2) : name, inBraces ? [name] : []);
        if (renamed) index += 2;
      }
    }
    return names;
  }

  /** `type` before a name or a brace is the mark of TypeScript; otherwise it is a name. */
  #isTypeMark(index: number, inBraces: boolean): boolean {
    const reader = this.#reader;
    if (!reader.is(index, 'type', 'typeof')) return false;
    if (inBraces) return !reader.is(index + 1, ',', '}', 'as');
    return !reader.is(index + 1, 'from', ',') || reader.is(index + 2, 'from');
  }

  /** What takes the value of `require(...)` or `import(...)`, whose word is at an index. */
  #assigned(word: number, close: number, binding: Binding): Pick<Mention, 'start' | 'end' | 'names'> {
    const reader = this.#reader;
    const { path, end } = this.#pathAfter(close + 1);
    const full = { name: binding.name, path: [...binding.path, ...path] };
    const bare = { start: word, end: close + 1, names: path.slice(0, 1) };
    if (path[0] === 'then' && reader.is(end, '(')) {
      this.#parameter(end + 1, binding);
      return { ...bare, names: [] };
    }
    let before = word - 1;
    while (reader.is(before, 'await', '(')) before -= 1;
    if (!reader.is(before, '=')) return bare;
    const target = this.#target(before - 1, full);
    if (target === undefined) return bare;
    const declared = reader.is(target.start - 1, 'const', 'let', 'var', 'import');
    const plain = path.length === 0 && before === word - 1 - (reader.is(word - 1, 'await') ? 1 : 0);
    return {
      start: declared && plain ? target.start - 1 : word,
      end: close + 1,
      names: path.length > 0 ? path.slice(0, 1) : target.names,
    };
  }

  /** The names `.a.b` from an index on. */
  #pathAfter(index: number): { path: string[]; end: number } {
    const reader = this.#reader;
    const path: string[] = [];
    let end = index;
    while (reader.is(end, ')')) end += 1;
    if (!reader.is(end, '.', '?.')) return { path, end: index };
    for (; reader.is(end, '.', '?.') && reader.name(end + 1) !== undefined; end += 2) {
      path.push(reader.name(end + 1) ?? '');
    }
    return { path, end };
  }

  /** Binds what stands before `=`: a name, perhaps with a type, or a pattern. */
  #target(index: number, binding: Binding): { start: number; names: string[] } | undefined {
    const reader = this.#reader;
    if (reader.is(index, '}')) {
      const start = reader.opening(index);
      return start === undefined ? undefined : { start, names: this.#pattern(start, binding) };
    }
    const name = reader.name(index);
    if (name === undefined || reader.is(index - 1, '.', '?.')) return undefined;
    this.#bind(name, binding);
    return { start: index, names: [] };
  }

  #parameter(index: number, binding: Binding): void {
    const reader = this.#reader;
    let at = index;
    while (reader.is(at, '(', 'async')) at += 1;
    if (reader.is(at, '{')) this.#pattern(at, binding);
    else this.#bind(reader.name(at), binding);
  }

  /** Binds the names of `{ a, b: c, d: { e } }`, and answers those of the outermost level. */
  #pattern(open: number, binding: Binding, depth = 0): string[] {
    const reader = this.#reader;
    const close = reader.closing(open);
    const names: string[] = [];
    for (let index = open + 1; index < close && depth < 8; index += 1) {
      const name = reader.name(index) ?? reader.text(index);
      if (name === undefined) continue;
      const inner = { name: binding.name, path: [...binding.path, name] };
      names.push(name);
      if (!reader.is(index + 1, ':')) this.#bind(name, inner);
      else if (reader.is(index + 2, '{')) {
        this.#pattern(index + 2, inner, depth + 1);
        index = reader.closing(index + 2);
      } else {
        this.#bind(reader.name(index + 2), inner);
        index += 2;
      }
      while (index < close && !reader.is(index, ',')) index += 1;
    }
    return names;
  }

  /** `const sign = cf.getSignedUrl` and `const { getSignedUrl } = cf`. */
  #aliases(): void {
    const reader = this.#reader;
    for (let index = 1; index < reader.tokens.length; index += 1) {
      const name = reader.name(index);
      const known = name === undefined ? undefined : this.bindings.get(name);
      if (known === undefined || !reader.is(index - 1, '=')) continue;
      const { path, end } = this.#pathAfter(index + 1);
      if (reader.is(path.length > 0 ? end : index + 1, '(', '[', '.')) continue;
      this.#target(index - 2, { name: known.name, path: [...known.path, ...path] });
    }
  }

  /** `default` is what interop between module systems adds. */
  #bind(local: string | undefined, { name, path }: Binding): void {
    if (local === undefined || this.bindings.has(local)) return;
    this.bindings.set(local, { name, path: path.filter((part) => part !== 'default') });
  }
}
