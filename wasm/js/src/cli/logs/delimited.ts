/** Lines of values with a delimiter between them: standard logs in W3C and plain form, and real-time logs. */
import {
  columnsOf,
  type Field,
  isFieldList,
  recordOf,
  standardOrder,
  statusOf,
  type Values,
} from './fields.js';
import { type AccessRecord, type Reading, refusal } from './record.js';

interface Layout {
  delimiter: string;
  columns: ReadonlyMap<Field, number>;
  status: number;
  /** How many values a line has. */
  width: number;
}

/** Delimiters to try, likeliest first. A logging configuration may choose any. */
const delimiters = ['\t', '    ', ' ', ',', ';', '|'];

/** Reads the lines of one file. The order of the fields comes from the file, where it says so. */
export class DelimitedReader {
  #order: readonly string[] | undefined;
  #layout: Layout | undefined;

  /** @param order the order of the fields in a file that does not name them */
  constructor(order?: readonly string[]) {
    this.#order = order;
  }

  /** Takes a `#` line. */
  comment(line: string): void {
    const list = /^#Fields:([\s\S]*)/i.exec(line)?.[1];
    if (list === undefined) return;
    this.#order = words(list);
    this.#layout = undefined;
  }

  /**
   * Reads one line, as far as is asked: where nothing but refusals matters, a line with another status is not taken
   * apart. Undefined where it is no such line.
   */
  read(line: string, everything: boolean): Reading | undefined {
    const layout = this.#layout ?? this.#findLayout(line);
    if (this.#order?.includes('sc-status') === false) {
      return { kind: 'unreadable', why: 'the log has no field sc-status' };
    }
    if (layout === undefined) return isFieldList(words(line)) ? this.#header(line) : undefined;
    const status = statusOf(valueAt(line, layout.delimiter, layout.status));
    if (status === undefined) return undefined;
    if (status !== refusal && !everything) return { kind: 'passed', status };
    return read(line, layout, status);
  }

  #header(line: string): Reading {
    this.#order = words(line);
    return { kind: 'comment' };
  }

  /** Tells the delimiter from the first line of values. */
  #findLayout(line: string): Layout | undefined {
    const order = this.#order ?? (looksStandard(line) ? standardOrder : undefined);
    const columns = columnsOf(order ?? []);
    const status = columns.get('status');
    if (order === undefined || status === undefined) return undefined;
    const delimiter = delimiterOf(line, order);
    if (statusOf(valueAt(line, delimiter, status)) === undefined) return undefined;
    // Older standard logs have fewer fields, in the same order.
    const width = this.#order === undefined ? line.split(delimiter).length : order.length;
    this.#layout = { delimiter, columns, status, width };
    return this.#layout;
  }
}

function words(list: string): string[] {
  return list.split(/[\s,;|]+/).filter(Boolean);
}

/** A line of the standard log without its header. */
function looksStandard(line: string): boolean {
  return /^\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t(?:[^\t]*\t){6}\d{3}(?:\t|$)/.test(line);
}

/** What stands between date and time, where these come first; otherwise what splits the line into as many values. */
function delimiterOf(line: string, order: readonly string[]): string {
  if (order[0] === 'date' && order[1] === 'time') {
    const [, between] = /^\d{4}-\d\d-\d\d(\D{1,5}?)\d\d:\d\d:\d\d/.exec(line) ?? [];
    if (between !== undefined) return between;
  }
  return delimiters.find((delimiter) => line.split(delimiter).length === order.length) ?? '\t';
}

/** One value of a line, without taking the rest apart. */
function valueAt(line: string, delimiter: string, column: number): string | undefined {
  let from = 0;
  for (let index = 0; index < column; index += 1) {
    const next = line.indexOf(delimiter, from);
    if (next < 0) return undefined;
    from = next + delimiter.length;
  }
  const end = line.indexOf(delimiter, from);
  return end < 0 ? line.slice(from) : line.slice(from, end);
}

function read(line: string, { delimiter, columns, width }: Layout, status: number): AccessRecord | Reading {
  const parts = line.split(delimiter);
  if (parts.length < width) return { kind: 'unreadable', why: 'the line is cut short' };
  // A delimiter inside a value would shift all values behind it.
  if (parts.length > width)
    return { kind: 'unreadable', why: 'the line has more values than the log has fields' };
  const values: Values = (field) => {
    const column = columns.get(field);
    return column === undefined ? undefined : parts[column];
  };
  return recordOf(values, status);
}
