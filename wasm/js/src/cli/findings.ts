/** What an explanation says, in words: one text for `edgeseal explain` and for the inspector's page. */
import type { Check, Explanation, Verdict, Warning } from '../index.js';
import { columns, printable, wrap } from './output.js';

/** What the words are written on: how wide it is, and what a style looks like there. */
export interface Paper {
  width: number;
  paint(style: 'bold' | 'red' | 'green' | 'yellow', text: string): string;
}

/** The verdict in a few words, and why where there is more to say. */
export interface Headline {
  outcome: Check['outcome'];
  title: string;
  sentence?: string;
}

/** What stands over the parts of an explanation. */
export const headings = {
  checks: 'Checks',
  policy: 'Policy',
  warnings: 'Warnings',
  causes: (count: number) => (count === 1 ? 'Likely cause' : 'Likely causes'),
  remedy: 'Remedy:',
} as const;

/** How an outcome is written, and in which colour. */
export const marks = {
  pass: { style: 'green', word: 'pass' },
  fail: { style: 'red', word: 'FAIL' },
  unknown: { style: 'yellow', word: '?' },
} as const;

/** The verdict in words. */
export function verdictInWords(verdict: Verdict): Headline {
  if (verdict.allowed) return { outcome: 'pass', title: 'allowed' };
  return { outcome: 'fail', title: `denied: ${verdict.reason}`, sentence: verdict.message };
}

/** As {@link verdictInWords}; what only lacks a public key is not judged. */
export function explanationInWords({ verdict }: Explanation, withKeys: boolean): Headline {
  if (withKeys || verdict.allowed || verdict.reason !== 'unknown-key') return verdictInWords(verdict);
  return {
    outcome: 'unknown',
    title: 'not judged',
    sentence: 'No public key was given, so the signature is not checked.',
  };
}

/** A headline as text. */
export function headlineText({ outcome, title, sentence }: Headline, paper: Paper): string {
  const head = paper.paint(marks[outcome].style, title);
  return sentence === undefined ? head : `${head}\n${wrap(sentence, paper.width, '  ')}`;
}

/** A whole explanation as text. */
export function findingsText(explanation: Explanation, withKeys: boolean, paper: Paper): string {
  const { checks, policyText, causes } = explanation;
  const warnings = warningsOf(explanation);
  const section = (title: string) => ['', paper.paint('bold', title)];
  const lines = [headlineText(explanationInWords(explanation, withKeys), paper)];
  lines.push(...section(headings.checks), ...checks.map((check) => checkLine(check, paper)));
  if (policyText !== undefined) {
    lines.push(...section(headings.policy));
    for (const line of prettyPolicy(policyText).split('\n')) lines.push(`  ${printable(line)}`);
  }
  if (warnings.length > 0) lines.push(...section(headings.warnings));
  for (const { code, message } of warnings)
    lines.push(wrap(`${printable(message)} [${code}]`, paper.width, '  '));
  if (causes.length > 0) lines.push(...section(headings.causes(causes.length)));
  for (const { code, sentence, fix } of causes) {
    lines.push(wrap(`${printable(sentence)} [${code}]`, paper.width, '  '));
    lines.push(columns([[headings.remedy, printable(fix)]], paper.width, '    '));
  }
  return lines.join('\n');
}

/** Every warning, once: a verdict has some that the policy alone does not give. */
export function warningsOf({ verdict, warnings }: Explanation): Warning[] {
  const judged = verdict.allowed ? verdict.warnings : [];
  return [...warnings, ...judged.filter(({ code }) => !warnings.some((known) => known.code === code))];
}

/** What a verdict is about, as rows. `expires` is the end of validity in words. */
export function verdictRows(verdict: Verdict, expires: string): [name: string, text: string][] {
  if (!verdict.allowed) {
    const { code, message } = verdict.cloudFrontError;
    const detail: [string, string][] = verdict.detail === undefined ? [] : [['detail', verdict.detail]];
    return [...detail, ['CloudFront', `403 ${code}: ${message}`]];
  }
  const { source, keyPairId, policyKind, hash, policy } = verdict;
  const rows: [string, string][] = [
    ['by', `a signed ${source === 'url' ? 'URL' : 'cookie'} of key ${keyPairId}`],
    ['policy', `${policyKind}, ${hash}`],
    ['opens', policy.resource ?? (policyKind === 'canned' ? 'this URL' : 'everything')],
  ];
  if (policy.ipAddress !== undefined) rows.push(['viewers', policy.ipAddress]);
  return [...rows, ['expires', expires]];
}

/** The end of validity in words. */
export function expiryOf({ checks }: Explanation): string {
  return checks.find(({ id }) => id === 'expires')?.detail ?? '';
}

const titleWidth = 35;

function checkLine({ title, outcome, detail }: Check, paper: Paper): string {
  const { style, word } = marks[outcome];
  const gap = 8 + titleWidth;
  const text = detail ? wrap(printable(detail), paper.width, ' '.repeat(gap)).slice(gap) : '';
  return `  ${paper.paint(style, word.padEnd(4))}  ${`${title.padEnd(titleWidth)}${text}`.trimEnd()}`;
}

/** JSON laid out; what is no JSON stays as it is. */
export function prettyPolicy(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
