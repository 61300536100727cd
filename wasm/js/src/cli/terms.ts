/** The terms that signing a URL and signing cookies share, and what to say of a result. */
import type { Explanation, Instant, Terms } from '../index.js';
import { type Given, type Options, UsageError } from './command.js';
import { readText } from './material.js';
import { type Io, printable } from './output.js';

/** Options of {@link readTerms}. */
export const termOptions: Options = {
  expires: {
    kind: 'value',
    value: 'TIME',
    help: 'end of validity: 15m, 2h, 7d from now, 2026-01-01T12:00:00Z, or seconds since 1970',
  },
  'not-before': { kind: 'value', value: 'TIME', help: 'start of validity, in the same forms' },
  ip: {
    kind: 'value',
    value: 'ADDRESS',
    help: 'only for this IPv4 address or range, such as 203.0.113.0/24',
  },
  policy: {
    kind: 'value',
    value: 'FILE',
    help: 'sign this policy text as it stands, instead of the other terms; - reads stdin',
  },
};

/** The fields of errors that belong to {@link termOptions}. */
export const termFields = {
  expires: '--expires',
  notBefore: '--not-before',
  ipAddress: '--ip',
  policy: '--policy',
} as const;

/** The terms of a policy, or the policy text. */
export async function readTerms(given: Given): Promise<Terms> {
  const policy = given.text('policy');
  const terms = {
    ...present('expires', instant(given.text('expires'))),
    ...present('notBefore', instant(given.text('not-before'))),
    ...present('ipAddress', given.text('ip')),
    ...present('policy', policy === undefined ? undefined : await readText(policy, '--policy')),
  };
  if (policy === undefined && terms.expires === undefined) {
    throw new UsageError('--expires is missing', 'say how long the link lives, for example --expires 15m');
  }
  return terms;
}

/** A time as typed: bare digits are seconds since 1970. */
export function instant(text: string | undefined): Instant | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** An object with one property, or with none when there is no value. */
export function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
}

/** Says on stderr what was signed, by which key and until when. */
export function remarkSigned(
  explanation: Explanation,
  signer: { keyPairId: string; algorithm: string; hash: string },
  io: Io,
): void {
  const end = explanation.checks.find(({ id }) => id === 'expires')?.detail ?? '';
  const lines = [
    `signed by ${signer.keyPairId} (${signer.algorithm}, ${signer.hash})`,
    `expires ${printable(end)}`,
  ];
  for (const line of lines) io.remark(io.paintRemark('dim', line));
}
