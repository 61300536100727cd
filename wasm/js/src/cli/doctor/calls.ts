/** Finds the calls that sign. */
import type { Constants } from './constants.js';
import type { Modules } from './modules.js';
import { functions, type PackageName } from './packages.js';
import type { Expression, Reader } from './syntax.js';

/** The options of a call, seen through names and spreads. */
export class Options {
  readonly #properties = new Map<string, Expression>();
  /** Whether there may be options that are not seen. */
  readonly open: boolean;

  constructor(expression: Expression | undefined, constants: Constants) {
    this.open = expression !== undefined && this.#take(expression, constants, 0);
  }

  #take(expression: Expression, constants: Constants, depth: number): boolean {
    const value = constants.resolve(expression);
    if (value.kind !== 'object' || depth > 4) return true;
    let open = value.open;
    for (const spread of value.spreads) open = this.#take(spread, constants, depth + 1) || open;
    for (const [name, property] of value.properties) this.#properties.set(name, property);
    return open;
  }

  get(name: string): Expression | undefined {
    return this.#properties.get(name);
  }

  /** Whether an option is surely not there. */
  lacks(...names: string[]): boolean {
    return !this.open && names.every((name) => !this.#properties.has(name));
  }
}

/** A call that signs. */
export interface SigningCall {
  name: PackageName;
  /** The function. */
  call: string;
  /** The index of its name. */
  at: number;
  url: Expression | undefined;
  options: Options;
  /** Whether the last argument is a callback. */
  callback: boolean;
}

/** A place where `AWS.CloudFront.Signer` is named. */
export interface SignerUse {
  at: number;
  /** The private key, where one is made here. */
  key: Expression | undefined;
  made: boolean;
}

/** So many calls are looked at in one file. */
const mostCalls = 1_000;
const signerMethods = ['getSignedUrl', 'getSignedCookie'];

/** Every call that signs, in the order of the file, and every use of the class of version 2. */
export function findCalls(
  reader: Reader,
  modules: Modules,
  constants: Constants,
): { calls: SigningCall[]; signers: SignerUse[] } {
  const chains = new Map(
    modules.mentions.map(({ at, name }) => [at, { name, path: [] as readonly string[] }]),
  );
  const calls: SigningCall[] = [];
  const signers: SignerUse[] = [];
  for (let index = 0; index < reader.tokens.length && calls.length < mostCalls; index += 1) {
    const local = reader.is(index - 1, '.', '?.')
      ? undefined
      : modules.bindings.get(reader.name(index) ?? '');
    const start = local ?? chains.get(index);
    if (start === undefined) continue;
    const { path, last } = follow(reader, index, start.path);
    const word = path.at(-1) ?? '';
    if (start.name === 'aws-sdk') {
      if (path[0] !== 'CloudFront' || path[1] !== 'Signer' || path.length > 2) continue;
      signers.push(signer(reader, index, last));
    } else if (path.length === 1 && functions[start.name]?.includes(word) && isCall(reader, last)) {
      calls.push(signingCall(reader, constants, start.name, word, last));
    }
  }
  if (signers.length > 0) calls.push(...methodCalls(reader, constants));
  return { calls: calls.sort((one, other) => one.at - other.at), signers };
}

/** Walks along `.a.b` from a name, or from a specifier inside `require(...)`. */
function follow(reader: Reader, from: number, path: readonly string[]): { path: string[]; last: number } {
  const found = [...path];
  let last = from;
  if (reader.text(from) !== undefined) while (reader.is(last + 1, ')')) last += 1;
  while (reader.is(last + 1, '.', '?.') && reader.name(last + 2) !== undefined && found.length < 8) {
    const name = reader.name(last + 2) ?? '';
    if (name !== 'default') found.push(name);
    last += 2;
  }
  return { path: found, last };
}

/** Whether a name is called here, and not defined. */
function isCall(reader: Reader, index: number): boolean {
  const open = reader.is(index + 1, '?.') ? index + 2 : index + 1;
  if (!reader.is(open, '(') || reader.is(index - 1, 'function')) return false;
  const definition = reader.is(index - 1, '{', '}', ';', ',', 'async', 'static', 'public', 'private', 'get');
  return !(definition && reader.is(reader.closing(open) + 1, '{', ':'));
}

function signer(reader: Reader, at: number, last: number): SignerUse {
  const made = reader.is(at - 1, 'new') && reader.is(last + 1, '(');
  return { at, made, key: made ? reader.list(last + 1)[1] : undefined };
}

function signingCall(
  reader: Reader,
  constants: Constants,
  name: PackageName,
  call: string,
  at: number,
): SigningCall {
  const args = argumentsAt(reader, at);
  const separate = name === 'aws-cloudfront-sign';
  const options = new Options(args[separate ? 1 : 0], constants);
  return { name, call, at, url: separate ? args[0] : options.get('url'), options, callback: false };
}

/** The methods of a signer of version 2: S3 has one of the same name, whose first argument is a text. */
function methodCalls(reader: Reader, constants: Constants): SigningCall[] {
  const calls: SigningCall[] = [];
  for (let index = 1; index < reader.tokens.length && calls.length < mostCalls; index += 1) {
    const call = reader.name(index) ?? '';
    if (!signerMethods.includes(call) || !reader.is(index - 1, '.', '?.') || !isCall(reader, index)) continue;
    const args = argumentsAt(reader, index);
    if (args[0] === undefined || constants.resolve(args[0]).kind === 'text') continue;
    const options = new Options(args[0], constants);
    const url = options.get('url');
    calls.push({ name: 'aws-sdk', call, at: index, url, options, callback: args[1] !== undefined });
  }
  return calls;
}

function argumentsAt(reader: Reader, at: number): Expression[] {
  return reader.list(reader.is(at + 1, '?.') ? at + 2 : at + 1);
}
