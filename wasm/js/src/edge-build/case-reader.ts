/** Reading parts of a case file, so that what is wrong is said with its place. */
import { suggest } from '../cli/suggest.js';
import { EdgesealError } from '../errors.js';
import { type Document, readDocument } from './rules.js';

/** A part of the file: what is there, and where. */
export interface Part {
  value: unknown;
  path: string;
}

/** Reads a file of a known shape. Everything it does not know is an error with line and column. */
export class CaseReader {
  readonly #document: Document;
  readonly #name: string;

  constructor(text: string, name: string) {
    this.#document = readDocument(text, name);
    this.#name = name;
  }

  /** The whole file. */
  get root(): Part {
    return { value: this.#document.value, path: '' };
  }

  /** `cases.yaml:12:5` */
  place({ path }: Part): string {
    let at = path;
    for (;;) {
      const place = this.#document.places[at];
      if (place !== undefined) return [this.#name, ...place].join(':');
      const end = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      if (end < 0) return this.#name;
      at = at.slice(0, end);
    }
  }

  /** Ends the reading. */
  fail(part: Part, message: string, hint?: string): never {
    const details = hint === undefined ? {} : { hint };
    throw new EdgesealError('invalid-cases', `${this.place(part)}: ${message}`, details);
  }

  /** The fields of an object, which has no others. */
  fields<T extends string>(part: Part, what: string, known: readonly T[]): Partial<Record<T, Part>> {
    const found: Partial<Record<T, Part>> = {};
    for (const [name, inner] of this.entries(part, what)) {
      if (!known.includes(name as T)) {
        const near = suggest(name, known);
        const hint = near === undefined ? `its fields are ${known.join(', ')}` : `did you mean ${near}?`;
        this.fail(inner, `${what} has no field ${JSON.stringify(name.slice(0, 40))}`, hint);
      }
      found[name as T] = inner;
    }
    return found;
  }

  /** Names and values of an object. */
  entries(part: Part, what: string): [string, Part][] {
    const { value, path } = part;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fail(part, `${what} must be a map of names to values`);
    }
    return Object.entries(value).map(([name, inner]) => [
      name,
      { value: inner, path: path === '' ? name : `${path}.${name}` },
    ]);
  }

  /** The items of a list. */
  items(part: Part, what: string): Part[] {
    if (!Array.isArray(part.value)) this.fail(part, `${what} must be a list`);
    return part.value.map((value: unknown, index) => ({ value, path: `${part.path}[${index}]` }));
  }

  /** A text; a number is taken as it is written. */
  text(part: Part, what: string): string {
    if (typeof part.value === 'string' || typeof part.value === 'number') return String(part.value);
    return this.fail(part, `${what} must be a text`);
  }
}
