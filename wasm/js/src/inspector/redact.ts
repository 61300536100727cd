/** Taking out of a text what may not travel: signatures, and cookies that are not CloudFront's. */

/** What stands in place of a signature. */
export const redacted = 'REDACTED';

/** Whether the signature of a text was taken out before. */
export const isRedacted = (text: string) => /signature(?:=|%(?:25)*3D)REDACTED/i.test(text);

/** A value ends at a separator, or at one that was escaped. */
const value = `(?:(?!%(?:25)*(?:26|3B))[^&;\\s"'<>#])+`;
const secretNames = 'signature|security-token|credential';
/** A value whose + signs became spaces, even the first of them, is one value still. */
const named = new RegExp(
  `((?:${secretNames})(?:=|%(?:25)*3D|["']?\\s*:\\s*["']?))(?:(?<==)\\s+)?${value}(?:\\s+${value})*`,
  'gi',
);
/** Only what begins as the base64 of a JSON object does is taken for a policy. */
const policy = new RegExp(
  `(?:(?<![a-z])|(?<=%(?:25)*(?:26|3B|3F)))policy(?:=|%(?:25)*3D)e[w-z]${value}`,
  'gi',
);
const userInfo = /(https?:\/\/)[^/?#\s]+@/gi;

/**
 * Beside policies only signatures are long runs of base64; the shortest one, of ECDSA, has 92 characters. A run does
 * not begin within an escape.
 */
const runInPath = /(?<!%[0-9a-f]?)[A-Za-z0-9+_~=-]{80,}/gi;
const runInQuery = /(?<!%[0-9a-f]?)(?:[A-Za-z0-9+/_~=-]|%(?:25)*(?:2B|2F|3D|7E)){80,}/gi;

/**
 * Replaces every signature by a word: whatever is named so, however often the text was escaped, and every long run of
 * base64 that is no policy, so that a signature under a damaged name goes as well.
 */
export function withoutSignatures(text: string): string {
  const policies: string[] = [];
  const marked = text
    .replaceAll('\0', '')
    .replaceAll(userInfo, `$1${redacted}@`)
    .replaceAll(named, (_, name: string) => name + redacted)
    .replaceAll(policy, (whole) => `\0${policies.push(whole) - 1}\0`);
  const query = /^https?:/i.test(marked) ? marked.indexOf('?') + 1 || marked.length : 0;
  return (
    marked.slice(0, query).replaceAll(runInPath, redacted) +
    marked.slice(query).replaceAll(runInQuery, redacted)
  ).replaceAll(/\0(\d+)\0/g, (_, index: string) => policies[Number(index)] ?? '');
}

/** Only CloudFront's own cookies, without their signature. */
export function withoutForeignCookies(header: string): string {
  const own = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => /^cloudfront-/i.test(pair));
  return withoutSignatures(own.join('; '));
}

/** Whether a header decides anything at the edge, and says nothing about who sends it. */
export function mayTravel(name: string): boolean {
  return /^(?:content-(?:length|type|md5)|transfer-encoding|origin|access-control-request-(?:method|headers)|x-amz-(?:checksum-.+|content-sha256|copy-source(?:-range)?))$/.test(
    name,
  );
}
