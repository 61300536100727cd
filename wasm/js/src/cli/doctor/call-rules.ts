/** What is to be said about one call that signs. */
import type { SigningCall } from './calls.js';
import type { Constants } from './constants.js';
import type { Code, Draft } from './findings.js';
import type { Expression, Reader } from './syntax.js';
import { type TimeProblem, timeProblem, type Unit } from './time-rules.js';
import { timeOf } from './times.js';

/** Parameters that CloudFront keeps for itself. */
export const reserved = /[?&](?:Expires|Policy|Signature|Key-Pair-Id|Hash-Algorithm)=/;

/** What an option of each package is called. */
const names = {
  '@aws-sdk/cloudfront-signer': { end: 'dateLessThan', start: 'dateGreaterThan', address: 'ipAddress' },
  'aws-cloudfront-sign': { end: 'expireTime', start: undefined, address: 'ipRange' },
  'aws-sdk': { end: 'expires', start: undefined, address: undefined },
  botocore: { end: 'date_less_than', start: undefined, address: undefined },
} as const;

/** Judges one call. */
export class CallRules {
  readonly #reader: Reader;
  readonly #constants: Constants;
  /** The unit of `expireTime`: versions before 2 took seconds. */
  readonly #expireTime: Unit;

  constructor(reader: Reader, constants: Constants, expireTime: Unit) {
    this.#reader = reader;
    this.#constants = constants;
    this.#expireTime = expireTime;
  }

  /** Everything about a call. */
  judge(call: SigningCall): Draft[] {
    return [
      ...this.#becomes(call),
      ...this.#times(call),
      ...this.#url(call),
      ...this.#address(call),
      ...this.#policy(call),
    ];
  }

  #draft(call: SigningCall, code: Code, at: number, rest: Omit<Draft, 'code' | 'offset'>): Draft {
    const offset = this.#reader.tokens[at]?.start ?? 0;
    return { code, offset, package: call.name, call: call.call, ...rest };
  }

  /** What the call becomes, where it is not the same call. */
  #becomes(call: SigningCall): Draft[] {
    if (call.name === '@aws-sdk/cloudfront-signer') return [];
    if (call.call === 'getSignedRTMPUrl') {
      return [
        this.#draft(call, 'rtmp-is-gone', call.at, {
          message: 'CloudFront ended RTMP on 31 December 2020, and version 3 of the package throws here.',
          fix: 'Take the call out; serve the file over HTTPS with signUrl.',
        }),
      ];
    }
    return [
      this.#draft(call, 'replace-call', call.at, {
        message: `${call.call} becomes a method of a Signer that reads its key once.${call.callback ? ' It has no callback: it answers or throws.' : ''}`,
        fix: successor(call, this.#expireTime),
      }),
    ];
  }

  #times(call: SigningCall): Draft[] {
    const { end, start } = names[call.name];
    const takes =
      call.name === 'aws-sdk' ? 's' : call.name === 'aws-cloudfront-sign' ? this.#expireTime : 'ms';
    return [end, start].flatMap((option) => {
      const value = option === undefined ? undefined : call.options.get(option);
      if (option === undefined || value === undefined) return [];
      const problem = timeProblem(option, value, this.#constants, takes, option === end);
      return [
        ...(problem === undefined ? [] : [this.#timeDraft(call, option, value, problem)]),
        ...this.#atLoad(call, option, value),
      ];
    });
  }

  /** A moment that is counted from the loading of the file, and used whenever a function is called. */
  #atLoad(call: SigningCall, option: string, value: Expression): Draft[] {
    const made = this.#constants.resolve(value);
    const { kind } = timeOf(made, this.#constants);
    const early = !this.#reader.inFunction(made.at) && this.#reader.inFunction(call.at);
    if (!early || (kind !== 'now' && kind !== 'date')) return [];
    return [
      this.#draft(call, 'expiry-at-load', made.at, {
        option,
        message: `${option} is counted from when the file is loaded, and not from when the link is made: a process that lives on hands out links that have ended.`,
        fix: 'Count it inside the function. With the Signer of edgeseal, 15m counts from each call.',
      }),
    ];
  }

  #timeDraft(call: SigningCall, option: string, value: Expression, problem: TimeProblem): Draft {
    const { code, message, fix } = problem;
    return this.#draft(call, code, value.at, { option, message, fix });
  }

  #url(call: SigningCall): Draft[] {
    if (call.url === undefined) return [];
    const texts = this.#constants.texts(call.url);
    const cookies = /Cookie/.test(call.call);
    const found: Draft[] = [];
    if (!cookies && texts.some((text) => reserved.test(text))) {
      found.push(
        this.#draft(call, 'reserved-parameter', call.url.at, {
          option: 'url',
          message:
            'The URL has a query parameter that CloudFront keeps for itself, and takes off before it compares: such a link never works.',
          fix: 'Give the parameter another name. Edgeseal refuses to sign it, with reserved-parameter.',
        }),
      );
    }
    if (isCanned(call) && texts.some((text) => text.includes('*'))) {
      found.push(
        this.#draft(call, 'wildcard-in-canned-policy', call.url.at, {
          option: 'url',
          message:
            'The URL has a star, but with an expiry alone the policy is a canned one, in which a star is only a star: CloudFront puts the URL that is asked for in its place.',
          fix: cookies
            ? 'Use signer.signCookies({ resource, expires }), which writes a custom policy for a wildcard.'
            : 'Use signer.signUrl({ url, resource, expires }), with the star in the resource alone.',
        }),
      );
    }
    return found;
  }

  #address(call: SigningCall): Draft[] {
    const option = names[call.name].address;
    const value = option === undefined ? undefined : call.options.get(option);
    if (option === undefined || value === undefined) return [];
    const texts = this.#constants.texts(value);
    if (texts.includes('0.0.0.0/0')) {
      return [this.#draft(call, 'any-address', value.at, { option, ...anyAddress })];
    }
    if (call.name === 'aws-cloudfront-sign' && texts.some((text) => /^[\d.]+$/.test(text))) {
      return [
        this.#draft(call, 'bare-address', value.at, {
          option,
          message:
            'The package writes the address as it stands; the documentation of AWS wants a range, a.b.c.d/32.',
          fix: 'Edgeseal appends /32 to a single address; nothing is left to do after moving.',
        }),
      ];
    }
    return [];
  }

  #policy(call: SigningCall): Draft[] {
    const value = call.options.get('policy');
    if (value === undefined || !this.#constants.choices(value).some((one) => this.#isSpaced(one))) return [];
    const stripped = call.name === 'aws-sdk';
    return [
      this.#draft(call, 'policy-with-whitespace', value.at, {
        option: 'policy',
        message: stripped
          ? 'The policy has whitespace. Version 2 took it out before signing; Edgeseal signs the text as it stands, so the bytes differ.'
          : 'The policy has whitespace, which travels in every link, and the documentation of AWS says to leave it out.',
        fix: 'Write it with JSON.stringify(policy), without an indent.',
      }),
    ];
  }

  #isSpaced(value: Expression): boolean {
    if (value.kind === 'text') return /^\s*\{/.test(value.value) && /\s/.test(value.value);
    if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.property !== 'stringify')
      return false;
    const indent = value.args[2] === undefined ? undefined : this.#constants.resolve(value.args[2]);
    return (
      (indent?.kind === 'number' && indent.value > 0) || (indent?.kind === 'text' && indent.value !== '')
    );
  }
}

/** What is to be said about a range of all addresses. */
export const anyAddress = {
  message: '0.0.0.0/0 lets every IPv4 address in, and shuts IPv6 out; it only makes the link longer.',
  fix: 'Leave the option out.',
};

function isCanned({ name, options }: SigningCall): boolean {
  if (name === 'aws-cloudfront-sign') return false;
  return name === 'aws-sdk'
    ? options.lacks('policy')
    : options.lacks('policy', 'dateGreaterThan', 'ipAddress');
}

function successor({ name, call }: SigningCall, expireTime: Unit): string {
  const cookies = /Cookie/.test(call);
  if (name === 'aws-sdk') {
    return cookies
      ? 'signer.signCookies({ resource: url, expires }).cookies, or signCookies({ policy }).cookies; expires stays in seconds.'
      : 'signer.signUrl({ url, expires }), or signUrl({ url, policy }); expires stays in seconds.';
  }
  const expires = expireTime === 's' ? 'expires: expireTime' : 'expires: new Date(expireTime)';
  return cookies
    ? `signer.signCookies({ resource: url, ${expires}, ipAddress: ipRange }).cookies`
    : `signer.signUrl({ url, ${expires}, ipAddress: ipRange })`;
}
