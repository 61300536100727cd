/** What the vectors of key files do to a file before it is read; see tests/vectors/README.md. */
import { base64 } from './support.mjs';

const lines = (text) => text.trimEnd().split('\n');

/** @type {Record<string, (text: string) => string>} */
export const transforms = {
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  'one-line': (text) => lines(text).join(' '),
  'literal-newlines': (text) => text.replaceAll('\n', '\\n'),
  base64,
  bom: (text) => `\ufeff${text}`,
  surrounded: (text) => `some note\n\n${text}\nanother note\n`,
  twice: (text) => text + text,
  truncated: (text) => text.slice(0, Math.floor(text.length / 2)),
  'no-end': (text) => `${lines(text).slice(0, -1).join('\n')}\n`,
  empty: () => '',
};
