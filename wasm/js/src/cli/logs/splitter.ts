/** Cuts a stream of bytes into lines, and lines of several JSON objects into objects. */

/** The longest line that is read: a delivery of CloudWatch Logs holds many events. Longer ones are skipped. */
export const longestLine = 4_194_304;

/** Objects are looked for in what has no line break yet once it is this long. */
const longForOneObject = 65_536;

/** Takes the lines of a file. A character is one byte, so that no byte is lost. */
export interface LineSink {
  /** A line, or one of the objects in it, with the number of the line. */
  line(text: string, number: number): void;
  /** A line that was longer than {@link longestLine}. */
  tooLong(number: number): void;
}

/** Cuts chunks into lines. */
export class Splitter {
  readonly #sink: LineSink;
  #rest = '';
  #number = 1;
  /** Inside a line that is too long. */
  #skipping = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Goes on with the next bytes. */
  take(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#finish(text.slice(from, end));
      from = end + 1;
    }
    this.#rest = text.slice(from);
    // Firehose joins what it delivers without line breaks.
    if (this.#rest.length > longForOneObject && !this.#skipping) this.#rest = this.#objectsOf(this.#rest);
    if (this.#rest.length <= longestLine) return;
    this.#skipping = true;
    this.#rest = '';
  }

  /** A last line without its line break counts too. */
  end(): void {
    if (this.#rest !== '' || this.#skipping) this.#finish(this.#rest);
    this.#rest = '';
  }

  #finish(line: string): void {
    if (this.#skipping || line.length > longestLine) this.#sink.tooLong(this.#number);
    else this.#sink.line(this.#objectsOf(line.endsWith('\r') ? line.slice(0, -1) : line), this.#number);
    this.#skipping = false;
    this.#number += 1;
  }

  /** Gives away the objects that are followed by another, and returns the rest. */
  #objectsOf(text: string): string {
    if (!text.startsWith('{') || !text.includes('}{')) return text;
    let from = 0;
    for (;;) {
      const end = endOfObject(text, from);
      if (end < 0 || text[end] !== '{') return text.slice(from);
      this.#sink.line(text.slice(from, end), this.#number);
      from = end;
    }
  }
}

/** Where the object that begins at a place ends; negative when it does not. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 34:
        index = endOfString(text, index);
        if (index < 0) return -1;
        break;
      case 123:
        depth += 1;
        break;
      case 125:
        depth -= 1;
        if (depth === 0) return index + 1;
    }
  }
  return -1;
}

/** The quote that ends the string whose quote stands at a place; negative when there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}
