/** The edge's part of the findings as elements. */
import { printable } from '../cli/output.js';
import type { Decision } from '../edge/decision.js';
import type { Finding } from '../edge-build/rules.js';
import { el, outcomeIcon } from './dom.js';
import type { EdgeReport } from './edge-report.js';
import { edgeLines } from './report.js';

/** What the rules decide, and what is to be said about the rule file. */
export function edgeCard(report: EdgeReport): HTMLElement {
  const { decision, remark, findings } = report;
  return el(
    'section',
    { class: 'card edge', 'data-decision': decision?.kind ?? 'none' },
    el('h3', {}, 'Decision of the edge'),
    remark !== undefined && el('p', { class: 'hint' }, remark),
    ...(decision === undefined
      ? [el('p', {}, 'The rule file has errors, so it decides nothing.')]
      : decided(decision)),
    findings.length > 0 && el('ul', { class: 'lint' }, ...findings.map(finding)),
  );
}

function decided(decision: Decision): HTMLElement[] {
  const { headline, rows } = edgeLines(decision);
  const outcome = decision.kind === 'deny' ? 'fail' : 'pass';
  const pairs = rows.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, printable(text))]);
  return [
    el('p', { class: 'decision', 'data-outcome': outcome }, outcomeIcon(outcome), el('strong', {}, headline)),
    el('dl', { class: 'facts' }, ...pairs),
  ];
}

function finding({ code, severity, line, column, message, fix }: Finding): HTMLElement {
  const place = line === undefined ? '' : `line ${line}, column ${column}: `;
  return el(
    'li',
    { 'data-severity': severity },
    el(
      'p',
      {},
      el('strong', {}, severity),
      ` ${place}${printable(message)} `,
      el('code', { class: 'code' }, code),
    ),
    el('p', { class: 'hint' }, `fix: ${printable(fix)}`),
  );
}
