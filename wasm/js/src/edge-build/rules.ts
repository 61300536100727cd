/** Checking rule files. Every rule about them lives in the core. */
import { EdgesealError, guarded } from '../errors.js';
import { wellFormed } from '../options.js';
import { checkRules, readYaml, rulesToJson } from '../wasm/rules.js';

/** One thing that is wrong or doubtful about a rule file. */
export interface Finding {
  /** Stable code, such as `upload-without-cap`. */
  code: string;
  /** An `error` makes the file unusable. */
  severity: 'error' | 'warning' | 'notice';
  /** The field, such as `rules[2].upload.maxBytes`; absent for the whole file. */
  field?: string;
  /** From 1. */
  line?: number;
  /** From 1, in characters. */
  column?: number;
  message: string;
  /** What to do about it. */
  fix: string;
}

/** A YAML document. */
export interface Document {
  value: unknown;
  /** Line and column of each part, by its path, such as `cases[0].name`. */
  places: Record<string, [line: number, column: number]>;
}

/**
 * The findings about a rule file in YAML or JSON, errors first.
 *
 * @param keyPairIds the ids of the public keys at hand; leave them out when they are not known
 */
export function lintRules(text: string, keyPairIds?: readonly string[]): Finding[] {
  const known = keyPairIds === undefined ? undefined : [...keyPairIds];
  return JSON.parse(checkRules(wellFormed(text, 'policy'), known)) as Finding[];
}

/**
 * A rule file in YAML or JSON as compact JSON with every default written out.
 *
 * @throws {EdgesealError} `invalid-rules`
 */
export function bakeRules(text: string): string {
  return guarded(() => rulesToJson(wellFormed(text, 'policy')));
}

/** Reads YAML or JSON. @throws {EdgesealError} `invalid-file`, with the place at fault in its message */
export function readDocument(text: string, name: string): Document {
  const read = JSON.parse(readYaml(wellFormed(text, name))) as Document & { error?: Finding };
  if (read.error === undefined) return read;
  const { line = 1, column = 1, message } = read.error;
  throw new EdgesealError('invalid-file', `${name}:${line}:${column}: ${message}`);
}
