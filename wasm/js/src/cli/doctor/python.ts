/** Looks at one Python file for `CloudFrontSigner` of botocore. */
import { reserved } from './call-rules.js';
import type { Code, Draft } from './findings.js';
import { type FileReport, nothing } from './javascript.js';

/** So many tokens around a name are looked at. */
const furthest = 400;

interface PyToken {
  kind: 'name' | 'string' | 'number' | 'sign';
  text: string;
  start: number;
}

const pattern =
  /#[^\r\n]*|([rRbBuUfF]{0,2})("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\r\n]|\\[\s\S])*"?|'(?:[^'\\\r\n]|\\[\s\S])*'?)|([\p{L}_][\p{L}\p{N}_]*)|(\d[\d_.]*(?:[eE][+-]?\d+)?)|\S/gu;

/** Tokens without comments; a string without its quotes, and with its escapes as written. */
function pythonTokens(source: string): PyToken[] {
  const tokens: PyToken[] = [];
  for (const { 0: whole, 1: prefix = '', 2: quoted, 3: word, 4: digits, index: start } of source.matchAll(
    pattern,
  )) {
    if (whole.startsWith('#')) continue;
    if (quoted !== undefined) {
      const marks = /^(?:"""|''')/.test(quoted) ? 3 : 1;
      tokens.push({
        kind: 'string',
        text: quoted.slice(marks, -marks || undefined),
        start: start + prefix.length,
      });
    } else if (word !== undefined) tokens.push({ kind: 'name', text: word, start });
    else if (digits !== undefined) tokens.push({ kind: 'number', text: digits, start });
    else tokens.push({ kind: 'sign', text: whole, start });
  }
  return tokens;
}

/** Looks at a source. */
export function lookAtPython(source: string): FileReport {
  const report = nothing();
  if (!source.includes('CloudFrontSigner')) return report;
  const look = new Look(source);
  if (!look.uses) return report;
  report.uses.set('botocore', look.drafts.filter(({ code }) => code === 'python-stays').length || 1);
  report.drafts.push(...look.drafts);
  report.keyFiles = look.keyFiles;
  return report;
}

class Look {
  readonly drafts: Draft[] = [];
  /** Files that look like keys and are opened. */
  readonly keyFiles: FileReport['keyFiles'] = [];
  uses = false;
  readonly #source: string;
  readonly #tokens: readonly PyToken[];
  readonly #names = new Set<string>();

  constructor(source: string) {
    this.#source = source;
    this.#tokens = pythonTokens(source);
    this.#imports();
    if (!this.uses) return;
    for (let index = 0; index < this.#tokens.length; index += 1) this.#at(index);
    this.#hash();
  }

  #is(index: number, ...texts: string[]): boolean {
    const token = this.#tokens[index];
    return token !== undefined && token.kind !== 'string' && texts.includes(token.text);
  }

  #draft(code: Code, index: number, rest: Pick<Draft, 'message' | 'fix'> & Partial<Draft>): void {
    this.drafts.push({ code, offset: this.#tokens[index]?.start ?? 0, package: 'botocore', ...rest });
  }

  /** `from botocore.signers import CloudFrontSigner as X`, and the name through its module. */
  #imports(): void {
    for (let index = 0; index < this.#tokens.length; index += 1) {
      if (!this.#is(index, 'CloudFrontSigner')) continue;
      this.uses = true;
      const local = this.#is(index + 1, 'as') ? this.#tokens[index + 2]?.text : undefined;
      this.#names.add(local ?? 'CloudFrontSigner');
    }
  }

  #at(index: number): void {
    const name = this.#tokens[index]?.text ?? '';
    if (
      !this.#is(index + 1, '(') ||
      this.#tokens[index]?.kind !== 'name' ||
      this.#is(index - 1, 'class', 'def')
    )
      return;
    const path = this.#tokens[index + 2];
    if (name === 'open' && path?.kind === 'string' && /\.(?:pem|key)$/.test(path.text)) {
      this.keyFiles.push({ offset: path.start, option: 'rsa_signer', path: path.text });
    }
    if (this.#names.has(name)) {
      this.#draft('python-stays', index, {
        call: 'CloudFrontSigner',
        message: 'botocore signs in Python and can stay: Edgeseal verifies its links as they are.',
        fix: "new Verifier({ keys }).verify(link), or the edge handler of edgeseal/edge with mode 'behind-key-group' in front of them.",
      });
    }
    if (name === 'generate_presigned_url' && this.#is(index - 1, '.')) this.#presign(index);
    if (name === 'build_policy' && this.#is(index - 1, '.')) this.#terms(index, 'build_policy', 1);
  }

  #presign(index: number): void {
    const arguments_ = this.#arguments(index + 1);
    const named = (option: string) => arguments_.find((argument) => argument.name === option);
    if (named('date_less_than') === undefined && named('policy') === undefined) {
      // S3 has a method of this name, whose first argument is a text.
      const first = arguments_[0];
      if (first === undefined || named('Params') !== undefined || named('ClientMethod') !== undefined) return;
      if (arguments_.length < 2) return;
    }
    const url = named('url') ?? arguments_.find((argument) => argument.name === undefined);
    const text = url === undefined ? '' : this.#texts(url.from, url.to);
    if (reserved.test(text)) {
      this.#draft('reserved-parameter', url?.from ?? index, {
        call: 'generate_presigned_url',
        option: 'url',
        message: 'The URL has a query parameter that CloudFront keeps for itself: such a link never works.',
        fix: 'Give the parameter another name.',
      });
    }
    if (text.includes('*') && named('date_less_than') !== undefined) {
      this.#draft('wildcard-in-canned-policy', url?.from ?? index, {
        call: 'generate_presigned_url',
        option: 'url',
        message:
          'The URL has a star, and with date_less_than the policy is a canned one, in which a star is only a star.',
        fix: 'Pass policy=signer.build_policy(resource, ...), with the star in the resource.',
      });
    }
    this.#terms(index, 'generate_presigned_url', 1);
  }

  /** The times and the address of a call. */
  #terms(index: number, call: string, position: number): void {
    const arguments_ = this.#arguments(index + 1);
    for (const [place, { name, from, to }] of arguments_.entries()) {
      if (name === 'date_less_than' || (name === undefined && place === position)) this.#time(call, from, to);
      const address = name === 'ip_address' || (call === 'build_policy' && name === undefined && place === 3);
      if (address && this.#texts(from, to) === '0.0.0.0/0') {
        this.#draft('any-address', from, {
          call,
          option: 'ip_address',
          message: '0.0.0.0/0 lets every IPv4 address in, and shuts IPv6 out; it only makes the link longer.',
          fix: 'Leave the argument out.',
        });
      }
    }
  }

  #time(call: string, from: number, to: number): void {
    const [start, end] = this.#named(from, to);
    const option = 'date_less_than';
    for (let index = start; index < end; index += 1) {
      if (this.#is(index, 'now', 'today') && this.#is(index + 1, '(') && this.#is(index + 2, ')')) {
        this.#draft('local-time', index, {
          call,
          option,
          message:
            'A datetime without a zone counts as UTC in botocore, and now() is local time: away from UTC, links live hours too long, or not at all.',
          fix: 'datetime.now(timezone.utc)',
        });
      }
      if (
        this.#is(index, 'datetime') &&
        this.#is(index + 1, '(') &&
        this.#tokens[index + 2]?.kind === 'number'
      ) {
        this.#draft('fixed-expiry', index, {
          call,
          option,
          message: 'date_less_than is one moment for good: every link ends then, however late it is made.',
          fix: 'datetime.now(timezone.utc) + timedelta(minutes=15)',
        });
      }
      if (this.#is(index, 'timedelta') && this.#is(index + 1, '(')) this.#span(call, index);
    }
  }

  #span(call: string, index: number): void {
    const days = { weeks: 7, days: 1, hours: 1 / 24, minutes: 1 / 1_440, seconds: 1 / 86_400 };
    let sum = 0;
    for (const { name = 'days', from, to } of this.#arguments(index + 1)) {
      const digits = this.#tokens[from];
      const unit = Object.hasOwn(days, name) ? days[name as keyof typeof days] : undefined;
      if (to !== from + 1 || digits?.kind !== 'number' || unit === undefined) return;
      sum += Number(digits.text.replaceAll('_', '')) * unit;
    }
    if (sum <= 7) return;
    this.#draft('long-expiry', index, {
      call,
      option: 'date_less_than',
      message: `date_less_than is ${Math.round(sum)} days from now. Whoever gets hold of the link has it for so long.`,
      fix: 'Sign for minutes, when the link is asked for.',
    });
  }

  /** Where a single name is an argument, what it was given last. */
  #named(from: number, to: number): [number, number] {
    const name = this.#tokens[from];
    if (to !== from + 1 || name?.kind !== 'name') return [from, to];
    for (let index = from - 1; index > 0 && index > from - furthest; index -= 1) {
      if (!this.#is(index, name.text) || !this.#is(index + 1, '=') || this.#is(index + 2, '=')) continue;
      return this.#is(index - 1, '(', ',') ? [from, to] : [index + 2, this.#statementEnd(index + 2)];
    }
    return [from, to];
  }

  /** The end of the line, unless a bracket is open. */
  #statementEnd(from: number): number {
    let depth = 0;
    for (let index = from; index < from + furthest; index += 1) {
      const [token, next] = this.#tokens.slice(index, index + 2);
      if (token === undefined || next === undefined) return index + 1;
      if (this.#is(index, '(', '[', '{')) depth += 1;
      if (this.#is(index, ')', ']', '}')) depth -= 1;
      const newLine = /[\r\n]/.test(this.#source.slice(token.start + token.text.length, next.start));
      if (depth <= 0 && newLine) return index + 1;
    }
    return from;
  }

  #texts(from: number, to: number): string {
    const [start, end] = this.#named(from, to);
    let text = '';
    for (let index = start; index < end && this.#tokens[index]?.kind === 'string'; index += 1) {
      text += this.#tokens[index]?.text ?? '';
    }
    return text;
  }

  #arguments(open: number): { name?: string; from: number; to: number }[] {
    const found: { name?: string; from: number; to: number }[] = [];
    let depth = 0;
    let from = open + 1;
    for (let index = open; index < this.#tokens.length && index < open + 400; index += 1) {
      if (this.#is(index, '(', '[', '{')) depth += 1;
      if (this.#is(index, ')', ']', '}')) depth -= 1;
      if (!(depth === 0 || (depth === 1 && this.#is(index, ',')))) continue;
      const named = this.#is(from + 1, '=') && !this.#is(from + 2, '=');
      if (index > from)
        found.push(
          named ? { name: this.#tokens[from]?.text ?? '', from: from + 2, to: index } : { from, to: index },
        );
      from = index + 1;
      if (depth === 0) break;
    }
    return found;
  }

  /** SHA-256 without the parameter that says so, and SHA-1. */
  #hash(): void {
    const sha256 = this.#tokens.findIndex(
      ({ kind, text }) => (kind === 'name' && text === 'SHA256') || (kind === 'string' && text === 'SHA-256'),
    );
    const says = this.#tokens.some(({ kind, text }) => kind === 'string' && text.includes('Hash-Algorithm'));
    if (sha256 >= 0 && !says) {
      this.#draft('hash-not-announced', sha256, {
        call: 'CloudFrontSigner',
        message:
          'The signature is made over SHA-256, and botocore does not say so in the link: CloudFront checks it as SHA-1 and refuses it.',
        fix: 'Append &Hash-Algorithm=SHA256 to what generate_presigned_url answers, or sign over SHA-1.',
      });
    }
    if (sha256 >= 0) return;
    const sha1 = this.#tokens.findIndex(
      ({ kind, text }) => (kind === 'name' && text === 'SHA1') || (kind === 'string' && text === 'SHA-1'),
    );
    if (sha1 < 0) return;
    this.#draft('sha1-default', sha1, {
      call: 'CloudFrontSigner',
      message: 'The links are signed over SHA-1.',
      fix: 'CloudFront takes SHA-256 too: sign over it, and append &Hash-Algorithm=SHA256 to the link.',
    });
  }
}
