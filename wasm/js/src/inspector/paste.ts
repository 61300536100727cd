/** Understanding what people paste: a URL, header lines, or a whole line of curl or fetch. */
import { shellWords } from './shell-words.js';

/** What was found in a pasted text. */
export interface Pasted {
  url?: string;
  method?: string;
  /** Values of `Cookie` headers. */
  cookies: string[];
  /** Every other header, names in lower case. */
  headers: [name: string, value: string][];
  /** Lines that mean nothing here. */
  ignored: number;
}

/** Reads a text of any of the kinds that are known. */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim();
  if (/^curl(?:\.exe)?\s/.test(trimmed)) return readCurl(trimmed);
  if (/^(?:await\s+)?fetch\s*\(/.test(trimmed)) return readFetch(trimmed);
  return readLines(trimmed);
}

/** Reads header lines; a line without a header's name is taken for cookies. */
export function readCookies(text: string): string[] {
  const { cookies } = readLines(text.trim(), true);
  return cookies;
}

/** Reads `name: value` lines. */
export function readHeaders(text: string): [string, string][] {
  return text
    .split('\n')
    .map((line) => splitHeader(line))
    .filter((header) => header !== undefined);
}

const nothing = (): Pasted => ({ cookies: [], headers: [], ignored: 0 });

function readLines(text: string, onlyCookies = false): Pasted {
  const found = nothing();
  const setCookies: string[] = [];
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === '') continue;
    const [name, kind] = /^(set-cookie|cookie):/i.exec(line) ?? [''];
    const value = line.slice(name.length).trim();
    if (kind?.toLowerCase() === 'cookie') found.cookies.push(value);
    else if (kind !== undefined) setCookies.push(value);
    else if (/^CloudFront-[A-Za-z-]+=/.test(line)) bareCookies(line, found, setCookies);
    else if (onlyCookies) found.cookies.push(line);
    else if (found.url === undefined) found.url = line;
    else found.ignored += 1;
  }
  addSetCookies(found, setCookies);
  return found;
}

/** Cookies without the name of a header: the attributes tell one kind from the other. */
function bareCookies(line: string, found: Pasted, setCookies: string[]): void {
  if (/;\s*(?:path|domain|secure|httponly|samesite|max-age|expires)\b/i.test(line)) setCookies.push(line);
  else found.cookies.push(line.replace(/;$/, ''));
}

/** A browser sends what `Set-Cookie` lines set as one header, without their attributes. */
function addSetCookies(found: Pasted, lines: readonly string[]): void {
  const pairs = lines.map((line) => line.split(';', 1)[0] ?? '').filter((pair) => pair !== '');
  if (pairs.length > 0) found.cookies.push(pairs.join('; '));
}

const withValue = new Set([
  ...[
    '-A',
    '-e',
    '-m',
    '-o',
    '-u',
    '-w',
    '-x',
    '--connect-to',
    '--connect-timeout',
    '--max-time',
    '--output',
  ],
  ...[
    '--proxy',
    '--referer',
    '--resolve',
    '--retry',
    '--user',
    '--user-agent',
    '--write-out',
    '-F',
    '--form',
  ],
]);

function readCurl(text: string): Pasted {
  const found = nothing();
  const words = shellWords(text).slice(1);
  let implied: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const { name, value, extra } = readOption(words, at);
    at += extra;
    if (name === undefined) found.url ??= value;
    else if (name === '--url') found.url ??= value;
    else if (name === '-X' || name === '--request') found.method = value;
    else if (name === '-H' || name === '--header') takeHeader(value, found);
    else if (name === '-b' || name === '--cookie') found.cookies.push(value);
    else if (name === '-I' || name === '--head') implied = 'HEAD';
    else if (name === '-T' || name === '--upload-file') implied = 'PUT';
    else if (/^(?:-d|-F|--data.*|--form|--json)$/.test(name)) implied ??= 'POST';
  }
  if (implied !== undefined) found.method ??= implied;
  return found;
}

const curlValues = /^(?:-[XHbTd]|--url|--request|--header|--cookie|--upload-file|--data.*|--json)$/;

/** One option of curl: `-H value`, `-Hvalue`, `--header=value`, or a switch; a word without dashes has no name. */
function readOption(words: readonly string[], at: number): { name?: string; value: string; extra: number } {
  const word = words[at] ?? '';
  if (!word.startsWith('-') || word === '-') return { value: word, extra: 0 };
  const [, long, joined] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
  if (long !== undefined) return { name: long, value: joined ?? '', extra: 0 };
  if (curlValues.test(word) || withValue.has(word))
    return { name: word, value: words[at + 1] ?? '', extra: 1 };
  if (/^-[XHbTd]./s.test(word)) return { name: word.slice(0, 2), value: word.slice(2), extra: 0 };
  return { name: word, value: '', extra: 0 };
}

/** The arguments of `fetch`, as browsers copy them: JSON. Of anything else, the first URL in quotes. */
function readFetch(text: string): Pasted {
  const found = nothing();
  const inside = text
    .replace(/^(?:await\s+)?fetch\s*\(/, '')
    .trimEnd()
    .replace(/;$/, '')
    .trimEnd()
    .replace(/\)$/, '');
  const options = fetchArguments(inside);
  if (options === undefined) {
    const [, , url] = /(["'`])(https?:\/\/.*?)\1/s.exec(inside) ?? [];
    if (url !== undefined) found.url = url;
    return found;
  }
  found.url = options.url;
  if (options.method !== undefined) found.method = options.method;
  for (const [name, value] of Object.entries(options.headers)) takeHeader(`${name}: ${value}`, found);
  return found;
}

function fetchArguments(
  inside: string,
): { url: string; method?: string; headers: Record<string, unknown> } | undefined {
  try {
    const [url, init] = JSON.parse(`[${inside}]`) as [unknown, unknown];
    const { method, headers } = (init ?? {}) as { method?: unknown; headers?: unknown };
    return {
      url: String(url),
      ...(typeof method === 'string' ? { method } : {}),
      headers: typeof headers === 'object' ? { ...headers } : {},
    };
  } catch {
    return undefined;
  }
}

function takeHeader(line: string, found: Pasted): void {
  const header = splitHeader(line);
  if (header === undefined) return;
  if (header[0] === 'cookie') found.cookies.push(header[1]);
  else found.headers.push(header);
}

function splitHeader(line: string): [string, string] | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon)).trim();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return undefined;
  return [name.toLowerCase(), line.slice(colon + 1).trim()];
}
