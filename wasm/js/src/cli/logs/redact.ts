/**
 * What may be shown of a request. Nothing is shown unless it is known to be harmless: of a query the names that
 * CloudFront and Edgeseal define, of their values those without secrets; of a path what looks like one.
 */
import { isIP } from 'node:net';

const signing = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];
const constraints = ['es-method', 'es-max-bytes', 'es-content-type', 'es-sha256', 'es-filename'];
const shownNames = new Set([...signing, ...constraints, ...signing.map((name) => `amp;${name}`)]);
const shownValues: Readonly<Record<string, RegExp>> = {
  Expires: /^\d{1,13}$/,
  'Key-Pair-Id': /^(?:K[A-Z0-9]{11,15}|APKA[A-Z0-9]{16})$/,
  'Hash-Algorithm': /^SHA(?:1|256)$/,
};
const hidden = 'REDACTED';
/** A link has at most ten parameters with a meaning; repeated ones are counted. */
const mostParameters = 12;
/** In bytes; CloudFront takes no longer one. */
const longestUrl = 8192;
const longestPath = 240;
const longestSentence = 240;

/** A key-pair id, where it has the form of one. */
export function shownKeyPairId(text: string | undefined): string | undefined {
  return text !== undefined && shownValues['Key-Pair-Id']?.test(text) ? text : undefined;
}

/** The query with its `?`, and how many parameters were left out. */
export function shownQuery(query: string): { text: string; leftOut: number } {
  const components = query === '' ? [] : query.split('&');
  const shown: string[] = [];
  for (const component of components) {
    const end = component.indexOf('=');
    const name = end < 0 ? '' : component.slice(0, end);
    if (!shownNames.has(name) || shown.length >= mostParameters) continue;
    const value = component.slice(end + 1);
    shown.push(`${name}=${shownValues[name]?.test(value) ? value : hidden}`);
  }
  return {
    text: shown.length === 0 ? '' : `?${shown.join('&')}`,
    leftOut: components.length - shown.length,
  };
}

/**
 * A path without what does not belong into one: a query whose `?` was encoded, values after `=`, and runs of letters
 * of both cases and digits that are too long and too mixed for a name.
 */
export function shownPath(path: string): string {
  const whole = path
    .slice(0, longestUrl)
    .replace(/(?:\?|%(?:25)*3f|&|%(?:25)*26|#|%(?:25)*23)[\s\S]*$/i, `?${hidden}`);
  const plain = whole
    .replaceAll(/(?:=|%(?:25)*3d)[^/;?]*/gi, `=${hidden}`)
    .replaceAll(/[A-Za-z0-9_~+.-]{24,}/g, (run) => (isToken(run) ? hidden : run));
  return plain.length > longestPath ? `${plain.slice(0, longestPath)}...` : plain;
}

function isToken(run: string): boolean {
  return /eyJ/.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run));
}

/** A host name, where it is one. */
export function shownHost(host: string | undefined): string {
  if (host === undefined) return '(host not logged)';
  return isHostName(host) ? host.toLowerCase() : hidden;
}

/** Whether a text has the form of a host name, perhaps with a port. */
export function isHostName(host: string): boolean {
  return /^[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,9}(?::\d{1,5})?$/.test(host);
}

/** A method, where it is one. */
export function shownMethod(method: string | undefined): string | undefined {
  return method !== undefined && /^[A-Z]{3,10}$/.test(method) ? method : undefined;
}

/** An address, where it is one and may be shown. */
export function shownAddress(address: string | undefined, redactIp: boolean): string | undefined {
  if (address === undefined || isIP(address) === 0) return undefined;
  return redactIp ? hidden : address;
}

/** A code such as `too-large`; anything else in its place in a log is not one. */
export function shownCode(code: string): string {
  return /^[a-z]{1,20}(?:-[a-z]{1,20}){0,5}$/.test(code) ? code : 'unknown';
}

/** A sentence of plain words, as the edge's sentences are; empty for anything else. */
export function shownSentence(text: string): string {
  if (text.length > longestSentence) return '';
  const words = text.split(' ');
  const plain = words.every((word) =>
    /^(?:[A-Za-z][a-z'-]{0,19}|S3|SHA1|SHA256|CORS|IP|URL|HTTP)[,;:.]{0,2}$/.test(word),
  );
  return plain && words.length > 2 ? text : '';
}
