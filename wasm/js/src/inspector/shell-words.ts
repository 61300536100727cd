/** Taking a command line apart as a POSIX shell would, as far as copied curl lines need it. */

const simpleEscapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** The words of one command. A quote that is never closed ends with the text. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  const pattern =
    /(?<gap>(?:\s|\\\r?\n|\^\r?\n)+)|\$'(?<ansi>(?:\\[\s\S]|[^\\'])*)'?|'(?<single>[^']*)'?|"(?<double>(?:\\[\s\S]|[^\\"])*)"?|\\(?<escaped>[\s\S])|(?<plain>[^\s\\'"$]+|\$)/g;
  let word: string | undefined;
  for (const { groups = {} } of text.matchAll(pattern)) {
    const { gap, ansi, single, double, escaped, plain } = groups;
    if (gap !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? '') + (single ?? plain ?? escaped ?? fromDouble(double) ?? fromAnsi(ansi) ?? '');
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Inside double quotes a backslash keeps only these from their meaning. */
function fromDouble(text: string | undefined): string | undefined {
  return text?.replaceAll(/\\(["\\$`])/g, '$1').replaceAll(/\\\r?\n/g, '');
}

/** `$'...'`, which browsers copy where a value has a quote or what is not ASCII. */
function fromAnsi(text: string | undefined): string | undefined {
  return text?.replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (_, unicode, hex, other) => {
    const digits = unicode ?? hex;
    if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
    return simpleEscapes[other] ?? other;
  });
}
