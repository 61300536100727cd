/**
 * From what a log has back to what the viewer sent, byte for byte.
 *
 * AWS documents for standard logs (legacy) that field values are percent-encoded once more: codes up to 32 and from
 * 127 on, and `< > " # % { } | \ ^ ~ [ ] ` '` and the space. Whether the other formats do so is not documented by AWS,
 * and neither is the encoding reversible in every case where nobody knows if it was done. So each line is asked: a
 * character that the encoding would have replaced, or an escape that it never makes, proves that the text is as sent.
 * Where both readings remain, the documented one comes first.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */

/** What a viewer may have asked for. */
export interface Target {
  path: string;
  query: string;
}

const replaced = new Set([...'<>"#%{}|\\^~[]`\''].map((character) => character.charCodeAt(0)));
const isReplaced = (code: number) => code <= 32 || code >= 127 || replaced.has(code);

/** How the text of a field came about: nothing to decode, as sent, or perhaps encoded. */
type Evidence = 'plain' | 'as-sent' | 'perhaps-encoded';

function evidence(text: string): Evidence {
  let found: Evidence = 'plain';
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 37) {
      if (isReplaced(code)) return 'as-sent';
      continue;
    }
    const escaped = escapeAt(text, index);
    if (escaped === undefined || !isReplaced(escaped)) return 'as-sent';
    found = 'perhaps-encoded';
    index += 2;
  }
  return found;
}

/** The code of the escape at a place; undefined where there is none. */
function escapeAt(text: string, index: number): number | undefined {
  const digits = text.slice(index + 1, index + 3);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function decode(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Bytes as text. Broken UTF-8 becomes replacement characters. */
export function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** No client sends these raw: they end a request line, or never leave the browser. */
function cannotBeSent(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 32 || code === 35 || code === 127) return true;
  }
  return false;
}

/** What may have been sent, likeliest first: one target where the log leaves no doubt, two where it does. */
export function targetsOf(path: string, query: string): readonly Target[] {
  const asLogged = { path: textOf(path), query: textOf(query) };
  const kinds = [evidence(path), evidence(query)];
  if (kinds.includes('as-sent') || !kinds.includes('perhaps-encoded')) return [asLogged];
  const decoded = { path: decode(path), query: decode(query) };
  if (cannotBeSent(decoded.path) || cannotBeSent(decoded.query)) return [asLogged];
  const documented = { path: textOf(decoded.path), query: textOf(decoded.query) };
  return isSame(documented, asLogged) ? [documented] : [documented, asLogged];
}

const signingNames = /^(?:Expires|Policy|Signature|Key-Pair-Id|Hash-Algorithm)=/;

/** Whether two readings differ only in values that are percent-decoded anyway before they are looked at. */
function isSame(one: Target, other: Target): boolean {
  const bare = ({ query }: Target) =>
    query
      .split('&')
      .map((component) => signingNames.exec(component)?.[0] ?? component)
      .join('&');
  return one.path === other.path && bare(one) === bare(other) && !other.query.includes('%25');
}

/** A Cookie header as sent. The space after a semicolon is always encoded in files with delimiters. */
export function cookiesOf(logged: string): string {
  if (evidence(logged) === 'perhaps-encoded') return textOf(decode(logged));
  return textOf(logged.replaceAll(';%20', '; '));
}
