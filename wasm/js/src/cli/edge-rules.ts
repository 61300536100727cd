/** What the `edge` commands have in common: the rule file, its findings and the public keys. */
import { type EdgePublicKey, readPublicKeys } from '../edge-build/keys.js';
import { type Finding, lintRules } from '../edge-build/rules.js';
import type { Given, Options } from './command.js';
import { readBytes } from './material.js';
import { type Io, printable, wrap } from './output.js';

/** The options by which a command takes rules and keys. */
export const ruleOptions: Options = {
  policy: { kind: 'value', value: 'FILE', help: 'rule file, YAML or JSON; edge.yaml when left out' },
  keys: {
    kind: 'value',
    value: 'PATH',
    help: 'public keys: a folder with KEY-PAIR-ID.pem, or a JSON file from ids to PEM texts',
  },
};

/** A rule file, its findings, and the keys beside it. */
export interface RuleFile {
  /** As it was named. */
  name: string;
  text: string;
  findings: Finding[];
  keys: EdgePublicKey[];
  /** Whether nothing stands in the way of using it. */
  usable: boolean;
}

/**
 * Reads and lints what the options name.
 *
 * @param keysMayBeElsewhere without the option for keys, they are not known, instead of there being none
 */
export async function readRules(given: Given, { keysMayBeElsewhere = false } = {}): Promise<RuleFile> {
  const name = given.text('policy') ?? 'edge.yaml';
  const text = await readSource(name, '--policy');
  const path = given.text('keys');
  const keys = path === undefined ? [] : readPublicKeys(path);
  const ids = keys.map(({ keyPairId }) => keyPairId);
  const findings = lintRules(text, path === undefined && keysMayBeElsewhere ? undefined : ids);
  return { name, text, findings, keys, usable: !findings.some(({ severity }) => severity === 'error') };
}

/** A text file with its lines as they are, so that places in it are right. */
export async function readSource(file: string, option: string): Promise<string> {
  return (await readBytes(file, option)).toString('utf8').replace(/^\ufeff/, '');
}

const colours = { error: 'red', warning: 'yellow', notice: 'dim' } as const;

/** Shows findings on stderr, each with its place and what to do. */
export function showFindings({ name, findings }: Pick<RuleFile, 'name' | 'findings'>, io: Io): void {
  for (const { code, severity, line, column, message, fix } of findings) {
    const place = line === undefined ? name : `${name}:${line}:${column}`;
    const sentence = wrap(`${printable(place)}: ${severity}: ${printable(message)} [${code}]`, io.width);
    io.remark(sentence.replace(`: ${severity}:`, `: ${io.paintRemark(colours[severity], severity)}:`));
    io.remark(wrap(`fix: ${printable(fix)}`, io.width, '  '));
  }
}

/** `1 error, 2 warnings`. */
export function countFindings(findings: readonly Finding[]): string {
  return (['error', 'warning', 'notice'] as const)
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? '' : 's'}`)
    .join(', ');
}
