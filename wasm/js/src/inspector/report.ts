/** The findings as one text, without the signature, to paste into an issue or a message. */
import { findingsText } from '../cli/findings.js';
import { columns, printable, wrap } from '../cli/output.js';
import type { Decision } from '../edge/decision.js';
import type { Inspection } from './inspect.js';
import { withoutSignatures } from './redact.js';

const paper = { width: 80, paint: (_style: string, text: string) => text };

/** What a decision is, in few words and in rows. */
export function edgeLines(decision: Decision): { headline: string; rows: [string, string][] } {
  if (decision.kind === 'deny') {
    const { reason, message, detail, rule, status, body } = decision;
    const rows: [string, string][] = [['reason', [message, detail].filter(Boolean).join(' ')]];
    if (rule !== undefined) rows.push(['rule', rule]);
    rows.push(['answer', body === '' ? String(status) : `${status}, ${body}`]);
    return { headline: `deny: ${reason}`, rows };
  }
  const rows: [string, string][] = [['rule', decision.rule]];
  if (decision.kind === 'respond') {
    rows.push(['answer', String(decision.status)], ...decision.headers);
    return { headline: 'respond', rows };
  }
  if (decision.uri !== undefined) rows.push(['goes on as', decision.uri]);
  return { headline: 'allow', rows };
}

/** Everything that was found. */
export function reportText(inspection: Inspection): string {
  const { request, explanation, judgedAt, withKey, edge } = inspection;
  if (explanation === undefined) return '';
  const lines = [
    printable(withoutSignatures(request.url ?? '')),
    `judged at ${judgedAt}`,
    '',
    findingsText(explanation, withKey, paper),
  ];
  if (edge !== undefined) lines.push('', 'Decision of the edge');
  if (edge?.remark !== undefined) lines.push(wrap(edge.remark, paper.width, '  '));
  if (edge?.decision !== undefined) {
    const { headline, rows } = edgeLines(edge.decision);
    lines.push(
      `  ${headline}`,
      columns(
        rows.map(([name, text]) => [name, printable(text)]),
        paper.width,
        '  ',
      ),
    );
  }
  for (const { severity, line, message, code } of edge?.findings ?? []) {
    const place = line === undefined ? '' : `line ${line}: `;
    lines.push(wrap(`${severity}: ${place}${printable(message)} [${code}]`, paper.width, '  '));
  }
  // A policy that is rebuilt from a damaged URL repeats what is left of its signature.
  return `${lines.join('\n').replaceAll(/https?:\/\/[^\s"]+/gi, withoutSignatures)}\n`;
}
