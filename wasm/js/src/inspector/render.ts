/** The findings as elements. */
import {
  expiryOf,
  explanationInWords,
  headings,
  prettyPolicy,
  verdictRows,
  warningsOf,
} from '../cli/findings.js';
import { printable } from '../cli/output.js';
import type { Cause, Check, Explanation } from '../verifier.js';
import { el, outcomeIcon } from './dom.js';
import type { EdgeReport } from './edge-report.js';
import type { Inspection } from './inspect.js';
import { edgeCard } from './render-edge.js';
import { timeline } from './timeline.js';

/** The outcome of a check in words. */
const outcomeWords = { pass: 'pass', fail: 'fail', unknown: 'unknown' } as const;

/** Everything that was found. */
export function findings(inspection: Inspection): HTMLElement[] {
  const { explanation, withKey, edge } = inspection;
  if (explanation === undefined) return [];
  const cards = [
    verdictCard(explanation, inspection),
    causesCard(explanation.causes),
    warningsCard(explanation),
    edge && edgeCard(edge),
    timelineCard(explanation),
    checksCard(explanation.checks),
    policyCard(explanation, withKey),
  ];
  return cards.filter((card) => card !== undefined);
}

/** A part of the findings, under a heading of its own. */
export function card(
  title: string,
  attributes: Record<string, string>,
  ...children: HTMLElement[]
): HTMLElement {
  return el('section', { class: 'card', ...attributes }, el('h3', {}, title), ...children);
}

/** Names and texts side by side. */
export function facts(rows: readonly (readonly [string, string])[]): HTMLElement {
  const pairs = rows.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, printable(text))]);
  return el('dl', { class: 'facts' }, ...pairs);
}

function verdictCard(explanation: Explanation, inspection: Inspection): HTMLElement {
  const { withKey, redacted, seen, judgedAt, request, edge } = inspection;
  const { outcome, title, sentence } = explanationInWords(explanation, withKey);
  const rows = outcome === 'unknown' ? [] : verdictRows(explanation.verdict, expiryOf(explanation));
  return el(
    'section',
    { class: 'card verdict', 'data-outcome': outcome },
    el('h3', {}, outcomeIcon(outcome), el('span', {}, printable(title))),
    el('p', { class: 'sentence' }, printable(sentence ?? allowedSentence(edge))),
    redacted && el('p', {}, redactedNote(seen)),
    request.ignored > 0 && el('p', { class: 'hint' }, ignoredNote(request.ignored)),
    facts([...rows, ['judged at', judgedAt]]),
  );
}

function allowedSentence(edge: EdgeReport | undefined): string {
  return edge?.decision?.kind === 'deny'
    ? 'The signature and its policy are good, but the rules at the edge refuse this request.'
    : 'CloudFront would let this request through.';
}

function ignoredNote(lines: number): string {
  const what = lines === 1 ? 'A line after the URL was' : `${lines} lines after the URL were`;
  return `${what} not understood and left out. If the URL was broken into lines, put it into one.`;
}

function redactedNote(seen: readonly string[]): string {
  const note =
    'The signature was left out when the link to this page was made. Paste the whole URL to check it.';
  const [verdict, ...causes] = seen;
  if (verdict === undefined) return note;
  const likely = causes.length > 0 ? `, with ${causes.join(', ')} as the likely cause` : '';
  return `${note} With it, the page of whoever made the link said: ${verdict}${likely}.`;
}

function causesCard(causes: readonly Cause[]): HTMLElement | undefined {
  if (causes.length === 0) return undefined;
  const items = causes.map(({ code, sentence, fix }) =>
    el(
      'li',
      {},
      el('p', { class: 'cause' }, `${printable(sentence)} `, el('code', { class: 'code' }, code)),
      el('p', { class: 'remedy' }, el('strong', {}, headings.remedy), ` ${printable(fix)}`),
    ),
  );
  return card(headings.causes(causes.length), { class: 'card causes' }, el('ol', {}, ...items));
}

function warningsCard(explanation: Explanation): HTMLElement | undefined {
  const warnings = warningsOf(explanation);
  if (warnings.length === 0) return undefined;
  const items = warnings.map(({ code, message }) =>
    el('li', {}, `${printable(message)} `, el('code', { class: 'code' }, code)),
  );
  return card(headings.warnings, { class: 'card warnings' }, el('ul', {}, ...items));
}

function timelineCard(explanation: Explanation): HTMLElement | undefined {
  const line = timeline(explanation);
  return line && card('Validity', {}, line);
}

function checksCard(checks: readonly Check[]): HTMLElement {
  const items = checks.map(({ id, title, outcome, detail }) =>
    el(
      'li',
      { 'data-outcome': outcome, 'data-check': id },
      outcomeIcon(outcome),
      el('span', { class: 'title' }, title),
      el('span', { class: 'word' }, outcomeWords[outcome]),
      detail !== undefined && detail !== '' && el('span', { class: 'detail' }, printable(detail)),
    ),
  );
  return card(headings.checks, {}, el('ul', { class: 'checks' }, ...items));
}

function policyCard({ policyText, verdict }: Explanation, withKey: boolean): HTMLElement | undefined {
  if (policyText === undefined) return undefined;
  const doubt = verdict.allowed
    ? undefined
    : withKey && verdict.reason !== 'bad-signature'
      ? undefined
      : el('p', { class: 'hint' }, 'It is not to be believed unless the signature fits.');
  const lines = prettyPolicy(policyText).split('\n').map(printable).join('\n');
  return card(
    headings.policy,
    {},
    ...(doubt === undefined ? [] : [doubt]),
    code(lines, 'The policy, laid out'),
    el(
      'details',
      {},
      el('summary', {}, 'The text that is signed'),
      code(printable(policyText), 'The policy as it is signed'),
    ),
  );
}

/** Text that may be wider than the page; it can be scrolled by keyboard. */
function code(text: string, label: string): HTMLElement {
  return el('pre', { tabindex: '0', role: 'region', 'aria-label': label }, el('code', {}, text));
}
