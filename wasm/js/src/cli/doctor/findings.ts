/** What the doctor finds, and how grave it is. */
import type { PackageName } from './packages.js';

/** `change`: must be written anew to move. `danger`: is wrong or unsafe today. `advice`: worth a thought. */
export type Severity = 'change' | 'danger' | 'advice';

/** Every code, with its severity. A code never changes its meaning. */
export const codes = {
  'replace-dependency': 'change',
  'replace-import': 'change',
  'replace-signer': 'change',
  'replace-call': 'change',
  'rtmp-is-gone': 'change',
  'time-in-seconds': 'danger',
  'time-in-milliseconds': 'danger',
  'seconds-added-to-milliseconds': 'danger',
  'milliseconds-added-to-seconds': 'danger',
  'expiry-at-load': 'danger',
  'private-key-in-source': 'danger',
  'key-file-in-project': 'danger',
  'reserved-parameter': 'danger',
  'wildcard-in-canned-policy': 'danger',
  'cookie-without-secure': 'danger',
  'hash-not-announced': 'danger',
  'local-time': 'danger',
  'long-expiry': 'advice',
  'fixed-expiry': 'advice',
  'any-address': 'advice',
  'bare-address': 'advice',
  'policy-with-whitespace': 'advice',
  'sha1-default': 'advice',
  'other-version': 'advice',
  'python-stays': 'advice',
} as const satisfies Record<string, Severity>;

/** A stable code. */
export type Code = keyof typeof codes;

/** One thing that was found. No field holds text of the project, but for names of its own exports and files. */
export interface Finding {
  code: Code;
  severity: Severity;
  /** From the folder that was looked at, with `/`. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  package?: PackageName;
  /** The function at fault. */
  call?: string;
  /** The option at fault. */
  option?: string;
  /** What is so; a sentence. */
  message: string;
  /** What to do; a sentence. */
  fix: string;
  /** The line that stands there afterwards, where that is mechanical. */
  replacement?: string;
}

/** A finding before it has a place. */
export interface Draft extends Omit<Finding, 'severity' | 'file' | 'line' | 'column'> {
  /** Offset in the file. */
  offset: number;
}
