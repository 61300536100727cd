/** A unified diff of replacements inside lines, which `git apply` and `patch -p1` take. */
import { mustStayHidden } from './secrets.js';

/** One replacement, by offsets. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

const context = 3;

/**
 * The diff of one file, or undefined when a line that would have to be printed must stay hidden: `git apply` wants a
 * line behind every change that is not at the end of the file.
 */
export function fileDiff(file: string, text: string, edits: readonly Edit[]): string | undefined {
  const lines = text.split(/(?<=\n)/);
  const changed = changedLines(lines, edits);
  const hunks: string[] = [];
  for (const group of groups([...changed.keys()], lines)) {
    const body = hunk(lines, changed, group);
    if (body === undefined) return undefined;
    hunks.push(body);
  }
  return `--- ${header(`a/${file}`)}\n+++ ${header(`b/${file}`)}\n${hunks.join('')}`;
}

function changedLines(lines: readonly string[], edits: readonly Edit[]): Map<number, string> {
  const changed = new Map<number, string>();
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const here = edits.filter((edit) => edit.start >= start && edit.end <= start + line.length);
    let after = line;
    for (const edit of here.sort((one, other) => other.start - one.start)) {
      after = after.slice(0, edit.start - start) + edit.text + after.slice(edit.end - start);
    }
    if (here.length > 0) changed.set(index, after);
    start += line.length;
  }
  return changed;
}

/** Stretches of lines to print: each change with its context, joined where they touch. */
function groups(indexes: readonly number[], lines: readonly string[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const index of indexes) {
    let from = index;
    while (from > 0 && index - from < context && !mustStayHidden(lines[from - 1] ?? '')) from -= 1;
    let to = index + 1;
    while (to < lines.length && to - index <= context && !mustStayHidden(lines[to] ?? '')) to += 1;
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

function hunk(
  lines: readonly string[],
  changed: ReadonlyMap<number, string>,
  { from, to }: { from: number; to: number },
): string | undefined {
  // Without a line behind the change, git takes the hunk for the end of the file.
  if (changed.has(to - 1) && to < lines.length) return undefined;
  const body: string[] = [];
  for (let index = from; index < to; index += 1) {
    const line = lines[index] ?? '';
    const after = changed.get(index);
    if (mustStayHidden(line) && after !== undefined) return undefined;
    body.push(after === undefined ? marked(' ', line) : marked('-', line) + marked('+', after));
  }
  const range = `${from + 1},${to - from}`;
  return `@@ -${range} +${range} @@\n${body.join('')}`;
}

function marked(mark: string, line: string): string {
  return line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** A name with a space ends in a tab; one with quotes or other characters than ASCII is quoted, as git does. */
function header(name: string): string {
  if (!/["\\]|[^ -~]/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const quoted = [...Buffer.from(name)].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${quoted.join('')}"`;
}
