/** The inspector's page. It asks the core about what is in the form, and shows the answer. */
import { explanationInWords } from '../cli/findings.js';
import { EdgesealError } from '../errors.js';
import { byId, el } from './dom.js';
import { ready } from './engine.js';
import { emptyFields, type Fields } from './fields.js';
import { fillForm, readForm, sampleButtons, showProblems, takeFiles } from './form.js';
import { forgetWarning } from './guard.js';
import { type Inspection, inspect, isEmpty } from './inspect.js';
import { findings } from './render.js';
import { edgeLines } from './report.js';
import { samples } from './samples.js';
import { readFragment } from './share.js';
import { takeAlongCard } from './take-along.js';

/** How long the form rests before it is looked at, in milliseconds. */
const rest = 300;

let resting: ReturnType<typeof setTimeout> | undefined;
/** What the sender of the link saw, while the link's URL is in the form. */
let seen: string[] = [];
/** Nothing can be asked before the core has started. */
let started = false;

/** Tells screen readers, once. */
function say(text: string): void {
  const status = byId('status', HTMLElement);
  if (status.textContent !== text) status.textContent = text;
}

async function startCore(): Promise<void> {
  try {
    await ready();
    started = true;
    show();
  } catch (thrown) {
    say('The inspector cannot start here.');
    byId('result', HTMLElement).replaceChildren(failure(thrown));
  }
  document.querySelector('main')?.setAttribute('aria-busy', 'false');
}

function show(): void {
  clearTimeout(resting);
  const fields = readForm();
  if (!started) return;
  const result = byId('result', HTMLElement);
  if (isEmpty(fields)) {
    showProblems([]);
    say('');
    result.replaceChildren(welcome());
    return;
  }
  const inspection = inspect(fields, seen);
  showProblems(inspection.problems);
  say(inWords(inspection));
  result.replaceChildren(...cards(fields, inspection));
}

function cards(fields: Fields, inspection: Inspection): HTMLElement[] {
  const { problems, explanation } = inspection;
  if (explanation === undefined) {
    const items = problems.map(({ field, message }) =>
      el('li', {}, el('a', { href: `#${field}` }, labelOf(field)), `: ${message}`),
    );
    return [
      el(
        'section',
        { class: 'card verdict', 'data-outcome': 'none' },
        el('h3', {}, 'Nothing to judge yet'),
        el('p', {}, 'Something in the form cannot be used:'),
        el('ul', {}, ...items),
      ),
    ];
  }
  return [...findings(inspection), takeAlongCard(fields, inspection, say)];
}

function labelOf(field: string): string {
  const [label] = byId(field, HTMLElement).closest('.field')?.querySelectorAll('label') ?? [];
  return label?.firstChild?.textContent?.trim() ?? field;
}

function inWords({ explanation, withKey, problems, edge }: Inspection): string {
  if (explanation === undefined) return problems.map(({ message }) => message).join(' ');
  const { title, sentence = '' } = explanationInWords(explanation, withKey);
  const decision = edge?.decision === undefined ? '' : `At the edge: ${edgeLines(edge.decision).headline}.`;
  return [`${title}.`, sentence, decision].filter(Boolean).join(' ');
}

function welcome(): HTMLElement {
  const steps = [
    'the policy, decoded, and until when it is valid;',
    'each check, with pass, fail or unknown;',
    'the likely cause of a refusal, and its remedy;',
    'what the rules at the edge decide, if you add a rule file.',
  ];
  return el(
    'div',
    { class: 'welcome' },
    el('p', {}, 'Paste a URL or choose an example. Here you will see'),
    el('ul', {}, ...steps.map((step) => el('li', {}, step))),
  );
}

function failure(thrown: unknown): HTMLElement {
  const { message, hint = '' } =
    thrown instanceof EdgesealError ? thrown : { message: 'a file of this page could not be loaded' };
  return el(
    'section',
    { class: 'card verdict', 'data-outcome': 'fail' },
    el('h3', {}, 'The inspector cannot start here'),
    el('p', {}, `${message}. ${hint}`),
  );
}

function fillAndShow(fields: Fields): void {
  fillForm(fields);
  show();
}

/** Takes what came with a link, and takes it out of the address bar and out of this entry of the history. */
function takeLink(): void {
  const shared = readFragment(location.hash);
  if (shared === undefined) return;
  history.replaceState(null, '', location.pathname);
  seen = shared.seen;
  fillAndShow(shared.fields);
}

function start(): void {
  const form = byId('form', HTMLFormElement);
  const labels = samples.map(({ label }) => label);
  const choose = (index: number) => {
    seen = [];
    fillAndShow(samples[index]?.fields ?? emptyFields);
    // In one column the findings are below the form, where nobody would notice them.
    const findings = byId('findings', HTMLElement);
    if (findings.getBoundingClientRect().top > innerHeight / 2) findings.scrollIntoView();
  };
  byId('samples', HTMLElement).replaceChildren(...sampleButtons(labels, choose));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show();
    const title = byId('findings-title', HTMLElement);
    title.focus();
    title.scrollIntoView();
  });
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === 'file') return;
    // The warning stays while the field that was emptied is empty.
    if (target instanceof HTMLElement && 'value' in target && target.value !== '') forgetWarning();
    clearTimeout(resting);
    // A private key must not stay in a field for even a moment.
    const fields = readForm();
    if (fields.request === '') seen = [];
    resting = setTimeout(show, rest);
  });
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    seen = [];
    fillAndShow(emptyFields);
    byId('request', HTMLElement).focus();
  });
  for (const name of ['key', 'rules'] as const) takeFiles(name, show);
  addEventListener('hashchange', takeLink);
  byId('result', HTMLElement).replaceChildren(welcome());
  takeLink();
  void startCore();
}

start();
