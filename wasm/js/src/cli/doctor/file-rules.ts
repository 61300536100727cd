/** What is to be said about a file as a whole: policies that it writes, cookies that it sets, keys that it reads. */

import { anyAddress } from './call-rules.js';
import { Options, type SignerUse, type SigningCall } from './calls.js';
import type { Constants } from './constants.js';
import type { Draft } from './findings.js';
import type { Expression, Reader } from './syntax.js';
import { timeProblem } from './time-rules.js';

const cookieText = /^CloudFront-(?:Policy|Signature|Key-Pair-Id|Expires|Hash-Algorithm)=/;
const attributes = { secure: 'Secure', httponly: 'HttpOnly' } as const;

/** Policies that are written out: their times are seconds, whatever the package takes. */
export function policyRules(reader: Reader, constants: Constants): Draft[] {
  const found: Draft[] = [];
  for (let index = 0; index < reader.tokens.length; index += 1) {
    if (!reader.is(index + 1, ':')) continue;
    const key = reader.text(index);
    const offset = reader.tokens[index]?.start ?? 0;
    if (key === 'AWS:EpochTime') {
      const end = reader.tokens[index - 3]?.text === 'DateLessThan';
      const problem = timeProblem(key, reader.read(index + 2), constants, 's', end);
      if (problem !== undefined) found.push({ ...problem, offset, option: key });
    }
    if (key === 'AWS:SourceIp' && constants.texts(reader.read(index + 2)).includes('0.0.0.0/0')) {
      found.push({ code: 'any-address', offset, option: key, ...anyAddress });
    }
  }
  return found;
}

/** SHA-1, once for each package in a file. */
export function hashRules(reader: Reader, calls: readonly SigningCall[], constants: Constants): Draft[] {
  const found = new Map<string, Draft>();
  for (const { name, call, at, options } of calls) {
    const given = options.get('algorithm');
    const says = given === undefined ? [] : constants.texts(given);
    const sha1 =
      name === '@aws-sdk/cloudfront-signer' ? options.lacks('algorithm') || says.includes('SHA1') : true;
    if (!sha1 || found.has(name)) continue;
    const aws = name === '@aws-sdk/cloudfront-signer';
    found.set(name, {
      code: 'sha1-default',
      offset: reader.tokens[at]?.start ?? 0,
      package: name,
      call,
      message: `The links are signed over SHA-1${aws ? ', the default' : '; the package has nothing else'}.`,
      fix: aws
        ? "edgeseal/compat keeps that. Pass algorithm: 'SHA256' when you can; CloudFront takes both."
        : "Signer signs over SHA-256 and says so in the link; pass hash: 'SHA1' to keep the old signatures.",
    });
  }
  return [...found.values()];
}

/** Cookies that go out without `Secure` or `HttpOnly`, in files that make signed cookies. */
export function cookieRules(reader: Reader, constants: Constants): Draft[] {
  const found: Draft[] = [];
  for (let index = 1; index < reader.tokens.length; index += 1) {
    const missing = missingInCall(reader, index, constants) ?? missingInText(reader, index);
    if (missing === undefined || missing.length === 0) continue;
    found.push({
      code: 'cookie-without-secure',
      offset: reader.tokens[index]?.start ?? 0,
      message: `A signed cookie goes out without ${missing.join(' and ')}. It opens the files to whoever reads it.`,
      fix: 'signer.signCookies(...).setCookie has whole Set-Cookie lines with both.',
    });
  }
  return found;
}

/** `res.cookie(name, value, options)`, `cookies.set(name, value, options)`. */
function missingInCall(reader: Reader, index: number, constants: Constants): string[] | undefined {
  if (!reader.is(index, 'cookie', 'set', 'setCookie') || !reader.is(index + 1, '(')) return undefined;
  const ofCookies = reader.is(index, 'cookie', 'setCookie') || holdsCookies(reader, index - 1);
  if (!reader.is(index - 1, '.', '?.') || !ofCookies) return undefined;
  const [name, value, given] = reader.list(index + 1);
  if (name === undefined || value === undefined) return undefined;
  const texts = constants.texts(name);
  if (texts.length > 0 && !texts.some((text) => text.startsWith('CloudFront-'))) return undefined;
  if (given === undefined) return Object.values(attributes);
  const options = new Options(given, constants);
  if (options.open) return undefined;
  return [
    ['secure', 'Secure'],
    ['httpOnly', 'HttpOnly'],
  ].flatMap(([option = '', title = '']) => {
    const set = options.get(option);
    return set === undefined || (set.kind === 'name' && set.name === 'false') ? [title] : [];
  });
}

/** Whether what stands before `.set` is a jar of cookies: `cookies`, `cookies()`, `res.cookies`. */
function holdsCookies(reader: Reader, dot: number): boolean {
  let before = dot - 1;
  while (reader.is(before, ')')) before = (reader.opening(before) ?? 1) - 1;
  return /^(?:cookies|cookieStore|cookieJar)$/.test(reader.name(before) ?? '');
}

/** A line for a `Set-Cookie` header. */
function missingInText(reader: Reader, index: number): string[] | undefined {
  const token = reader.tokens[index];
  if (token?.kind !== 'string' && token?.kind !== 'template') return undefined;
  if (token.continues || !cookieText.test(token.text)) return undefined;
  const value = reader.read(index);
  const whole = value.kind === 'text' ? value.value.toLowerCase() : undefined;
  // Joined with other texts, it may get its attributes there.
  if (whole === undefined || !whole.includes(';')) return undefined;
  return Object.entries(attributes).flatMap(([name, title]) =>
    new RegExp(`;\\s*${name}\\b`).test(whole) ? [] : [title],
  );
}

/** The files that private keys are read from, as far as their names stand in the text. */
export function keyFiles(
  reader: Reader,
  calls: readonly SigningCall[],
  signers: readonly SignerUse[],
  constants: Constants,
): { offset: number; option: string; path: string }[] {
  const sources: [string, Expression | undefined][] = [
    ...calls.flatMap(({ options }): [string, Expression | undefined][] => [
      ['privateKey', options.get('privateKey')],
      ['privateKeyString', options.get('privateKeyString')],
    ]),
    ...signers.map(({ key }): [string, Expression | undefined] => ['privateKey', key]),
  ];
  const found = sources.flatMap(([option, value]) => {
    const path = value === undefined ? undefined : pathRead(value, constants);
    return value === undefined || path === undefined ? [] : [{ option, path, at: value.at }];
  });
  for (const { options } of calls) {
    const value = options.get('privateKeyPath');
    const path = value === undefined ? undefined : pathIn(value, constants);
    if (value !== undefined && path !== undefined)
      found.push({ option: 'privateKeyPath', path, at: value.at });
  }
  return found.map(({ option, path, at }) => ({ option, path, offset: reader.tokens[at]?.start ?? 0 }));
}

/** The path in `readFileSync(path)`, also with `.toString()` behind it. */
function pathRead(expression: Expression, constants: Constants, depth = 0): string | undefined {
  const value = constants.resolve(expression);
  if (value.kind !== 'call' || depth > 4) return undefined;
  const name =
    value.callee.kind === 'member'
      ? value.callee.property
      : value.callee.kind === 'name'
        ? value.callee.name
        : '';
  if (name === 'String' && value.args[0] !== undefined) return pathRead(value.args[0], constants, depth + 1);
  if (/^readFile(?:Sync)?$/.test(name))
    return value.args[0] === undefined ? undefined : pathIn(value.args[0], constants);
  return value.callee.kind === 'member' ? pathRead(value.callee.object, constants, depth + 1) : undefined;
}

/** A path as a text, or the texts of `path.join(...)`, `path.resolve(...)` and `new URL(...)`, one behind the other. */
function pathIn(expression: Expression, constants: Constants): string | undefined {
  const value = constants.resolve(expression);
  if (value.kind !== 'call') return constants.texts(value)[0];
  const parts = value.args.flatMap((arg) => constants.texts(arg));
  return parts.length === 0 ? undefined : parts.join('/');
}
